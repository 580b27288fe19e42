import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { makeFolder } from "../../store/sample.fixture.ts";
import type { Home } from "../../local/home.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { Secret } from "../../sdk/secret.ts";
import { openHome } from "./home.ts";
import { openLog } from "./log.ts";
import { toLogLine } from "./log-line.ts";

// LOG-2
test("a line is on disk as soon as it is logged, in a file closed to others", async () => {
  const home = makeHome();
  const { log, close } = openLog({ home, env: {}, foreground: false });
  log.info({ port: 8788 }, "ingress listens");
  log.debug("not at this level");
  expect(readLines(home)).toEqual([
    { level: 30, time: expect.stringMatching(/^\d{4}-.*Z$/), port: 8788, msg: "ingress listens" },
  ]);
  expect(statSync(join(home.logDir, "hub.1.log")).mode & 0o777).toBe(0o600);
  close();
  log.info("after the end");
});

test.each([
  ["debug", 20],
  ["error", 50],
  ["nonsense", 30],
])("SLUICE_LOG=%s logs from level %d", async (wanted, lowest) => {
  const home = makeHome();
  const { log, close } = openLog({ home, env: { SLUICE_LOG: wanted }, foreground: false });
  for (const level of ["trace", "debug", "info", "warn", "error", "fatal"] as const)
    log[level]("x");
  close();
  expect(readLines(home)[0]?.["level"]).toBe(lowest);
});

test("LOG-3: secrets and credentials of headers are not in the file", async () => {
  const home = makeHome();
  const { log, close } = openLog({ home, env: {}, foreground: false });
  const headers = {
    authorization: "Bearer canary",
    cookie: "canary",
    "x-sluice-token": "canary",
    accept: "kept",
  };
  log.info(
    {
      headers,
      request: { headers },
      ...headers,
      secret: new Secret("canary"),
      deep: [{ secret: new Secret("canary") }],
    },
    "a request",
  );
  log.error(
    { err: new SluiceError("bad_secret", "no", { cause: new Secret("canary") }) },
    "a fault",
  );
  close();
  const text = readFileSync(join(home.logDir, "hub.1.log"), "utf8");
  expect(text).not.toContain("canary");
  expect(text).toContain("kept");
  expect(text).toContain("[secret]");
});

test("the log rolls, keeps five files over restarts, and all are closed to others", async () => {
  const home = makeHome();
  writeFileSync(join(home.logDir, "start.log"), "kept");
  for (let run = 0; run < 3; run++) {
    const { log, close } = openLog({ home, env: {}, foreground: false, maxFileBytes: 2_000 });
    for (let i = 0; i < 60; i++) {
      log.info({ fill: "x".repeat(300) }, "line");
      await sleep(1);
    }
    close();
  }
  await expect
    .poll(() => readdirSync(home.logDir).filter((name) => name.startsWith("hub.")).length)
    .toBe(5);
  for (const name of readdirSync(home.logDir).filter((name) => name.startsWith("hub."))) {
    expect(statSync(join(home.logDir, name)).mode & 0o777).toBe(0o600);
  }
  expect(readdirSync(home.logDir)).toContain("start.log");
});

test("a file of an earlier run that others could read is closed to them", async () => {
  const home = makeHome();
  writeFileSync(join(home.logDir, "hub.1.log"), "");
  chmodSync(join(home.logDir, "hub.1.log"), 0o644);
  openLog({ home, env: {}, foreground: false }).close();
  expect(statSync(join(home.logDir, "hub.1.log")).mode & 0o777).toBe(0o600);
});

test.runIf(process.platform === "linux")(
  "LOG-1: a full disk costs lines, nothing else, and does not hold up the end",
  async () => {
    const home = makeHome();
    // Every write to /dev/full fails with ENOSPC.
    symlinkSync("/dev/full", join(home.logDir, "hub.1.log"));
    const { log, close } = openLog({ home, env: {}, foreground: false });
    for (let i = 0; i < 5_000; i++) log.info({ fill: "x".repeat(1_000) }, "lost");
    close();
    expect(statSync("/dev/full").isCharacterDevice()).toBe(true);
  },
);

test("LOG-1: a log folder that cannot be used is said on the other lane, and the hub goes on", async () => {
  const home = makeHome();
  rmSync(home.logDir, { recursive: true });
  writeFileSync(home.logDir, "");
  const { log, close } = openLog({ home, env: {}, foreground: false });
  log.info("nowhere");
  close();
});

test("LOG-1: a closed terminal does not end the process, and the file has every line", async () => {
  const home = makeHome();
  const script = join(home.cacheDir, "talk.mts");
  writeFileSync(
    script,
    `import { openLog } from ${JSON.stringify(new URL("log.ts", import.meta.url).href)};
     import { toHome } from ${JSON.stringify(new URL("../../local/home.ts", import.meta.url).href)};
     const { log } = openLog({ home: toHome(process.argv[2]), env: {}, foreground: true });
     for (let i = 0; i < 50; i++) { log.info({ i }, 'line'); await new Promise((go) => setTimeout(go, 5)); }
     process.exit(7);`,
  );
  const child = spawn(process.execPath, [script, home.path], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [first] = (await once(child.stderr, "data")) as [Buffer];
  expect(String(first)).toMatch(/^\d\d:\d\d:\d\d INFO  line i=0\n/);
  child.stderr.destroy();
  const [code] = (await once(child, "exit")) as [number];
  expect(code).toBe(7);
  expect(readLines(home)).toHaveLength(50);
});

test("a line for people: time, level, words, facts, fault", () => {
  const json = JSON.stringify({
    level: 50,
    time: "2026-11-20T12:03:44.123Z",
    channel: "ci",
    n: 2,
    err: { type: "E", message: "no", code: "x", stack: "s" },
    msg: "it failed",
  });
  expect(toLogLine(json, false)).toBe("12:03:44 ERROR it failed channel=ci n=2 no (x)\n");
  expect(toLogLine(json, true)).toContain("\u001b[31mERROR");
});

test("a name from outside can neither colour the terminal nor make a line of its own", () => {
  const json = JSON.stringify({
    level: 30,
    time: "2026-11-20T12:03:44.123Z",
    name: "a\n12:00:00 INFO  forged\u001b[2J\u202e",
    msg: "x",
  });
  expect(toLogLine(json, false)).toBe(
    "12:03:44 INFO  x name=a⟨U+000A⟩12:00:00 INFO  forged⟨U+001B⟩[2J⟨U+202E⟩\n",
  );
});

function makeHome(): Home {
  return openHome({ SLUICE_HOME: join(makeFolder(), "home") });
}

function readLines(home: Home): Record<string, unknown>[] {
  return readFileSync(join(home.logDir, "hub.1.log"), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
