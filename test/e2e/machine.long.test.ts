/** Machines as they are: long paths, other users, containers, a bare locale. */
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isHubAnswering } from "../../src/api/client/start-hub.ts";
import { locateSocket } from "../../src/local/home.ts";
import { makeFolder } from "../../src/store/sample.fixture.ts";
import { CLI, endProcess, openRig, openRigWithHub, type Ran, type Rig, until } from "./rig.ts";
import { GITHUB_SECRET, post, postGithub } from "./senders.ts";

const isRoot = process.getuid?.() === 0 && process.platform === "linux";
const OTHER = 54_321;

/** As another user, or with another environment than the rig's. */
function run(
  args: string[],
  env: Readonly<Record<string, string>>,
  as: { uid?: number; gid?: number } = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [CLI, ...args], { env, cwd: "/", ...as });
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, ...said })));
}

function openEmptyRig(): Rig {
  const rig = openRig();
  onTestFinished(() => rig[Symbol.asyncDispose]());
  return rig;
}

test.each([80, 150, 220, 400])(
  "a home of %i bytes works, wherever its socket has to stand, and a removed socket comes back there",
  async (bytes) => {
    const base = makeFolder();
    const parts: string[] = [];
    for (let left = bytes - base.length; left > 0; left -= 61)
      parts.push("h".repeat(Math.min(60, left)));
    const rig = openEmptyRig();
    const env = { ...rig.env, SLUICE_HOME: join(base, ...parts), TMPDIR: base };
    onTestFinished(() => run(["down"], env).then(() => undefined));
    expect((await run(["up"], env)).code).toBe(0);
    expect((await run(["add", "webhook"], env)).code).toBe(0);
    const socket = locateSocket(env);
    spawnSync("rm", [socket]);
    await until("it is there again", () => isHubAnswering(socket));
    // Whoever runs with another folder for such things finds it, too.
    const status = await run(["status"], { ...env, TMPDIR: "/var/tmp" });
    expect(status.stdout).toContain("webhook");
    expect((await run(["down"], env)).stdout).toMatch(/^hub stopped/);
  },
);

test.skipIf(!isRoot)(
  "root with another user's HOME (su without -, sudo -E) is refused, and leaves nothing there",
  async () => {
    const theirs = join(makeFolder(), "them");
    mkdirSync(theirs, { mode: 0o755 });
    chownSync(theirs, OTHER, OTHER);
    const { SLUICE_HOME: _, ...env } = openEmptyRig().env;
    for (const command of ["up", "status", "doctor", "down"]) {
      const { code, stdout, stderr } = await run([command], { ...env, HOME: theirs });
      expect(code).not.toBe(0);
      expect(stdout + stderr).toContain(`${theirs} belongs to uid ${OTHER}`);
    }
    expect(readdirSync(theirs)).toEqual([]);
  },
);

test.skipIf(!isRoot)(
  "a hub as PID 1 of a container takes events, and is ended from inside, from outside and by the container's end",
  async () => {
    const rig = openEmptyRig();
    const socket = locateSocket(rig.env);
    const start = async (): Promise<() => Promise<unknown>> => {
      const child = spawn(
        "unshare",
        ["--pid", "--fork", "--mount-proc", process.execPath, CLI, "up", "--foreground"],
        { env: rig.env, stdio: "ignore" },
      );
      onTestFinished(() => endProcess(child.pid ?? 0, "SIGKILL"));
      const ended = new Promise((resolve) => child.once("exit", resolve));
      await until("it answers", () => isHubAnswering(socket));
      return () => ended;
    };
    let ended = await start();
    expect(await rig.hubPid()).toBe(1);
    const github = await rig.addChannel({ kind: "github", secret: GITHUB_SECRET });
    expect((await postGithub(github)).status).toBe(202);
    // Outside, pid 1 is the machine's own.
    expect(await rig.run("down")).toMatchObject({ code: 0, stdout: "hub stopped (pid 1)\n" });
    await ended();
    ended = await start();
    const [hub = 0] = rig.listHubs().toReversed();
    process.kill(hub, "SIGTERM");
    await ended();
    expect((await rig.run("status")).stdout).toContain("down");
  },
);

test.skipIf(!isRoot)(
  "a hub that hangs in another container is not taken for a process here",
  async () => {
    const rig = openEmptyRig();
    const child = spawn(
      "unshare",
      ["--pid", "--fork", "--mount-proc", process.execPath, CLI, "up", "--foreground"],
      { env: rig.env, stdio: "ignore" },
    );
    onTestFinished(() => endProcess(child.pid ?? 0, "SIGKILL"));
    await until("it answers", () => isHubAnswering(locateSocket(rig.env)));
    const hubs = rig.listHubs();
    for (const pid of hubs) process.kill(pid, "SIGSTOP");
    const { code, stderr } = await rig.run("down");
    expect(code).not.toBe(0);
    expect(stderr).toContain("no process here is it (its pid is 1 in its own container)");
    for (const pid of hubs) process.kill(pid, "SIGCONT");
    expect((await rig.run("down")).code).toBe(0);
  },
);

/** The program must be readable to others, as an installed one is. */
const mayBeOther =
  isRoot &&
  spawnSync(process.execPath, [CLI, "--version"], { uid: OTHER, gid: OTHER }).status === 0;

test.skipIf(!mayBeOther)(
  "the second user on a taken port keeps the port, is told, and gets it once it is free",
  async () => {
    await using first = await openRigWithHub();
    const { port } = (await first.status()).hub.ingress;
    const folder = makeFolder();
    chmodSync(folder, 0o711);
    const theirs = join(folder, "them");
    mkdirSync(theirs, { mode: 0o700 });
    chownSync(theirs, OTHER, OTHER);
    const env = {
      PATH: process.env["PATH"] ?? "",
      HOME: theirs,
      TMPDIR: tmpdir(),
      SLUICE_INGRESS_PORT: String(port),
      SLUICE_WEB_PORT: "0",
    };
    const as = { uid: OTHER, gid: OTHER };
    onTestFinished(() => run(["down"], env, as).then(() => undefined));
    expect((await run(["up"], env, as)).code).toBe(0);
    const said = (await run(["status"], env, as)).stdout;
    expect(said).toContain(`ingress port ${port} is held by another program`);
    await first.run("down");
    await until("it opens", async () =>
      (await run(["status"], env, as)).stdout.includes(`up, 127.0.0.1:${port}`),
    );
  },
);

test("with LC_ALL=C every letter of every script is kept and printed", async () => {
  const rig = await openRigWithHub({ env: { LC_ALL: "C", LANG: "C" } });
  onTestFinished(() => rig[Symbol.asyncDispose]());
  const text = "Grüße, 测试 हिन्दी 🚀";
  const ops = await rig.addChannel({ kind: "webhook", name: "ops" });
  const headers = { authorization: `Bearer ${ops.secret}`, "content-type": "text/plain" };
  expect((await post(ops.url, text, headers)).status).toBe(202);
  const [event] = await rig.events();
  expect(event?.text).toContain(text);
  expect((await rig.run("inbox")).stdout).toContain("Grüße, 测试");
});
