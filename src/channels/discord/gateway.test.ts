/** The gateway against a fake one that misbehaves as the real one does. */
import { expect, test } from "vitest";
import { ANN, DIRECT, FakeDiscord } from "../../../test/fakes/discord/fake-discord.ts";
import { Gateway, TIMINGS } from "./gateway.ts";
import { Progress } from "./progress.ts";
import { QUICK, Rig, until } from "./rig.fixture.ts";
import { Secret } from "../../sdk/secret.ts";
import { systemClock } from "../../sdk/clock.ts";
import { readOwnWords } from "../../sdk/words.ts";

const seqOf = (rig: Rig): number => Progress.open("104242424242424242", rig.cursor).seq;
const at = (value: unknown, key: string): unknown => (value as Record<string, unknown>)[key];

test("PROGRESS-1: in a burst the cursor names what is kept, not what has been received", async () => {
  await using rig = await Rig.open();
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const seen: number[] = [];
  let turn = 0;
  rig.beforeTake = async (arrivals) => {
    if (arrivals.length === 0) return;
    seen.push(seqOf(rig));
    if (turn++ === 0) await gate;
  };
  for (let i = 0; i < 10; i++) rig.fake.write(`m${i}`);
  await until(() => seen.length === 1);
  // All ten are here by now, and none of them is in the cursor.
  const before = seqOf(rig);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(seqOf(rig)).toBe(before);
  open();
  await until(() => rig.taken.length === 10);
  expect(rig.texts).toEqual(Array.from({ length: 10 }, (_, i) => `m${i}`));
});

// DISINTAKE-1
test("a death in the middle of a burst: the next life resumes from what was kept, nothing lost, nothing twice", async () => {
  await using rig = await Rig.open();
  rig.fake.write("one");
  await until(() => rig.taken.length === 1);
  const kept = seqOf(rig);
  rig.beforeTake = async () => {
    throw new Error("the disk is gone");
  };
  for (const text of ["two", "three"]) rig.fake.write(text);
  await until(() => rig.state?.kind === "retrying");
  await rig.drop();
  rig.beforeTake = async () => undefined;
  await rig.connect();
  await until(() => rig.taken.length === 3);
  expect(rig.texts).toEqual(["one", "two", "three"]);
  expect(at(rig.fake.gateway.resumes[0], "seq")).toBe(kept);
  expect(rig.fake.gateway.identifies).toHaveLength(1);
});

// DISHISTORY-1
test("DISINTAKE-2: a resume that is refused is followed by what stands in the chats, before what is said now", async () => {
  await using rig = await Rig.open();
  rig.fake.write("before");
  await until(() => rig.taken.length === 1);
  await rig.drop();
  rig.fake.gateway.forget();
  for (let i = 0; i < 120; i++) rig.fake.writeUnheard(`gap ${i}`);
  await rig.connect();
  rig.fake.write("now");
  await until(() => rig.texts.includes("now"));
  await until(() => rig.taken.length === 122);
  const gap = Array.from({ length: 120 }, (_, i) => `gap ${i}`);
  expect(rig.texts).toEqual(["before", ...gap, "now"]);
  // What is read back says of itself what it was: of one person, in a direct chat.
  expect(rig.taken[5]).toMatchObject({
    chatId: DIRECT,
    sender: { id: ANN },
    chat: { place: "dm" },
  });
});

test("DISEVENT-2: what was edited before it was read back is a new message that owes an answer, and no fresh words", async () => {
  await using rig = await Rig.open();
  rig.fake.write("before");
  await until(() => rig.taken.length === 1);
  await rig.drop();
  rig.fake.gateway.forget();
  const id = rig.fake.writeUnheard("yes abcde", { edited_timestamp: "2026-12-01T10:00:00+00:00" });
  rig.fake.writeUnheard("yes abcde");
  await rig.connect();
  await until(() => rig.taken.length === 3);
  expect(rig.taken[1]).toMatchObject({
    kind: "message",
    ack: "reply",
    deliveryId: expect.stringMatching(new RegExp(`:${id}$`)),
    quotes: [{ label: "edited message", text: "yes abcde" }],
    chat: { isEdited: true },
    meta: { message_id: id, edited: "true" },
  });
  expect(rig.taken.map(readOwnWords)).toEqual(["before", "", "yes abcde"]);
});

test("what stands in the chats and comes by the gateway as well is the same delivery", async () => {
  await using rig = await Rig.open();
  rig.fake.write("before");
  await until(() => rig.taken.length === 1);
  rig.fake.gateway.fail({ kind: "invalid", mayResume: false });
  rig.fake.gateway.drop();
  await until(() => rig.fake.gateway.identifies.length === 2);
  const id = rig.fake.write("both ways");
  await until(() => rig.texts.includes("both ways"));
  rig.fake.gateway.push("MESSAGE_CREATE", rig.fake.read(DIRECT, id));
  rig.fake.write("after");
  await until(() => rig.texts.includes("after"));
  expect(rig.texts).toEqual(["before", "both ways", "after"]);
});

test.each([4009, 4007, 4003])(
  "a resume closed with %i is not repeated: a new session begins",
  async (code) => {
    await using rig = await Rig.open();
    rig.fake.gateway.fail({ kind: "close", code });
    rig.fake.gateway.drop();
    await until(() => rig.fake.gateway.identifies.length === 2);
    expect(rig.fake.gateway.resumes).toHaveLength(0);
  },
);

test.each([
  ["silence", { kind: "silence" }],
  ["a close of no meaning", { kind: "close", code: 4000 }],
  ["op 9 that says to resume", { kind: "invalid", mayResume: true }],
] as const)(
  "GATEWAY-1: a resume that meets %s three times gives the session up",
  async (_, fault) => {
    await using rig = await Rig.open();
    rig.fake.gateway.fail(fault, 3);
    rig.fake.gateway.drop();
    await until(() => rig.fake.gateway.identifies.length === 2);
    // Not more than three, and not without a pause: no tight loop.
    expect(rig.fake.gateway.connects).toBe(5);
    await until(() => rig.state?.kind === "connected");
  },
);

test("a gateway that is away for a while costs no session: it is resumed once it is back", async () => {
  await using rig = await Rig.open();
  rig.fake.gateway.fail({ kind: "upgrade", status: 503 }, 6);
  rig.fake.gateway.drop();
  rig.fake.write("while it was away");
  await until(() => rig.taken.length === 1);
  expect(rig.fake.gateway.identifies).toHaveLength(1);
});

test("op 7 and a close that keeps the session: resumed, and what was said between comes once", async () => {
  await using rig = await Rig.open();
  rig.fake.gateway.askReconnect();
  await until(() => rig.fake.gateway.resumes.length === 1);
  rig.fake.write("one");
  rig.fake.gateway.drop(4_000);
  rig.fake.write("two");
  await until(() => rig.taken.length === 2);
  rig.fake.gateway.drop(1_001);
  await until(() => rig.fake.gateway.resumes.length === 3);
  expect(rig.fake.gateway.identifies).toHaveLength(1);
  expect(rig.texts).toEqual(["one", "two"]);
});

test("GATEWAY-4: a heartbeat without its answer ends the socket, though events still come", async () => {
  const fake = await FakeDiscord.open();
  fake.gateway.heartbeatMs = 40;
  await using rig = await Rig.open({ fake });
  await until(() => fake.gateway.heartbeats > 2);
  fake.gateway.answersHeartbeats = false;
  await until(() => fake.gateway.resumes.length > 0);
  fake.gateway.answersHeartbeats = true;
  await until(() => rig.state?.kind === "connected");
});

test.each([
  [4004, /token is refused.*Reset Token/],
  [4014, /Message Content Intent is off.*Privileged Gateway Intents/],
  [4013, /intents/],
  [4011, /more servers/],
])("GATEWAY-5: close %i waits for the owner, who is told what to click", async (code, words) => {
  const fake = await FakeDiscord.open();
  fake.gateway.fail({ kind: "close", code });
  await using rig = await Rig.open({ fake });
  await until(() => rig.state?.kind === "paused");
  expect(rig.state).toMatchObject({ reason: expect.stringMatching(words) });
  const before = fake.gateway.connects;
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(fake.gateway.connects).toBe(before);
});

test("a token that is reset while it runs is told, and nothing crashes", async () => {
  await using rig = await Rig.open();
  rig.fake.token = "MTA0.other.token-other-token-other-token";
  rig.fake.gateway.drop(4_004);
  await until(() => rig.state?.kind === "paused");
});

test("without the Message Content Intent it is not asked for, so nothing is refused: direct messages work", async () => {
  const fake = await FakeDiscord.open();
  fake.flags = 0;
  fake.refusedIntent = 4014;
  await using rig = await Rig.open({ fake });
  fake.write("hello");
  await until(() => rig.taken.length === 1);
  expect(Number(at(fake.gateway.identifies[0], "intents")) & (1 << 15)).toBe(0);
  expect(rig.logged.join("\n")).toContain("Message Content Intent is off");
});

test("GATEWAY-2: with no session left for the day none is begun, and the owner is told", async () => {
  const fake = await FakeDiscord.open();
  fake.remaining = 0;
  await using rig = await Rig.open({ fake });
  expect(rig.states[0]).toMatchObject({ kind: "retrying", alarm: true });
  expect(fake.gateway.connects).toBe(0);
  await until(() => rig.state?.kind === "connected");
});

test("GATEWAY-3: the token goes to no host that an answer names", async () => {
  const fake = await FakeDiscord.open();
  const foreign = await FakeDiscord.open();
  fake.gateway.resumeUrl = `ws://localhost:${foreign.port}`;
  await using rig = await Rig.open({ fake });
  fake.write("one");
  await until(() => rig.taken.length === 1);
  fake.gateway.drop();
  await until(() => fake.gateway.identifies.length === 2);
  expect(foreign.gateway.connects).toBe(0);
  expect(rig.logged.join("\n")).toContain("not Discord's");
  await foreign.close();
});

test.each([
  "wss://gateway.discord.gg.evil.example",
  "wss://evil.example/?gateway.discord.gg",
  "ws://gateway.discord.gg",
  "wss://gateway.discord.gg:444",
  "wss://user@gateway.discord.gg",
  "https://gateway.discord.gg",
  "wss://xdiscord.gg",
])("GATEWAY-3: %s is not Discord's gateway", async (url) => {
  const { isTrusted } = await import("./connection.ts");
  expect(isTrusted(new URL(url), {})).toBe(false);
  expect(isTrusted(new URL("wss://gateway-us-east1-b.discord.gg"), {})).toBe(true);
});

test("pauses between sockets grow, and the first follows after a second", async () => {
  const waits: number[] = [];
  const abort = new AbortController();
  const gateway = new Gateway({
    token: new Secret("x"),
    intents: 1,
    session: undefined,
    seq: 0,
    find: async () => {
      throw new Error("no way");
    },
    isTrusted: () => true,
    dispatch() {},
    begun() {},
    report() {},
    timings: TIMINGS,
    clock: {
      ...systemClock,
      after(ms, action) {
        waits.push(ms);
        if (waits.length === 9) abort.abort();
        const timer = setImmediate(action);
        return () => clearImmediate(timer);
      },
    },
    log: { debug() {}, info() {}, warn() {}, error() {} },
    signal: abort.signal,
  });
  await gateway.run();
  expect(waits[0]).toBeGreaterThanOrEqual(1_000);
  expect(waits[5]).toBeGreaterThanOrEqual(32_000);
  expect(Math.max(...waits)).toBeLessThanOrEqual(75_000);
});

test("another program that writes as this bot is noticed, and its owner told once; our own messages are none", async () => {
  await using rig = await Rig.open();
  await rig.connection.send({ chatId: DIRECT, text: "ours" });
  const later = String(((BigInt(Date.now()) + 120_000n - 1_420_070_400_000n) << 22n) + 1n);
  const author = { id: "104242424242424242", username: "sluice_bot", bot: true };
  rig.fake.write("an earlier life's", { author });
  rig.fake.write("settle");
  await until(() => rig.taken.length === 1);
  expect(rig.states.some((state) => "alarm" in state)).toBe(false);
  for (let i = 0; i < 2; i++)
    rig.fake.write("theirs", { author, id: String(BigInt(later) + BigInt(i)) });
  await until(() =>
    rig.states.some((state) => "alarm" in state && /another program/.test(state.reason)),
  );
  rig.fake.write("settled");
  await until(() => rig.texts.includes("settled"));
  expect(rig.states.filter((state) => "alarm" in state)).toHaveLength(1);
  expect(rig.state?.kind).toBe("connected");
});

// DISEVENT-5
test("events without a form of their own are left behind and counted; the next one goes on", async () => {
  await using rig = await Rig.open();
  const bad = [
    {},
    { id: 5 },
    null,
    { id: "1", channel_id: "x" },
    { id: "1", channel_id: "2", type: 0 },
  ];
  for (const data of bad) rig.fake.gateway.push("MESSAGE_CREATE", data);
  rig.fake.gateway.push("INTERACTION_CREATE", { id: "1", type: 3, data: { custom_id: "x" } });
  rig.fake.gateway.push("MESSAGE_REACTION_ADD", { emoji: 5 });
  rig.fake.write("good");
  await until(() => rig.taken.length === 1);
  expect(rig.texts).toEqual(["good"]);
  await until(() => rig.unreadable === bad.length + 2);
});

// DISAPI-2
test("no secret is in what is logged", async () => {
  await using rig = await Rig.open({ timings: QUICK });
  rig.fake.fail(/messages/, { kind: "page", status: 500 });
  await rig.connection.send({ chatId: DIRECT, text: "x" }).catch(() => undefined);
  expect(rig.logged.join("\n")).not.toContain(rig.fake.token);
});

test("FAULT-42: a hundred drops of every kind: nothing lost, nothing twice, and hardly a new session", async () => {
  const kinds = [undefined, 1_000, 1_001, 4_000, 4_001, 4_005, 4_008, 4_999, "op 7"] as const;
  await using rig = await Rig.open({ timings: { ...QUICK, stableMs: 0 } });
  const { gateway } = rig.fake;
  for (let drop = 0; drop < 100; drop++) {
    rig.fake.write(`before ${drop}`);
    const begun = gateway.resumes.length + gateway.identifies.length;
    if (drop % 25 === 24) gateway.fail({ kind: "invalid", mayResume: false });
    const kind = kinds[drop % kinds.length];
    if (kind === "op 7") gateway.askReconnect();
    else gateway.drop(kind);
    rig.fake.write(`after ${drop}`);
    await until(() => gateway.resumes.length + gateway.identifies.length > begun);
    await until(() => rig.state?.kind === "connected");
  }
  await until(() => rig.taken.length === 200);
  const words = Array.from({ length: 100 }, (_, i) => [`before ${i}`, `after ${i}`]).flat();
  expect(rig.texts).toEqual(words);
  expect(gateway.identifies.length).toBeLessThanOrEqual(20);
});

test("PROGRESS-2, DISINTAKE-3: only a chat that was let in is followed; what nobody needs moves the cursor now and then", async () => {
  await using rig = await Rig.open();
  rig.admits = ({ chatId }) => chatId === DIRECT;
  rig.fake.write("hers");
  rig.fake.write("elsewhere", { channel_id: "55000000000000100", guild_id: "5", channel_type: 0 });
  await until(() => rig.taken.length === 2);
  const progress = (): Progress => Progress.open("104242424242424242", rig.cursor);
  expect(progress().chats.map(([chat]) => chat)).toEqual([DIRECT]);
  const before = progress().seq;
  await until(() => {
    rig.fake.gateway.push("GUILD_MEMBER_ADD", { user: { id: ANN } });
    return progress().seq > before + 1;
  });
  expect(rig.taken).toHaveLength(2);
  // Another bot under the same name begins anew.
  expect(Progress.open("5", rig.cursor)).toMatchObject({ seq: 0, session: undefined, chats: [] });
});
