import { expect, test } from "vitest";
import type { ChannelContext } from "../../sdk/channel.ts";
import type { OutgoingMessage } from "../../sdk/message.ts";
import type { Page } from "../../sdk/page.ts";
import { readOwnWords } from "../../sdk/words.ts";
import { chat } from "./index.ts";
import { toArrival, toEdit, toReaction } from "./receive.ts";

// The channel contract of src/testing does not run here: it moves a platform from outside, and this channel has none;
// its arrivals are claimed by src/hub/web/web.test.ts and test/browser.

const MESSAGE = {
  channel: "chat",
  chatId: "chat-1",
  messageId: "m0123456789",
  text: "hello",
  deliveryId: "key-1234",
  files: [],
};

// CHATPAGE-1
test("what is typed is quoted, and its sender is the page's one user in a direct conversation", () => {
  expect(toArrival(MESSAGE)).toMatchObject({
    kind: "message",
    sender: { id: "owner" },
    quotes: [{ label: "message", text: "hello" }],
    verified: "web",
    ack: "reply",
    chatId: "chat-1",
    deliveryId: "key-1234",
    meta: { message_id: "m0123456789" },
    chat: { place: "dm", isBot: false, isForwarded: false },
  });
  expect(toArrival(MESSAGE).text).not.toContain("hello");
});

test("files go by reference, an answer names its message in short", () => {
  const arrival = toArrival({
    ...MESSAGE,
    text: "",
    files: [{ reference: "f1", name: "a.txt", bytes: 3 }],
    replyTo: { id: "m1", text: "x".repeat(500) },
  });
  // What it answers is read as a quote, and is nobody's new word.
  expect(arrival.quotes).toEqual([{ label: "in reply to", text: "x".repeat(200) }]);
  expect(readOwnWords(arrival)).toBe("");
  expect(arrival.files).toEqual([{ reference: "f1", name: "a.txt", bytes: 3 }]);
  expect(arrival.meta["reply_to_id"]).toBe("m1");
  expect(arrival.meta["reply_to_text"]).toHaveLength(200);
});

test("an edit and a reaction are told and owe no answer; their words are nobody's new ones", () => {
  const base = { channel: "chat", chatId: "chat-1", messageId: "m1", deliveryId: "k" };
  const edit = toEdit({ ...base, text: "/stop" });
  expect(edit).toMatchObject({
    kind: "message.edited",
    ack: "auto",
    chat: { isEdited: true },
    meta: { message_id: "m1", edited: "true" },
  });
  expect(readOwnWords(edit)).toBe("");
  const reaction = toReaction({ ...base, reaction: "👍", text: "x".repeat(500) });
  expect(reaction).toMatchObject({ kind: "reaction", ack: "auto", priority: "low" });
  expect(reaction.quotes[0]?.text).toHaveLength(200);
  expect(readOwnWords(reaction)).toBe("");
});

test("everything outgoing reaches the page as it is; without a page the channel does not open", async () => {
  const calls: unknown[] = [];
  const page: Page = {
    show: async (message: OutgoingMessage) => {
      calls.push(message);
      return "m1";
    },
    edit: async (...edit) => void calls.push(edit),
    react: async (...reaction) => void calls.push(reaction),
    showTyping: (...shown) => void calls.push(shown),
    readFile: async () => Buffer.from("bytes"),
  };
  // Only its name and its page are read.
  const context = { name: "chat", page } as unknown as ChannelContext;
  const connection = await chat.open(context);
  const message = { chatId: "chat-1", text: "**x**", replyTo: "m0" };
  expect(await connection.send(message)).toEqual({ messageIds: ["m1"] });
  await connection.edit?.("chat-1", "m1", "y");
  await connection.react?.("chat-1", "m0", "👀");
  await connection.typing?.("chat-1", "approval");
  expect(String(await connection.download?.("f1", 10))).toBe("bytes");
  expect(calls).toEqual([
    message,
    ["chat-1", "m1", "y"],
    ["chat-1", "m0", "👀"],
    ["chat-1", "approval"],
  ]);
  const without = { name: "chat" } as unknown as ChannelContext;
  await expect(chat.open(without)).rejects.toMatchObject({ code: "bad_config" });
});
