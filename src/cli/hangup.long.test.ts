/** A terminal closes: what runs in it ends, and what nohup has taken out of it goes on. Real terminals: util-linux's `script` makes them. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readProcess } from "../local/process.ts";
import { CliStage, SLUICE } from "./run-cli.fixture.ts";

const HUB = "up --foreground";

/** Runs a line of sh. `terminal`: in one of its own, which closes with the child. */
function runLine(stage: CliStage, line: string, where: "terminal" | "pipes"): ChildProcess {
  const [program, args]: [string, string[]] =
    where === "terminal" ? ["script", ["-qec", line, "/dev/null"]] : ["sh", ["-c", line]];
  const child = spawn(program, args, {
    cwd: stage.folder,
    env: {
      PATH: process.env["PATH"],
      HOME: stage.folder,
      SLUICE_HOME: stage.home,
      SLUICE_INGRESS_PORT: "0",
    },
    stdio: ["pipe", "ignore", "ignore"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** The hub's pid, once it answers. */
async function waitForHub(stage: CliStage): Promise<number> {
  let pid = 0;
  await expect
    .poll(async () => {
      const { stdout } = await stage.run(["status", "--json"]);
      const { hub } = JSON.parse(stdout === "" ? '{"hub":null}' : stdout) as {
        hub: { pid: number } | null;
      };
      pid = hub?.pid ?? 0;
      return pid;
    })
    .toBeGreaterThan(0);
  return pid;
}

const sluice = (args: string): string => `"${process.execPath}" "${SLUICE}" ${args}`;

function readLog(stage: CliStage): string {
  const path = join(stage.folder, "out.log");
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

test.each([
  ["HANGUP-1: under nohup a hub outlives its terminal", `nohup ${sluice(HUB)}`, true],
  ["a hub in a terminal ends with it", `exec ${sluice(HUB)}`, false],
] as const)("%s", async (_, line, survives) => {
  await using stage = new CliStage();
  const terminal = runLine(stage, line, "terminal");
  const pid = await waitForHub(stage);
  terminal.kill("SIGKILL");
  if (!survives) return expect.poll(() => readProcess(pid)).toBeUndefined();
  // The kernel's own SIGHUP may come late; a second one, as a shell sends it to its jobs, is no other.
  process.kill(pid, "SIGHUP");
  await expect
    .poll(() => readFileSync(join(stage.folder, "nohup.out"), "utf8"))
    .toContain("SIGHUP");
  expect(await waitForHub(stage)).toBe(pid);
});

test.each([
  ["nohup with its streams sent elsewhere", `nohup ${sluice(HUB)} </dev/null >out.log 2>&1`],
  ["a shell that ignores SIGHUP", `trap "" HUP; exec ${sluice(HUB)} </dev/null >out.log 2>&1`],
])("HANGUP-1: %s: the hub goes on, and SIGTERM ends it", async (_, line) => {
  await using stage = new CliStage();
  runLine(stage, line, "pipes");
  const pid = await waitForHub(stage);
  for (const times of [1, 2]) {
    process.kill(pid, "SIGHUP");
    await expect.poll(() => readLog(stage).match(/no terminal to lose/g)).toHaveLength(times);
  }
  expect(await waitForHub(stage)).toBe(pid);
  process.kill(pid, "SIGTERM");
  await expect.poll(() => readProcess(pid)).toBeUndefined();
  expect(readLog(stage)).toContain("hub stops");
});

test("HANGUP-1: sluice tail under nohup goes on", async () => {
  await using stage = new CliStage();
  await stage.run(["up"]);
  await stage.run(["add", "webhook"]);
  const tail = runLine(stage, `exec nohup ${sluice("tail")} </dev/null >out.log 2>&1`, "pipes");
  const say = async (text: string): Promise<void> => {
    await expect
      .poll(async () => {
        await stage.run(["emit", "webhook", text]);
        return readLog(stage);
      })
      .toContain(text);
  };
  await say("before");
  tail.kill("SIGHUP");
  await say("after");
  expect(tail.exitCode).toBeNull();
});
