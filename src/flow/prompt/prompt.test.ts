import { expect, test } from "vitest";
import type { Verdict } from "../../sdk/prompt.ts";
import { ALLOW, CHAT, DENY, PAGE, SHELL, start, TEST_DIGEST } from "./prompt-rig.fixture.ts";
import { settle } from "../virtual-clock.fixture.ts";

test("a call becomes a prompt that people see, and waits for its verdict", async () => {
  const { rig, session } = start();
  const call = await rig.ask(session);
  expect(rig.pending).toMatchObject({
    kind: "tool",
    tool: "Bash",
    cwd: "/work",
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

// DECIDE-2
test("PROMPT-2: of 1,000 verdicts at once exactly one counts, and one answer leaves", async () => {
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

// VERDICT-1
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

// VERDICT-2
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

// VERDICT-3
test("a call that needs its code is allowed only with it typed; it is denied without", async () => {
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

// CREATE-3
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
