import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { isAlive, readProcess } from "./process.ts";

const platforms: NodeJS.Platform[] =
  process.platform === "linux" ? ["linux", "darwin"] : [process.platform];

test.each(platforms)(
  "a running process is described with its parent and arguments, as on %s",
  async (platform) => {
    await using child = start();
    const facts = readProcess(child.pid, platform);
    expect(facts).toMatchObject({ pid: child.pid, ppid: process.pid });
    expect(facts?.argv.slice(-2)).toEqual(["--name", "a)b"]);
    expect(readProcess(child.pid, platform)?.startTime).toBe(facts?.startTime);
  },
);

test.each(platforms)("a process that ended is nobody, as on %s", async (platform) => {
  const child = start();
  await child[Symbol.asyncDispose]();
  expect(readProcess(child.pid, platform)).toBeUndefined();
});

test("a zombie is nobody", async () => {
  // The shell becomes `sleep` and never collects its child, which therefore stays a zombie.
  const shell = spawn("sh", ["-c", "true & echo $!; exec sleep 30"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [chunk] = (await once(shell.stdout, "data")) as [Buffer];
  const pid = Number(chunk.toString());
  await expect.poll(() => readProcess(pid)).toBeUndefined();
  shell.kill("SIGKILL");
});

test("a reused pid is noticed by its start time", async () => {
  await using child = start();
  const startTime = readProcess(child.pid)?.startTime ?? "";
  expect(isAlive(child.pid, startTime)).toBe(true);
  expect(isAlive(child.pid, `${startTime}0`)).toBe(false);
  expect(isAlive(process.pid, startTime)).toBe(false);
});

test.each([0, -1, 1.5, Number.NaN, 2 ** 53])("%s is no pid", (pid) => {
  expect(readProcess(pid)).toBeUndefined();
});

function start(): { pid: number } & AsyncDisposable {
  const child = spawn(
    process.execPath,
    ["-e", "setInterval(() => {}, 1000)", "--", "--name", "a)b"],
    { stdio: "ignore" },
  );
  return {
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}
