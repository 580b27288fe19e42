import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { SessionOptions } from "../../src/host/session-options.ts";
import type { ModelTurn } from "../../src/host/turns.ts";
import type { Prompt, Verdict } from "../../src/sdk/prompt.ts";
import {
  answer,
  answerAsProgram,
  listPrompts,
  openPage,
  untilAsked,
  untilPrompts,
} from "./people.ts";
import { isRunning, openRigWithHub, type Rig, until } from "./rig.ts";
import { type LaneName, makeWorkFolder, openLane } from "./sessions.ts";

const ALLOW: Verdict = { kind: "allow" };
/** Nobody sits at this terminal. */
const NOBODY = (): Promise<boolean> => new Promise(() => {});
/** A relay alone: a channel without the plugin's hooks. */
const NO_HOOKS = { hooks: {} };

type Job = { tool?: string; input?: Record<string, unknown>; agentId?: string };

/** A session whose model does `jobs`, all at once, in one turn. */
async function work(
  rig: Rig,
  lane: "channel" | "monitor",
  jobs: readonly Job[],
  options: Partial<SessionOptions> = {},
) {
  const outputs: { text: string; isError: boolean }[] = [];
  const session = await openLane(rig, lane, {
    cwd: makeWorkFolder(rig),
    approve: NOBODY,
    model: async (turn: ModelTurn) => {
      if (turn.kind !== "typed") return;
      const calls = jobs.map(
        async ({ tool = "Bash", input = { command: "npm test" }, agentId }) => {
          const { text, isError } = await turn.useTool(
            tool,
            input,
            agentId === undefined ? {} : { agentId },
          );
          outputs.push({ text, isError });
        },
      );
      await Promise.all(calls);
    },
    ...options,
  });
  session.type("go");
  return { session, outputs };
}

test.concurrent("by the hook: a person allows, and the call runs; the dialog is closed by the hook", async () => {
  await using rig = await openRigWithHub();
  const { session, outputs } = await work(rig, "monitor", [{}]);
  const prompt = await untilAsked(rig);
  expect(prompt).toMatchObject({
    tool: "Bash",
    arguments: "command: npm test",
    cwd: makeWorkFolder(rig),
  });
  expect(await answer(rig, prompt.id, ALLOW)).toMatchObject({ kind: "done" });
  await session.idle();
  expect(outputs).toEqual([{ text: '{"command":"npm test"}', isError: false }]);
  expect(session.notes).toContainEqual(
    expect.objectContaining({ kind: "dialog", by: "hook", answer: "allow" }),
  );
  expect(session.counters.hookFailures).toBe(0);
  // Who comes later hears what happened.
  expect(await answer(rig, prompt.id, { kind: "deny" })).toMatchObject({
    kind: "late",
    prompt: { state: "answered", verdict: "allow" },
  });
});

test.concurrent("by the hook: a denial with its reason reaches the model, and a program may deny but not allow", async () => {
  await using rig = await openRigWithHub();
  const { session, outputs } = await work(rig, "monitor", [{}]);
  const { id } = await untilAsked(rig);
  expect(await answerAsProgram(rig, id, ALLOW)).toMatchObject({ kind: "refused" });
  const reason = "not on Fridays";
  expect(await answerAsProgram(rig, id, { kind: "deny", reason })).toMatchObject({ kind: "done" });
  await session.idle();
  expect(outputs).toEqual([{ text: expect.stringContaining(reason), isError: true }]);
});

// ASK-2
test.concurrent("by the hook: nobody answers: no opinion, and the dialog is the person's own again", async () => {
  await using rig = await openRigWithHub();
  const config = join(rig.home, "config.json");
  const set = {
    version: 1,
    ingress: { host: "127.0.0.1", port: 0, frozen: false },
    channels: [],
  };
  writeFileSync(config, JSON.stringify({ ...set, prompts: { expireAfterMs: 10_000 } }), {
    mode: 0o600,
  });
  const person = Promise.withResolvers<boolean>();
  const { session, outputs } = await work(rig, "monitor", [{}], {
    approve: () => person.promise,
  });
  const [expired] = await untilPrompts(rig, "expired", 1);
  await session.until((note) => note.kind === "hook" && note.moment === "PermissionRequest");
  const asked = session.notes.filter((note) => note.kind === "hook").at(-1);
  expect(asked).toMatchObject({ moment: "PermissionRequest", output: "{}" });
  expect(session.busy).toBe(true);
  expect(await answer(rig, expired?.id ?? "", ALLOW)).toMatchObject({
    kind: "late",
    prompt: { state: "expired" },
  });
  person.resolve(true);
  await session.idle();
  expect(outputs).toMatchObject([{ isError: false }]);
});

test.concurrent("No at the terminal retires the prompt at once, Yes when the tool has ended", async () => {
  await using rig = await openRigWithHub();
  const answers = [Promise.withResolvers<boolean>(), Promise.withResolvers<boolean>()];
  let asked = 0;
  const { session } = await work(
    rig,
    "monitor",
    [{ input: { command: "one" } }, { input: { command: "two" } }],
    { approve: () => answers[asked++]?.promise ?? NOBODY() },
  );
  await untilPrompts(rig, "pending", 2);
  answers[0]?.resolve(false);
  const [no] = await untilPrompts(rig, "retired", 1);
  expect(no?.arguments).toBe("command: one");
  answers[1]?.resolve(true);
  const both = await untilPrompts(rig, "retired", 2);
  expect(both.map(({ reason }) => reason)).toEqual([
    "answered at the terminal",
    "answered at the terminal",
  ]);
  await session.idle();
});

test.concurrent("a question is answered in its own words", async () => {
  await using rig = await openRigWithHub();
  const question = "Which colour?";
  const options = [{ label: "Red" }, { label: "Blue", description: "calm" }];
  const input = { questions: [{ question, header: "Colour", multiSelect: false, options }] };
  const { session, outputs } = await work(rig, "monitor", [{ tool: "AskUserQuestion", input }]);
  const prompt = await untilAsked(rig);
  expect(prompt).toMatchObject({ kind: "question", questions: [{ question, options }] });
  await answer(rig, prompt.id, { kind: "answers", answers: { [question]: "Blue" } });
  await session.idle();
  expect(outputs.map(({ text }) => JSON.parse(text))).toEqual([
    { ...input, answers: { [question]: "Blue" } },
  ]);
});

test.concurrent("a call that the client denies by itself becomes a notice, and holds nothing up", async () => {
  await using rig = await openRigWithHub();
  const { session, outputs } = await work(rig, "monitor", [{}], {
    autoDeny: () => "looks dangerous",
  });
  const [prompt] = await untilPrompts(rig, "retired", 1);
  expect(prompt?.reason).toContain("looks dangerous");
  await session.idle();
  expect(outputs).toEqual([{ text: "looks dangerous", isError: true }]);
});

// req:field.60
test.concurrent("by the relay: asked in the client's letters, answered over the lease; the first answer wins", async () => {
  await using rig = await openRigWithHub();
  const { session, outputs } = await work(rig, "channel", [{}], NO_HOOKS);
  const prompt = await untilAsked(rig);
  const request = session.notes.find((note) => note.kind === "relayed");
  expect(request?.requestId).toMatch(/^[a-km-z]{5}$/);
  const wrong = prompt.code === "aaaaa" ? "bbbbb" : "aaaaa";
  const no: Verdict = { kind: "deny" };
  expect(await answerAsProgram(rig, wrong, no)).toEqual({ kind: "unknown" });
  const [first, second] = await Promise.all([
    answer(rig, prompt.id, ALLOW),
    answerAsProgram(rig, prompt.code.toUpperCase(), no),
  ]);
  const kinds = [first.kind, second.kind];
  expect(kinds.toSorted()).toEqual(["done", "late"]);
  await session.idle();
  expect(outputs).toHaveLength(1);
  expect(outputs[0]?.isError).toBe(first.kind !== "done");
  const verdicts = session.notes.filter((note) => note.kind === "verdict");
  expect(verdicts).toMatchObject([{ requestId: request?.requestId, counted: true }]);
});

test.concurrent("by the relay: fields of 3,500 code points come whole, what is cut is said to be", async () => {
  await using rig = await openRigWithHub();
  const whole = { command: `echo ${"𝔵".repeat(3_400)}` };
  const cut = { command: `echo ${"𝔵".repeat(4_000)}; rm -rf /` };
  await work(rig, "channel", [{ input: whole }, { input: cut }], NO_HOOKS);
  const prompts = await untilPrompts(rig, "pending", 2);
  const byCut = (isCut: boolean): Prompt | undefined => prompts.find((one) => one.isCut === isCut);
  expect(byCut(false)?.arguments).toContain("𝔵".repeat(3_400));
  expect(byCut(true)).toMatchObject({ risk: { isRisky: true } });
  expect(byCut(true)?.arguments).toContain("𝔵".repeat(3_400));
});

test.concurrent("by the relay: an answer at the terminal comes first, and a later verdict changes nothing", async () => {
  await using rig = await openRigWithHub();
  const person = Promise.withResolvers<boolean>();
  const { session, outputs } = await work(rig, "channel", [{}], {
    ...NO_HOOKS,
    approve: () => person.promise,
  });
  const { id } = await untilAsked(rig);
  person.resolve(true);
  await session.idle();
  await answerAsProgram(rig, id, { kind: "deny" });
  await until("the verdict is there", () => session.notes.some(({ kind }) => kind === "verdict"));
  expect(session.notes.find((note) => note.kind === "verdict")).toMatchObject({ counted: false });
  expect(outputs).toMatchObject([{ isError: false }]);
});

test.concurrent("hook and relay of one call are one prompt, answered by one way", async () => {
  await using rig = await openRigWithHub();
  const { session, outputs } = await work(rig, "channel", [{}]);
  const prompt = await untilAsked(rig);
  await until("both have asked", () => session.notes.some(({ kind }) => kind === "relayed"));
  await sleep(300);
  expect(await listPrompts(rig)).toHaveLength(1);
  await answer(rig, prompt.id, ALLOW);
  await session.idle();
  await sleep(300);
  expect(outputs).toMatchObject([{ isError: false }]);
  expect(session.notes.filter(({ kind }) => kind === "verdict")).toEqual([]);
  expect(session.notes).toContainEqual(expect.objectContaining({ kind: "dialog", by: "hook" }));
});

const CHANNEL = { "claude/channel": {}, "claude/channel/permission": {} };
const HOSTS: [what: string, LaneName, string, string | undefined, object | undefined][] = [
  ["the reference session", "channel", "sluice-reference-session", undefined, CHANNEL],
  ["an MCP client that nobody knows", "pull", "codex-mcp-client", undefined, undefined],
  ["one that the owner forces", "channel", "codex-mcp-client", "channel", CHANNEL],
  ["Claude Code without our flag", "monitor", "claude-code", undefined, undefined],
  ["Claude Code forced to the bell", "monitor", "claude-code", "monitor", undefined],
  ["Claude Code forced to the channel", "channel", "claude-code", "channel", CHANNEL],
];
// req:field.34 req:field.35
test.concurrent("channel and relay are announced only to a host that may use them", async () => {
  await using rig = await openRigWithHub();
  for (const [what, lane, name, forced, expected] of HOSTS) {
    const session = await openLane(rig, lane, {
      clientInfo: { name, version: "2.1.332" },
      env: { ...rig.env, ...(forced === undefined ? {} : { SLUICE_LANE: forced }) },
    });
    expect(session.connection?.capabilities["experimental"], what).toEqual(expected);
    await session.close();
    await until(`${what} has left`, async () => (await rig.status()).sessions.length === 0);
  }
});

test.concurrent("a restart of the hub keeps a prompt: the same one is answered afterwards", async () => {
  await using rig = await openRigWithHub();
  const { session, outputs } = await work(rig, "monitor", [{}]);
  const { id } = await untilAsked(rig);
  await rig.killHub();
  await rig.startHub();
  await until("the session is back", async () => (await rig.status()).sessions.length === 1);
  expect((await untilAsked(rig)).id).toBe(id);
  expect(await answer(rig, id, ALLOW)).toMatchObject({ kind: "done" });
  await session.idle();
  expect(outputs).toMatchObject([{ isError: false }]);
});

test.concurrent("No at the terminal while no hub is there: the prompt is retired when one is back", async () => {
  await using rig = await openRigWithHub();
  const person = Promise.withResolvers<boolean>();
  const { session } = await work(rig, "monitor", [{}], { approve: () => person.promise });
  const { id } = await untilAsked(rig);
  await rig.killHub();
  person.resolve(false);
  await session.idle();
  await rig.startHub();
  const [prompt] = await untilPrompts(rig, "retired", 1);
  expect(prompt).toMatchObject({ id, reason: "answered at the terminal" });
});

test.concurrent("a shim that is ended takes its prompts along, and nobody is said to have answered", async () => {
  await using rig = await openRigWithHub();
  const { session } = await work(rig, "monitor", [{}]);
  await untilAsked(rig);
  process.kill(session.serverPid ?? 0, "SIGINT");
  const [prompt] = await untilPrompts(rig, "retired", 1);
  expect(prompt?.reason).toMatch(/^the session is gone/);
});

// ASK-1
test.concurrent("thirty calls that wait keep no other hook waiting, and no shim from leaving", async () => {
  await using rig = await openRigWithHub();
  const jobs = Array.from({ length: 30 }, (_, i) => ({ input: { command: `echo ${i}` } }));
  const { session } = await work(rig, "monitor", jobs);
  await untilPrompts(rig, "pending", 30);
  await session.notify("idle_prompt");
  session.type("meanwhile");
  await until("the prompt's hook is answered", () => {
    const submits = session.notes.filter(
      (note) => note.kind === "hook" && note.moment === "UserPromptSubmit",
    );
    return submits.length === 2;
  });
  expect(session.counters.hookFailures).toBe(0);
  // Nobody kills it, as a client does in the end.
  const shim = session.serverPid ?? 0;
  process.kill(shim, "SIGINT");
  await until("the shim has left", () => !isRunning(shim));
  await untilPrompts(rig, "retired", 30);
});

test.concurrent("stop: the turn ends at the next hook, nothing more is used in it, and the next one is the user's own", async () => {
  await using rig = await openRigWithHub();
  const used: string[] = [];
  const stopped = Promise.withResolvers<void>();
  const session = await openLane(rig, "monitor", {
    approve: () => true,
    model: async (turn: ModelTurn) => {
      if (turn.kind !== "typed") return;
      const runs = turn.prompt === "go" ? ["long", "never"] : ["later"];
      for (const command of runs) {
        const run = async () => {
          used.push(command);
          if (command === "long") await stopped.promise;
          return command;
        };
        await turn.useTool("Bash", { command }, { run });
      }
    },
  });
  session.type("go");
  await until("the tool runs", () => used.length === 1);
  const page = await openPage(rig);
  // That somebody said Yes at the terminal is not known before the tool has ended.
  expect(await page(`sessions/${session.sessionId}/stop`)).toEqual({ denied: 1, isReached: true });
  stopped.resolve();
  await session.idle();
  expect(used).toEqual(["long"]);
  expect(session.notes.find(({ kind }) => kind === "halted")).toMatchObject({
    reason: expect.stringContaining("asked you to stop"),
  });
  await until("the hub knows", async () => (await rig.status()).sessions[0]?.busy === false);
  session.type("and now something else");
  await until("the next turn runs", () => used.includes("later"));
  await session.idle();
});
