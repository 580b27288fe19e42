/** Prompts in an approver's chat, over Telegram's own wire: asked, answered, ended. */
import { expect, test } from "vitest";
import { listPromptRules } from "../store/prompts/prompt-rules.ts";
import type { Arrival } from "../sdk/event.ts";
import { ADA, BO, OutRig } from "./chat-approvals-rig.fixture.ts";

async function start(prompts: object = {}) {
  const rig = await OutRig.open(prompts);
  return { rig, session: rig.rig.rig.connect() };
}

// ESCALATION-1
test("at the desk a prompt is the terminal's alone for 20 s, then the approver has it with buttons", async () => {
  const { rig, session } = await start();
  await rig.rig.ask(session);
  await rig.pass(19_000);
  expect(rig.count()).toBe(0);
  await rig.pass(1_500);
  const { code } = rig.rig.pending;
  const message = await rig.sent(code);
  expect(rig.read(message)?.buttons).toEqual(["Allow", "Deny", "Deny all for 15 min"]);
  expect(rig.read(message)?.text).toContain("npm test");
  expect(rig.read(message)?.text).toContain("/work");
});

test("answered at the terminal within that time, nobody is asked twice", async () => {
  const { rig, session } = await start();
  const call = await rig.rig.ask(session);
  await rig.pass(10_000);
  await rig.rig.prompts.cancel(call.key);
  await rig.pass(60_000);
  expect(rig.count()).toBe(0);
});

test("a tap allows: the call goes on, the message says who and loses its buttons, the tap is answered", async () => {
  const { rig, session } = await start();
  const prompt = await rig.askAway(session);
  const call = rig.rig.wait("1".padStart(32, "0"));
  const message = await rig.sent(prompt.code);
  await rig.tap(message, "Allow");
  await rig.until(() => call.told() !== "waiting");
  expect(call.told()).toEqual({ kind: "allow" });
  await rig.until(() => rig.read(message)?.buttons.length === 0);
  expect(rig.read(message)?.text).toMatch(/Allowed: \w{5}/);
  expect(rig.read(message)?.text).toContain("allowed by Ann (tg 77) in a chat");
  expect(rig.tapAnswers).toEqual([`Allowed: Bash in work (${prompt.code})`]);
  expect(rig.passed).toEqual([]);
});

test("no, with a reason: the model reads it", async () => {
  const { rig, session } = await start();
  const prompt = await rig.askAway(session);
  const call = rig.rig.wait("1".padStart(32, "0"));
  await rig.write(`No ${prompt.code.toUpperCase()} use the staging host`);
  await rig.until(() => call.told() !== "waiting");
  expect(call.told()).toMatchObject({
    kind: "deny",
    message: expect.stringContaining("use the staging host"),
  });
  await rig.until(() => rig.texts().some((text) => text.startsWith("Denied: Bash")));
  const message = rig.find(prompt.code) ?? "";
  await rig.until(() => rig.read(message)?.text.includes("<b>Denied"));
});

// TAP-2
test("a second tap, and one after another approver's, are told what happened", async () => {
  const { rig, session } = await start();
  await rig.allow(BO, ["chatter", "approver"]);
  const prompt = await rig.askAway(session);
  const [mine, others] = [await rig.sent(prompt.code), await rig.sent(prompt.code, BO)];
  const [, data = ""] =
    rig.fake.buttons(String(ADA), mine).find(([label]) => label === "Allow") ?? [];
  await rig.tap(others, "Deny", { chat: BO, from: BO });
  // Every copy is changed, wherever it stands.
  await rig.until(() => rig.read(mine)?.buttons.length === 0);
  await rig.until(() => rig.read(others, BO)?.buttons.length === 0);
  rig.fake.tapData(String(ADA), mine, data);
  await rig.until(() => rig.tapAnswers.length === 2);
  expect(rig.tapAnswers[1]).toBe("Too late, nothing was changed: denied by Ann (tg 88) in a chat.");
  expect(rig.rig.prompts.find(prompt.id)?.outcome?.verdict.kind).toBe("deny");
});

test("a call that needs its code has no button that allows it: its code is typed", async () => {
  const { rig, session } = await start();
  const prompt = await rig.askAway(session, { command: "rm -rf build" });
  const message = await rig.sent(prompt.code);
  expect(rig.read(message)?.buttons).toEqual(["Deny", "Deny all for 15 min"]);
  const [, deny = ""] = rig.fake.buttons(String(ADA), message)[0] ?? [];
  // Whoever makes such a button up is told the same.
  rig.fake.tapData(String(ADA), message, deny.replace(/\.d$/, ".a"));
  await rig.until(() => rig.tapAnswers.length === 1);
  expect(rig.tapAnswers[0]).toContain(`Type: yes ${prompt.code}`);
  expect(rig.rig.pending.id).toBe(prompt.id);
  await rig.write(`yes ${prompt.code}, please`);
  expect(rig.rig.pending.id).toBe(prompt.id);
  await rig.write(`yes ${prompt.code}`);
  await rig.until(() => rig.rig.prompts.find(prompt.id)?.state === "answered");
  expect(rig.rig.prompts.find(prompt.id)?.outcome?.verdict.kind).toBe("allow");
});

test("exactly this again is typed with the code, and what was made of it is said", async () => {
  const { rig, session } = await start();
  const rules = () => listPromptRules(rig.db, rig.clock.now());
  const prompt = await rig.askAway(session, { command: "npm run job" });
  const message = await rig.sent(prompt.code);
  expect(rig.read(message)?.text).toContain(`Exactly this again: yes ${prompt.code} session`);
  await rig.write(`yes ${prompt.code} for an hour`);
  await rig.until(() => rig.texts().some((text) => text.includes("session, day, always or edits")));
  await rig.write(`yes ${prompt.code} edits`);
  await rig.until(() => rig.texts().some((text) => text.includes("no ordinary edit")));
  // An answer to the message names no code.
  await rig.write("yes day", { more: { reply_to_message: { message_id: Number(message) } } });
  await rig.until(() =>
    rig.texts().some((text) => text.startsWith(`Type: yes ${prompt.code} day`)),
  );
  expect([rules(), rig.rig.pending.id]).toEqual([[], prompt.id]);
  await rig.write(`Yes ${prompt.code} for a day`);
  await rig.until(() => rig.rig.prompts.find(prompt.id)?.state === "answered");
  expect(rules()).toMatchObject([{ scope: "exact", folder: "/work", by: expect.any(String) }]);
  await rig.until(() =>
    rig.texts().some((text) => /exactly this again for a day \(rule 1\).*may change\./.test(text)),
  );
  await rig.until(() => rig.read(message)?.text.includes("again for a day"));
});

const GROUP = { id: -100, type: "supergroup", title: "Dev" };
const FORWARD = { forward_origin: { type: "hidden_user", date: 1, sender_user_name: "x" } };

// CHATPROMPT-1
test("who may: nobody but an approver, in a direct chat, by a new message of their own (0 verdicts)", async () => {
  const { rig, session } = await start();
  await rig.allow(BO, ["chatter"]);
  await rig.allow(89, ["chatter", "approver"]);
  const prompt = await rig.askAway(session);
  const message = await rig.sent(prompt.code);
  await rig.sent(prompt.code, 89);
  const yes = `yes ${prompt.code}`;
  const [, allow = ""] = rig.fake.buttons(String(ADA), message)[0] ?? [];
  const cells: Record<string, () => Promise<void>> = {
    "a chatter's text": () => rig.write(yes, { from: BO }),
    "a stranger's text": () => rig.write(yes, { from: 99 }),
    "an approver in a group": () => rig.write(yes, { more: { chat: GROUP } }),
    "a forward": () => rig.write(yes, { more: FORWARD }),
    "an edit": () => rig.write(yes, { edited: true }),
    "a stale message": () => rig.write(yes, { ageMs: 301_000 }),
    "one older than the prompt": () => rig.write(yes, { ageMs: 30_000 }),
    "a bot": () => rig.write(yes, { more: { from: { id: ADA, is_bot: true, first_name: "x" } } }),
    "an anonymous admin": () => rig.write(yes, { more: { chat: GROUP, sender_chat: GROUP } }),
    "quoted words": () => rig.write(`they said: ${yes}`),
    "a chatter's tap": async () => rig.fake.tapData(String(ADA), message, allow, BO),
    "a stranger's tap": async () => rig.fake.tapData(String(ADA), message, allow, 99),
    "another approver's tap on it, in their own chat": async () =>
      rig.fake.tapData("89", rig.find(prompt.code, 89) ?? "", allow, 89),
    "another approver's tap on it, in this chat": async () =>
      rig.fake.tapData(String(ADA), message, allow, 89),
    "a tap in another chat": async () => rig.fake.tapData(String(BO), message, allow, BO),
    "a tap in a group": async () => rig.fake.tapData("-100", message, allow, ADA),
    "a tap under another message": async () => rig.fake.tapData(String(ADA), "499", allow, ADA),
    "a handle of nobody": async () =>
      rig.fake.tapData(String(ADA), message, `${"A".repeat(22)}.a`, ADA),
  };
  for (const [name, attempt] of Object.entries(cells)) {
    await attempt();
    await rig.until(() => rig.fake.waiting === 0);
    await rig.pass(10);
    expect([name, rig.rig.prompts.find(prompt.id)?.state]).toEqual([name, "pending"]);
  }
  // What was no verdict is ordinary chat, and the gate decides.
  expect(rig.passed.length).toBeGreaterThanOrEqual(10);
});

// CHATREPLY-3, TAP-3, DECIDE-1
test("an approver whose role is taken away in between decides nothing, by text or tap", async () => {
  const { rig, session } = await start();
  const prompt = await rig.askAway(session);
  const message = await rig.sent(prompt.code);
  await rig.allow(ADA, ["chatter"]);
  await rig.tap(message, "Allow");
  await rig.write(`yes ${prompt.code}`);
  expect(rig.rig.pending.id).toBe(prompt.id);
  expect(rig.tapAnswers[0]).toContain("is no approver here");
  await rig.tap(message, "Deny all for 15 min");
  expect(rig.tapAnswers[1]).toBe("You may not answer this any more.");
  await rig.revoke(ADA);
  await rig.tap(message, "Allow");
  await rig.tap(message, "Deny all for 15 min");
  expect(rig.rig.pending.id).toBe(prompt.id);
});

// TAP-1
test("another session's handle decides nothing of this one", async () => {
  const { rig, session } = await start();
  const other = rig.rig.rig.connect({ pid: 4_000, session: "s-other", cwd: "/other" });
  const mine = await rig.askAway(session);
  await rig.rig.ask(other, { input: { command: "npm test" }, cwd: "/other" });
  await rig.pass(1_000);
  const theirs = rig.rig.prompts.list({ state: "pending" })[0];
  const message = await rig.sent(theirs?.code ?? "");
  await rig.tap(message, "Allow");
  expect(rig.rig.prompts.find(mine.id)?.state).toBe("pending");
  expect(rig.rig.prompts.find(theirs?.id ?? "")?.state).toBe("answered");
});

test("three wrong ids lock for ten minutes; talk that looks like one does not count", async () => {
  const { rig, session } = await start();
  const prompt = await rig.askAway(session);
  const wrong = ["aaaaa", "bbbbb", "ccccc"].filter((code) => code !== prompt.code);
  await rig.write("no great idea, wait for Bo");
  expect(rig.passed).toHaveLength(1);
  for (const code of wrong) await rig.write(`yes ${code}`);
  await rig.write(`yes ${prompt.code}`);
  expect(rig.rig.pending.id).toBe(prompt.id);
  await rig.until(() => rig.texts().at(-1)?.startsWith("Too many wrong ones"));
  await rig.pass(600_001);
});

test("away by idle time, back with a typed prompt; by command in the chat", async () => {
  const { rig, session } = await start({ idleMs: 600_000 });
  await rig.pass(600_001);
  expect(rig.away.view).toMatchObject({ mode: "auto", isAway: true });
  rig.away.noteHere();
  expect(rig.away.isAway).toBe(false);
  await rig.write("/away");
  expect(rig.away.view).toMatchObject({ mode: "on", isAway: true, by: "Ann (tg 77)" });
  await rig.rig.ask(session);
  await rig.pass(500);
  await rig.sent(rig.rig.pending.code);
  await rig.write("/here");
  expect(rig.away.isAway).toBe(false);
  expect(rig.passed).toEqual([]);
});

// AWAY-1
test("away by command lasts over a restart, and ends when somebody types at a session", async () => {
  const { rig } = await start();
  await rig.away.set("on", "terminal");
  await rig.restart();
  expect(rig.away.view).toMatchObject({ mode: "on", isAway: true });
  rig.away.noteHere();
  await rig.until(() => rig.away.view.mode === "auto");
  expect(rig.away.isAway).toBe(false);
  await rig.away.set("off", "terminal");
  await rig.pass(3_600_000);
  expect(rig.away.isAway).toBe(false);
});

// CHATREPLY-1
test("five minutes after it was sent a message is no answer, though the prompt is older still", async () => {
  const { rig, session } = await start();
  const prompt = await rig.askAway(session);
  await rig.pass(8 * 60_000);
  await rig.write(`yes ${prompt.code}`, { ageMs: 303_000 });
  await rig.until(() => rig.texts().at(-1)?.includes("too old"));
  expect(rig.rig.pending.id).toBe(prompt.id);
  await rig.write(`yes ${prompt.code}`, { ageMs: 200_000 });
  await rig.until(() => rig.rig.prompts.find(prompt.id)?.state === "answered");
});

// CHATPROMPT-4, TAP-4
test("a tap under a message that shows other arguments than are asked now allows nothing, and brings them", async () => {
  const { rig, session } = await start();
  const prompt = await rig.askAway(session);
  const message = await rig.sent(prompt.code);
  await rig.db.write(() => rig.db.run("UPDATE prompt_posts SET digest = 'another'"));
  await rig.tap(message, "Allow");
  expect(rig.tapAnswers[0]).toContain("It has changed");
  expect(rig.rig.pending.id).toBe(prompt.id);
  await rig.tap(message, "Deny");
  await rig.until(() => rig.rig.prompts.find(prompt.id)?.state === "answered");
});

test("leaving while a prompt waits brings it at once", async () => {
  const { rig, session } = await start();
  await rig.rig.ask(session);
  await rig.pass(2_000);
  expect(rig.count()).toBe(0);
  await rig.away.set("on", "terminal");
  await rig.pass(10);
  await rig.sent(rig.rig.pending.code);
});

test("an approver who was listed by id alone is asked where they last wrote", async () => {
  const { rig, session } = await start();
  const change = { kind: "allow", channel: "tg", account: "", id: String(BO) } as const;
  await rig.db.write(() =>
    rig.policy.write({ ...change, roles: ["chatter", "approver"] }, "owner"),
  );
  const first = await rig.askAway(session);
  expect(rig.count(BO)).toBe(0);
  await rig.write("hello", { from: BO });
  expect(rig.passed).toHaveLength(1);
  await rig.rig.prompts.decide({ who: "x", via: "page", mayAllow: true }, first.id, {
    kind: "deny",
  });
  await rig.askAway(session, { command: "ls" });
  await rig.until(() => rig.count(BO) === 1);
});

// ESCALATION-3
test("bombing: of 100 prompts in 60 s at most 5 reach the chat, and one summary; at most 20 in an hour", async () => {
  const { rig, session } = await start({ expireAfterMs: 3_300_000 });
  await rig.away.set("on", "test");
  for (let i = 0; i < 100; i++) {
    await rig.rig.ask(session, { input: { command: `echo ${i}` } });
    await rig.clock.advance(600);
  }
  await rig.pass(0);
  const pushed = () => rig.texts().filter((text) => text.includes("Permission:")).length;
  const summaries = () => rig.texts().filter((text) => text.includes("asks a lot")).length;
  await rig.until(() => pushed() === 5 && summaries() === 1);
  expect(rig.count()).toBe(6);
  await rig.pass(55 * 60_000);
  expect(pushed()).toBeLessThanOrEqual(20);
  expect(summaries()).toBe(1);
  // One tap on the summary denies all that waits.
  const summary = rig.find("asks a lot") ?? "";
  const [, data = ""] = rig.fake.buttons(String(ADA), summary)[0] ?? [];
  await rig.tap(summary, "Deny all for 15 min");
  expect(rig.rig.prompts.list({ state: "pending" })).toEqual([]);
  await rig.until(() => rig.read(summary)?.buttons.length === 0);
  // Its handle was good once.
  rig.fake.tapData(String(ADA), summary, data);
  await rig.until(() => rig.tapAnswers.at(-1) === "Done before.");
});

test("identical prompts are one message that counts them", async () => {
  const { rig, session } = await start();
  const prompt = await rig.askAway(session);
  const message = await rig.sent(prompt.code);
  await rig.rig.ask(session);
  await rig.rig.ask(session);
  await rig.pass(6_000);
  await rig.until(() => rig.read(message)?.text.includes("3 identical calls"));
  expect(rig.count()).toBe(1);
  expect(rig.read(message)?.buttons).toContain("Allow");
});

// ESCALATION-2
test("a hub that dies with prompts posted changes their messages truthfully in its next life", async () => {
  const { rig, session } = await start();
  const prompt = await rig.askAway(session);
  const message = await rig.sent(prompt.code);
  await rig.restart();
  expect(rig.rig.prompts.find(prompt.id)?.state).toBe("pending");
  expect(rig.read(message)?.buttons).toContain("Allow");
  // Its session does not come back.
  await rig.pass(31_000);
  await rig.until(() => rig.read(message)?.buttons.length === 0);
  expect(rig.read(message)?.text).toContain(
    "the hub was restarted, and the session has not come back",
  );
  expect(rig.count()).toBe(1);
});

test("a hub that dies between send and answer learns the message from the tap", async () => {
  const { rig, session } = await start();
  rig.fake.fail("sendMessage", { kind: "break" });
  await rig.away.set("on", "test");
  await rig.rig.ask(session);
  await rig.pass(500);
  await rig.until(() => rig.find(rig.rig.pending.code) !== undefined);
  const { id, code } = rig.rig.pending;
  const message = rig.find(code) ?? "";
  await rig.until(() => rig.db.get("SELECT 1 FROM outbox WHERE state = 'maybe'"));
  await rig.tap(message, "Deny");
  expect(rig.rig.prompts.find(id)?.outcome?.verdict.kind).toBe("deny");
  await rig.until(() => rig.read(message)?.buttons.length === 0);
});

// CHATPROMPT-2
test("a prompt that is over before its message could leave is never sent", async () => {
  const { rig, session } = await start();
  rig.fake.fail("sendMessage", { kind: "error", status: 500, description: "no" }, 50);
  await rig.away.set("on", "test");
  const call = await rig.rig.ask(session);
  await rig.pass(500);
  await rig.rig.prompts.cancel(call.key);
  await rig.pass(100);
  rig.fake.heal();
  await rig.pass(120_000);
  expect(rig.count()).toBe(0);
});

// STREAM-2
/** As a platform with forms and a menu of commands tells it. */
function toArrived(rig: OutRig, words: string, chat: object, message?: string): Arrival {
  return {
    channel: "tg",
    kind: "button",
    sender: { id: String(ADA), name: "Ann" },
    text: "Ann pressed a button",
    quotes: [{ label: "message", text: words }],
    meta: message === undefined ? {} : { message_id: message },
    priority: "normal",
    ack: "auto",
    verified: "telegram",
    deliveryId: words,
    chatId: String(ADA),
    occurredAt: rig.clock.now(),
    chat: {
      place: "dm",
      account: "4242",
      isAddressed: true,
      isBot: false,
      isForwarded: false,
      isEdited: false,
      ...chat,
    },
  };
}

// BUTTON-2
test("words of a form deny a call and tell why, whatever they are; a stranger's are nobody's", async () => {
  const { rig, session } = await start();
  const prompt = await rig.askAway(session);
  const call = rig.rig.wait("1".padStart(32, "0"));
  const message = await rig.sent(prompt.code);
  const [, deny = ""] =
    rig.fake.buttons(String(ADA), message).find(([one]) => one === "Deny") ?? [];
  const button = deny.replace(/\.d$/, ".w");
  const words = `yes ${prompt.code}`;
  const strangers = { ...toArrived(rig, words, { button }, message), sender: { id: "99" } };
  expect(await rig.out.handle(strangers)).toMatchObject({ kind: "pass" });
  const handled = await rig.out.handle(toArrived(rig, words, { button }, message));
  expect(handled).toMatchObject({ kind: "handled", answer: expect.stringContaining("Denied") });
  await rig.until(() => call.told() !== "waiting");
  expect(call.told()).toMatchObject({ kind: "deny", message: expect.stringContaining(words) });
});

test("a command of the platform's own is answered in place, without a message; a wrong code as well", async () => {
  const { rig, session } = await start();
  const prompt = await rig.askAway(session);
  const before = rig.count();
  const give = (words: string): Promise<object> =>
    rig.out.handle({ ...toArrived(rig, words, { isCommand: true }), kind: "message" });
  expect(await give("/status")).toMatchObject({
    answer: expect.stringContaining("tg is connected"),
  });
  expect(await give("no zzzzz")).toMatchObject({ answer: expect.stringContaining("zzzzz") });
  expect(await give(`no ${prompt.code} not today`)).toMatchObject({
    kind: "handled",
    answer: expect.stringContaining("Denied"),
  });
  await rig.pass(100);
  expect(rig.count()).toBe(before);
});
