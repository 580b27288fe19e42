import { expect, test } from "vitest";
import type { SessionView } from "../../api/wire/wire.ts";
import { toChatStatus } from "./chat-status.ts";

test("a chat hears counts, and no name, folder or text", () => {
  const session = { target: true, busy: true, cwd: "/home/ann/secret", label: "secret" };
  // Only the fields that are looked at.
  const sessions = [session, { ...session, target: false }] as unknown as SessionView[];
  expect(toChatStatus({ sessions, events: { stored: 2, offered: 1, done: 9 } }, "tg")).toEqual([
    "tg is connected.",
    "1 session open, 1 at work.",
    "3 events not yet read.",
  ]);
  expect(toChatStatus({ sessions: [], events: {} }, "tg").slice(1)).toEqual([
    "No session is open: your messages wait for the next one.",
    "Nothing waits.",
  ]);
});
