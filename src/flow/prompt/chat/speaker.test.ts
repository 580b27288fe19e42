import { expect, test } from "vitest";
import type { Arrival, ChatFacts } from "../../../sdk/event.ts";
import { toArrival } from "../../../store/sample.fixture.ts";
import type { Access } from "../../intake/gate.ts";
import { findSpeaker } from "./speaker.ts";

const ACCESS: Access = { paused: false, allowUnsigned: false };
const ROLES: Record<string, readonly string[]> = {
  ada: ["approver"],
  bo: ["chatter"],
  eve: [], // blocked
};
const DIRECT: ChatFacts = {
  place: "dm",
  account: "bot",
  isAddressed: true,
  isBot: false,
  isForwarded: false,
  isEdited: false,
};

function look(arrival: Partial<Arrival>, access: Access = ACCESS): string {
  const speaker = findSpeaker(
    toArrival({ channel: "c", sender: { id: "ada" }, chatId: "ada", ...arrival }),
    { access: () => access, readRoles: (_channel, _account, id) => ROLES[id] ?? [] },
  );
  if (speaker === undefined) return "nobody";
  const { isApprover, by } = speaker;
  return `${isApprover ? "approver" : "other"}, ${by.mayAllow ? "may allow" : "may deny"}`;
}

const chat = (changes: Partial<ChatFacts> = {}): Partial<Arrival> => ({
  chat: { ...DIRECT, ...changes },
});
const rules = (policy: "allowlist" | "disabled"): Access => ({
  ...ACCESS,
  chat: {
    policy,
    isStatic: false,
    hasInvite: false,
    findSender: () => undefined,
    findGroup: () => undefined,
  },
});

// CHATCOMMAND-1, SPEAKER-1, SPEAKER-2
test.each<[string, string, Partial<Arrival>, Access?]>([
  ["an approver", "approver, may allow", chat()],
  ["an approver where nobody can be told apart", "approver, may deny", chat({ isShared: true })],
  ["a chatter", "other, may allow", { ...chat(), sender: { id: "bo" } }],
  ["who is blocked", "nobody", { ...chat(), sender: { id: "eve" } }],
  ["a stranger", "nobody", { ...chat(), sender: { id: "zoe" } }],
  ["in a group", "nobody", chat({ place: "group" })],
  ["in a thread", "nobody", chat({ place: "thread" })],
  ["for a chat", "nobody", chat({ place: "broadcast" })],
  ["a bot", "nobody", chat({ isBot: true })],
  ["a forward", "nobody", chat({ isForwarded: true })],
  ["an edit", "nobody", chat({ isEdited: true })],
  ["on a paused channel", "nobody", chat(), { ...ACCESS, paused: true }],
  ["unsigned", "nobody", { ...chat(), verified: "none" }],
  ["under a policy", "approver, may allow", chat(), rules("allowlist")],
  ["where nobody is heard", "nobody", chat(), rules("disabled")],
  ["behind a bridge, in a chat of their own", "approver, may allow", {}],
  ["behind a bridge, in another chat", "nobody", { chatId: "ops" }],
  ["behind a bridge, without a name", "nobody", { sender: { id: "" }, chatId: "" }],
])("%s: %s", (_case, expected, arrival, access) => {
  expect(look(arrival, access)).toBe(expected);
});
