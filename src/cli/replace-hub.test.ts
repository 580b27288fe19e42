import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openClient, read } from "../api/client/client.ts";
import { isHubAnswering } from "../api/client/start-hub.ts";
import { replaceOlderHub } from "./replace-hub.ts";

/** A hub of any version, as far as starting, asking and leaving go; `stubborn` says yes and stays. */
const FAKE_HUB = `
import { rmSync } from "node:fs";
import { createServer } from "node:http";
const [version, mood, build = "b1"] = process.argv.slice(2);
const socket = process.env.SLUICE_HOME + "/hub.sock";
const view = { pid: process.pid, version, build };
const server = createServer((request, response) => {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(view));
  if (request.url !== "/v1/hub/stop" || mood === "stubborn") return;
  // A hub that drains still answers for a moment.
  setTimeout(() => { rmSync(socket, { force: true }); process.exit(0); }, 300);
});
server.listen(socket);
setTimeout(() => process.exit(9), 30000);
`;

let home = "";
let script = "";
const pids = new Set<number>();

beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "sluice-replace-")));
  script = join(home, "fake-hub.mjs");
  writeFileSync(script, FAKE_HUB);
});

afterEach(async () => {
  const hub = await readHub();
  if (hub !== undefined) pids.add(hub.pid);
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has left already, as most of them should.
    }
  }
  pids.clear();
  rmSync(home, { recursive: true, force: true });
});

const env = (): Record<string, string> => ({ SLUICE_HOME: home });

async function start(version: string, mood = "polite"): Promise<ChildProcess> {
  const child = spawn(process.execPath, [script, version, mood], { env: env(), stdio: "ignore" });
  if (child.pid !== undefined) pids.add(child.pid);
  while (!(await isHubAnswering(join(home, "hub.sock"))))
    await new Promise((resolve) => setTimeout(resolve, 20));
  return child;
}

async function readHub(): Promise<{ pid: number; version: string } | undefined> {
  const client = openClient(() => join(home, "hub.sock"));
  try {
    return await read(client.api.hub.$get());
  } catch {
    // Nobody answers, which some tests expect.
    return undefined;
  } finally {
    client.close();
  }
}

function replace(
  version: string,
  timeoutMs = 10_000,
  build = "b1",
): ReturnType<typeof replaceOlderHub> {
  const entry = { node: process.execPath, cli: script, args: [version, "polite", build] };
  return replaceOlderHub({ env: env(), entry, version, build, timeoutMs });
}

test("an older hub is asked to leave, and ours answers in its place", async () => {
  const old = await start("0.9.0");
  expect(await replace("0.10.0")).toEqual({ kind: "replaced", before: "0.9.0" });
  const hub = await readHub();
  expect(hub?.version).toBe("0.10.0");
  expect(hub?.pid).not.toBe(old.pid);
});

test("an equal or newer hub is left alone", async () => {
  const running = await start("1.0.0");
  expect(await replace("1.0.0")).toEqual({ kind: "same" });
  expect(await replace("1.0.0-rc.1")).toEqual({ kind: "newer", running: "1.0.0" });
  expect((await readHub())?.pid).toBe(running.pid);
});

test("a hub of another build of the same version gives way", async () => {
  const old = await start("1.0.0");
  expect(await replace("1.0.0", 10_000, "b2")).toEqual({ kind: "replaced", before: "1.0.0" });
  expect((await readHub())?.pid).not.toBe(old.pid);
});

test("where no hub runs, none is started", async () => {
  expect(await replace("1.0.0")).toEqual({ kind: "absent" });
  expect(await readHub()).toBeUndefined();
});

test("a hub that does not leave is named, and not killed", async () => {
  const stubborn = await start("0.1.0", "stubborn");
  await expect(replace("1.0.0", 300)).rejects.toMatchObject({
    code: "hub_stopping",
    message: expect.stringContaining(`pid ${stubborn.pid}`) as string,
  });
  expect((await readHub())?.pid).toBe(stubborn.pid);
});
