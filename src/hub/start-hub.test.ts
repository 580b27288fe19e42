/** The starter's claims, with hubs made of this folder's parts: real processes, a real lock, a real socket. */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Env, locateHome, locateSocket } from "../local/home.ts";
import { isAlive, readProcess } from "../local/process.ts";
import { ensureHub, isHubAnswering } from "../api/client/start-hub.ts";
import { HubLock, readHolder } from "./process/lock.ts";
import { openHome } from "./process/home.ts";

/** Longer than a test may take: whoever waits for this fails. */
const PATIENCE_MS = 3_600_000;

const HUB = `
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { openHome, prepareSocket } from ${toUrl("process/home.ts")};
import { HubLock } from ${toUrl("process/lock.ts")};
import { openLog } from ${toUrl("process/log.ts")};
import { Shutdown } from ${toUrl("process/shutdown.ts")};
// A candidate that starts after its test has ended would be a hub for ever.
setTimeout(() => process.exit(0), 200_000);
process.umask(0o077);
const home = openHome(process.env);
appendFileSync(home.path + '/starts', process.pid + '\\n');
let lock;
try {
  lock = new HubLock(home, Date.now());
} catch (thrown) {
  if (thrown.code === 'hub_running') process.exit(0);
  throw thrown;
}
appendFileSync(home.path + '/hubs', process.pid + '\\n');
const { log } = await openLog({ home, env: process.env, foreground: false });
const shutdown = new Shutdown({ log });
shutdown.add('lock', () => lock[Symbol.dispose]());
const server = createServer((request, response) => response.end(JSON.stringify({ env: process.env, cwd: process.cwd(), argv: process.argv.slice(2) })));
server.listen(prepareSocket(home, process.env, lock));
shutdown.add('server', () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }));
`;

test("START-1: twenty starters at once end with one hub that answers", async () => {
  const { env, entry } = makeHome(HUB);
  await Promise.all(
    Array.from({ length: 20 }, () => ensureHub({ entry, env, timeoutMs: PATIENCE_MS })),
  );
  const home = locateHome(env);
  expect(linesOf(join(home.path, "hubs"))).toHaveLength(1);
  // Candidates that are still on their way would find a free lock once this test's hub is ended.
  await expect.poll(() => linesOf(join(home.path, "starts")).length).toBeGreaterThanOrEqual(20);
  await expect
    .poll(() =>
      linesOf(join(home.path, "starts"))
        .map(Number)
        .filter((pid) => readProcess(pid) !== undefined),
    )
    .toHaveLength(1);
  expect(linesOf(join(home.path, "hubs"))).toHaveLength(1);
  expect(readHolder(home)?.pid).toBe(Number(linesOf(join(home.path, "hubs"))[0]));
  expect(readFileSync(join(home.logDir, "start.log"), "utf8")).toBe("");
});

test("a hub that answers is left alone", async () => {
  const { env, entry } = makeHome(HUB);
  await ensureHub({ entry, env, timeoutMs: PATIENCE_MS });
  await ensureHub({ entry: { node: "/nowhere", cli: "/nowhere" }, env, timeoutMs: PATIENCE_MS });
  expect(linesOf(join(locateHome(env).path, "starts"))).toHaveLength(1);
});

// What a process has open and was started with stands in /proc.
test.runIf(process.platform === "linux")(
  "the hub stands on its own: session, cwd, files, and no credential of its starter",
  async () => {
    const { env, entry } = makeHome(HUB);
    await ensureHub({
      entry,
      env: { ...env, ANTHROPIC_API_KEY: "canary", NODE_OPTIONS: "--no-warnings" },
      timeoutMs: PATIENCE_MS,
    });
    const home = locateHome(env);
    const pid = readHolder(home)?.pid ?? 0;
    expect(readlinkSync(`/proc/${pid}/cwd`)).toBe("/");
    expect(readFileSync(`/proc/${pid}/environ`, "utf8")).not.toMatch(/canary|NODE_OPTIONS/);
    // Its own session (field 6 of stat, field 4 behind the name): closing the starter's terminal does not reach it.
    expect(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[3]).toBe(
      String(pid),
    );
    const fds = readdirSync(`/proc/${pid}/fd`).map((fd) => [
      fd,
      tryReadLink(`/proc/${pid}/fd/${fd}`),
    ]);
    expect(Object.fromEntries(fds)).toMatchObject({
      0: "/dev/null",
      1: "/dev/null",
      2: join(home.logDir, "start.log"),
    });
    expect(statSync(join(home.logDir, "start.log")).mode & 0o777).toBe(0o600);
    const [, bounded, collects, , ...args] = readProcess(pid)?.argv ?? [];
    expect([bounded, collects]).toEqual(["--max-semi-space-size=16", "--expose-gc"]);
    expect(args).toEqual(["up", "--foreground", "--detached"]);
  },
);

test("START-2: after kill -9 the socket file is nobody, and the next starter gets a new hub", async () => {
  const { env, entry } = makeHome(HUB);
  await ensureHub({ entry, env, timeoutMs: PATIENCE_MS });
  const first = readHolder(locateHome(env))?.pid ?? 0;
  const startTime = readProcess(first)?.startTime ?? "";
  process.kill(first, "SIGKILL");
  await expect.poll(() => isAlive(first, startTime)).toBe(false);
  expect(existsSync(locateSocket(env))).toBe(true);
  expect(await isHubAnswering(locateSocket(env))).toBe(false);
  await ensureHub({ entry, env, timeoutMs: PATIENCE_MS });
  expect(await isHubAnswering(locateSocket(env))).toBe(true);
  expect(readHolder(locateHome(env))?.pid).not.toBe(first);
});

test("START-1: a start during the drain of the old hub waits for the lock and brings a new one", async () => {
  const { env, entry } = makeHome(HUB);
  const home = openHome(env);
  const draining = new HubLock(home, 0);
  const started = ensureHub({ entry, env, timeoutMs: PATIENCE_MS });
  // The first one that was started has found the lock taken.
  const starts = join(home.path, "starts");
  const isGone = (pid: string): boolean => readProcess(Number(pid)) === undefined;
  await expect.poll(() => existsSync(starts) && linesOf(starts).some(isGone)).toBe(true);
  draining[Symbol.dispose]();
  await started;
  expect(readHolder(home)?.pid).not.toBe(process.pid);
  expect(linesOf(join(home.path, "starts")).length).toBeGreaterThan(1);
});

test("START-3: a start that fails says the reason and does not wait for its time to be over, and only its own reason", async () => {
  const { env, entry } = makeHome(`throw new Error('inbox is damaged: ' + process.pid);`);
  await expect(ensureHub({ entry, env, timeoutMs: PATIENCE_MS })).rejects.toMatchObject({
    code: "hub_unreachable",
    message: expect.stringMatching(/^the hub did not start: Error: inbox is damaged: \d+$/),
  });
  writeFileSync(
    entry.cli,
    `process.stderr.write('sluice: port 8788 is taken\\n'); process.exit(78);`,
  );
  await expect(ensureHub({ entry, env, timeoutMs: PATIENCE_MS })).rejects.toThrow(
    "did not start: port 8788 is taken",
  );
  writeFileSync(entry.cli, `process.exit(1);`);
  await expect(ensureHub({ entry, env, timeoutMs: PATIENCE_MS })).rejects.toThrow(
    "did not start: it ended with exit code 1",
  );
});

test("a Node that is not there is named", async () => {
  const { env, entry } = makeHome("");
  await expect(
    ensureHub({ entry: { ...entry, node: "/no/such/node" }, env, timeoutMs: PATIENCE_MS }),
  ).rejects.toThrow("/no/such/node");
});

test("a hub that never answers ends in a fault when the time is over", async () => {
  const { env, entry } = makeHome(
    `require('node:fs').writeFileSync(process.env.SLUICE_HOME + '/hubs', String(process.pid)); setTimeout(() => {}, 200_000);`,
  );
  await expect(ensureHub({ entry, env, timeoutMs: 1_000 })).rejects.toMatchObject({
    code: "hub_unreachable",
    retryable: true,
  });
});

test("in a home that others can write nothing is started or asked", async () => {
  const { env, entry } = makeHome(HUB);
  const home = openHome(env);
  execFileSync("chmod", ["777", home.path]);
  await expect(ensureHub({ entry, env, timeoutMs: PATIENCE_MS })).rejects.toMatchObject({
    code: "unsafe_home",
  });
  expect(existsSync(join(home.path, "starts"))).toBe(false);
});

test("a home too long for a socket is served all the same", async () => {
  const { base, entry } = makeHome(HUB);
  const env = { HOME: base, SLUICE_HOME: join(base, "home", "h".repeat(110)), TMPDIR: base };
  onTestFinished(() => endHubs(env));
  await ensureHub({ entry, env, timeoutMs: PATIENCE_MS });
  expect(await isHubAnswering(locateSocket({ ...env, TMPDIR: "/var/tmp" }))).toBe(true);
});

function makeHome(hub: string): { base: string; env: Env; entry: { node: string; cli: string } } {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "sluice-start-")));
  const env = { HOME: base, SLUICE_HOME: join(base, "home") };
  const cli = join(base, hub.includes("require(") ? "hub.cjs" : "hub.mts");
  writeFileSync(cli, hub);
  onTestFinished(() => {
    endHubs(env);
    rmSync(base, { recursive: true, force: true });
  });
  return { base, env, entry: { node: process.execPath, cli } };
}

function endHubs(env: Env): void {
  const { path } = locateHome(env);
  for (const line of existsSync(join(path, "hubs")) ? linesOf(join(path, "hubs")) : []) {
    // Only one that is still the hub of this home: its pid may have gone to somebody else.
    const pid = Number(line);
    if (readProcess(pid)?.argv.some((part) => part.includes("sluice-start-")) === true)
      process.kill(pid, "SIGKILL");
  }
}

function linesOf(path: string): string[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "");
}

function tryReadLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    // Closed since it was listed.
    return undefined;
  }
}

/** As it was built: to read the sources would take each hub three times as long. */
function toUrl(name: string): string {
  return JSON.stringify(
    new URL(`../../dist/hub/${name.replace(".ts", ".js")}`, import.meta.url).href,
  );
}

test("a log that cannot be opened is a fault of the set-up, and says which file", async () => {
  const { env, entry } = makeHome(HUB);
  const { logDir } = locateHome(env);
  mkdirSync(join(logDir, "start.log"), { recursive: true });
  await expect(ensureHub({ entry, env, timeoutMs: PATIENCE_MS })).rejects.toMatchObject({
    code: "store_readonly",
    message: expect.stringContaining("start.log cannot be written"),
  });
});
