/** Questions, plans and commands in an approver's chat, over Telegram's own wire. */
import { expect, test } from "vitest";
import type { Session } from "../flow/rig.fixture.ts";
import { ADA, BO, OutRig } from "./chat-approvals-rig.fixture.ts";

async function start(prompts: object = {}) {
  const rig = await OutRig.open(prompts);
  return { rig, session: rig.rig.rig.connect() };
}

const DATABASE = {
  question: "Which database?",
  header: "Store",
  options: [{ label: "SQLite" }, { label: "Postgres", description: "a server" }],
  multiSelect: false,
};
const REGIONS = {
  question: "Where?",
  header: "Region",
  options: [{ label: "EU" }, { label: "US" }],
  multiSelect: true,
};

async function askQuestion(rig: OutRig, session: Session, ...questions: object[]) {
  await rig.away.set("on", "test");
  const call = await rig.rig.ask(session, { tool: "AskUserQuestion", input: { questions } });
  await rig.pass(1_000);
  const prompt = rig.rig.pending;
  return { call, prompt, message: await rig.sent(prompt.code) };
}

test("a question with one choice is answered by one tap", async () => {
  const { rig, session } = await start();
  const { call, message } = await askQuestion(rig, session, DATABASE);
  expect(rig.read(message)?.buttons).toEqual(["1 SQLite", "2 Postgres", "Leave it unanswered"]);
  await rig.tap(message, "2 Postgres");
  await rig.until(() => call.told() !== "waiting");
  expect(call.told()).toEqual({ kind: "answers", answers: ["Postgres"] });
  await rig.until(() => rig.read(message)?.text.includes("Which database? Postgres"));
  expect(rig.read(message)?.buttons).toEqual([]);
});

test("several choices and several questions are gathered, shown, and sent together", async () => {
  const { rig, session } = await start();
  const { call, message } = await askQuestion(rig, session, DATABASE, REGIONS);
  await rig.tap(message, "2.1 EU");
  await rig.until(() => rig.read(message)?.buttons.includes("✓ 2.1 EU"));
  await rig.tap(message, "2.2 US");
  await rig.until(() => rig.read(message)?.text.includes("Chosen: 2: 1, 2"));
  // Not all questions have an answer yet.
  await rig.tap(message, "Send");
  expect(call.told()).toBe("waiting");
  expect(rig.tapAnswers.at(-1)).toContain("has no answer yet");
  await rig.tap(message, "1.1 SQLite");
  await rig.until(() => rig.read(message)?.buttons.includes("✓ 1.1 SQLite"));
  await rig.tap(message, "Send");
  await rig.until(() => call.told() !== "waiting");
  expect(call.told()).toEqual({ kind: "answers", answers: ["SQLite", "EU, US"] });
});

const reply = (message: string) => ({
  more: {
    reply_to_message: {
      message_id: Number(message),
      date: 1,
      text: "…",
      from: { id: 4242, is_bot: true },
      chat: { id: ADA, type: "private" },
    },
  },
});

test("own words answer a question: as an answer to its message, or behind its id", async () => {
  const { rig, session } = await start();
  const first = await askQuestion(rig, session, DATABASE);
  await rig.write("neither, keep the files", reply(first.message));
  await rig.until(() => first.call.told() !== "waiting");
  expect(first.call.told()).toEqual({ kind: "answers", answers: ["neither, keep the files"] });
  const second = await askQuestion(rig, session, DATABASE, REGIONS);
  await rig.write(`yes ${second.prompt.code} 7; 1`);
  expect(second.call.told()).toBe("waiting");
  await rig.until(() => rig.texts().at(-1)?.includes("there is no option 7"));
  await rig.write(`yes ${second.prompt.code} 2; EU and later Asia`);
  await rig.until(() => second.call.told() !== "waiting");
  expect(second.call.told()).toEqual({
    kind: "answers",
    answers: ["Postgres", "EU and later Asia"],
  });
  expect(rig.passed).toEqual([]);
});

test("a plan goes on being planned with what was wrong with it; it is accepted with its id typed", async () => {
  const { rig, session } = await start();
  await rig.away.set("on", "test");
  const ask = () =>
    rig.rig.ask(session, { tool: "ExitPlanMode", input: { plan: "# Plan\n1. delete" } });
  const first = await ask();
  await rig.pass(1_000);
  const message = await rig.sent(rig.rig.pending.code);
  expect(rig.read(message)?.text).toContain("1. delete");
  expect(rig.read(message)?.buttons).toEqual(["Keep planning"]);
  await rig.write("back it up first", reply(message));
  await rig.until(() => first.told() !== "waiting");
  expect(first.told()).toMatchObject({
    kind: "deny",
    message: expect.stringContaining("back it up first"),
  });
  const second = await ask();
  await rig.pass(1_000);
  const { code } = rig.rig.pending;
  await rig.write("yes", reply(await rig.sent(code)));
  await rig.until(() =>
    rig.texts().at(-1)?.startsWith(`Type: yes ${code} (the session acts on the plan`),
  );
  expect(second.told()).toBe("waiting");
  await rig.write(`yes ${code}`);
  await rig.until(() => second.told() !== "waiting");
  expect(second.told()).toEqual({ kind: "allow" });
});

test("a handle is used once: what an old copy of a message still shows denies nothing later", async () => {
  const { rig, session } = await start();
  const prompt = await rig.askAway(session);
  const message = await rig.sent(prompt.code);
  const buttons = rig.fake.buttons(String(ADA), message);
  await rig.tap(message, "Allow");
  await rig.until(() => rig.read(message)?.buttons.length === 0);
  await rig.rig.ask(session, { input: { command: "ls" } });
  for (const [, data] of buttons) rig.fake.tapData(String(ADA), message, data);
  await rig.until(() => rig.tapAnswers.length === 4);
  expect(rig.tapAnswers.slice(1).every((text) => text.startsWith("Too late"))).toBe(true);
  expect(rig.rig.pending.arguments).toContain("ls");
});

// CHATREPLY-2
test("two sessions whose clients use the same five letters have codes of their own", async () => {
  const { rig, session } = await start();
  await rig.away.set("on", "test");
  const other = rig.rig.rig.connect({ pid: 4_000, session: "s-other", cwd: "/other" });
  await rig.rig.relay(session, "fghij");
  await rig.rig.relay(other, "fghij");
  await rig.pass(1_000);
  const [theirs, mine] = rig.rig.prompts.list({ state: "pending" });
  expect(mine?.code).not.toBe(theirs?.code);
  await rig.write("yes fghij");
  expect(rig.rig.prompts.list({ state: "pending" })).toHaveLength(2);
  await rig.write(`no ${mine?.code}`);
  await rig.until(() => session.told.length === 1);
  expect(session.told).toEqual([{ kind: "verdict", requestId: "fghij", behavior: "deny" }]);
  expect(other.told).toEqual([]);
});

// CHATREPLY-4
test("what became known after the question was shown is shown first: neither a tap nor a word about the earlier one allows it", async () => {
  const { rig, session } = await start();
  await rig.away.set("on", "test");
  // The client's relay shows a part; its hook comes late with the whole.
  await rig.rig.relay(session, "fghij", '{"command":"npm run te');
  await rig.pass(1_000);
  const { code, id } = rig.rig.pending;
  const message = await rig.sent(code);
  const before = rig.fake.buttons(String(ADA), message);
  expect(rig.read(message)?.text).toContain("not all of the arguments is known here");
  await rig.rig.ask(session, { input: { command: "npm run test" } });
  expect(rig.rig.pending).toMatchObject({ id, isCut: false });
  await rig.write(`yes ${code}`);
  await rig.until(() => rig.texts().at(-1)?.startsWith("It has changed"));
  await rig.until(() => rig.read(message)?.text.includes("npm run test"));
  expect(rig.rig.pending.id).toBe(id);
  // The earlier buttons are nobody's any more.
  for (const [, data] of before) rig.fake.tapData(String(ADA), message, data);
  await rig.until(() => rig.tapAnswers.length === before.length);
  expect(new Set(rig.tapAnswers)).toEqual(new Set(["This button is not yours, or it is too old."]));
  expect(rig.rig.pending.id).toBe(id);
  await rig.pass(6_000);
  await rig.tap(message, "Allow");
  await rig.until(() => rig.rig.prompts.find(id)?.state === "answered");
});

test("words that answer the message of a call are ordinary chat, and never an allowance", async () => {
  const { rig, session } = await start();
  const prompt = await rig.askAway(session);
  await rig.write("what is this for?", reply(await rig.sent(prompt.code)));
  expect(rig.passed).toHaveLength(1);
  expect(rig.rig.pending.id).toBe(prompt.id);
});

test("/status says who waits for whom to an approver, and counts to a chatter", async () => {
  const { rig, session } = await start();
  await rig.allow(BO, ["chatter"]);
  const prompt = await rig.askAway(session);
  await rig.pass(120_000);
  await rig.write("/status");
  await rig.until(() => rig.texts().at(-1)?.includes("You are away"));
  const told = rig.texts().at(-1) ?? "";
  expect(told).toContain("1 of them waits for approval.");
  expect(told).toContain(`waits 2 min for the terminal or tg 77: Bash (${prompt.code})`);
  // The same again is answered again.
  const count = rig.count();
  await rig.write("/status");
  await rig.until(() => rig.count() === count + 1);
  await rig.write("/status", { from: BO });
  await rig.until(() => rig.texts(BO).length === 1);
  expect(rig.texts(BO)[0]).toContain("1 of them waits for approval.");
  expect(rig.texts(BO)[0]).not.toContain(prompt.code);
  expect(rig.texts(BO)[0]).not.toContain("- work");
});

test("/stop denies what is asked and what comes, tells the model, and says what it cannot interrupt", async () => {
  const { rig, session } = await start();
  await session.hook("UserPromptSubmit", { prompt: "do it" });
  const prompt = await rig.askAway(session);
  await rig.write("/stop");
  await rig.until(() => rig.texts().at(-1)?.includes("Not interrupted"));
  expect(rig.texts().at(-1)).toContain("1 denied");
  expect(rig.texts().at(-1)).toContain("Its turn ends at the next hook");
  expect(rig.rig.prompts.find(prompt.id)?.outcome?.verdict.kind).toBe("deny");
  expect(session.told).toContainEqual(expect.objectContaining({ kind: "stop" }));
  const later = await rig.rig.ask(session, { input: { command: "ls" } });
  await rig.until(() => later.told() !== "waiting");
  expect(later.told()).toMatchObject({ kind: "deny" });
  await rig.write("/resume");
  await rig.until(() => rig.texts().at(-1)?.includes("you get its prompts again"));
  await rig.rig.ask(session, { input: { command: "pwd" } });
  await rig.pass(1_000);
  await rig.sent(rig.rig.pending.code);
  expect(rig.passed).toEqual([]);
});

test("a command that is an hour old is not carried out", async () => {
  const { rig, session } = await start();
  for (const command of ["/stop", "/denyall", "/away"]) {
    await rig.write(command, { ageMs: 3_600_000 });
    await rig.until(() => rig.texts().at(-1)?.startsWith(`${command} was not done`));
  }
  expect(rig.away.view.mode).toBe("auto");
  const call = await rig.rig.ask(session);
  await rig.pass(100);
  expect(call.told()).toBe("waiting");
});

test("/stop of a chatter is a message that the session reads first; a stranger's is nothing", async () => {
  const { rig } = await start();
  await rig.allow(BO, ["chatter"]);
  await rig.write("/stop now", { from: BO });
  expect(rig.passed[0]).toMatchObject({ kind: "stop", priority: "urgent" });
  await rig.write("/stop", { from: 99 });
  expect(rig.passed[1]).toMatchObject({ kind: "message" });
  await rig.write("/away", { from: BO });
  expect(rig.away.view.mode).toBe("auto");
});

test("with several sessions /stop asks which, and takes the one that is named", async () => {
  const { rig } = await start();
  const other = rig.rig.rig.connect({ pid: 4_000, session: "s-other", cwd: "/other" });
  await rig.write("/stop");
  await rig.until(() => rig.texts().at(-1)?.startsWith("Which one?"));
  expect(rig.texts().at(-1)).toContain("/stop other");
  await rig.write("/stop OTHER");
  await rig.until(() => rig.texts().at(-1)?.startsWith("other: nothing waited"));
  expect(other.told).toContainEqual(expect.objectContaining({ kind: "stop" }));
});

// CHATCOMMAND-3
test("a session without our hooks is not told of /stop, and /stop says so", async () => {
  const { rig, session } = await start();
  session.detach();
  await rig.pass(6_000);
  rig.rig.rig.connect(
    { pid: 4_000, session: "s-bare", cwd: "/bare", forcedLane: "pull" },
    { plugin: false, bell: false },
  );
  await rig.write("/stop");
  await rig.until(() => rig.texts().at(-1)?.includes("no hooks of ours"));
  expect(rig.texts().at(-1)).not.toContain("ends at the next hook");
});

test("/denyall denies for 15 minutes, then people are asked again", async () => {
  const { rig, session } = await start();
  await rig.askAway(session);
  await rig.write("/denyall");
  await rig.until(() => rig.texts().at(-1)?.includes("1 denied now"));
  const held = await rig.rig.ask(session, { input: { command: "ls" } });
  await rig.until(() => held.told() !== "waiting");
  expect(held.told()).toMatchObject({ kind: "deny" });
  await rig.pass(15 * 60_000 + 1);
  await rig.rig.ask(session, { input: { command: "pwd" } });
  await rig.pass(1_000);
  await rig.sent(rig.rig.pending.code);
});

test("a second approver is asked when nobody else has answered, and not before", async () => {
  const { rig, session } = await start({
    unattended: { action: "hand", afterMs: 120_000, to: `tg/${BO}` },
  });
  rig.rig.settings = {
    expireAfterMs: 600_000,
    policy: { action: "hand", afterMs: 120_000, to: `tg/${BO}` },
  };
  await rig.allow(BO, ["approver"]);
  const prompt = await rig.askAway(session);
  expect(rig.count(BO)).toBe(0);
  await rig.pass(120_000);
  const message = await rig.sent(prompt.code, BO);
  await rig.tap(message, "Allow", { chat: BO, from: BO });
  await rig.until(() => rig.rig.prompts.find(prompt.id)?.state === "answered");
  await rig.until(() => rig.read(rig.find(prompt.code) ?? "")?.buttons.length === 0);
});

test("a late tap says what happened at the terminal", async () => {
  const { rig, session } = await start();
  const prompt = await rig.askAway(session);
  const message = await rig.sent(prompt.code);
  const [, data = ""] = rig.fake.buttons(String(ADA), message)[0] ?? [];
  await rig.rig.hook(session, "Stop");
  await rig.until(() => rig.read(message)?.text.includes("answered at the terminal"));
  rig.fake.tapData(String(ADA), message, data);
  await rig.until(() => rig.tapAnswers.length === 1);
  expect(rig.tapAnswers[0]).toBe("Too late, nothing was changed: answered at the terminal.");
  await rig.write(`yes ${prompt.code}`);
  await rig.until(() => rig.texts().at(-1)?.startsWith("Too late"));
});

test("when nobody answers in time every message says so", async () => {
  const { rig, session } = await start();
  const prompt = await rig.askAway(session);
  const message = await rig.sent(prompt.code);
  await rig.pass(600_001);
  await rig.until(() => rig.read(message)?.buttons.length === 0);
  expect(rig.read(message)?.text).toContain("nobody answered within 10 min");
});
