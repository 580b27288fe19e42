import { expect, test } from "vitest";
import type { Arrival } from "../../sdk/event.ts";
import { Secret } from "../../sdk/secret.ts";
import { FAKE_TOKEN, FakeTelegram } from "../../../test/fakes/telegram/fake-telegram.ts";
import { telegram } from "./index.ts";
import { TIMINGS } from "./poll.ts";
import { Rig, until } from "./rig.fixture.ts";
import samples from "./samples.json" with { type: "json" };

const text = (words: string, messageId: number, from = 77): object => ({
  message: {
    message_id: messageId,
    date: 1_767_603_600,
    text: words,
    from: { id: from, is_bot: false, first_name: "Ann" },
    chat: { id: from, type: "private" },
  },
});
const photo = (messageId: number, album: string, caption?: string): object => ({
  message: {
    message_id: messageId,
    date: 1_767_603_600,
    media_group_id: album,
    ...(caption === undefined ? {} : { caption }),
    photo: [{ file_id: `p${messageId}`, width: 1, height: 1 }],
    from: { id: 77, is_bot: false, first_name: "Ann" },
    chat: { id: 77, type: "private" },
  },
});
const said = (arrivals: readonly Arrival[]): (string | undefined)[] =>
  arrivals.map(({ quotes }) => quotes[0]?.text);

test("a token is checked live, and says whose it is", async () => {
  const fake = await FakeTelegram.open();
  const settings = { "api-root": fake.root };
  await expect(telegram.check?.(new Secret(FAKE_TOKEN), settings)).resolves.toBe("@sluice_bot");
  await expect(telegram.check?.(new Secret("not a token"), settings)).rejects.toMatchObject({
    code: "bad_secret",
  });
  const wrong = "1:AAwrongwrongwrongwrongwrongwrongwrong";
  const refused = telegram.check?.(new Secret(wrong), settings);
  await expect(refused).rejects.toMatchObject({
    code: "unauthorized",
    message:
      'telegram: token rejected (401); run "sluice add telegram" with a token from @BotFather',
  });
  await fake.close();
});

test("updates arrive in order, and are confirmed only after they are kept (POLL-1)", async () => {
  await using rig = await Rig.open();
  let keep = (): void => undefined;
  const kept = new Promise<void>((resolve) => (keep = resolve));
  rig.beforeTake = () => kept;
  for (const [index, words] of ["one", "two", "three"].entries()) rig.fake.push(text(words, index));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(rig.fake.waiting).toBe(3);
  keep();
  await until(() => rig.taken.length === 3 && rig.fake.waiting === 0);
  expect(said(rig.taken)).toEqual(["one", "two", "three"]);
  expect(rig.state).toEqual({ kind: "connected" });
});

test("what could not be kept is asked for again, nothing is skipped", async () => {
  await using rig = await Rig.open();
  let refusals = 3;
  rig.beforeTake = async () => {
    if (refusals-- > 0) throw new Error("disk is full");
  };
  rig.fake.push(text("one", 1));
  await until(() => rig.taken.length === 1);
  expect(rig.states).toContainEqual({
    kind: "retrying",
    reason: "updates could not be kept: disk is full",
  });
  await until(() => rig.state?.kind === "connected");
});

test("what cannot be kept for long is asked for with growing pauses", async () => {
  await using rig = await Rig.open();
  const asked: number[] = [];
  rig.beforeTake = async () => {
    asked.push(Date.now());
    throw new Error("disk is full");
  };
  rig.fake.push(text("one", 1));
  await until(() => asked.length === 5);
  // 20, 40, 80, 160 ms, and up to a quarter more.
  expect((asked[4] ?? 0) - (asked[3] ?? 0)).toBeGreaterThanOrEqual(150);
  rig.beforeTake = async () => undefined;
  await until(() => rig.taken.length === 1);
});

test("a next life goes on at the cursor: what was kept does not come again, what was not does", async () => {
  await using rig = await Rig.open();
  rig.fake.push(text("one", 1));
  await until(() => rig.taken.length === 1);
  await rig.drop();
  rig.fake.push(text("two", 2));
  await rig.connect();
  await until(() => rig.taken.length === 2);
  expect(said(rig.taken)).toEqual(["one", "two"]);
});

// UPDATE-3
test("malformed updates are left behind without their content, the next one proceeds", async () => {
  await using rig = await Rig.open();
  rig.fake.push({ message: "secret words" });
  rig.fake.push({ message: { chat: { id: "x", text: "secret words" } } });
  rig.fake.push({ something_new: {} });
  rig.fake.push(text("after", 4));
  await until(() => rig.taken.length === 1 && rig.fake.waiting === 0);
  expect(said(rig.taken)).toEqual(["after"]);
  expect(rig.logged.filter((line) => line.includes("cannot be read"))).toHaveLength(2);
  expect(rig.logged.join("\n")).not.toContain("secret words");
  expect(rig.unreadable).toBe(2);
});

test("a malformed update behind an album that still grows is counted once", async () => {
  await using rig = await Rig.open();
  rig.fake.push({ message: "first" });
  rig.fake.push(photo(2, "g1"));
  rig.fake.push({ message: "second" });
  rig.fake.push(text("after", 5));
  await until(() => rig.taken.length === 2 && rig.fake.waiting === 0);
  expect(rig.unreadable).toBe(2);
});

test("an album is one event, even where its pictures come apart (POLL-2)", async () => {
  await using rig = await Rig.open();
  rig.fake.push(text("before", 1));
  rig.fake.push(photo(2, "g1", "three pictures"));
  rig.fake.push(photo(3, "g1"));
  await new Promise((resolve) => setTimeout(resolve, 40));
  rig.fake.push(photo(4, "g1"));
  rig.fake.push(text("after", 5));
  await until(() => rig.taken.length === 3 && rig.fake.waiting === 0);
  expect(said(rig.taken)).toEqual(["before", "three pictures", "after"]);
  expect(rig.taken[1]).toMatchObject({
    text: "Message from Ann\n(album of 3)",
    deliveryId: "4242:album:77:g1",
  });
  expect(rig.taken[1]?.files?.map(({ reference }) => reference)).toEqual(["p2", "p3", "p4"]);
});

test("albums that came together stand still together: many of them hold up nobody for long", async () => {
  await using rig = await Rig.open();
  const asked = (): number => rig.fake.calls.filter(({ method }) => method === "getUpdates").length;
  const before = asked();
  for (let album = 0; album < 8; album++)
    for (const part of [0, 1]) rig.fake.push(photo(10 * album + part + 1, `g${album}`));
  rig.fake.push(text("behind them all", 99));
  await until(() => rig.taken.length === 9);
  expect(said(rig.taken).at(-1)).toBe("behind them all");
  // The first look, the second one, and the poll that waits for more; another look where the first came between two updates.
  expect(asked() - before).toBeLessThanOrEqual(5);
});

test("a hub that dies with half an album gets it whole in its next life", async () => {
  await using rig = await Rig.open();
  rig.fake.push(photo(2, "g1"));
  await new Promise((resolve) => setTimeout(resolve, 30));
  await rig.drop();
  expect(rig.taken).toEqual([]);
  rig.fake.push(photo(3, "g1"));
  await rig.connect();
  await until(() => rig.taken.length === 1);
  expect(rig.taken[0]?.files).toHaveLength(2);
});

// POLL-4
test("409: calm, growing pauses for ever, the owner told after three, and on it goes", async () => {
  await using rig = await Rig.open();
  rig.fake.fail(
    "getUpdates",
    { kind: "error", status: 409, description: "Conflict: terminated by other getUpdates request" },
    1_000,
  );
  await until(() => rig.states.some((state) => state.kind === "retrying" && state.alarm === true));
  const reason =
    "telegram: another program polls this bot (409); stop it, or make a bot of its own for Sluice";
  expect(rig.state).toEqual({ kind: "retrying", reason, alarm: true });
  const [before, from] = [rig.fake.calls.length, Date.now()];
  await new Promise((resolve) => setTimeout(resolve, 480));
  // 160 ms is the longest pause here: a hot loop would have made hundreds of calls.
  expect(rig.fake.calls.length - before).toBeLessThanOrEqual(1 + (Date.now() - from) / 160);
  rig.fake.heal();
  rig.fake.push(text("on", 1));
  await until(() => rig.taken.length === 1 && rig.state?.kind === "connected");
});

test("two pollers: neither spins, and the one that is left goes on", async () => {
  await using first = await Rig.open();
  const second = await Rig.open({ fake: first.fake });
  await until(() => [...first.states, ...second.states].some(({ kind }) => kind === "retrying"));
  await second.drop();
  first.fake.push(text("still here", 1));
  await until(() => first.taken.length === 1);
});

test("401: the channel pauses with a clear line and asks no more; its token stands nowhere", async () => {
  await using rig = await Rig.open();
  rig.fake.token = "4242:revoked-revoked-revoked-revoked-revoked";
  await until(() => rig.state?.kind === "paused");
  expect(rig.state).toEqual({
    kind: "paused",
    reason:
      'telegram: token rejected (401); run "sluice add telegram" with a token from @BotFather',
  });
  const calls = rig.fake.calls.length;
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(rig.fake.calls.length).toBe(calls);
  await expect(rig.connection.send({ chatId: "77", text: "hi" })).rejects.toMatchObject({
    code: "unauthorized",
  });
  expect(JSON.stringify([rig.states, rig.logged])).not.toContain(FAKE_TOKEN.slice(5));
});

test("429 of a poll is waited out to the second, 5xx and gateways with growing pauses", async () => {
  await using rig = await Rig.open();
  rig.fake.fail("getUpdates", {
    kind: "error",
    status: 429,
    description: "Too Many Requests: retry after 1",
    retryAfter: 1,
  });
  const from = Date.now();
  await until(() => rig.state?.kind === "retrying");
  rig.fake.push(text("patience", 1));
  await until(() => rig.taken.length === 1);
  expect(Date.now() - from).toBeGreaterThanOrEqual(950);
  rig.fake.fail(
    "getUpdates",
    { kind: "error", status: 500, description: "Internal Server Error" },
    2,
  );
  rig.fake.fail("getUpdates", { kind: "gateway", status: 502 }, 2);
  await until(() => JSON.stringify(rig.states).includes("an answer that is no JSON"));
  rig.fake.push(text("again", 2));
  await until(() => rig.taken.length === 2);
});

test("a connection that says nothing is noticed and made anew (POLL-3)", async () => {
  await using rig = await Rig.open();
  rig.fake.fail("getUpdates", { kind: "hang" });
  await until(() => rig.state?.kind === "retrying");
  expect(rig.state).toMatchObject({ reason: "telegram: getUpdates: no answer in 1 s" });
  rig.fake.push(text("alive", 1));
  await until(() => rig.taken.length === 1);
});

test("with the timings of a hub at work, a half-open connection is noticed within 90 s (POLL-3)", () => {
  expect(TIMINGS.pollMs + TIMINGS.graceMs + TIMINGS.faultMs[0]).toBeLessThanOrEqual(90_000);
  // And another program that polls for a minute costs a few calls, not thousands.
  const [first, last] = TIMINGS.conflictMs;
  expect([first, last]).toEqual([1_000, 60_000]);
});

test("Telegram away at the start: the channel opens, says so, and comes up with it", async () => {
  const fake = await FakeTelegram.open();
  fake.fail("getMe", { kind: "gateway", status: 502 }, 2);
  await using rig = await Rig.open({ fake });
  expect(rig.states[0]?.kind).toBe("retrying");
  await until(() => rig.state?.kind === "connected");
});

// BOTAPI-1, REQ-5
test("the token is in no error of any kind", async () => {
  await using rig = await Rig.open();
  const errors: unknown[] = [];
  rig.fake.files.set("docs/a", Buffer.from("x"));
  for (const fault of [
    { kind: "gateway", status: 502 },
    { kind: "break" },
    { kind: "error", status: 400, description: "no" },
  ] as const) {
    rig.fake.fail("sendMessage", fault);
    rig.fake.fail("getFile", fault);
    await rig.connection
      .send({ chatId: "77", text: "hi" })
      .catch((thrown: unknown) => errors.push(thrown));
    await rig.connection.download?.("docs/a", 10).catch((thrown: unknown) => errors.push(thrown));
  }
  await rig.fake.close();
  await rig.connection
    .send({ chatId: "77", text: "hi" })
    .catch((thrown: unknown) => errors.push(thrown));
  expect(errors.length).toBe(7);
  const { inspect } = await import("node:util");
  expect(inspect(errors, { depth: 10 }) + rig.logged.join("\n")).not.toContain(FAKE_TOKEN.slice(5));
});

test("files come by reference, within the limits, and a broken path goes nowhere", async () => {
  await using rig = await Rig.open();
  rig.fake.files.set("photos/file_1.jpg", Buffer.alloc(2_000, 1));
  await expect(rig.connection.download?.("photos/file_1.jpg", 5_000)).resolves.toHaveLength(2_000);
  await expect(rig.connection.download?.("photos/file_1.jpg", 1_999)).rejects.toMatchObject({
    code: "too_large",
  });
  await expect(rig.connection.download?.("gone", 5_000)).rejects.toMatchObject({
    code: "send_failed",
    retryable: false,
  });
  rig.fake.files.set("../etc/passwd", Buffer.from("x"));
  await expect(rig.connection.download?.("../etc/passwd", 5_000)).rejects.toMatchObject({
    code: "send_failed",
  });
  rig.fake.files.set("big", Buffer.alloc(20 * 1024 * 1024 + 1));
  await expect(rig.connection.download?.("big", 1e9)).rejects.toMatchObject({ code: "too_large" });
});

test("/start and /help are answered to people who are let in, and no session is woken; the hub hears the others", async () => {
  await using rig = await Rig.open();
  for (const [index, command] of ["/start", "/help@sluice_bot"].entries())
    rig.fake.push(text(command, index));
  await until(() => rig.fake.sent("sendMessage").length === 2);
  expect(rig.taken).toEqual([]);
  expect(rig.fake.sent("setMyCommands")).toHaveLength(1);
  for (const [index, command] of ["/status", "/stop now", "/away"].entries())
    rig.fake.push(text(command, index + 9));
  await until(() => rig.taken.length === 3);
  expect(said(rig.taken)).toEqual(["/status", "/stop now", "/away"]);
});

// BOTCOMMAND-2
test("a message that begins like a command is for the session; the bot's link with a code is the bot's", async () => {
  await using rig = await Rig.open();
  const messages = [
    "/start the dev server please",
    "/start deploy",
    "/help me fix the build",
    "/help\nwith this",
    "/start over",
    "/started",
    "/helpers.ts is broken",
  ];
  for (const [index, words] of messages.entries()) rig.fake.push(text(words, index));
  await until(() => rig.taken.length === messages.length);
  expect(said(rig.taken)).toEqual(messages);
  for (const [index, words] of ["/start ABCD-2EFG", "/start@sluice_bot", " /HELP "].entries())
    rig.fake.push(text(words, index + 90));
  await until(() => rig.fake.sent("sendMessage").length === 3);
  expect(rig.taken).toHaveLength(messages.length);
});

test("a stranger gets no answer from the channel: commands and taps go to the gate", async () => {
  await using rig = await Rig.open();
  rig.admits = () => false;
  rig.fake.push(text("/start", 1));
  rig.fake.push(text("/stop", 2));
  rig.fake.push(samples.button);
  await until(() => rig.taken.length === 3);
  expect(rig.taken.map(({ kind }) => kind)).toEqual(["message", "message", "button"]);
  await rig.connection.close();
  expect(rig.fake.calls.filter(({ method }) => /send|answer/.test(method))).toEqual([]);
});

test("a tap's spinner is stopped once the tap is kept", async () => {
  await using rig = await Rig.open();
  rig.fake.push(samples.button);
  await until(() => rig.fake.sent("answerCallbackQuery").length === 1);
  expect(rig.taken[0]?.chat?.button).toBe("ok:1");
});

test("who taps is told what became of it, at most 200 characters of it", async () => {
  await using rig = await Rig.open();
  const buttons = [[{ id: "h.a", label: "Allow" }]];
  const { messageIds } = await rig.connection.send({ chatId: "77", text: "may I?", buttons });
  rig.answers = ["Denied."];
  rig.fake.tap("77", messageIds[0] ?? "", "Allow");
  await until(() => rig.fake.sent("answerCallbackQuery").length === 1);
  rig.answers = ["x".repeat(300)];
  rig.fake.tap("77", messageIds[0] ?? "", "Allow");
  await until(() => rig.fake.sent("answerCallbackQuery").length === 2);
  expect(
    rig.fake
      .sent("answerCallbackQuery")
      .map(({ payload }) => [String(payload["text"]).length, payload["show_alert"]]),
  ).toEqual([
    [7, false],
    [200, true],
  ]);
});

test("an edit takes the buttons away unless it names some", async () => {
  await using rig = await Rig.open();
  const buttons = [[{ id: "h.a", label: "Allow" }]];
  const { messageIds } = await rig.connection.send({ chatId: "77", text: "may I?", buttons });
  const [id = ""] = messageIds;
  expect(rig.fake.read("77", id)?.buttons).toEqual(["Allow"]);
  const chosen = [[{ id: "h.o0.0", label: "✓ 1" }]];
  await rig.connection.edit?.("77", id, "may I? Chosen: 1", chosen);
  expect(rig.fake.read("77", id)?.buttons).toEqual(["✓ 1"]);
  await rig.connection.edit?.("77", id, "Denied");
  expect(rig.fake.read("77", id)).toEqual({ text: "Denied", buttons: [] });
});

test("another bot under the same name: its updates are counted anew", async () => {
  await using rig = await Rig.open();
  await rig.drop();
  rig.cursor = JSON.stringify({ offset: 900_000, at: Date.now(), updateAt: Date.now(), bot: "1" });
  rig.fake.push(text("hello", 1));
  await rig.connect();
  await until(() => rig.taken.length === 1);
});

test("an offset that is a week old is not trusted: Telegram may have begun anew below it", async () => {
  await using rig = await Rig.open();
  await rig.drop();
  rig.cursor = JSON.stringify({ offset: 900_000, at: Date.now() - 7 * 86_400_000, bot: "4242" });
  rig.fake.push(text("hello", 1));
  await rig.connect();
  await until(() => rig.taken.length === 1);
  expect(rig.logged.join()).toContain("away for more than a day");
});
