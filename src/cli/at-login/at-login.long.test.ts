/** From `sluice up --at-login` to the hub that the unit starts, with a service manager that only keeps files. */
import { spawn } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { CliStage } from "../run-cli.fixture.ts";

const FAKES = fileURLToPath(new URL("../../../test/fakes/systemd", import.meta.url));

function openStage() {
  const stage = new CliStage();
  onTestFinished(() => stage[Symbol.asyncDispose]());
  const fakes = join(stage.folder, "fakes");
  mkdirSync(fakes);
  const env = {
    PATH: `${FAKES}${delimiter}${process.env["PATH"]}`,
    SLUICE_TEST_FAKES: fakes,
    SLUICE_TEST_SECRET_KEY: "not-for-a-file",
  };
  const run = (...args: string[]) => stage.run(args, { env });
  const readPid = async (): Promise<number | undefined> => {
    const { stdout } = await run("status", "--json");
    return (JSON.parse(stdout) as { hub: { pid: number } | null }).hub?.pid;
  };
  return { stage, env, fakes, run, readPid, folder: join(stage.folder, ".config/systemd/user") };
}

/** What systemd makes of the unit: its command line and its variables. */
function readUnit(path: string): { command: string[]; env: Record<string, string> } {
  const text = readFileSync(path, "utf8");
  const plain = (word: string): string => word.replace(/\\(.)/g, "$1").replaceAll("%%", "%");
  const command = [...(/^ExecStart=(.*)$/m.exec(text)?.[1] ?? "").matchAll(/"((?:[^"\\]|\\.)*)"/g)];
  const variables = [...text.matchAll(/^Environment="((?:[^"\\]|\\.)*)"$/gm)];
  return {
    command: command.map(([, word = ""]) => plain(word).replaceAll("$$", "$")),
    env: Object.fromEntries(
      variables.map(([, pair = ""]) => {
        const [, name = "", value = ""] = /^([^=]*)=(.*)$/s.exec(plain(pair)) ?? [];
        return [name, value];
      }),
    ),
  };
}

test("after a reboot the unit starts a hub that has everything, and status says so before", async () => {
  const { stage, run, readPid, folder } = openStage();
  expect((await run("add", "webhook", "--name", "ops", "--json")).code).toBe(0);
  expect((await run("status")).stdout).toContain('"sluice up --at-login" does');
  const up = await run("up", "--at-login");
  expect([up.code, up.stderr]).toEqual([0, ""]);
  expect(up.stdout).toContain("login    systemd starts it from now on");
  expect((await run("status")).stdout).toMatch(
    /^login {4}systemd starts the hub, also after a reboot$/m,
  );
  // A home that is not the usual one has a unit of its own.
  const [name = ""] = /sluice-[0-9a-f]{8}\.service/.exec(up.stdout) ?? [];
  const path = join(folder, name);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, "utf8")).not.toContain("not-for-a-file");

  const pid = await readPid();
  if (pid === undefined) throw new Error("no hub runs");
  process.kill(pid, "SIGKILL");
  while ((await readPid()) !== undefined) await sleep(300);
  const { command, env } = readUnit(path);
  // As little of an environment as a service manager gives.
  const started = spawn(command[0] ?? "", command.slice(1), {
    cwd: "/",
    env: { HOME: stage.folder, ...env, SLUICE_TEST_FAKES: join(stage.folder, "fakes") },
    stdio: "ignore",
  });
  const ended = new Promise((resolve) => started.once("close", resolve));
  await expect.poll(readPid, { interval: 300 }).toBe(started.pid);
  expect((await run("channels")).stdout).toContain("ops");

  const down = await run("down", "--at-login");
  expect(down.stdout).toContain("it starts at no login any more");
  expect(await ended).toBe(0);
  expect(existsSync(path)).toBe(false);
  expect((await run("down", "--at-login")).stdout).toContain("nothing started it at login");
});

test("LOGIN-1: where the service manager does not answer nothing is written, and another way is told", async () => {
  const { fakes, run, folder } = openStage();
  writeFileSync(join(fakes, "systemctl.mode"), "no-bus");
  const { code, stderr } = await run("up", "--at-login");
  expect(code).toBe(78);
  expect(stderr).toContain("No medium found");
  expect(stderr).toContain("@reboot");
  expect(existsSync(folder)).toBe(false);
});

test("LOGIN-2: a file that others read, and a link to one, give the unit neither their mode nor their place", async () => {
  const { run, folder, stage } = openStage();
  const { stdout } = await run("up", "--at-login", "--print");
  const [name = ""] = /sluice-[0-9a-f]{8}\.service/.exec(stdout) ?? [];
  mkdirSync(folder, { recursive: true });
  const theirs = join(stage.folder, "theirs");
  writeFileSync(theirs, "theirs", { mode: 0o666 });
  symlinkSync(theirs, join(folder, name));
  expect((await run("up", "--at-login")).code).toBe(0);
  expect(lstatSync(join(folder, name)).mode).toBe(0o100600);
  expect(readFileSync(theirs, "utf8")).toBe("theirs");
});

test.each([
  ["HTTPS_PROXY", "http://proxy.test\nExecStartPre=/bin/evil"],
  ["SLUICE_X\nExecStartPre", "/bin/evil"],
  ["SLUICE_LOG", "a\rb"],
])("LOGIN-3: %j adds no line to the unit", async (name, value) => {
  const { stage, env, folder } = openStage();
  const options = { env: { ...env, [name]: value } };
  const { code, stderr } = await stage.run(["up", "--at-login", "--print"], options);
  expect([code, stderr]).toEqual([78, expect.stringContaining(JSON.stringify(name))]);
  expect(existsSync(folder)).toBe(false);
});

test("what would be done can be read first", async () => {
  const { run, folder } = openStage();
  const { stdout } = await run("up", "--at-login", "--print");
  expect(stdout).toContain("[Service]");
  expect(stdout).toMatch(/^systemctl --user enable sluice-[0-9a-f]{8}\.service$/m);
  expect(existsSync(folder)).toBe(false);
});

test("a unit whose program is gone is told by status, with what mends it", async () => {
  const { run, folder } = openStage();
  const { stdout } = await run("up", "--at-login");
  const path = join(folder, /sluice-[0-9a-f]{8}\.service/.exec(stdout)?.[0] ?? "");
  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.replace(/ExecStart="[^"]*"/, 'ExecStart="/gone/node"'));
  expect((await run("status")).stdout).toContain(
    'it would start /gone/node, which is gone; "sluice up --at-login" writes it anew',
  );
  await run("up", "--at-login");
  expect((await run("status")).stdout).toContain("systemd starts the hub");
});
