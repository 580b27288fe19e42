/** A hub whose home, inbox, lock or socket is taken away under it: nothing is answered "kept" that is not, and no other hub is harmed. */
import { spawn } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isHubAnswering } from "../../src/api/client/start-hub.ts";
import { locateSocket, toHome } from "../../src/local/home.ts";
import { CLI, endProcess, isRunning, openRig, openRigWithHub, type Rig, until } from "./rig.ts";
import { type Endpoint, post } from "./senders.ts";

async function openScene(): Promise<{ rig: Rig; ops: Endpoint; pid: number }> {
  const rig = await openRigWithHub();
  onTestFinished(() => rig[Symbol.asyncDispose]());
  const ops = await rig.addChannel({ kind: "webhook", name: "ops" });
  return { rig, ops, pid: await rig.hubPid() };
}

const say = (ops: Endpoint, text: string): Promise<{ status: number }> =>
  post(ops.url, Buffer.from(JSON.stringify({ text })), {
    authorization: `Bearer ${ops.secret}`,
    "content-type": "application/json",
  });

/** Senders meet a 503 or nobody; never a promise. */
async function sayUntilGone(ops: Endpoint, pid: number): Promise<number[]> {
  const said: number[] = [];
  await until("the hub is gone", async () => {
    const answer = await say(ops, "is anybody there?").catch(() => undefined);
    if (answer !== undefined) said.push(answer.status);
    return !isRunning(pid);
  });
  return said;
}

const readLog = (rig: Rig): string =>
  existsSync(rig.home) ? readFileSync(join(rig.home, "log", "hub.1.log"), "utf8") : "";

test.each<[string, (rig: Rig) => void]>([
  ["deleted", ({ home }) => rmSync(home, { recursive: true })],
  ["moved", ({ home }) => renameSync(home, `${home}.moved`)],
  ["without its inbox", ({ home }) => unlinkSync(toHome(home).database)],
  [
    "replaced by a file",
    ({ home }) => {
      renameSync(home, `${home}.moved`);
      writeFileSync(home, "");
    },
  ],
  [
    "replaced by a link to nowhere",
    ({ home }) => {
      renameSync(home, `${home}.moved`);
      symlinkSync("/nowhere", home);
    },
  ],
])(
  "HOME-1, DATABASE-5: a hub whose home is %s keeps nothing more, and leaves by itself",
  async (_, take) => {
    const { rig, ops, pid } = await openScene();
    expect((await say(ops, "before")).status).toBe(202);
    take(rig);
    const said = await sayUntilGone(ops, pid);
    expect(said.filter((status) => status !== 503)).toEqual([]);
  },
);

test("a deleted home is made anew by the next command, and the end of the old hub harms nothing of the new one", async () => {
  const { rig, ops, pid } = await openScene();
  // So that the new hub is there before the old one can look.
  process.kill(pid, "SIGSTOP");
  rmSync(rig.home, { recursive: true });
  const started = await rig.run("up", "--json");
  const { pid: next, socket } = JSON.parse(started.stdout) as { pid: number; socket: string };
  expect(next).not.toBe(pid);
  const before = statSync(socket).ino;
  process.kill(pid, "SIGCONT");
  expect(await sayUntilGone(ops, pid).then((said) => said.includes(202))).toBe(false);
  expect(statSync(socket).ino).toBe(before);
  expect(existsSync(toHome(rig.home).pid)).toBe(true);
  expect(await rig.hubPid()).toBe(next);
  expect((await rig.run("down")).stdout).toBe(`hub stopped (pid ${next})\n`);
});

test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
  "SOCKET-1, LOCK-3: %s in the moment after another hub took the place leaves that one's socket and name",
  async (signal) => {
    const { rig, pid } = await openScene();
    process.kill(pid, "SIGSTOP");
    rmSync(rig.home, { recursive: true });
    const { pid: next } = JSON.parse((await rig.run("up", "--json")).stdout) as { pid: number };
    process.kill(pid, signal);
    process.kill(pid, "SIGCONT");
    await until("the old hub is gone", () => !isRunning(pid));
    expect(await rig.hubPid()).toBe(next);
    expect(existsSync(toHome(rig.home).pid)).toBe(true);
  },
);

test("HOME-3: an inbox put back under a running hub is opened by the next one as it is, without the log of the earlier", async () => {
  const { rig, ops, pid } = await openScene();
  const { database } = toHome(rig.home);
  await say(ops, "in the backup");
  // As a backup holds it: the log moved into the file.
  expect((await rig.run("down")).code).toBe(0);
  copyFileSync(database, `${rig.folder}/copy.db`);
  expect(isRunning(pid)).toBe(false);
  const second = await rig.startHub();
  for (let i = 0; i < 20; i++) await say(ops, `after the backup ${i}`);
  // The usual way of a person in a hurry: the log is forgotten.
  renameSync(database, `${rig.folder}/broken.db`);
  copyFileSync(`${rig.folder}/copy.db`, database);
  chmodSync(database, 0o600);
  await until("the hub is gone", () => !isRunning(second));
  expect(existsSync(`${database}-wal.of-earlier-inbox`)).toBe(true);
  await rig.startHub();
  const events = await rig.events();
  expect(events.map(({ text }) => text)).toEqual([expect.stringContaining("in the backup")]);
  expect(readLog(rig)).toContain("the hub leaves");
});

test("another home in the place of the first is not touched by the hub of the first", async () => {
  const { rig, ops, pid } = await openScene();
  const other = openRig();
  onTestFinished(() => other[Symbol.asyncDispose]());
  const second = await other.startHub();
  await endProcess(second, "SIGKILL");
  // A killed hub leaves a log with content.
  expect(existsSync(`${toHome(other.home).database}-wal`)).toBe(true);
  const log = readFileSync(`${toHome(other.home).database}-wal`);
  process.kill(pid, "SIGSTOP");
  renameSync(rig.home, `${rig.home}.moved`);
  cpSync(other.home, rig.home, { recursive: true, preserveTimestamps: true });
  process.kill(pid, "SIGCONT");
  await sayUntilGone(ops, pid);
  const { database } = toHome(rig.home);
  expect(readFileSync(`${database}-wal`)).toEqual(log);
  expect(existsSync(`${database}.closed`)).toBe(false);
  // And what the first kept is whole where it is now.
  renameSync(rig.home, `${rig.home}.other`);
  renameSync(`${rig.home}.moved`, rig.home);
  await rig.startHub();
  expect((await rig.status()).channels.map(({ name }) => name)).toEqual(["ops"]);
});

test("a removed socket is made anew, its sessions stay, and every command works again", async () => {
  const { rig, pid } = await openScene();
  const socket = locateSocket(rig.env);
  for (const take of [
    () => unlinkSync(socket),
    () => renameSync(socket, `${socket}.away`),
    // What an earlier version does when its hub of the same home ends late.
    () => rmSync(socket, { force: true }),
  ]) {
    take();
    await until("it answers again", () => isHubAnswering(socket));
    expect(await rig.hubPid()).toBe(pid);
    expect(statSync(socket).mode & 0o777).toBe(0o600);
  }
  expect((await rig.run("down")).stdout).toBe(`hub stopped (pid ${pid})\n`);
  expect(existsSync(socket)).toBe(false);
});

test("what is not ours in the socket's place stays, is named in the log, and down still ends the hub", async () => {
  const { rig, pid } = await openScene();
  const socket = locateSocket(rig.env);
  unlinkSync(socket);
  writeFileSync(socket, "precious");
  await until("it is said", () => readLog(rig).includes("move it aside"));
  const doctor = await rig.run("doctor");
  expect(doctor.stdout).toContain(`pid ${pid} has the home but does not answer`);
  expect(doctor.stdout).toContain("fix: sluice down, then sluice up");
  expect((await rig.run("status")).stderr).toContain('"sluice down" ends it');
  expect((await rig.run("down")).stdout).toBe(`hub stopped (pid ${pid})\n`);
  expect(readFileSync(socket, "utf8")).toBe("precious");
});

test("doctor's fix for a hub that does not answer works where it hangs", async () => {
  const { rig, pid } = await openScene();
  process.kill(pid, "SIGSTOP");
  const { stdout } = await rig.run("doctor");
  expect(stdout).toContain("fix: sluice down, then sluice up");
  expect((await rig.run("down")).stdout).toBe(`hub stopped (pid ${pid})\n`);
  expect((await rig.run("up")).code).toBe(0);
  expect(await rig.hubPid()).not.toBe(pid);
});

test("LOCK-3: a removed lock is taken again, and a second hub is kept out", async () => {
  const { rig, ops, pid } = await openScene();
  const { lock, pid: name } = toHome(rig.home);
  rmSync(lock);
  rmSync(name);
  expect((await say(ops, "still here")).status).toBe(202);
  await until("its name is there again", () => existsSync(name));
  expect(existsSync(lock)).toBe(true);
  const { stderr } = await rig.run("up", "--foreground");
  expect(stderr).toContain(`a hub already runs in ${rig.home} (pid ${pid},`);
  expect(await rig.hubPid()).toBe(pid);
});

test("LOCK-3: where another hub took the lock meanwhile, the first one leaves", async () => {
  const { rig, ops, pid } = await openScene();
  process.kill(pid, "SIGSTOP");
  rmSync(toHome(rig.home).lock);
  rmSync(locateSocket(rig.env));
  const next = await rig.startHub();
  process.kill(pid, "SIGCONT");
  const said = await sayUntilGone(ops, pid);
  // The new hub takes the port as soon as it is free.
  expect(said.every((status) => status === 503 || status === 202)).toBe(true);
  expect(await rig.hubPid()).toBe(next);
});

test("the pid of a hub that is somebody else's by now is never signalled", async () => {
  const rig = openRig();
  onTestFinished(() => rig[Symbol.asyncDispose]());
  const pid = await rig.startHub();
  const { pid: name } = toHome(rig.home);
  const holder = JSON.parse(readFileSync(name, "utf8")) as Record<string, unknown>;
  expect(holder).toMatchObject({ pid, startTime: expect.any(String) });
  const bystander = spawn("sleep", ["600"]);
  onTestFinished(() => void bystander.kill("SIGKILL"));
  process.kill(pid, "SIGSTOP");
  for (const written of [
    { ...holder, pid: bystander.pid },
    { ...holder, pid: bystander.pid, startTime: "another boot:1" },
    { ...holder, pid: bystander.pid, startTime: undefined },
    { ...holder, pid: 1 },
    { ...holder, pid: -1 },
    { ...holder, pid: 0 },
  ]) {
    writeFileSync(name, JSON.stringify(written), { mode: 0o600 });
    await rig.run("down");
    expect(isRunning(bystander.pid ?? 0)).toBe(true);
    expect(isRunning(pid)).toBe(true);
  }
  process.kill(pid, "SIGCONT");
});

test("a copy of a home names the hub of the first, which is not ended by the copy's down", async () => {
  const { rig, pid } = await openScene();
  process.kill(pid, "SIGSTOP");
  const copy = `${rig.folder}/copy`;
  cpSync(rig.home, copy, { recursive: true, filter: (path) => !path.endsWith(".sock") });
  const down = spawn(process.execPath, [CLI, "down"], { env: { ...rig.env, SLUICE_HOME: copy } });
  let said = "";
  down.stdout.on("data", (chunk) => (said += String(chunk)));
  await new Promise((resolve) => down.once("close", resolve));
  expect(said).toBe("no hub runs\n");
  expect(isRunning(pid)).toBe(true);
  process.kill(pid, "SIGCONT");
  expect(await rig.hubPid()).toBe(pid);
});

const mayMount = process.getuid?.() === 0 && process.platform === "linux";

test.skipIf(!mayMount)(
  "HOME-1: a hub whose disk is unmounted leaves, and the disk keeps what was kept",
  async () => {
    const rig = openRig();
    onTestFinished(() => rig[Symbol.asyncDispose]());
    mkdirSync(rig.home, { mode: 0o700 });
    const script = `
    set -e
    mount -t tmpfs -o mode=0700 tmpfs "$SLUICE_HOME"
    "$0" "$1" up --foreground & hub=$!
    until [ -S "$SLUICE_HOME/hub.sock" ]; do sleep 0.1; done
    umount -l "$SLUICE_HOME"
    wait $hub; echo "ended with $?"`;
    const child = spawn("unshare", ["-m", "sh", "-c", script, process.execPath, CLI], {
      env: rig.env,
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => (said += String(chunk)));
    await new Promise((resolve) => child.once("close", resolve));
    expect(said).toContain("the hub leaves");
    expect(said).toContain("ended with 0");
  },
);
