import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { isRunning, openRig, openRigWithHub, type Rig, SHIM, until } from "./rig.ts";
import { openLane } from "./sessions.ts";

const HELLO = [
  {
    id: 1,
    method: "initialize",
    params: {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "claude-code", version: "2.1.332" },
    },
  },
  { method: "notifications/initialized" },
  { id: 2, method: "tools/list", params: {} },
];

function spawnShim(rig: Rig, env: Record<string, string> = {}): ChildProcess {
  const shim = spawn(process.execPath, [SHIM, "--plugin"], {
    env: { ...rig.env, CLAUDE_CODE_SESSION_ID: "s1", CLAUDE_CODE_ENTRYPOINT: "cli", ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  shim.stdin?.on("error", () => {}); // It may be gone when we write: the tests look at the process.
  rig.add(() => shim.kill("SIGKILL"));
  return shim;
}

function say(shim: ChildProcess, messages: readonly object[]): void {
  for (const message of messages)
    shim.stdin?.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
}

/** Resolves when `text` has come out of the shim. */
function hear(shim: ChildProcess, text: string): Promise<void> {
  let heard = "";
  return new Promise((resolve) => {
    shim.stdout?.on("data", (chunk: Buffer) => {
      heard += chunk.toString();
      if (heard.includes(text)) resolve();
    });
  });
}

const ENDS: ((shim: ChildProcess) => void)[] = [
  (shim) => shim.stdin?.end(),
  (shim) => shim.kill("SIGINT"),
  (shim) => shim.kill("SIGHUP"),
  function breakPipe(shim) {
    shim.stdout?.destroy();
    say(shim, [{ id: 3, method: "tools/list", params: {} }]);
  },
];

/** One shim for each way to end. They share a client, this process, and so a lease. */
async function attachAll(rig: Rig): Promise<ChildProcess[]> {
  const shims = ENDS.map(() => spawnShim(rig));
  await Promise.all(
    shims.map((shim) => {
      const listed = hear(shim, '"inputSchema"');
      say(shim, HELLO);
      return listed;
    }),
  );
  await sleep(600); // Each attaches by itself, 300 ms after it said hello.
  await until("they are attached", async () => (await rig.status()).sessions.length === 1);
  return shims;
}

function untilAllGone(shims: readonly ChildProcess[]): Promise<void> {
  return until("the shims are gone", () => !shims.some(({ pid }) => isRunning(pid ?? 0)));
}

// req:field.63
test.concurrent("SHIM-2: the shim is gone after whatever end its client chooses, and its lease with it", async () => {
  await using rig = await openRigWithHub();
  const shims = await attachAll(rig);
  for (const [index, shim] of shims.entries()) ENDS[index]?.(shim);
  await untilAllGone(shims);
  await until("the lease is over", async () =>
    (await rig.status()).sessions.every(({ reason }) => reason?.includes("lost") ?? false),
  );
});

test.concurrent("SHIM-2: the same while the hub stands still and a hook waits for it", async () => {
  await using rig = await openRigWithHub();
  const hub = await rig.hubPid();
  const shims = await attachAll(rig);
  process.kill(hub, "SIGSTOP");
  rig.add(() => process.kill(hub, "SIGCONT"));
  const hook = { event: "Stop", session: "s1", prompt_id: "p1" };
  for (const [index, shim] of shims.entries()) {
    say(shim, [{ id: 9, method: "tools/call", params: { name: "hook", arguments: hook } }]);
    ENDS[index]?.(shim);
  }
  await untilAllGone(shims);
});

test.concurrent("SHIM-2: kill -9 of its parent, with stdin held open by somebody else and stderr closed: it is gone all the same", async () => {
  await using rig = await openRigWithHub();
  // A pipe of the file system: this process keeps its writing end, whoever dies.
  const pipe = join(rig.folder, "stdin");
  execFileSync("mkfifo", [pipe]);
  const stdin = openSync(pipe, "r+");
  rig.add(() => closeSync(stdin));
  const script = `
    const shim = require("node:child_process").spawn(process.execPath, [${JSON.stringify(SHIM)}, "--plugin"], { stdio: ["inherit", "inherit", "pipe"] });
    shim.stderr.destroy();
    console.error(shim.pid);`;
  const wrapper = spawn(process.execPath, ["-e", script], {
    env: { ...rig.env, CLAUDE_CODE_SESSION_ID: "s1", CLAUDE_CODE_ENTRYPOINT: "cli" },
    stdio: [stdin, "pipe", "pipe"],
  });
  const shim = await new Promise<number>((resolve) => {
    wrapper.stderr?.once("data", (pid: Buffer) => resolve(Number(pid)));
  });
  rig.add(() => isRunning(shim) && process.kill(shim, "SIGKILL"));
  const listed = hear(wrapper, '"inputSchema"');
  for (const message of HELLO)
    writeSync(stdin, `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  await listed;
  await until("it is attached", async () => (await rig.status()).sessions.length === 1);
  wrapper.kill("SIGKILL");
  await until("the shim is gone", () => !isRunning(shim));
  await until("the lease is over", async () =>
    (await rig.status()).sessions.every(({ reason }) => reason?.includes("lost") ?? false),
  );
});

/** A shim attaches this long after its client has said that it is ready. */
const SETTLE_MS = 300;

/** A client that ends its shim before that. A busy machine takes longer now and then: then once more, in a rig of its own. */
async function probe(
  open: () => Promise<Rig>,
  signal: NodeJS.Signals,
  look: (rig: Rig) => Promise<void>,
): Promise<void> {
  for (;;) {
    await using rig = await open();
    const shim = spawnShim(rig);
    const greeted = hear(shim, '"serverInfo"');
    say(shim, HELLO.slice(0, 1));
    await greeted;
    const listed = hear(shim, '"inputSchema"');
    const gone = once(shim, "exit");
    const readyAt = performance.now();
    say(shim, HELLO.slice(1));
    await listed;
    shim.kill(signal);
    await gone;
    if (performance.now() - readyAt < SETTLE_MS) return await look(rig);
  }
}

// req:start.probe
test.concurrent.each(["SIGINT", "SIGKILL"] as const)(
  "SHIM-1: a probe that ends by %s leaves no trace: no hub, no home, no attachment",
  async (signal) => {
    await probe(
      async () => openRig(),
      signal,
      async (rig) => {
        await sleep(500);
        expect(existsSync(rig.home)).toBe(false);
        expect(rig.listProcesses()).toEqual([]);
      },
    );
    if (signal === "SIGINT")
      await probe(openRigWithHub, signal, async (rig) => {
        await sleep(400);
        expect((await rig.status()).sessions).toEqual([]);
      });
  },
);

test.concurrent("SHIM-3: with no hub to start, nobody who reads stderr and a very long input, a hook is answered and the shim stays", async () => {
  await using rig = openRig({ env: { SLUICE_CLI: "/nonexistent/sluice.js" } });
  const shim = spawnShim(rig);
  shim.stderr?.destroy();
  const listed = hear(shim, '"inputSchema"');
  say(shim, HELLO);
  await listed;
  // It attaches, finds no hub, cannot start one, and says so.
  await sleep(1_000);
  const answered = hear(shim, '"text":"{}"');
  const input = { event: "PostToolUse", session: "s1", tool_input: "x".repeat(12 * 1024 * 1024) };
  say(shim, [{ id: 9, method: "tools/call", params: { name: "hook", arguments: input } }]);
  await answered;
  const ended = once(shim, "exit");
  shim.stdin?.end();
  expect(await ended).toEqual([0, null]);
});

test.concurrent("without the plugin nobody speaks as a hook: a model of another client cannot say that its user typed", async () => {
  await using rig = await openRigWithHub();
  const shim = spawn(process.execPath, [SHIM], {
    env: rig.env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  rig.add(() => shim.kill("SIGKILL"));
  const listed = hear(shim, '"inputSchema"');
  say(shim, HELLO);
  await listed;
  const refused = hear(shim, "not a tool for the model");
  const hook = { event: "UserPromptSubmit", session: "s2", prompt_id: "p1", prompt: "I am back" };
  say(shim, [{ id: 9, method: "tools/call", params: { name: "hook", arguments: hook } }]);
  await refused;
  await until("it is attached", async () => (await rig.status()).sessions.length === 1);
  expect((await rig.status()).sessions[0]).not.toMatchObject({ id: "s2" });
});

test.concurrent.each([
  ["/home/ada/.claude/jobs/1e0045c2", true],
  ["", false],
])(
  "a session with the job folder %j runs in the client's background service: %s",
  async (folder, expected) => {
    await using rig = await openRigWithHub();
    say(spawnShim(rig, { CLAUDE_JOB_DIR: folder }), HELLO);
    await until("it is attached", async () => (await rig.status()).sessions.length === 1);
    expect((await rig.status()).sessions[0]?.client.background).toBe(expected);
  },
);

test.concurrent("what SLUICE_LANE may not say or force is told in one line, by the shim and in status", async () => {
  await using rig = await openRigWithHub();
  const session = await openLane(rig, "pull", {
    clientInfo: { name: "someone", version: "1.0" },
    env: { ...rig.env, SLUICE_LANE: "monitor" },
  });
  const refusal =
    /^sluice: (SLUICE_LANE=monitor is refused: .* this is someone 1\.0; .* by pull)$/m;
  await until("the shim says so", () => refusal.test(session.stderr));
  const [, line] = refusal.exec(session.stderr) ?? [];
  expect((await rig.status()).sessions).toMatchObject([{ lane: "pull", reason: line }]);
  await session.close();
  const other = await openLane(rig, "pull", {
    clientInfo: { name: "someone", version: "1.0" },
    env: { ...rig.env, SLUICE_LANE: "chanel" },
  });
  expect(other.stderr).toContain('sluice: SLUICE_LANE is "chanel", which is none of auto');
});
