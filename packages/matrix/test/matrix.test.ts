import { expect, onTestFinished, test } from "vitest";
import { FakePlatform } from "sluice/testing";
import { MatrixApi } from "../api.ts";
import { ANN, BEN, BOT, buttonsIn, DIRECT, FakeMatrix, GROUP } from "./fake-matrix.ts";
import { Bot, until } from "./rig.fixture.ts";

const ownWords = (bot: Bot): string[] =>
  bot.kept.map(({ quotes }) => quotes.find(({ label }) => label === "message")?.text ?? "");

test.concurrent("MXSYNC-1, MXSYNC-2: what was said meanwhile comes whole and in order, though one answer of /sync holds little of it", async () => {
  await using bot = await Bot.open();
  bot.fake.maxTimeline = 3;
  bot.fake.write("before");
  await until(() => bot.kept.length === 1);
  await bot.end();
  const said = Array.from({ length: 60 }, (_, nth) => `message ${nth}`);
  for (const text of said) {
    bot.fake.write(text);
    bot.fake.write(`beside ${text}`, { room: GROUP });
  }
  await bot.begin();
  await bot.settle();
  expect(bot.words().filter((text) => text.startsWith("message"))).toEqual(said);
  expect(bot.words().filter((text) => text.startsWith("beside"))).toHaveLength(60);
});

test("MXSYNC-3: what was said before the bot's first look, or in a room before it came in, is no news", async () => {
  const fake = await FakeMatrix.open();
  fake.write("long ago");
  const bot = new Bot(fake);
  await bot.begin();
  onTestFinished(() => bot[Symbol.asyncDispose]());
  const room = "!new:example.org";
  fake.invite(room, ANN);
  for (let nth = 0; nth < 30; nth++) fake.write(`before you came ${nth}`, { room });
  await until(() => fake.members.get(room)?.has(BOT));
  fake.write("welcome", { room });
  await until(() => bot.kept.length > 0);
  await bot.settle();
  expect(bot.words()).toEqual(["welcome"]);
});

test.concurrent("an invitation of another homeserver is left as it is, until its owner says otherwise", async () => {
  for (const [invites, by, isTaken] of [
    [undefined, "@eve:elsewhere.org", false],
    [undefined, "@eve:example.org.evil.org", false],
    ["@bob:elsewhere.org, @eve:elsewhere.org", "@eve:elsewhere.org", true],
    ["anyone", "@eve:elsewhere.org", true],
  ] as const) {
    await using bot = await Bot.open(invites === undefined ? {} : { invites });
    bot.fake.invite("!new:example.org", by);
    // It shows again in each answer until it is taken.
    if (isTaken) await until(() => bot.fake.invites.size === 0);
    else await until(() => bot.logged.some((line) => line.includes("another homeserver")));
    expect(bot.fake.members.get("!new:example.org")?.has(BOT), `${invites} ${by}`).toBe(isTaken);
    bot.fake.invites.clear();
  }
});

test.concurrent("MXSYNC-4: a place that is not known, or of another account, begins anew; the first is told", async () => {
  await using bot = await Bot.open();
  bot.fake.write("one");
  await until(() => bot.kept.length === 1);
  await bot.end();
  bot.fake.knownFrom = 1_000_000;
  bot.fake.write("lost");
  // The homeserver was restored from a copy: what comes behind its new place is known again.
  const anew = (): number =>
    bot.fake.platform.requests.filter(
      ({ path, query }) => path.endsWith("/sync") && query.get("since") === null,
    ).length;
  const before = anew();
  const begun = bot.begin();
  await until(() => anew() > before);
  bot.fake.knownFrom = 0;
  await begun;
  await bot.settle();
  expect(bot.words()).toEqual(["one", expect.stringContaining("messages may be missing")]);
  await bot.end();
  bot.cursor = JSON.stringify({
    service: JSON.stringify({ me: "@other:example.org", since: "s0" }),
  });
  await bot.begin();
  await bot.settle();
  expect(bot.words()).toHaveLength(2);
});

test.concurrent("MXSYNC-5: an encrypted room is told once, in the room, that nothing is read there", async () => {
  await using bot = await Bot.open();
  for (let nth = 0; nth < 3; nth++)
    bot.fake.add({ algorithm: "m.megolm.v1.aes-sha2" }, { type: "m.room.encrypted", room: GROUP });
  await bot.settle();
  expect(bot.fake.ours(GROUP).map(({ content }) => String(content["body"]))).toEqual([
    expect.stringContaining("end-to-end encrypted"),
  ]);
  expect(bot.kept).toEqual([]);
});

test.concurrent("MXEVENT-3: a verdict that somebody quotes is not theirs, and one below a quotation is", async () => {
  await using bot = await Bot.open();
  const first = bot.fake.write("yes abcde");
  const relation = { "m.relates_to": { "m.in_reply_to": { event_id: first } } };
  bot.fake.write("> <@ben:example.org> yes abcde", relation);
  bot.fake.write("> <@ben:example.org> may I?\n> more\n\nno abcde", relation);
  // No answer at all: a quotation of their own making.
  bot.fake.write("> yes abcde\nwhat is that?");
  await bot.settle();
  expect(ownWords(bot)).toEqual(["yes abcde", "no abcde", "> yes abcde\nwhat is that?"]);
});

test.concurrent("MXEVENT-4: an edit of another's message is none, and a moderator's deletion is told of who wrote it", async () => {
  await using bot = await Bot.open();
  const [anns, bens] = [
    bot.fake.write("mine", { room: GROUP }),
    bot.fake.write("his", { room: GROUP, sender: BEN }),
  ];
  const edit = (id: string, sender: string): void =>
    void bot.fake.write("* x", {
      room: GROUP,
      sender,
      "m.new_content": { msgtype: "m.text", body: "yes abcde" },
      "m.relates_to": { rel_type: "m.replace", event_id: id },
    });
  edit(bens, ANN);
  edit(anns, ANN);
  await until(() => bot.kept.length === 3);
  bot.fake.redact(bens, ANN);
  await bot.settle(GROUP);
  expect(bot.kept.map(({ kind, sender }) => [kind, sender.id])).toEqual([
    ["message", ANN],
    ["message", BEN],
    ["message.edited", ANN],
    ["message.deleted", BEN],
  ]);
  expect(ownWords(bot)).toEqual(["mine", "his", "", ""]);
  expect(bot.kept[3]?.text).toBe(`Message ${bens} of Ben was deleted by Ann`);
});

test.concurrent("MXEVENT-5: `!status` is read as the command, and no other word with a mark before it", async () => {
  await using bot = await Bot.open();
  for (const text of ["!status", "!stop build", "!important: look", "!statusbar", "see !status"])
    bot.fake.write(text);
  await bot.settle();
  expect(ownWords(bot)).toEqual([
    "/status",
    "/stop build",
    "!important: look",
    "!statusbar",
    "see !status",
  ]);
});

test.concurrent("MXROOM-1: a direct chat is one until a third comes in, whatever it is called", async () => {
  await using bot = await Bot.open();
  bot.fake.write("alone");
  await until(() => bot.kept.length === 1);
  bot.fake.members.get(DIRECT)?.add(BEN);
  bot.fake.add({ membership: "join" }, { type: "m.room.member", sender: BEN, state_key: BEN });
  bot.fake.write("yes abcde");
  await until(() => bot.kept.length === 2);
  expect(bot.kept.map(({ chat }) => chat?.place)).toEqual(["dm", "group"]);
});

test.concurrent("events of no form that a message has, and those of others' making, cost nothing", async () => {
  await using bot = await Bot.open();
  const odd: Record<string, unknown>[] = [
    {},
    { msgtype: "m.text" },
    { msgtype: "m.text", body: 5 },
    { msgtype: "m.text", body: "" },
    { msgtype: ["m.text"], body: { a: 1 } },
    { "m.relates_to": { rel_type: "m.replace" }, body: "x" },
    { "m.relates_to": "m.replace", "m.new_content": null },
    { msgtype: "m.key.verification.request", body: "verify me" },
  ];
  for (const content of odd) bot.fake.add(content);
  for (const type of [
    "m.reaction",
    "m.room.redaction",
    "m.sticker",
    "org.example.poll",
    "constructor",
  ])
    bot.fake.add({ body: [], "m.relates_to": { event_id: "$none", key: 4 } }, { type });
  bot.fake.add({ msgtype: "m.file", body: "a", url: "https://evil.example/a" });
  bot.fake.add({ msgtype: "m.text", body: "with a clock of its own" }, { event_id: "$late" });
  const late = bot.fake.find("$late");
  if (late !== undefined) late.origin_server_ts = -5;
  await bot.settle();
  expect(bot.words()).toEqual(["a", "with a clock of its own"]);
  expect(bot.kept[0]?.files).toBeUndefined();
  expect(bot.kept[1]?.occurredAt).toBeUndefined();
});

test.concurrent("an answer of /sync that is too large is asked for with less of each room, and all of it comes", async () => {
  await using bot = await Bot.open();
  await bot.end();
  for (let nth = 0; nth < 9; nth++) bot.fake.write(`message ${nth}`);
  bot.fake.platform.fail({ kind: "status", status: 413 }, 2, ({ path }) => path.endsWith("/sync"));
  await bot.begin();
  await bot.settle();
  expect(bot.words()).toEqual(Array.from({ length: 9 }, (_, nth) => `message ${nth}`));
});

test.concurrent("MXSYNC-6: a gap that may not be read, and ids that are none, cost themselves; the session is told of the gap", async () => {
  await using bot = await Bot.open();
  bot.fake.maxTimeline = 2;
  bot.fake.platform.fail({ kind: "status", status: 403 }, 1, ({ path }) =>
    path.endsWith("/messages"),
  );
  await bot.end();
  for (let nth = 0; nth < 5; nth++) bot.fake.write(`message ${nth}`);
  await bot.begin();
  await until(() => bot.kept.length === 3);
  expect(bot.words()).toEqual([
    expect.stringContaining("messages may be missing"),
    "message 3",
    "message 4",
  ]);
  bot.fake.maxTimeline = 20;
  bot.fake.write("x", { sender: `@${"a".repeat(300)}:example.org` });
  bot.fake.write("x", { event_id: `$${"e".repeat(300)}` });
  bot.fake.write("y", { "m.relates_to": { rel_type: "m.thread", event_id: "$".repeat(5_000) } });
  bot.fake.write("z", { "m.relates_to": { "m.in_reply_to": { event_id: "$".repeat(5_000) } } });
  await bot.settle();
  expect(bot.words().slice(3)).toEqual(["y", "z"]);
});

test.concurrent("MXBUTTON-1: a tap is known after a restart, also where labels are alike; after an edit there is nothing to tap", async () => {
  await using bot = await Bot.open();
  const buttons = [
    [
      { id: "b.1", label: "Yes" },
      { id: "b.2", label: "Yes" },
      { id: "b.3", label: "why", asks: { title: "t", label: "l" } },
    ],
  ];
  const { messageIds } = await bot.connection.send({ chatId: DIRECT, text: "May I?", buttons });
  const [id = ""] = messageIds;
  expect(buttonsIn(bot.fake.shown(id))).toEqual(["Yes", "Yes (2)"]);
  await bot.end();
  await bot.begin();
  const tap = (key: string): void =>
    void bot.fake.add(
      { "m.relates_to": { rel_type: "m.annotation", event_id: id, key } },
      { type: "m.reaction" },
    );
  tap("Yes (2)");
  tap("👍");
  await until(() => bot.kept.length === 2);
  expect(bot.kept.map(({ chat, kind }) => [kind, chat?.button])).toEqual([
    ["button", "b.2"],
    ["reaction", undefined],
  ]);
  await bot.connection.edit?.(DIRECT, id, "Allowed");
  expect(bot.fake.reactions(id)).toEqual([]);
  tap("Yes");
  await until(() => bot.kept.length === 3);
  expect(bot.kept[2]?.chat?.button).toBeUndefined();
  // The word of a button is nobody's emoji.
  expect(bot.kept[2]?.meta["reaction"]).toBe("a reaction in words");
});

test.concurrent("MXREACT-1: one sign at a message, over a restart as well", async () => {
  await using bot = await Bot.open();
  const id = bot.fake.write("look");
  await until(() => bot.kept.length === 1);
  await bot.connection.mark?.(DIRECT, id, "received");
  await bot.connection.mark?.(DIRECT, id, "approval");
  expect(bot.fake.reactions(id)).toEqual(["✋"]);
  await bot.end();
  await bot.begin();
  await bot.connection.react?.(DIRECT, id, "🎉");
  await bot.connection.mark?.(DIRECT, id, "lost");
  expect(bot.fake.reactions(id)).toEqual(["🎉", "🤷"]);
  await bot.connection.mark?.(DIRECT, id, "answered");
  expect(bot.fake.reactions(id)).toEqual(["🎉"]);
});

test.concurrent("MXAPI-1: a message whose answer was lost is sent again under its own id: the room has it once, and nothing is unknown", async () => {
  await using bot = await Bot.open();
  bot.fake.platform.fail({ kind: "break" }, 2, ({ method }) => method === "PUT");
  const { messageIds } = await bot.connection.send({ chatId: DIRECT, text: "once" });
  expect(bot.fake.ours().map(({ event_id }) => event_id)).toEqual(messageIds);
});

test.concurrent("MXAPI-1: of a message that may have arrived nothing else is believed, whatever the next try meets", async () => {
  await using bot = await Bot.open();
  const isPut = ({ method }: { method: string }): boolean => method === "PUT";
  bot.fake.platform.fail({ kind: "break" }, 1, isPut);
  bot.fake.platform.fail({ kind: "status", status: 429, retryAfterSeconds: 9 }, 1, isPut);
  await expect(bot.connection.send({ chatId: DIRECT, text: "x" })).rejects.toMatchObject({
    cause: expect.objectContaining({ name: "MaybeSent" }),
  });
  expect(bot.fake.ours()).toHaveLength(1);
});

test.concurrent("MXSEND-1: a long text that breaks off goes on behind the part that arrived", async () => {
  await using bot = await Bot.open();
  const text = `${"a".repeat(15_000)}\n\n${"b".repeat(15_000)}`;
  let puts = 0;
  bot.fake.platform.fail(
    { kind: "status", status: 429, retryAfterSeconds: 3 },
    1,
    ({ method }) => method === "PUT" && ++puts === 2,
  );
  const fault = await bot.connection
    .send({ chatId: DIRECT, text })
    .catch((thrown: unknown) => thrown);
  expect(fault).toMatchObject({ retryAfterMs: 3_000, code: "rate_limited" });
  const [{ event_id: first } = { event_id: "" }] = bot.fake.ours();
  await bot.connection.send({ chatId: DIRECT, text, arrived: [first] });
  expect(bot.fake.ours().map(({ content }) => String(content["body"]).slice(0, 1))).toEqual([
    "a",
    "b",
  ]);
});

test.concurrent("MXHTML-2, MXSEND-2: whatever a text is made of, each event is small enough, and nobody is called by it", async () => {
  await using bot = await Bot.open();
  for (const text of [
    '"&<>'.repeat(4_000),
    `| a | b |\n| - | - |\n${"| `x` | **y** |\n".repeat(700)}`,
    `\`\`\`ts\n${"const a = '<b>&\"';\n".repeat(600)}\`\`\``,
    "@room @ann:example.org hello",
  ])
    await bot.connection.send({ chatId: DIRECT, text });
  for (const { content } of bot.fake.ours()) {
    expect(Buffer.byteLength(JSON.stringify(content))).toBeLessThan(60_000);
    expect(content["m.mentions"]).toEqual({});
  }
});

test("a token that is taken back while it is used waits for its owner", async () => {
  await using bot = await Bot.open();
  bot.fake.token = "another";
  bot.fake.platform.cut();
  await until(() => bot.states.at(-1)?.kind === "paused");
  expect(JSON.stringify(bot.states.at(-1))).toContain("log the bot in again");
});

async function openApi(
  ...answers: { status: number; json?: object; headers?: Record<string, string> }[]
) {
  const platform = await FakePlatform.open(() => answers.shift() ?? { json: {} });
  onTestFinished(() => platform.close());
  const api = new MatrixApi(platform.root, "secret-token", new AbortController().signal, 1);
  return { platform, api };
}

test("MXAPI-2: how long to wait stands in Retry-After, in seconds or as a date, or in the older field", async () => {
  const limit = { errcode: "M_LIMIT_EXCEEDED" };
  const soon = new Date(Date.now() + 60_000).toUTCString();
  for (const [answer, from, to] of [
    [{ headers: { "retry-after": "7" }, json: { ...limit, retry_after_ms: 1 } }, 7_000, 7_000],
    [{ headers: { "retry-after": soon }, json: limit }, 1_000, 60_000],
    [{ json: { ...limit, retry_after_ms: 1_500 } }, 1_500, 1_500],
    [{ json: limit }, 5_000, 5_000],
    [{ headers: { "retry-after": "-3" }, json: limit }, 0, 5_000],
    [{ headers: { "retry-after": "soon" }, json: { ...limit, retry_after_ms: "x" } }, 5_000, 5_000],
  ] as const) {
    const { api } = await openApi({ status: 429, ...answer });
    const fault = await api.call("GET", "client/v3/sync").catch((thrown: unknown) => thrown);
    const wait = (fault as { retryAfterMs: number }).retryAfterMs;
    expect([wait >= from, wait <= to], `${JSON.stringify(answer)}: ${wait}`).toEqual([true, true]);
  }
});

test("MXAPI-3: a fault says the code and no word of the answer; each has what is known of it", async () => {
  for (const [status, json, facts] of [
    [
      401,
      { errcode: "M_UNKNOWN_TOKEN", error: "secret words" },
      { code: "unauthorized", retryable: false },
    ],
    [
      401,
      { errcode: "M_USER_LOCKED", soft_logout: true },
      { code: "send_failed", retryable: true },
    ],
    [
      403,
      { errcode: "M_FORBIDDEN", error: "secret words" },
      { code: "send_failed", retryable: false },
    ],
    [404, { errcode: "M_NOT_FOUND" }, { code: "not_found", retryable: false }],
    [413, { errcode: "M_TOO_LARGE" }, { code: "too_large", retryable: false }],
    [500, {}, { retryable: true, cause: expect.objectContaining({ name: "MaybeSent" }) }],
    [
      504,
      { errcode: "a b<c>" },
      { retryable: true, cause: expect.objectContaining({ name: "MaybeSent" }) },
    ],
    [503, {}, { retryable: true }],
  ] as const) {
    const { api } = await openApi({ status, json });
    const fault = await api
      .call("GET", "client/v3/rooms/!a:b/event/$c")
      .catch((thrown: unknown) => thrown);
    expect(fault, String(status)).toMatchObject(facts);
    expect(String(fault)).not.toMatch(/secret|<c>|!a:b|\$c/);
  }
});

test("an address that is none is told at once, and what speaks no Matrix is not believed", async () => {
  for (const root of ["matrix.example.org", "ftp://x", "https://u:p@x", "https://x/?a=b", ""])
    expect(() => new MatrixApi(root, "t", new AbortController().signal, 1), root).toThrow(
      /MATRIX_HOMESERVER/,
    );
  const platform = await FakePlatform.open(() => ({ text: "<html>It works!" }));
  onTestFinished(() => platform.close());
  const api = new MatrixApi(`${platform.root}//`, "t", new AbortController().signal, 1);
  await expect(api.call("GET", "client/v3/account/whoami")).rejects.toThrow(/no JSON/);
});

test("a file's address is a homeserver's, and its token goes to no other host", async () => {
  const { api, platform } = await openApi(
    { status: 404, json: { errcode: "M_UNRECOGNIZED" } },
    { status: 307, headers: { location: "http://127.0.0.1:9/file" } },
  );
  for (const reference of ["mxc://a/../b", "https://a/b", "mxc://a b/c", "mxc://a", "mxc://a/b?c"])
    await expect(api.download(reference, 10), reference).rejects.toMatchObject({
      code: "bad_input",
    });
  // What a CDN is, is looked at as any address from outside.
  await expect(api.download("mxc://a.org/b", 10)).rejects.toMatchObject({ code: "bad_input" });
  expect(platform.requests.map(({ path }) => path)).toEqual([
    "/_matrix/client/v1/media/download/a.org/b",
    "/_matrix/media/v3/download/a.org/b",
  ]);
});
