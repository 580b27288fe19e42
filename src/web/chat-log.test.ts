import { expect, test } from "vitest";
import type { MessageView } from "../api/wire/web-wire.ts";
import { type ChatLog, PAGE, toLimit, withMessage, withNewest, withOlder } from "./chat-log.ts";

const message = (seq: number, text = `${seq}`): MessageView => ({
  id: `m${seq}`,
  seq,
  chat: "chat-1",
  author: "you",
  text,
  files: [],
  reactions: [],
  createdAt: seq,
});
const range = (from: number, to: number): MessageView[] =>
  Array.from({ length: to - from + 1 }, (_, index) => message(from + index));
const texts = ({ messages }: ChatLog): string => messages.map(({ text }) => text).join(" ");

test("what is read anew takes the place of what was known; what lies before it stays, if nothing lies between", () => {
  const known: ChatLog = { messages: range(1, 6), hasOlder: false };
  expect(withNewest(known, [message(5), message(6, "edited"), message(7)], 3)).toEqual({
    messages: [...range(1, 5), message(6, "edited"), message(7)],
    hasOlder: false,
  });
  expect(withNewest(known, range(9, 11), 3)).toEqual({ messages: range(9, 11), hasOlder: true });
  expect(withNewest(undefined, range(1, 2), 3)).toEqual({ messages: range(1, 2), hasOlder: false });
  expect(withNewest(known, [], 3)).toEqual({ messages: [], hasOlder: false });
});

test("a page of older messages is taken once, and only in front of the one it was asked for", () => {
  const log: ChatLog = { messages: range(61, 120), hasOlder: true };
  const more = withOlder(log, message(61), range(1, PAGE));
  expect(more.messages).toEqual(range(1, 120));
  expect(more.hasOlder).toBe(true);
  expect(withOlder(more, message(61), range(1, PAGE))).toBe(more);
  expect(withOlder(more, message(1), []).hasOlder).toBe(false);
});

test("a message is there once and in order; one that belongs to a page that was not read is left out", () => {
  const log: ChatLog = { messages: range(4, 6), hasOlder: true };
  expect(texts(withMessage(log, message(5, "five")))).toBe("4 five 6");
  expect(texts(withMessage(log, message(8)))).toBe("4 5 6 8");
  expect(withMessage(log, message(2))).toBe(log);
  expect(texts(withMessage({ ...log, hasOlder: false }, message(2)))).toBe("2 4 5 6");
});

test("a reader of many messages gets as many again, up to what the hub gives at once", () => {
  expect(toLimit(undefined)).toBe(PAGE);
  expect(toLimit({ messages: range(1, 90), hasOlder: true })).toBe(90);
  expect(toLimit({ messages: range(1, 900), hasOlder: true })).toBe(200);
});
