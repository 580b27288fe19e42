import { expect, test } from "vitest";
import { toCallDigest } from "../sdk/call-digest.ts";
import type { Verdict } from "../sdk/prompt.ts";
import { CHAT, PAGE, PromptRig, SHELL } from "./prompt/prompt-rig.fixture.ts";
import { settle } from "./virtual-clock.fixture.ts";

const ALLOW: Verdict = { kind: "allow" };
const DENY: Verdict = { kind: "deny" };
const TEST_DIGEST = toCallDigest({ command: "npm test" });

function start() {
  const rig = new PromptRig();
  return { rig, session: rig.rig.connect() };
}

test("a call becomes a prompt that people see, and waits for its verdict", async () => {
  const { rig, session } = start();
  const call = await rig.ask(session);
  expect(rig.pending).toMatchObject({
    kind: "tool",
    tool: "Bash",
    cwd: "/app",
    session: session.id,
    arguments: "command: npm test",
    digest: TEST_DIGEST,
    isCut: false,
    count: 1,
    state: "pending",
  });
  expect(rig.pending.code).toMatch(/^[a-km-z]{5}$/);
  expect(rig.changes.map(({ kind }) => kind)).toEqual(["asked"]);
  expect(call.told()).toBe("waiting");
  const { id } = rig.pending;
  expect(await rig.prompts.decide(PAGE, id, ALLOW)).toMatchObject({ kind: "done" });
  await settle();
  expect(call.told()).toEqual({ kind: "allow" });
  expect(rig.prompts.find(id)).toMatchObject({
    state: "answered",
    outcome: { verdict: ALLOW, by: "ada", via: "page" },
  });
  expect(rig.changes.map(({ kind }) => kind)).toEqual(["asked", "closed"]);
  // Tool, digest and session, and nothing of the arguments.
  expect(rig.audit).toHaveLength(2);
  expect(rig.audit[1]).toMatch(
    /^ada \| verdict \| allowed by ada on the page: Bash [0-9a-f]{32} in /,
  );
  expect(rig.audit.join()).not.toContain("npm test");
});

test("a denial carries its reason to the model", async () => {
  const { rig, session } = start();
  const call = await rig.ask(session);
  await rig.prompts.decide(PAGE, rig.pending.id, { kind: "deny", reason: "use the staging host" });
  await settle();
  expect(call.told()).toMatchObject({
    kind: "deny",
    message: expect.stringContaining("use the staging host"),
  });
});

test("Q2: of 1,000 verdicts at once exactly one counts, and one answer leaves", async () => {
  const { rig, session } = start();
  const call = await rig.ask(session);
  await rig.relay(session, "abcde");
  const { id } = rig.pending;
  const outcomes = await Promise.all(
    Array.from({ length: 1_000 }, (_, i) =>
      rig.prompts.decide({ ...PAGE, who: `p${i}` }, id, i % 2 === 0 ? DENY : ALLOW),
    ),
  );
  const done = outcomes.flatMap((one) => (one.kind === "done" ? one.prompt.outcome?.by : []));
  expect(done).toHaveLength(1);
  const late = outcomes.flatMap((one) => (one.kind === "late" ? one.prompt.outcome?.by : []));
  expect(late).toEqual(Array.from({ length: 999 }, () => done[0]));
  await settle();
  expect(call.told()).toMatchObject({ kind: "deny" });
  expect(session.told).toEqual([]);
  expect(rig.changes.filter(({ kind }) => kind === "closed")).toHaveLength(1);
  expect(rig.audit.filter((line) => line.includes("| verdict |"))).toHaveLength(1);
});

test("a prompt that is over says so to every later verdict, whatever ended it", async () => {
  const { rig, session } = start();
  const ends: Record<string, () => Promise<unknown>> = {
    answered: () => rig.prompts.decide(PAGE, rig.pending.id, DENY),
    expired: () => rig.rig.clock.advance(600_000),
    retired: () => rig.hook(session, "Stop"),
  };
  for (const [state, end] of Object.entries(ends)) {
    await rig.ask(session, { input: { command: state } });
    const { id, code } = rig.pending;
    await end();
    await settle();
    for (const ref of [id, code, code.toUpperCase()]) {
      const outcome = await rig.prompts.decide(PAGE, ref, ALLOW);
      expect(outcome).toMatchObject({ kind: "late", prompt: { id, state } });
    }
  }
});

test("who may only deny does not allow; an approver who is none any more decides nothing", async () => {
  const { rig, session } = start();
  await rig.ask(session);
  const { id } = rig.pending;
  expect(await rig.prompts.decide(SHELL, id, ALLOW)).toMatchObject({ kind: "refused" });
  rig.approvers.delete("77");
  for (const verdict of [ALLOW, DENY])
    expect(await rig.prompts.decide(CHAT, id, verdict)).toMatchObject({ kind: "refused" });
  expect(rig.pending.id).toBe(id);
  rig.approvers.add("77");
  expect(await rig.prompts.decide(SHELL, id, DENY)).toMatchObject({ kind: "done" });
});

test("a risky call is allowed only with its code typed; it is denied without", async () => {
  const { rig, session } = start();
  const input = { command: "rm -rf build" };
  const call = await rig.ask(session, { input });
  const { id, code, risk } = rig.pending;
  expect(risk.isRisky).toBe(true);
  expect(await rig.prompts.decide(PAGE, id, ALLOW)).toMatchObject({ kind: "needs-code" });
  expect(await rig.prompts.decide(PAGE, id, ALLOW, "aaaaa")).toMatchObject({ kind: "needs-code" });
  expect(await rig.prompts.decide(PAGE, code, ALLOW)).toMatchObject({ kind: "needs-code" });
  expect(call.told()).toBe("waiting");
  const typed = ` ${code.toUpperCase()} `;
  expect(await rig.prompts.decide(CHAT, typed, ALLOW)).toMatchObject({ kind: "done" });
  await rig.ask(session, { input });
  expect(await rig.prompts.decide(PAGE, rig.pending.id, DENY)).toMatchObject({ kind: "done" });
});

test("three wrong codes of one person lock that person, not others, and not for ever", async () => {
  const { rig, session } = start();
  await rig.ask(session);
  const { code } = rig.pending;
  const wrong = code === "aaaaa" ? "bbbbb" : "aaaaa";
  const kinds: string[] = [];
  for (const ref of [wrong, wrong, wrong, code])
    kinds.push((await rig.prompts.decide(CHAT, ref, ALLOW)).kind);
  expect(kinds).toEqual(["unknown", "unknown", "locked", "locked"]);
  // A restart opens nothing.
  const next = rig.restart();
  expect(await next.prompts.decide(CHAT, code, ALLOW)).toMatchObject({ kind: "locked" });
  await next.rig.clock.advance(1);
  const other = { ...CHAT, senderId: "78", who: "bob" };
  next.approvers.add("78");
  expect(await next.prompts.decide(other, wrong, ALLOW)).toMatchObject({ kind: "unknown" });
  next.rig.clock.jump(next.rig.clock.now() + 600_001);
  expect((await next.prompts.decide(CHAT, code, ALLOW)).kind).toBe("done");
});

test("identical calls are one prompt: one verdict answers all, and the count is told", async () => {
  const { rig, session } = start();
  const calls = [await rig.ask(session), await rig.ask(session), await rig.ask(session)];
  await rig.ask(session, { input: { command: "npm run lint" } });
  const [other, prompt] = rig.prompts.list({ state: "pending" });
  expect([other?.count, prompt?.count]).toEqual([1, 3]);
  await rig.prompts.decide(PAGE, prompt?.id ?? "", ALLOW);
  await settle();
  expect(calls.map((call) => call.told())).toEqual(calls.map(() => ({ kind: "allow" })));
});

test("the same key twice is one call", async () => {
  const { rig, session } = start();
  const call = await rig.ask(session);
  await rig.ask(session, { key: call.key });
  expect(rig.pending.count).toBe(1);
});

test("No at the terminal withdraws the call: the prompt is retired, or one call fewer waits", async () => {
  const { rig, session } = start();
  const [first, second] = [await rig.ask(session), await rig.ask(session)];
  const { id } = rig.pending;
  await rig.prompts.cancel(first.key);
  await settle();
  expect(first.told()).toEqual({ kind: "none" });
  expect(rig.pending.count).toBe(1);
  await rig.prompts.cancel(second.key);
  await settle();
  expect(rig.stateOf(id)).toBe("retired: answered at the terminal");
});

test("Yes at the terminal is heard at the end of that tool, and not of another", async () => {
  const { rig, session } = start();
  const call = await rig.ask(session);
  const { id } = rig.pending;
  const ended = { tool: "Bash", digest: TEST_DIGEST };
  await rig.hook(session, "PostToolUse", { ...ended, digest: toCallDigest({ command: "ls" }) });
  await rig.hook(session, "PostToolUse", { ...ended, tool: "Read" });
  await rig.hook(session, "PostToolUse", { ...ended, agentId: "helper" });
  await rig.hook(session, "PostToolUse", { ...ended, session: "another" });
  await rig.hook(session, "Stop", { agentId: "helper" });
  expect(call.told()).toBe("waiting");
  await rig.hook(session, "PostToolUseFailure", ended);
  expect(rig.stateOf(id)).toBe("retired: answered at the terminal");
  expect(call.told()).toEqual({ kind: "none" });
});

test("a helper's prompt lives through its session's own turns, and ends with the conversation", async () => {
  const { rig, session } = start();
  await rig.ask(session, { agentId: "helper" });
  const { id } = rig.pending;
  await rig.hook(session, "Stop");
  await rig.hook(session, "UserPromptSubmit", { prompt: "hello" });
  expect(rig.stateOf(id)).toBe("pending: ");
  await rig.hook(session, "SessionEnd");
  expect(rig.stateOf(id)).toBe("retired: the conversation was closed");
});

test("hook and relay of one call are one prompt, whichever comes first; the answer leaves by the hook", async () => {
  for (const order of ["hook first", "relay first"]) {
    const { rig, session } = start();
    if (order === "relay first") await rig.relay(session, "abcde");
    const call = await rig.ask(session);
    if (order === "hook first") await rig.relay(session, "abcde");
    expect(rig.pending).toMatchObject({ count: 1, description: "Run the tests", cwd: "/app" });
    await rig.prompts.decide(PAGE, rig.pending.id, ALLOW);
    await settle();
    expect(call.told()).toEqual({ kind: "allow" });
    expect(session.told).toEqual([]);
  }
});

test("a relay that shows only a part is completed by the hook", async () => {
  const { rig, session } = start();
  const input = { command: `echo ${"a".repeat(4_000)}; rm -rf /` };
  await rig.relay(session, "abcde", `${JSON.stringify(input).slice(0, 3_500)}…`);
  expect(rig.pending).toMatchObject({ isCut: true, risk: { isRisky: true } });
  await rig.ask(session, { input });
  expect(rig.pending).toMatchObject({ isCut: false, digest: toCallDigest(input) });
  expect(rig.pending.arguments).toContain("rm -rf /");
});

test("other calls are not taken for the same one: other arguments, another tool, too late, another session", async () => {
  const { rig, session } = start();
  const other = rig.rig.connect({ pid: 4_711, session: "s2", cwd: "/other" });
  await rig.ask(session);
  await rig.relay(session, "aaaaa", '{"command":"npm run deploy"}');
  await rig.relay(session, "bbbbb", '{"command":"npm test"}', "Other");
  await rig.relay(other, "ccccc");
  await rig.rig.clock.advance(3_001);
  await rig.relay(session, "ddddd");
  expect(rig.prompts.list({ state: "pending" })).toHaveLength(5);
});

test("a relay without a hook is answered over the lease, once, in the client's own letters", async () => {
  const { rig, session } = start();
  await rig.relay(session, "abcde");
  await rig.relay(session, "abcde");
  const { id } = rig.pending;
  await rig.prompts.decide(PAGE, id, DENY);
  await rig.prompts.decide(PAGE, id, ALLOW);
  await settle();
  expect(session.told).toEqual([{ kind: "verdict", requestId: "abcde", behavior: "deny" }]);
  rig.prompts.attached(session.attachment);
  await settle();
  expect(session.told).toHaveLength(1);
});

test("N2: a relay's verdict that found no shim leaves when one is back", async () => {
  const { rig, session } = start();
  await rig.relay(session, "abcde");
  session.detach();
  await rig.prompts.decide(PAGE, rig.pending.id, ALLOW);
  await settle();
  expect(session.told).toEqual([]);
  const again = rig.rig.connect();
  rig.prompts.attached(again.attachment);
  await settle();
  expect(again.told).toEqual([{ kind: "verdict", requestId: "abcde", behavior: "allow" }]);
});

test("Q4: nobody answers: the hook ends without an opinion, and the owner is told", async () => {
  const { rig, session } = start();
  const call = await rig.ask(session);
  const { id } = rig.pending;
  await rig.rig.clock.advance(599_999);
  expect(call.told()).toBe("waiting");
  await rig.rig.clock.advance(1);
  expect(call.told()).toEqual({ kind: "none" });
  expect(rig.stateOf(id)).toBe(
    "expired: nobody answered within 10 min; the dialog at the terminal stays",
  );
  expect(rig.owner).toHaveLength(1);
});

test("U1: a hundred prompts that nobody answers tell the owner twice, not a hundred times", async () => {
  const { rig, session } = start();
  for (let i = 0; i < 100; i++) await rig.ask(session, { input: { command: `echo ${i}` } });
  await rig.rig.clock.advance(700_000);
  expect(rig.owner).toHaveLength(2);
  expect(rig.owner[1]).toContain("and 89 more");
});

test("the owner's policy for prompts that nobody answers: deny, wait, or another approver", async () => {
  const { rig, session } = start();
  rig.settings = { expireAfterMs: 600_000, policy: { action: "deny", afterMs: 60_000 } };
  const denied = await rig.ask(session);
  await rig.rig.clock.advance(60_000);
  expect(denied.told()).toMatchObject({ kind: "deny" });
  rig.settings = { expireAfterMs: 600_000, policy: { action: "wait", afterMs: 60_000 } };
  const waits = await rig.ask(session);
  await rig.rig.clock.advance(61_000);
  expect(waits.told()).toBe("waiting");
  await rig.hook(session, "Stop");
  rig.settings = {
    expireAfterMs: 600_000,
    policy: { action: "hand", afterMs: 60_000, to: "telegram/78" },
  };
  await rig.ask(session);
  await rig.rig.clock.advance(60_000);
  expect(rig.pending.handedTo).toBe("telegram/78");
  expect(rig.changes.at(-1)).toMatchObject({ kind: "changed" });
  expect(rig.owner.join("\n")).toMatch(
    /is denied[\s\S]*goes on waiting[\s\S]*telegram\/78 is asked/,
  );
});

test("the owner's rules answer before people are asked, and the audit says which one spoke", async () => {
  const { rig, session } = start();
  const rule = { tool: "Bash", createdAt: 0, by: "terminal" };
  rig.rules = [{ ...rule, id: 7, action: "allow" }];
  const calls = [await rig.ask(session)];
  rig.rules = [{ ...rule, id: 8, action: "deny" }];
  calls.push(await rig.ask(session));
  await settle();
  expect(calls.map((call) => call.told()).map((told) => told !== "waiting" && told.kind)).toEqual([
    "allow",
    "deny",
  ]);
  expect(rig.prompts.list({ state: "pending" })).toEqual([]);
  expect(rig.audit.join("\n")).toMatch(/rule 7[\s\S]*rule 8/);
  // The client relays the same call a moment later: there is nothing left to ask.
  await rig.relay(session, "abcde");
  expect(rig.prompts.list({ state: "pending" })).toEqual([]);
});

test("a question is answered in its own words; half an answer, or a bare yes, is none", async () => {
  const { rig, session } = start();
  const question = (text: string) => ({
    question: text,
    header: "H",
    multiSelect: false,
    options: [{ label: "Red" }, { label: "Blue", description: "calm" }],
  });
  const input = { questions: [question("Which?"), question("And then?")] };
  const call = await rig.ask(session, { tool: "AskUserQuestion", input });
  const { id, kind, questions } = rig.pending;
  expect(kind).toBe("question");
  expect(questions.map((one) => one.question)).toEqual(["Which?", "And then?"]);
  const refused = { kind: "refused" };
  expect(await rig.prompts.decide(PAGE, id, ALLOW)).toMatchObject(refused);
  const half: Verdict = { kind: "answers", answers: { "Which?": "Blue" } };
  expect(await rig.prompts.decide(PAGE, id, half)).toMatchObject(refused);
  const whole: Verdict = {
    kind: "answers",
    answers: { "And then?": "free text", "Which?": "Blue" },
  };
  expect(await rig.prompts.decide(SHELL, id, whole)).toMatchObject(refused);
  expect(await rig.prompts.decide(PAGE, id, whole)).toMatchObject({ kind: "done" });
  await settle();
  expect(call.told()).toEqual({ kind: "answers", answers: ["Blue", "free text"] });
  await rig.ask(session);
  expect(await rig.prompts.decide(PAGE, rig.pending.id, whole)).toMatchObject(refused);
});

test("Q3: a prompt outlives the hub: the shim asks again with its key, and is answered", async () => {
  const { rig, session } = start();
  const call = await rig.ask(session);
  const { id } = rig.pending;
  const next = rig.restart();
  next.rig.connect();
  await next.rig.clock.advance(31_000);
  const again = next.wait(call.key);
  expect(next.pending.id).toBe(id);
  await next.prompts.decide(PAGE, id, ALLOW);
  await settle();
  expect(again.told()).toEqual({ kind: "allow" });
  // Also what was answered while no shim was there.
  const last = next.restart();
  await settle();
  const later = last.wait(call.key);
  await settle();
  expect(later.told()).toEqual({ kind: "allow" });
});

test("Q3: a prompt whose session does not come back is retired, and says why", async () => {
  const { rig, session } = start();
  await rig.ask(session);
  const { id } = rig.pending;
  const next = rig.restart();
  await next.rig.clock.advance(29_999);
  expect(next.stateOf(id)).toBe("pending: ");
  await next.rig.clock.advance(1);
  expect(next.stateOf(id)).toBe(
    "retired: the hub was restarted, and the session has not come back",
  );
});

test("a prompt is retired with its session", async () => {
  const { rig, session } = start();
  const call = await rig.ask(session);
  const { id } = rig.pending;
  rig.prompts.lost(session.attachment, "the client ended");
  await settle();
  expect(rig.stateOf(id)).toBe("retired: the session is gone: the client ended");
  expect(call.told()).toEqual({ kind: "none" });
});

test("U2: a clock that is set ends no prompt early and keeps none", async () => {
  const { rig, session } = start();
  await rig.ask(session);
  const { id } = rig.pending;
  const { clock } = rig.rig;
  clock.jump(clock.now() + 86_400_000);
  await clock.advance(1_000);
  expect(rig.stateOf(id)).toBe("pending: ");
  clock.jump(clock.now() - 10 * 86_400_000);
  await clock.advance(598_999);
  expect(rig.stateOf(id)).toBe("pending: ");
  await clock.advance(1);
  expect(rig.stateOf(id)).toMatch(/^expired/);
  // Over a restart the clock counts, but no prompt gets more than a whole life.
  await rig.ask(session);
  const second = rig.pending.id;
  clock.jump(clock.now() - 86_400_000);
  const next = rig.restart();
  next.rig.connect();
  await clock.advance(600_000);
  expect(next.stateOf(second)).toMatch(/^expired/);
});

test("deny-all denies what waits and what is asked next, until its time", async () => {
  const { rig, session } = start();
  const waiting = await rig.ask(session);
  const { clock } = rig.rig;
  expect(await rig.prompts.denyAll(session.id, clock.now() + 900_000, PAGE)).toBe(1);
  await settle();
  expect(waiting.told()).toMatchObject({ kind: "deny" });
  const next = await rig.ask(session);
  await settle();
  expect(next.told()).toMatchObject({ kind: "deny" });
  await rig.hook(session, "UserPromptSubmit", { prompt: "go on" });
  clock.jump(clock.now() + 900_000);
  const later = await rig.ask(session);
  await settle();
  expect(later.told()).toBe("waiting");
});

test("stop denies until the user types again, and tells the shim", async () => {
  const { rig, session } = start();
  await rig.ask(session);
  expect(await rig.prompts.stop(session.id, PAGE)).toEqual({ denied: 1, isReached: true });
  expect(session.told).toMatchObject([{ kind: "stop" }]);
  const bell = '<task-notification>\n<summary>Monitor event: "Sluice bell"</summary>';
  await rig.hook(session, "UserPromptSubmit", { prompt: bell });
  const next = await rig.ask(session);
  await settle();
  expect(next.told()).toMatchObject({ kind: "deny" });
  await rig.hook(session, "UserPromptSubmit", { prompt: "go on" });
  const later = await rig.ask(session);
  await settle();
  expect(later.told()).toBe("waiting");
});

test("a stop holds through prompts that nobody typed: one the model scheduled, one of a run without a person", async () => {
  const { rig, session } = start();
  await rig.prompts.stop(session.id, PAGE);
  await rig.hook(session, "UserPromptSubmit", { prompt: "poll the build", typed: false });
  expect(rig.prompts.readHold(session.id)).toMatchObject({ kind: "stop" });
  const headless = rig.rig.connect({ pid: 4_713, session: session.id, interactive: false });
  await rig.hook(headless, "UserPromptSubmit", { prompt: "go on", typed: true });
  expect(rig.prompts.readHold(session.id)).toMatchObject({ kind: "stop" });
  // Its text came too late to be passed on; that somebody typed it did not.
  await rig.hook(session, "UserPromptSubmit", { prompt: "", typed: true });
  expect(rig.prompts.readHold(session.id)).toBeUndefined();
});

test("a call that the client denied by itself is told to the owner and kept as over", async () => {
  const { rig, session } = start();
  const ask = {
    session: session.id,
    tool: "Bash",
    input: { command: "ls" },
    cwd: "/",
    agentId: "",
  };
  const told = await rig.prompts.denied(session.attachment, { ...ask, reason: "looks odd" });
  expect(told).toEqual({ retry: false });
  expect(rig.owner[0]).toContain("Bash was denied by the client: looks odd");
  expect(rig.prompts.list()).toMatchObject([{ state: "retired", tool: "Bash" }]);
  rig.rules = [{ id: 1, action: "allow", tool: "Bash", createdAt: 0, by: "terminal" }];
  const again = await rig.prompts.denied(session.attachment, { ...ask, reason: "looks odd" });
  expect(again).toEqual({ retry: true });
});

test("A4: a run without a person at it waits for nobody; the owner's rules still answer it", async () => {
  const { rig } = start();
  const session = rig.rig.connect({ pid: 4_712, session: "s9", interactive: false });
  const call = await rig.ask(session);
  await settle();
  expect(call.told()).toEqual({ kind: "none" });
  expect(rig.prompts.list()).toMatchObject([{ state: "retired" }]);
  rig.rules = [{ id: 1, action: "allow", tool: "Bash", createdAt: 0, by: "terminal" }];
  const ruled = await rig.ask(session);
  await settle();
  expect(ruled.told()).toEqual({ kind: "allow" });
});

test("who watches and throws keeps nobody else from hearing", async () => {
  const { rig, session } = start();
  rig.prompts.watch(() => {
    throw new Error("broken");
  });
  const heard: string[] = [];
  rig.prompts.watch(({ kind }) => heard.push(kind));
  await rig.ask(session);
  expect(heard).toEqual(["asked"]);
  expect(rig.rig.errors).toHaveLength(1);
});
