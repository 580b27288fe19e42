/** How commands end when the terminal, or whoever reads them, leaves first. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { isHubAnswering } from "../api/client/start-hub.ts";
import { CliStage, SLUICE } from "./run-cli.fixture.ts";
import { HAS_TERMINALS, type } from "./type-cli.fixture.ts";

const stage = new CliStage();
afterAll(() => stage[Symbol.asyncDispose]());

const CTRL_C = "\u0003";
const CTRL_D = "\u0004";

test.skipIf(!HAS_TERMINALS).each([
  ["Ctrl-C", CTRL_C],
  ["Ctrl-D", CTRL_D],
])("%s at the question for a secret is a plain failure", async (_name, key) => {
  const { code, screen } = await type(stage, ["add", "webhook", "--secret-stdin"], [key]);
  expect(screen).toContain("sluice: no secret was given");
  expect(screen).not.toContain("Warning");
  expect(code).toBe(1);
});

test.skipIf(!HAS_TERMINALS)("a secret that is typed is not on the screen", async () => {
  const secret = "a-secret-of-a-good-length";
  const args = ["add", "webhook", "--name", "typed", "--secret-stdin"];
  const { code, screen } = await type(stage, args, [secret]);
  expect(code).toBe(0);
  expect(screen).toContain("added typed");
  expect(screen).not.toContain(secret);
});

test("a hub in the foreground outlives whoever reads its log, and then ends in order", async () => {
  await stage.run(["down"]);
  const hub = stage.start(["up", "--foreground"]);
  await once(hub.stderr, "data");
  hub.stderr.destroy();
  hub.stdout.destroy();
  const socket = join(stage.home, "hub.sock");
  await expect.poll(() => isHubAnswering(socket)).toBe(true);
  // The first thing that it does about this is a line in the log.
  hub.kill("SIGINT");
  expect(await once(hub, "exit")).toEqual([0, null]);
  expect(existsSync(socket)).toBe(false);
});

test("doctor gets to its end without a hub, also where a probe into one session was asked for", async () => {
  await stage.run(["down"]);
  const asked = ["doctor", "--probe", "--session", "app (main)", "--json"];
  const { code, stdout, stderr } = await stage.run(asked);
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  const checks = JSON.parse(stdout) as { check: string; ok: boolean; warning: boolean }[];
  // One cause is one failure: the probe, which needs a hub, is told beside it.
  expect(checks).toContainEqual(expect.objectContaining({ check: "hub", ok: false }));
  expect(checks).toContainEqual(expect.objectContaining({ check: "probe", warning: true }));
});

test.skipIf(!HAS_TERMINALS)("in a folder that is gone, doctor says so", async () => {
  const script = 'mkdir gone && cd gone && rmdir ../gone && exec "$0" "$@"';
  const { PATH = "" } = process.env;
  const child = spawn("bash", ["-c", script, process.execPath, SLUICE, "doctor"], {
    cwd: stage.folder,
    env: { PATH, HOME: stage.folder, SLUICE_HOME: stage.home },
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  expect(await once(child, "close")).toEqual([78, null]);
  expect(stderr).toContain("sluice: the folder that this runs in is gone; cd to another one");
});

test.skipIf(!existsSync("/dev/full"))(
  "a full disk under the output is one line and a failure",
  async () => {
    const full = openSync("/dev/full", "w");
    const { PATH = "" } = process.env;
    const child = spawn(process.execPath, [SLUICE, "--help"], {
      env: { PATH, HOME: stage.folder },
      stdio: ["ignore", full, "pipe"],
    });
    closeSync(full);
    let stderr = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    expect(await once(child, "close")).toEqual([1, null]);
    expect(stderr).toMatch(/^sluice: the output cannot be written \(ENOSPC.*\)\n$/);
  },
);
