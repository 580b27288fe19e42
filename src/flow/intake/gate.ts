/**
 * Stage 2, the gate: may this arrival enter?
 *
 * Owns: the decision admit, pair, redeem or drop. Never: stores, logs or answers. Pure.
 *
 * GATE-1 A role comes from a verified credential or from the owner's list, never from the text.
 * GATE-2 A dropped arrival leaves a reason that is counted, and nothing of its content.
 * GATE-3 A person in a chat is an immutable id on one account of ours. A sender without such an id (a bot, an anonymous admin, a
 *    channel post) is nobody, and one who does not belong to the place (a guest, another company's people) has no role in it.
 * GATE-4 In a group two things are needed: the group is listed, and the sender is listed in it.
 */
import type { Arrival, ChatFacts, Role } from "../../sdk/event.ts";
import { readOwnWords } from "../../sdk/words.ts";
import type { GroupRule, PersonRole, ChannelPolicy } from "../../store/access/access.ts";
import { INVITE_CHARS, parseCode } from "../access/code.ts";

export const DROP_REASONS = [
  "unverified",
  "paused",
  "no-text",
  "no-rules", // nothing is known of who may speak: the rules are damaged, or the channel has none
  "disabled",
  "broadcast",
  "bot",
  "outsider", // a guest, or somebody of another organisation
  "stranger",
  "blocked",
  "not-chatter",
  "group-not-listed",
  "not-listed", // a member of a listed group whom its list does not name
  "not-addressed",
  "loop",
] as const;
export type DropReason = (typeof DROP_REASONS)[number];

export type GateVerdict =
  /**
   * `isNamed`: it is for us by a word of the group's, though the platform marks no name. `isKnown`: in a chat, the owner's list
   * names the sender, who does not speak only because anybody of the group may.
   */
  | { kind: "admit"; role: Role; isNamed?: true; isKnown?: true }
  /** A stranger in a direct message who may ask for a code. */
  | { kind: "pair" }
  /** A stranger in a direct message who sent what looks like an invite. */
  | { kind: "redeem"; code: string }
  | { kind: "drop"; reason: DropReason };

/** What the owner has allowed in the chats of one channel. */
export type ChatRules = {
  policy: ChannelPolicy;
  /** Nothing changes at run time: no stranger becomes known. */
  isStatic: boolean;
  /** An invite of this channel waits to be sent. */
  hasInvite: boolean;
  findSender(account: string, id: string): { roles: readonly PersonRole[] } | undefined;
  findGroup(id: string): GroupRule | undefined;
};

/** What the owner has allowed on one channel. */
export type Access = {
  paused: boolean;
  /** Unsigned arrivals pass: only ever true for a loopback listener and the owner's explicit flag. */
  allowUnsigned: boolean;
  /** How many of its events may wait, where the owner said so. */
  quota?: number | undefined;
  /** Absent: nobody may speak in a chat. */
  chat?: ChatRules | undefined;
};

/** Of a channel that nobody knows. */
export const CLOSED: Access = { paused: true, allowUnsigned: false };

export function gate(arrival: Arrival, access: Access): GateVerdict {
  if (access.paused) return drop("paused");
  if (arrival.verified === "none" && !access.allowUnsigned) return drop("unverified");
  if (arrival.chat !== undefined) return gateChat(arrival, arrival.chat, access.chat);
  if (isEmpty(arrival)) return drop("no-text");
  // GATE-1: whoever holds the channel's credential is its source, and nothing more.
  return { kind: "admit", role: "source" };
}

function gateChat(arrival: Arrival, chat: ChatFacts, rules: ChatRules | undefined): GateVerdict {
  if (rules === undefined) return drop("no-rules");
  if (rules.policy === "disabled") return drop("disabled");
  if (chat.place === "broadcast" || arrival.sender.id === "") return drop("broadcast"); // GATE-3
  if (chat.isBot) return drop("bot");
  if (chat.isOutsider === true) return drop("outsider");
  const known = rules.findSender(chat.account, arrival.sender.id);
  // Before the group's list: who is blocked stays so where everybody else may speak.
  if (known?.roles.length === 0) return drop("blocked");
  const refused =
    chat.place === "dm"
      ? gateDirect(arrival, chat, rules, known?.roles)
      : gateGroup(arrival, chat, rules);
  if (refused !== undefined) return refused;
  // A tap on a button carries no words.
  if (isEmpty(arrival) && chat.button === undefined) return drop("no-text");
  const isNamed = chat.place !== "dm" && !chat.isAddressed && hasPattern(arrival, chat, rules);
  const isListed = findGroup(arrival, chat, rules)?.senders.includes(arrival.sender.id) === true;
  const isKnown = known !== undefined || isListed;
  return {
    kind: "admit",
    role: "chatter",
    ...(isNamed ? { isNamed } : {}),
    ...(isKnown ? { isKnown } : {}),
  };
}

function gateDirect(
  arrival: Arrival,
  chat: ChatFacts,
  rules: ChatRules,
  roles: readonly PersonRole[] | undefined,
): GateVerdict | undefined {
  if (roles !== undefined) return roles.includes("chatter") ? undefined : drop("not-chatter");
  if (rules.isStatic || !isAsking(arrival, chat)) return drop("stranger");
  const code = rules.hasInvite ? parseCode(readOwnWords(arrival), INVITE_CHARS) : undefined;
  if (code !== undefined) return { kind: "redeem", code };
  return rules.policy === "pairing" ? { kind: "pair" } : drop("stranger");
}

/** Only what somebody wrote just now, themselves and to us, can ask to be let in: what a program or a list sends is no such word. */
function isAsking({ kind }: Arrival, chat: ChatFacts): boolean {
  const isWritten = !chat.isForwarded && !chat.isEdited && chat.button === undefined;
  return isWritten && chat.isAddressed && kind !== "reaction";
}

function gateGroup(arrival: Arrival, chat: ChatFacts, rules: ChatRules): GateVerdict | undefined {
  const group = findGroup(arrival, chat, rules);
  if (group === undefined) return drop("group-not-listed");
  if (!group.senders.includes(arrival.sender.id) && !group.senders.includes("*"))
    return drop("not-listed"); // GATE-4
  const isAddressed =
    !group.requireMention ||
    chat.isAddressed ||
    chat.button !== undefined ||
    hasPattern(arrival, chat, rules);
  return isAddressed ? undefined : drop("not-addressed");
}

/** A thread is its group's: the channel names the parent. */
function findGroup(arrival: Arrival, chat: ChatFacts, rules: ChatRules): GroupRule | undefined {
  const id = chat.groupId ?? arrival.chatId;
  return id === undefined ? undefined : rules.findGroup(id);
}

function hasPattern(arrival: Arrival, chat: ChatFacts, rules: ChatRules): boolean {
  const { patterns = [] } = findGroup(arrival, chat, rules) ?? {};
  // Words in a forwarded message are somebody else's. Literal words, no patterns: nothing in a message can make this slow.
  if (chat.isForwarded || patterns.length === 0) return false;
  const lower = readOwnWords(arrival).toLowerCase();
  return patterns.some((pattern) => lower.includes(pattern.toLowerCase()));
}

function isEmpty({ text, quotes }: Arrival): boolean {
  return text.trim() === "" && quotes.every((quote) => quote.text.trim() === "");
}

function drop(reason: DropReason): GateVerdict {
  return { kind: "drop", reason };
}
