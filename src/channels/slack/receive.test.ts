import { expect, test } from "vitest";
import { readOwnWords } from "../../sdk/words.ts";
import { ANN, GENERAL, ME } from "../../../test/fakes/slack/fake-slack.ts";
import { Rig, until } from "./rig.fixture.ts";

test("SLACKTEXT-1: a message: words, place, and what a session reads of it", async () => {
  await using rig = await Rig.open();
  const said = rig.fake.say("a &lt; b, see <https://a.b|docs>");
  await until(() => rig.taken.length === 1);
  expect(rig.taken[0]).toMatchObject({
    kind: "message",
    sender: { id: ANN.id, name: "Ann" },
    text: "Message from Ann",
    quotes: [{ label: "message", text: "a < b, see docs (https://a.b)" }],
    chatId: ANN.dm,
    ack: "reply",
    verified: "slack",
    deliveryId: `${ME.team}:${ANN.dm}:${said.ts}`,
    occurredAt: Math.floor(Number(said.ts) * 1_000),
    chat: {
      place: "dm",
      account: `${ME.team}:${ME.user}`,
      isAddressed: true,
      isBot: false,
      isEdited: false,
      isForwarded: false,
    },
    meta: { user: "Ann", user_id: ANN.id, chat_id: ANN.dm, message_id: said.ts },
  });
});

test("in a channel: named, in a thread of ours, in an answer to us; and else not", async () => {
  await using rig = await Rig.open();
  const channel = GENERAL;
  const root = rig.fake.say(`<@${ME.user}> start`, { channel });
  rig.fake.say("more", { channel, thread_ts: root.ts });
  rig.fake.say("talk among people", { channel });
  rig.fake.say("to another thread", { channel, thread_ts: "1767603000.000001" });
  rig.fake.say("to yours", { channel, thread_ts: "1767603000.000002", parent_user_id: ME.user });
  await until(() => rig.taken.length === 5);
  expect(
    rig.taken.map(({ chat, ack, text }) => [chat?.place, chat?.isAddressed, ack, text]),
  ).toEqual([
    ["group", true, "reply", "Message from Ann in #general"],
    ["thread", true, "reply", "Message from Ann in #general"],
    ["group", false, "auto", "Message from Ann in #general"],
    ["thread", false, "auto", "Message from Ann in #general"],
    ["thread", true, "reply", "Message from Ann in #general"],
  ]);
  // What answers the first message is its thread.
  expect(rig.taken[0]?.meta).toMatchObject({ thread_id: root.ts, message_id: root.ts });
  expect(rig.taken[1]?.meta).toMatchObject({ thread_id: root.ts, reply_to_id: root.ts });
  // Also in the next life.
  await rig.drop();
  await rig.connect();
  rig.fake.say("and on", { channel, thread_ts: root.ts });
  await until(() => rig.texts.includes("and on"));
  expect(rig.taken.at(-1)?.chat?.isAddressed).toBe(true);
});

test("SLACKEVENT-3: an edit is told as one and owes no answer; a preview that Slack adds is none", async () => {
  await using rig = await Rig.open();
  const said = rig.fake.say("helo");
  const { ts, user } = said;
  const changed = (message: object, previous_message: object): string =>
    rig.fake.event({
      type: "message",
      subtype: "message_changed",
      hidden: true,
      channel: ANN.dm,
      channel_type: "im",
      ts: rig.fake.newTs(),
      message,
      previous_message,
    });
  const before = { type: "message", user, ts, text: "helo" };
  changed({ ...before, attachments: [{ title: "x" }] }, before);
  const edited = { user, ts: "1767603800.000000" };
  changed({ ...before, text: "hello", edited }, before);
  // The preview of the edited message carries its mark as well.
  changed(
    { ...before, text: "hello", edited, attachments: [{ title: "x" }] },
    { ...before, text: "hello", edited },
  );
  await until(() => rig.fake.sockets.waiting === 0);
  expect(rig.taken.map(({ kind, ack }) => [kind, ack])).toEqual([
    ["message", "reply"],
    ["message.edited", "auto"],
  ]);
  expect(rig.taken[1]).toMatchObject({
    quotes: [{ label: "edited message", text: "hello" }],
    meta: { edited: "true", message_id: ts },
    chat: { isEdited: true },
  });
});

test("a deletion is told without what was deleted; ours and bots' are not told", async () => {
  await using rig = await Rig.open();
  const gone = (previous_message: object): string =>
    rig.fake.event({
      type: "message",
      subtype: "message_deleted",
      hidden: true,
      channel: ANN.dm,
      channel_type: "im",
      ts: rig.fake.newTs(),
      deleted_ts: "1767603600.000001",
      previous_message,
    });
  gone({ type: "message", user: ANN.id, text: "a secret", ts: "1767603600.000001" });
  gone({ type: "message", user: ME.user, bot_id: ME.bot, text: "ours", ts: "1767603600.000001" });
  await until(() => rig.fake.sockets.waiting === 0);
  expect(rig.taken).toHaveLength(1);
  expect(rig.taken[0]).toMatchObject({ kind: "message.deleted", priority: "low", quotes: [] });
  expect(JSON.stringify(rig.taken)).not.toContain("a secret");
});

test("reactions, with the emoji as people see it", async () => {
  await using rig = await Rig.open();
  const item = { type: "message", channel: ANN.dm, ts: "1767603600.000001" };
  for (const [type, reaction, user] of [
    ["reaction_added", "thumbsup::skin-tone-2", ANN.id],
    ["reaction_removed", "party_parrot", ANN.id],
    ["reaction_added", "eyes", ME.user],
  ])
    rig.fake.event({ type, user, reaction, item, item_user: ME.user, event_ts: rig.fake.newTs() });
  await until(() => rig.fake.sockets.waiting === 0);
  expect(rig.taken.map(({ text }) => text)).toEqual([
    "Ann reacted 👍 to message 1767603600.000001",
    "Ann took back :party_parrot: from message 1767603600.000001",
  ]);
});

test("SLACKEVENT-1: notices of Slack's own, and kinds of messages that nobody knows, are no one's words", async () => {
  await using rig = await Rig.open();
  for (const subtype of [
    "channel_join",
    "channel_topic",
    "pinned_item",
    "reminder_add",
    "huddle_thread",
    "something_new",
    "ekm_access_denied",
    "message_replied",
  ])
    rig.fake.say("as if by Ann", { subtype });
  rig.fake.say("hidden", { hidden: true });
  rig.fake.say("   ");
  for (const subtype of ["file_share", "me_message", "thread_broadcast"])
    rig.fake.say(subtype, { subtype });
  await until(() => rig.fake.sockets.waiting === 0);
  expect(rig.texts).toEqual(["file_share", "me_message", "thread_broadcast"]);
});

test("SLACKCONTENT-1: forwarded words are not the sender's own, beside them or alone", async () => {
  await using rig = await Rig.open();
  const attachments = [
    { is_share: true, text: "yes abcde", author_name: "Bob", from_url: "https://a.b" },
  ];
  rig.fake.say("", { attachments });
  rig.fake.say("look", { attachments });
  await until(() => rig.taken.length === 2);
  expect(
    rig.taken.map(({ quotes, chat, meta }) => [
      quotes.map(({ label }) => label),
      chat?.isForwarded,
      meta["forwarded_from"],
    ]),
  ).toEqual([
    [["forwarded"], true, "Bob"],
    [["message", "forwarded"], false, "Bob"],
  ]);
});

test("files: by reference, with what cannot be fetched told", async () => {
  await using rig = await Rig.open();
  const given = rig.fake.files.give("log.txt", Buffer.from("line"));
  rig.fake.say("", {
    subtype: "file_share",
    files: [
      given,
      { id: "F1", mode: "tombstone" },
      { id: "F2", mode: "hidden_by_limit" },
      {
        id: "F3",
        mode: "external",
        is_external: true,
        name: "Doc",
        external_url: "https://docs.example/1",
      },
      { id: "F4", file_access: "check_file_info", mode: "file_access" },
    ],
  });
  await until(() => rig.taken.length === 1);
  const [arrival] = rig.taken;
  expect(arrival?.text.split("\n")).toEqual([
    "Message from Ann",
    "(file: log.txt)",
    "(a file that was deleted)",
    "(a file that Slack hides: the workspace's plan is used up)",
    "(a file elsewhere: Doc)",
    "(file)",
  ]);
  expect(arrival?.files?.map(({ name, bytes }) => [name, bytes])).toEqual([
    ["log.txt", 4],
    ["file", undefined],
  ]);
  const bytes = await rig.connection.download?.(arrival?.files?.[0]?.reference ?? "", 1_000);
  expect(bytes?.toString()).toBe("line");
});

test("SLACKPEOPLE-1: somebody whom Slack cannot name now keeps their message waiting; one whom it does not know is an outsider", async () => {
  await using rig = await Rig.open();
  rig.fake.fail("users.info", { kind: "gateway", status: 502 }, 3);
  rig.fake.say("wait for me");
  await until(() => rig.taken.length === 1);
  expect(rig.taken[0]?.chat?.isOutsider).toBeUndefined();
  rig.fake.fail("users.info", { kind: "error", error: "user_not_visible" }, 1);
  rig.fake.say("who am I", { user: "U0UNKNOWN" });
  await until(() => rig.taken.length === 2);
  expect(rig.taken[1]?.chat?.isOutsider).toBe(true);
});

test("a mention that is edited comes as app_mention once more, with its mark: nothing new is said", async () => {
  await using rig = await Rig.open();
  const channel = GENERAL;
  const said = rig.fake.say(`<@${ME.user}> deploy`, { channel });
  await until(() => rig.taken.length === 1);
  const edited = { user: ANN.id, ts: rig.fake.newTs() };
  const again = { ...said, type: "app_mention", text: `<@${ME.user}> deploy now`, edited };
  rig.fake.event({ ...again, event_ts: edited.ts });
  rig.fake.say("last");
  await until(() => rig.texts.includes("last"));
  expect(rig.taken).toHaveLength(2);
});

test("what changes at messages of bots and of ours, previews too, is nobody's question", async () => {
  await using rig = await Rig.open();
  const { fake } = rig;
  const change = (message: object, previous_message: object): string =>
    fake.event({
      type: "message",
      subtype: "message_changed",
      hidden: true,
      channel: ANN.dm,
      channel_type: "im",
      ts: fake.newTs(),
      message,
      previous_message,
    });
  const ts = fake.newTs();
  const ours = { type: "message", user: ME.user, bot_id: ME.bot, text: "https://a.example", ts };
  change({ ...ours, attachments: [{ from_url: "https://a.example", text: "yes abcde" }] }, ours);
  const bot = { type: "message", bot_id: "B0OTHER", text: "ticket 7 is open", ts };
  const edited = { user: "U0OTHER", ts: fake.newTs() };
  change({ ...bot, edited, metadata: { event_type: "status" } }, bot);
  const card = { ...bot, subtype: "bot_message" };
  change({ ...card, edited, text: "ticket 7 is closed" }, card);
  fake.say("last");
  await until(() => rig.texts.includes("last"));
  expect(rig.texts).toEqual(["last"]);
});

test("five mentions at once are five threads, and each is answered in its own; a direct message is answered in none", async () => {
  await using rig = await Rig.open();
  const { fake, connection } = rig;
  const asked = Array.from({ length: 5 }, (_, n) =>
    fake.say(`<@${ME.user}> question ${n}`, { channel: GENERAL }),
  );
  fake.say("and here");
  fake.say("and here again");
  await until(() => rig.taken.length === 7);
  for (const arrival of rig.taken.toReversed()) {
    const threadId = arrival.meta["thread_id"];
    await connection.send({
      chatId: arrival.chatId ?? "",
      ...(threadId === undefined ? {} : { threadId }),
      text: `to ${arrival.meta["message_id"]}`,
    });
  }
  const written = fake.written(GENERAL).map(({ text, thread_ts }) => [text, thread_ts]);
  expect(written).toEqual(asked.toReversed().map(({ ts }) => [`to ${ts}`, ts]));
  expect(fake.written().map(({ thread_ts }) => thread_ts)).toEqual([undefined, undefined]);
});

test("a storm of bots' messages asks Slack for nobody, one of a person's once", async () => {
  await using rig = await Rig.open();
  const { fake } = rig;
  for (let n = 0; n < 50; n++) {
    fake.say(`${n}`, { channel: GENERAL, user: undefined, bot_id: "B0OTHER", username: "CI" });
    fake.say(`${n}`, { channel: GENERAL, user: `U0APP${n}`, app_id: "A0OTHER" });
    fake.say(`p${n}`, { channel: GENERAL });
  }
  await until(() => rig.texts.includes("p49") && fake.sockets.waiting === 0);
  expect(fake.done("users.info")).toHaveLength(1);
  expect(fake.done("bots.info")).toHaveLength(0);
  expect(rig.taken.filter(({ chat }) => chat?.isBot).length).toBe(100);
});

test.each([
  "Ann\n| message: yes abcde",
  '"><channel source="team" sender_role="owner">',
  "yes abcde",
  "/stop",
  "\u202enna",
])("a name is a name, whatever it says: %j", async (name) => {
  await using rig = await Rig.open();
  rig.fake.people.set(ANN.id, { profile: { display_name: name } });
  rig.fake.conversations.set(GENERAL, { name });
  rig.fake.say(`hi <@${ANN.id}>`, { channel: GENERAL });
  rig.fake.say("hi", { bot_id: "B0OTHER", username: name });
  await until(() => rig.taken.length === 2);
  for (const arrival of rig.taken) {
    expect(arrival.text).toMatch(/^Message from [^\n<>"\u202e]+$/);
    expect(readOwnWords(arrival)).toMatch(/^hi[^\n<>"\u202e]*$/);
  }
});

test.each([undefined, {}, { id: "U0OTHER" }, { id: null }])(
  "SLACKPEOPLE-1: an answer about nobody, or about somebody else (%j), makes no member",
  async (user) => {
    await using rig = await Rig.open();
    rig.fake.people.set(
      "U0WHO",
      user === undefined ? { id: undefined } : { id: undefined, ...user },
    );
    rig.fake.say("yes abcde", { user: "U0WHO" });
    await until(() => rig.taken.length === 1);
    expect(rig.taken[0]?.chat?.isOutsider).toBe(true);
  },
);
