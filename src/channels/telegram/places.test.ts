/** Topics that are gone, groups that became supergroups, links without previews: messages arrive all the same, and in the right place. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { OutgoingFile } from "../../sdk/message.ts";
import { Rig, until } from "./rig.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-tg-places-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string): OutgoingFile {
  const path = join(folder, name);
  writeFileSync(path, "x");
  return { path, name, bytes: 1 };
}

const MESSAGE = { chatId: "-100123", threadId: "5", replyTo: "30", text: "done" };

// BOTSEND-4
test.each([
  "Bad Request: message thread not found",
  "Bad Request: TOPIC_CLOSED",
  "Bad Request: TOPIC_DELETED",
  "Bad Request: TOPIC_ID_INVALID",
  "Bad Request: the chat is not a forum",
])("a topic that is gone (%s) stops no answer: it goes to the group, once", async (description) => {
  await using rig = await Rig.open();
  rig.fake.fail("sendMessage", { kind: "error", status: 400, description });
  await rig.connection.send(MESSAGE);
  const sent = rig.fake.sent("sendMessage").map(({ payload }) => payload);
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({ text: "done", reply_parameters: { message_id: 30 } });
  expect(sent[0]).not.toHaveProperty("message_thread_id");
});

test("an answer to a message in a closed topic goes to the group without pointing there", async () => {
  await using rig = await Rig.open();
  const closed = { kind: "error", status: 400, description: "Bad Request: TOPIC_CLOSED" } as const;
  rig.fake.fail("sendMessage", closed, 2);
  await rig.connection.send(MESSAGE);
  const [sent] = rig.fake.sent("sendMessage");
  expect(sent?.payload).not.toHaveProperty("message_thread_id");
  expect(sent?.payload).not.toHaveProperty("reply_parameters");
});

test("a group that is closed as a whole is a fault, said once", async () => {
  await using rig = await Rig.open();
  const closed = { kind: "error", status: 400, description: "Bad Request: TOPIC_CLOSED" } as const;
  rig.fake.fail("sendMessage", closed, 9);
  await expect(rig.connection.send(MESSAGE)).rejects.toMatchObject({
    message: "telegram: sendMessage: Bad Request: TOPIC_CLOSED (400)",
  });
  expect(rig.fake.calls.filter(({ method }) => method === "sendMessage")).toHaveLength(3);
});

test("a topic that goes away between two parts, and one of files: every part arrives, none twice", async () => {
  await using rig = await Rig.open();
  const gone = {
    kind: "error",
    status: 400,
    description: "Bad Request: message thread not found",
  } as const;
  rig.fake.fail("sendMessage", gone, 1, 1);
  const { messageIds } = await rig.connection.send({ ...MESSAGE, text: "word ".repeat(2_000) });
  expect(messageIds).toHaveLength(3);
  const threads = rig.fake.sent("sendMessage").map(({ payload }) => payload["message_thread_id"]);
  expect(threads).toEqual([5, undefined, undefined]);
  for (const [method, files] of [
    ["sendPhoto", [file("a.png")]],
    ["sendDocument", [file("a.pdf")]],
    ["sendMediaGroup", [file("b.png"), file("c.png")]],
  ] as const) {
    rig.fake.fail(method, gone);
    await rig.connection.send({ ...MESSAGE, files });
    expect(rig.fake.sent(method)).toHaveLength(1);
    expect(rig.fake.sent(method)[0]?.payload).not.toHaveProperty("message_thread_id");
  }
});

test("typing is shown in the topic where the answer is waited for", async () => {
  await using rig = await Rig.open();
  await rig.connection.typing?.("-100123", "working", "5");
  await rig.connection.typing?.("77", "working");
  expect(rig.fake.sent("sendChatAction").map(({ payload }) => payload)).toEqual([
    { chat_id: "-100123", action: "typing", message_thread_id: 5 },
    { chat_id: "77", action: "typing" },
  ]);
  rig.fake.fail("sendChatAction", {
    kind: "error",
    status: 400,
    description: "Bad Request: message thread not found",
  });
  await rig.connection.typing?.("-100123", "working", "6");
});

const UPGRADED = {
  kind: "error",
  status: 400,
  description: "Bad Request: group chat was upgraded to a supergroup chat",
  migrateTo: -100_777,
} as const;

// BOTSEND-5
test("a group that became a supergroup: the answer is sent again there, nothing of the old group is named, the hub hears of it once", async () => {
  await using rig = await Rig.open();
  rig.fake.fail("sendMessage", UPGRADED);
  await rig.connection.send({ ...MESSAGE, chatId: "-5" });
  await rig.connection.send({ ...MESSAGE, chatId: "-5" });
  await rig.connection.typing?.("-5");
  const sent = rig.fake.sent("sendMessage").map(({ payload }) => payload);
  expect(sent.map((payload) => payload["chat_id"])).toEqual(["-100777", "-100777"]);
  for (const payload of sent) {
    // Message 30 of the new group is another one.
    expect(payload).not.toHaveProperty("reply_parameters");
    expect(payload).not.toHaveProperty("message_thread_id");
  }
  expect(rig.fake.sent("sendChatAction")[0]?.payload["chat_id"]).toBe("-100777");
  expect(rig.fake.calls.filter(({ method }) => method === "sendMessage")).toHaveLength(3);
  expect(rig.moves).toEqual([["-5", "-100777"]]);
});

test("in a supergroup that was a group no message is edited or marked that only has the same id", async () => {
  await using rig = await Rig.open();
  rig.fake.fail("editMessageText", UPGRADED);
  rig.fake.fail("setMessageReaction", UPGRADED);
  await expect(rig.connection.edit?.("-5", "30", "x")).rejects.toMatchObject({
    code: "send_failed",
  });
  await expect(rig.connection.mark?.("-5", "30", "done")).rejects.toMatchObject({
    code: "send_failed",
  });
  expect(rig.moves).toEqual([["-5", "-100777"]]);
  expect(rig.fake.sent("editMessageText")).toEqual([]);
});

test("Telegram says in both groups that one became the other: the hub hears it before what is written there", async () => {
  await using rig = await Rig.open();
  const from = { id: 77, is_bot: false, first_name: "Ann" };
  const old = { id: -5, type: "group", title: "Ops" };
  const now = { id: -100_777, type: "supergroup", title: "Ops" };
  const order: string[] = [];
  rig.beforeTake = async (arrivals) => {
    if (arrivals.length > 0) order.push(`${rig.moves.length} moves`);
  };
  rig.fake.push({
    message: { message_id: 1, date: 1, from, chat: old, migrate_to_chat_id: -100_777 },
  });
  rig.fake.push({
    message: { message_id: 1, date: 1, from, chat: now, migrate_from_chat_id: -5 },
  });
  rig.fake.push({ message: { message_id: 2, date: 1, from, chat: now, text: "hello" } });
  await until(() => rig.taken.length === 1);
  await until(() => rig.fake.waiting === 0);
  expect(rig.moves).toEqual([
    ["-5", "-100777"],
    ["-5", "-100777"],
  ]);
  expect(order).not.toContain("0 moves");
  expect(rig.taken[0]?.chatId).toBe("-100777");
});

test("a paste that the client splits at 4096 characters is taken whole, in its order", async () => {
  await using rig = await Rig.open();
  const paste = Array.from({ length: 900 }, (_, line) => `line ${line} 😀 हिन्दी`).join("\n");
  const parts = paste.match(/[^]{1,4096}/gu) ?? [];
  for (const [index, text] of parts.entries())
    rig.fake.push({
      message: {
        message_id: index + 1,
        date: 1_767_603_600,
        text,
        from: { id: 77, is_bot: false, first_name: "Ann" },
        chat: { id: 77, type: "private" },
      },
    });
  await until(() => rig.taken.length === parts.length);
  expect(parts.length).toBeGreaterThan(3);
  expect(rig.taken.map(({ quotes }) => quotes[0]?.text).join("")).toBe(paste);
});

test("links show no preview, in answers, notices and edits, unless the owner wants them", async () => {
  const text = "see https://example.org/x";
  const look = async (rig: Rig): Promise<unknown[]> => {
    const { messageIds } = await rig.connection.send({ chatId: "77", text });
    await rig.connection.edit?.("77", messageIds[0] ?? "", `${text}y`);
    return [...rig.fake.sent("sendMessage"), ...rig.fake.sent("editMessageText")].map(
      ({ payload }) => payload["link_preview_options"],
    );
  };
  await using off = await Rig.open();
  expect(await look(off)).toEqual([{ is_disabled: true }, { is_disabled: true }]);
  off.settings = { "link-previews": "on" };
  await off.drop();
  await off.connect();
  expect((await look(off)).slice(-1)).toEqual([{ is_disabled: false }]);
});

test("a text that Telegram refuses goes out as it was written, without a preview too", async () => {
  await using rig = await Rig.open();
  rig.fake.fail("sendMessage", {
    kind: "error",
    status: 400,
    description: "Bad Request: can't parse entities: x",
  });
  await rig.connection.send({ chatId: "77", text: "**see** https://example.org" });
  expect(rig.fake.sent("sendMessage")[0]?.payload).toMatchObject({
    text: "**see** https://example.org",
    link_preview_options: { is_disabled: true },
  });
});
