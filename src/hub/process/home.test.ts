import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../../store/sample.fixture.ts";
import { locateSocket } from "../../local/home.ts";
import { openHome, prepareSocket } from "./home.ts";
import { HubLock } from "./lock.ts";

test("the home and its folders are made, closed to others", () => {
  const home = openHome({ SLUICE_HOME: join(makeFolder(), "home") });
  for (const folder of [home.path, home.secretsDir, home.logDir, home.cacheDir, home.claudeDir]) {
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  }
});

test("a link planted in the place of a folder of the home is refused", () => {
  const base = makeFolder();
  mkdirSync(join(base, "home"), { mode: 0o700 });
  symlinkSync("/tmp", join(base, "home", "secrets"));
  expect(() => openHome({ SLUICE_HOME: join(base, "home") })).toThrow("secrets is a symbolic link");
});

test("a socket left by kill -9 is removed, and the path can be listened on", async () => {
  const env = { SLUICE_HOME: join(makeFolder(), "home") };
  const home = openHome(env);
  const socket = join(home.path, "hub.sock");
  const listen = `require('node:net').createServer().listen(${JSON.stringify(socket)}, () => console.log('up'))`;
  const child = spawn(process.execPath, ["-e", listen], { stdio: ["ignore", "pipe", "ignore"] });
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(existsSync(socket)).toBe(true);

  using lock = new HubLock(home, 0);
  expect(prepareSocket(home, env, lock)).toBe(socket);
  await listenOn(socket);
});

test("what is not a socket is never removed from its place", () => {
  const env = { SLUICE_HOME: join(makeFolder(), "home") };
  const home = openHome(env);
  using lock = new HubLock(home, 0);
  writeFileSync(join(home.path, "hub.sock"), "precious");
  expect(() => prepareSocket(home, env, lock)).toThrow("is not a socket of yours");
  rmSync(join(home.path, "hub.sock"));
  symlinkSync("/tmp/elsewhere", join(home.path, "hub.sock"));
  expect(() => prepareSocket(home, env, lock)).toThrow("is not a socket of yours");
});

test("a socket that had to move is recorded, found by callers with another environment, and can be listened on", async () => {
  const base = makeFolder();
  const env = { SLUICE_HOME: join(base, "h".repeat(110)), TMPDIR: base };
  const home = openHome(env);
  using lock = new HubLock(home, 0);
  const socket = prepareSocket(home, env, lock);
  expect(dirname(dirname(socket))).toBe(base);
  expect(statSync(dirname(socket)).mode & 0o777).toBe(0o700);
  expect(readFileSync(home.socketRecord, "utf8")).toBe(`${socket}\n`);
  expect(locateSocket({ SLUICE_HOME: home.path, TMPDIR: "/var/tmp" })).toBe(socket);
  await listenOn(socket);
});

test("a planted folder in the place that the socket would move to is refused", () => {
  const base = makeFolder();
  const env = { SLUICE_HOME: join(base, "h".repeat(110)), TMPDIR: base };
  symlinkSync("/tmp", join(base, `sluice-${process.getuid?.()}`));
  const home = openHome(env);
  using lock = new HubLock(home, 0);
  expect(() => prepareSocket(home, env, lock)).toThrow("symbolic link");
  expect(existsSync(home.socketRecord)).toBe(false);
});

async function listenOn(path: string): Promise<void> {
  const server = createServer().listen(path);
  await once(server, "listening");
  server.close();
}
