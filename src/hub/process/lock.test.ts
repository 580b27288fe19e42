import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeFolder } from "../../store/sample.fixture.ts";
import type { Home } from "../../local/home.ts";
import { readProcess } from "../../local/process.ts";
import { isSluiceError } from "../../sdk/errors.ts";
import { openHome } from "./home.ts";
import { HubLock, readHolder } from "./lock.ts";

/** As it was built: to read the sources would take each process three times as long. */
const BUILT = new URL("../../../dist/hub/process/", import.meta.url);
const TAKER = `
import { openHome } from ${JSON.stringify(new URL("home.js", BUILT).href)};
import { HubLock } from ${JSON.stringify(new URL("lock.js", BUILT).href)};
try {
  new HubLock(openHome(process.env), Date.now());
  console.log('held');
  setInterval(() => globalThis.gc?.(), 50);
} catch (thrown) {
  console.log(thrown.code + ' ' + thrown.message);
}`;

test("the second taker is told who holds the lock", async () => {
  const home = makeHome();
  using lock = new HubLock(home, 1_000);
  expect(lock).toBeDefined();
  expect(readHolder(home)).toEqual({
    pid: process.pid,
    version: expect.any(String),
    startedAt: 1_000,
    startTime: readProcess(process.pid)?.startTime,
  });
  const other = take(home);
  expect(await other.said).toContain(
    `hub_running a hub already runs in ${home.path} (pid ${process.pid},`,
  );
});

test("LOCK-1: kill -9 of the holder frees the lock at once", async () => {
  const home = makeHome();
  const first = take(home);
  expect(await first.said).toBe("held");
  expect(() => new HubLock(home, 0)).toThrow(`pid ${first.child.pid}`);
  first.child.kill("SIGKILL");
  await once(first.child, "exit");
  expect(readHolder(home)?.pid).toBe(first.child.pid);
  using lock = new HubLock(home, 0);
  expect(lock).toBeDefined();
  expect(readHolder(home)?.pid).toBe(process.pid);
});

test("a lock that nobody refers to is not collected", async () => {
  const home = makeHome();
  const first = take(home, ["--expose-gc"]);
  expect(await first.said).toBe("held");
  // Some collections later.
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(() => new HubLock(home, 0)).toThrow("already runs");
  first.child.kill("SIGKILL");
});

test("LOCK-2: a failed second try in the same process, and reading the name of the holder, leave the lock held", async () => {
  const home = makeHome();
  using lock = new HubLock(home, 0);
  expect(lock).toBeDefined();
  expect(() => new HubLock(home, 0)).toThrow("already runs");
  expect(() => new HubLock(home, 0)).toThrow("already runs");
  expect(await take(home).said).toContain("hub_running");
});

test("a lock given back can be taken again, and leaves no name", () => {
  const home = makeHome();
  const lock = new HubLock(home, 0);
  lock[Symbol.dispose]();
  lock[Symbol.dispose]();
  expect(existsSync(home.pid)).toBe(false);
  expect(readHolder(home)).toBeUndefined();
  using again = new HubLock(home, 0);
  expect(again).toBeDefined();
});

test("of twenty takers at once exactly one gets it", async () => {
  const home = makeHome();
  const takers = Array.from({ length: 20 }, () => take(home));
  const said = await Promise.all(takers.map((taker) => taker.said));
  expect(said.filter((line) => line === "held")).toHaveLength(1);
  expect(said.filter((line) => line.startsWith("hub_running"))).toHaveLength(19);
  for (const { child } of takers) child.kill("SIGKILL");
});

test("lock and name are closed to others", () => {
  const home = makeHome();
  using lock = new HubLock(home, 0);
  expect(lock).toBeDefined();
  expect(statSync(home.lock).mode & 0o777).toBe(0o600);
  expect(statSync(home.pid).mode & 0o777).toBe(0o600);
});

test("something else in the place of the lock is refused and kept", () => {
  const home = makeHome();
  writeFileSync(
    home.lock,
    "not a database, but as long as the header of one has to be, and then some more of it".repeat(
      4,
    ),
  );
  const before = readFileSync(home.lock);
  expect(codeOf(() => new HubLock(home, 0))).toBe("store_readonly");
  expect(readFileSync(home.lock)).toEqual(before);
});

function makeHome(): Home {
  return openHome({ SLUICE_HOME: join(makeFolder(), "home") });
}

function take(home: Home, flags: string[] = []): { child: ChildProcess; said: Promise<string> } {
  const script = join(home.cacheDir, "taker.ts");
  // Once: a taker that is just starting may be reading it.
  if (!existsSync(script)) writeFileSync(script, TAKER);
  const child = spawn(process.execPath, [...flags, script], {
    env: { SLUICE_HOME: home.path },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const said = new Promise<string>((resolve) => {
    let complaint = "";
    child.stderr.on("data", (chunk) => (complaint += String(chunk)));
    child.stdout.once("data", (chunk) => resolve(String(chunk).trim()));
    child.once("close", () => resolve(`ended: ${complaint}`));
  });
  return { child, said };
}

function codeOf(go: () => unknown): string {
  try {
    go();
  } catch (thrown) {
    if (isSluiceError(thrown)) return thrown.code;
    throw thrown;
  }
  return "no fault";
}
