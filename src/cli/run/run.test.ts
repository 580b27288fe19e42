/** `sluice run` as a script and a shell meet it: real commands, real pipes and files, a real hub that comes and goes. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { EventView } from "../../api/wire/wire.ts";
import { CliStage, CODE_CACHE, SLUICE } from "../run-cli.fixture.ts";
import { HAS_TERMINALS, type } from "../type-cli.fixture.ts";
import { toLastLines } from "./output.ts";
import { toMarked } from "./run.ts";

function listRecords(stage: CliStage): string[] {
  const folder = join(stage.home, "jobs");
  return existsSync(folder) ? readdirSync(folder) : [];
}

async function listEvents(stage: CliStage): Promise<EventView[]> {
  const { stdout } = await stage.run(["inbox", "--json"]);
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as EventView);
}

/** As a shell would start it, with streams of its choice. */
function start(stage: CliStage, args: readonly string[], stdio: ("pipe" | "ignore" | number)[]) {
  const child = spawn(process.execPath, [SLUICE, "run", ...args], {
    cwd: stage.folder,
    env: {
      PATH: process.env["PATH"],
      HOME: stage.folder,
      SLUICE_HOME: stage.home,
      NODE_COMPILE_CACHE: CODE_CACHE,
      SLUICE_INGRESS_PORT: "0",
    },
    stdio,
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

test("JOB-1, JOBS-1, REPORT-1: ends without a hub are kept, and told once by the next one: exit code, signal, a missing command", async () => {
  await using stage = new CliStage();
  const failed = await stage.run(["run", "--", "sh", "-c", "cat; echo bad >&2; exit 3"], {
    input: "from stdin\n",
  });
  expect(failed).toMatchObject({ code: 3, stdout: "from stdin\n" });
  expect(failed.stderr).toMatch(/^bad\nsluice: no hub runs; the end .* is kept/);
  const killed = await stage.run(["run", "--", "sh", "-c", "kill -9 $$"]);
  expect(killed.code).toBe(137);
  const missing = await stage.run(["run", "--", "no-such-command-at-all"]);
  expect(missing).toMatchObject({ code: 127, stderr: expect.stringContaining("not found") });
  // A record that no version of ours wrote holds up no other (JOBS-2).
  writeFileSync(join(stage.home, "jobs", `job_${"0".repeat(26)}.json`), "{half");
  expect(listRecords(stage)).toHaveLength(4);

  await stage.run(["up"]);
  const events = await listEvents(stage);
  expect(events.map(({ kind, meta }) => [kind, meta["exit_code"] ?? meta["signal"]])).toEqual([
    ["run.failed", "3"],
    ["run.killed", "SIGKILL"],
    ["run.failed", "127"],
  ]);
  expect(events[0]?.text).toMatch(
    /^sh -c '.*' failed with exit code 3 after .*\nin .*\nlast lines: from stdin\nbad$/,
  );
  expect(events[0]).toMatchObject({ channel: "jobs", meta: { severity: "error" } });
  expect(listRecords(stage)).toEqual([`job_${"0".repeat(26)}.bad`]);
  // With a hub nothing is said at all; a named channel that is not there is.
  expect(await stage.run(["run", "--", "true"])).toEqual({ code: 0, stdout: "", stderr: "" });
  const elsewhere = await stage.run([
    "run",
    "--channel",
    "ci",
    "--session",
    "nobody",
    "--",
    "true",
  ]);
  expect(elsewhere).toMatchObject({ code: 0, stderr: expect.stringContaining('no channel "ci"') });
  expect((await listEvents(stage)).slice(3).map(({ kind }) => kind)).toEqual([
    "run.succeeded",
    "run.succeeded",
  ]);
});

test("JOB-2: of a command whose sluice run was killed it is told that nobody saw its end; the hub was killed in between", async () => {
  await using stage = new CliStage();
  await stage.run(["up"]);
  const { stdout } = await stage.run(["status", "--json"]);
  const { hub } = JSON.parse(stdout) as { hub: { pid: number } };
  const running = start(
    stage,
    ["--", "sh", "-c", "echo begun; exec sleep 600"],
    ["ignore", "pipe", "pipe"],
  );
  const [said] = (await once(running.stdout ?? running, "data")) as [Buffer];
  expect(String(said)).toBe("begun\n");
  const [name = ""] = listRecords(stage);
  const { pid } = JSON.parse(readFileSync(join(stage.home, "jobs", name), "utf8")) as {
    pid: number;
  };
  expect(pid).toBe(running.pid);
  process.kill(hub.pid, "SIGKILL");
  running.kill("SIGKILL");
  await once(running, "close");
  await stage.run(["up"]);
  expect(await listEvents(stage)).toMatchObject([
    { kind: "run.lost", meta: { status: "unknown" } },
  ]);
  expect(listRecords(stage)).toEqual([]);
});

test("RUNCHILD-2: a signal that was sent to sluice run alone ends the command as it would without it", async () => {
  await using stage = new CliStage();
  const script = 'trap "echo term; exit 9" TERM; echo ready; while :; do sleep 0.05; done';
  const child = start(stage, ["--no-tail", "--", "sh", "-c", script], ["ignore", "pipe", "ignore"]);
  let said = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (said += text));
  await expect.poll(() => said).toBe("ready\n");
  child.kill("SIGTERM");
  const [code] = (await once(child, "close")) as [number | null];
  expect([code, said]).toEqual([9, "ready\nterm\n"]);
});

test("OUTPUT-2 and OUTPUT-3: a file and a pipe stay what they are, in their order; the last lines come all the same", async () => {
  await using stage = new CliStage();
  const path = join(stage.folder, "out.log");
  writeFileSync(path, "before\n");
  const fd = openSync(path, "a");
  const look = "test -f /dev/stdout && echo file; for i in 1 2 3; do echo o$i; echo e$i >&2; done";
  const toFile = start(stage, ["--", "sh", "-c", look], ["ignore", fd, fd]);
  closeSync(fd);
  await once(toFile, "close");
  const order = "o1\ne1\no2\ne2\no3\ne3\n";
  expect(readFileSync(path, "utf8")).toMatch(`before\nfile\n${order}sluice: no hub runs`);

  const both = `"${process.execPath}" "${SLUICE}" run -- sh -c 'test -p /dev/stdout && echo pipe; for i in 1 2 3; do echo o$i; echo e$i >&2; done; echo again > /dev/stdout' 2>&1 | cat`;
  const env = { PATH: process.env["PATH"], HOME: stage.folder, SLUICE_HOME: stage.home };
  const piped = spawn("sh", ["-c", both], {
    cwd: stage.folder,
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  let said = "";
  piped.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  await once(piped, "close");
  expect(said).toMatch(`pipe\n${order}again\nsluice: no hub runs`);
  const lines = listRecords(stage).map((name) => {
    const text = readFileSync(join(stage.home, "jobs", name), "utf8");
    return (JSON.parse(text) as { end: { lines: string } }).end.lines;
  });
  expect(lines).toEqual([`file\n${order}`.trim(), `pipe\n${order}again`]);
});

test("OUTPUT-4: what a command leaves running goes on writing after its end; a reader that has gone ends the command", async () => {
  await using stage = new CliStage();
  const script = "(while [ ! -e go ]; do sleep 0.05; done; echo late) & echo early";
  const child = start(stage, ["--", "sh", "-c", script], ["ignore", "pipe", "ignore"]);
  let said = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (said += text));
  const [code] = (await once(child, "exit")) as [number | null];
  expect(code).toBe(0);
  await expect.poll(() => said).toBe("early\n");
  writeFileSync(join(stage.folder, "go"), "");
  await expect.poll(() => said).toBe("early\nlate\n");

  const endless = start(stage, ["--", "yes"], ["ignore", "pipe", "ignore"]);
  endless.stdout?.once("data", () => endless.stdout?.destroy());
  const [ended] = (await once(endless, "exit")) as [number | null];
  expect(ended).toBe(141);
});

test.runIf(HAS_TERMINALS)(
  "OUTPUT-1, RUNCHILD-3: a terminal stays a terminal, the umask is the user's, and what stty sets stays set",
  async () => {
    await using stage = new CliStage();
    const look = "test -t 0 && test -t 1 && test -t 2 && echo terminal; umask; stty -echo";
    const seen = await type(stage, ["run", "--", "sh", "-c", look]);
    expect(seen.code).toBe(0);
    expect(seen.screen).toMatch(/terminal\r\n0?022\r\n/);
    const tailed = await type(stage, ["run", "--tail", "--", "sh", "-c", "test -t 1 || echo no"]);
    expect(tailed.screen).toMatch(/^no\r\n/);
    const ends = listRecords(stage).map((name) => {
      const text = readFileSync(join(stage.home, "jobs", name), "utf8");
      return (JSON.parse(text) as { end: { lines?: string } }).end.lines;
    });
    expect(ends).toEqual([undefined, "no"]);
    const refused = await stage.run(["run", "--session", "this", "--", "true"]);
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("session's own shell"),
    });
    expect((await stage.run(["run"])).code).toBe(2);
  },
);

test("the last lines are what a terminal would show in the end", () => {
  const progress = "10 %\r50 %\r100 %\n\u001b[31mred\u001b[0m\n\n";
  expect(toLastLines([progress])).toBe("100 %\nred");
  const many = Array.from({ length: 50 }, (_, n) => `line ${n}`).join("\n");
  expect(toLastLines([many]).split("\n")).toHaveLength(20);
  expect(toLastLines(["x".repeat(10_000)]).length).toBe(400);
});

test("from its name on every word is the command's, a second -- and flags like ours too", () => {
  expect(toMarked(["git", "log", "--", "x"])).toEqual(["--", "git", "log", "--", "x"]);
  expect(toMarked(["--session", "s", "--no-tail", "npm", "test", "--tail"])).toEqual([
    "--session",
    "s",
    "--no-tail",
    "--",
    "npm",
    "test",
    "--tail",
  ]);
  expect(toMarked(["--session=s", "--", "a"])).toEqual(["--session=s", "--", "a"]);
  expect(toMarked(["--tail"])).toEqual(["--tail"]);
});

test("odd callers: no name, a list of arguments that is huge, no folder for pipes, a session without Sluice; the command runs, and its exit code stays", async () => {
  await using stage = new CliStage();
  const empty = await stage.run(["run", "--", ""]);
  expect(empty).toMatchObject({
    code: 127,
    stderr: expect.stringContaining("'': command not found"),
  });
  const huge = Array.from({ length: 5_000 }, (_, n) => `argument-number-${n}-${"x".repeat(60)}`);
  expect((await stage.run(["run", "--", "sh", "-c", "exit 4", ...huge])).code).toBe(4);
  const env = {
    TMPDIR: join(stage.folder, "nowhere"),
    CLAUDE_CODE_SESSION_ID: "unknown-to-sluice",
  };
  const noPipes = await stage.run(["run", "--", "sh", "-c", "echo out; exit 5"], { env });
  expect(noPipes).toMatchObject({ code: 5, stdout: "out\n" });
  await stage.run(["up"]);
  expect((await listEvents(stage)).map(({ meta }) => meta["exit_code"])).toEqual(["127", "4", "5"]);
  const own = await stage.run(["run", "--", "true"], { env });
  expect(own).toEqual({ code: 0, stdout: "", stderr: "" });
});
