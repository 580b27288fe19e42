/** Presses, menus, forms and slash commands, as Discord tells and wants them. */
import { expect, test } from "vitest";
import type { Arrival } from "../../sdk/event.ts";
import { readOwnWords } from "../../sdk/words.ts";
import { findSpeaker } from "../../flow/prompt/chat/speaker.ts";
import { ANN, BOT, CHANNEL, DIRECT, SERVER } from "../../../test/fakes/discord/fake-discord.ts";
import { Rig, until } from "./rig.fixture.ts";

const HANDLE = "A".repeat(22);
const BUTTONS = [
  [
    { id: `${HANDLE}.a`, label: "Allow" },
    { id: `${HANDLE}.d`, label: "Deny", says: "no abcde" },
    {
      id: `${HANDLE}.w`,
      label: "Deny and say why",
      asks: { title: "Deny this call", label: "What the session is told" },
    },
  ],
  [{ id: `${HANDLE}.h`, label: "Deny all for 15 min" }],
];

async function post(rig: Rig, buttons = BUTTONS): Promise<string> {
  const { messageIds } = await rig.connection.send({
    chatId: DIRECT,
    text: "**Permission: abcde**",
    buttons,
  });
  return messageIds[0] ?? "";
}

test("a press comes as the button's id, from who pressed, and is answered to them alone", async () => {
  await using rig = await Rig.open();
  rig.answer = () => "Allowed: Bash in work (abcde)";
  const message = await post(rig);
  const press = rig.fake.press(message, "Allow");
  await until(() => rig.fake.answers(press).length === 1);
  expect(rig.taken[0]).toMatchObject({
    kind: "button",
    sender: { id: ANN, name: "Ann" },
    chatId: DIRECT,
    chat: { place: "dm", account: BOT, button: `${HANDLE}.a` },
    meta: { message_id: message },
  });
  expect(rig.fake.answers(press)).toEqual([
    {
      type: 4,
      data: {
        content: "Allowed: Bash in work (abcde)",
        flags: 64,
        allowed_mentions: { parse: [] },
      },
    },
  ]);
});

test("INTERACT-4: a stranger's press gets no sign, and opens no form", async () => {
  await using rig = await Rig.open();
  rig.admits = () => false;
  const message = await post(rig);
  const presses = [rig.fake.press(message, "Allow"), rig.fake.press(message, "Deny and say why")];
  await until(() => rig.taken.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(presses.flatMap((press) => rig.fake.answers(press))).toEqual([]);
});

test("INTERACT-1: what takes longer than Discord waits is put off in time, and said afterwards", async () => {
  await using rig = await Rig.open();
  rig.answer = () => "Denied.";
  const message = await post(rig);
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  rig.beforeTake = async (arrivals) => {
    if (arrivals.length > 0) await gate;
  };
  const press = rig.fake.press(message, "Deny");
  const command = rig.fake.interact({ type: 2, data: { name: "status", type: 1 } });
  await until(() => rig.fake.answers(press).length === 1 && rig.fake.answers(command).length === 1);
  expect(rig.fake.answers(press)).toEqual([{ type: 6 }]);
  expect(rig.fake.answers(command)).toEqual([{ type: 5, data: { flags: 64 } }]);
  open();
  await until(() => rig.fake.answers(press).length === 2 && rig.fake.answers(command).length === 2);
  expect(rig.fake.answers(press)[1]).toMatchObject({ content: "Denied.", flags: 64 });
  expect(rig.fake.done(/^PATCH \/webhooks\/\d+\/token-\d+\/messages\/@original$/)).toHaveLength(1);
});

test("INTERACT-5: a form opens at once and comes back with its words, as the sender's own", async () => {
  await using rig = await Rig.open();
  const message = await post(rig);
  const press = rig.fake.press(message, "Deny and say why");
  await until(() => rig.fake.answers(press).length === 1);
  const [opened] = rig.fake.answers(press) as {
    type: number;
    data: { custom_id: string; title: string };
  }[];
  expect(opened).toMatchObject({
    type: 9,
    data: {
      title: "Deny this call",
      components: [{ type: 18, label: "What the session is told" }],
    },
  });
  expect(rig.taken).toEqual([]);
  const custom_id = opened?.data.custom_id;
  const value = "use the staging host\nplease";
  const shapes = [
    [{ type: 18, component: { type: 4, custom_id: "words", value } }],
    [{ type: 1, components: [{ type: 4, custom_id: "words", value }] }],
  ];
  for (const components of shapes)
    rig.fake.interact({ type: 5, data: { custom_id, components }, message: { id: message } });
  await until(() => rig.taken.length === 2);
  for (const arrival of rig.taken) {
    expect(arrival.chat?.button).toBe(`${HANDLE}.w`);
    expect(readOwnWords(arrival)).toBe(value);
  }
});

test("DISBUTTON-2: more options than fit are menus, and to pick one is to press its button", async () => {
  await using rig = await Rig.open();
  const options = Array.from({ length: 40 }, (_, i) => [
    { id: `${HANDLE}.o0.${i}`, label: `${i + 1} option ${"x".repeat(90)}`, isChoice: true },
  ]);
  const message = await post(rig, [
    ...options,
    [{ id: `${HANDLE}.d`, label: "Leave it unanswered" }],
  ] as typeof BUTTONS);
  const rows = rig.fake.read(DIRECT, message)?.["components"] as {
    components: { type: number; options?: unknown[] }[];
  }[];
  expect(rows.map(({ components }) => components[0]?.options?.length ?? components.length)).toEqual(
    [25, 15, 1],
  );
  const second = (rows[1]?.components[0]?.options ?? []) as { label: string }[];
  const label = second[2]?.label ?? "";
  rig.fake.press(message, label);
  await until(() => rig.taken.length === 1);
  expect(rig.taken[0]?.chat?.button).toBe(`${HANDLE}.o0.27`);
});

// DISBUTTON-1
test("buttons that fit no message are refused before anything is sent", async () => {
  await using rig = await Rig.open();
  const pairs = Array.from({ length: 14 }, (_, i) => [
    { id: `a${i}`, label: "a" },
    { id: `b${i}`, label: "b" },
  ]);
  await expect(post(rig, pairs as typeof BUTTONS)).rejects.toThrow(
    "28 buttons do not fit one message",
  );
  await expect(
    post(rig, [[{ id: "x".repeat(101), label: "x" }]] as unknown as typeof BUTTONS),
  ).rejects.toThrow("1 to 100 characters");
  expect(rig.fake.done(/^POST .*\/messages$/)).toEqual([]);
});

test.each([
  ["status", [], "/status"],
  ["stop", [{ name: "session", type: 3, value: " App " }], "/stop App"],
  [
    "deny",
    [
      { name: "code", type: 3, value: "abcde" },
      { name: "reason", type: 3, value: "not on Fridays" },
    ],
    "no abcde not on Fridays",
  ],
  [
    "allow",
    [
      { name: "for", type: 3, value: "day" },
      { name: "code", type: 3, value: "abcde" },
    ],
    "yes abcde day",
  ],
  [
    "answer",
    [
      { name: "code", type: 3, value: "abcde" },
      { name: "text", type: 3, value: "1,3" },
    ],
    "yes abcde 1,3",
  ],
  ["away", [], "/away"],
])("/%s is what it is to type %j %s, and is answered in place", async (name, options, words) => {
  await using rig = await Rig.open();
  rig.answer = () => "Said.";
  const id = rig.fake.interact({ type: 2, data: { id: "1", name, type: 1, options } });
  await until(() => rig.fake.answers(id).length === 1);
  expect(readOwnWords(rig.taken[0] as Arrival)).toBe(words);
  expect(rig.taken[0]?.chat).toMatchObject({ isCommand: true, place: "dm" });
  expect(rig.fake.answers(id)).toMatchObject([{ type: 4, data: { content: "Said.", flags: 64 } }]);
});

test("INTERACT-2, INTERACT-3: a command in a server, in a group of people or of a bot is heard as no approver's", async () => {
  await using rig = await Rig.open();
  const deny = {
    type: 2,
    data: { name: "deny", type: 1, options: [{ name: "code", value: "abcde" }] },
  };
  const user = { id: ANN, username: "ann" };
  const inServer = {
    guild_id: SERVER,
    channel_id: CHANNEL,
    channel: { id: CHANNEL, type: 0 },
    context: 0,
    member: { user },
    user: undefined,
  };
  const places = [
    inServer,
    { ...inServer, context: 1 },
    { context: 2, channel: { id: DIRECT, type: 3 } },
    { context: 1, channel: { id: DIRECT, type: 3 } },
    { context: undefined, channel: undefined },
    { user: { ...user, bot: true } },
  ];
  for (const more of places) rig.fake.interact({ ...deny, ...more });
  rig.fake.interact(deny);
  await until(() => rig.taken.length === places.length + 1);
  const heard = rig.taken.map(
    (arrival) =>
      findSpeaker(arrival, {
        readRoles: (_, account, id) => (account === BOT && id === ANN ? ["approver"] : []),
        access: () => ({ paused: false, allowUnsigned: false }),
      })?.isApprover === true,
  );
  expect(heard).toEqual([...places.map(() => false), true]);
});

test("the commands are made once, changed ones again, and those of others are left alone", async () => {
  await using rig = await Rig.open();
  await until(() => rig.fake.commands.length === 9);
  const made = rig.fake.done(/^POST \/applications/).length;
  rig.fake.commands.push({ id: "1", name: "theirs", description: "of another program" });
  await rig.drop();
  await rig.connect();
  await until(() => rig.fake.done(/^GET \/applications\/\d+\/commands/).length === 2);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(rig.fake.done(/^POST \/applications/)).toHaveLength(made);
  expect(rig.fake.commands).toHaveLength(10);
  for (const { payload } of rig.fake.done(/^POST \/applications/))
    expect(payload).toMatchObject({ type: 1, contexts: [1], integration_types: [0] });
});
