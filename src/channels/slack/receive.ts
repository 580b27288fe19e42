/**
 * Turns an event of Slack into an arrival.
 *
 * Owns: who, where, and what it is: message, edit, deletion, reaction. Never: decides who may speak, or fetches a file.
 *
 * SLACKEVENT-1 Kinds of messages are an open list, so those that are a person's words are named here and all others are left out.
 * SLACKEVENT-2 A message is one by workspace, channel and time, however often and under however many names it comes (`app_mention` beside
 *    `message`, a repetition, the look back).
 * SLACKEVENT-3 An edit is one only where Slack says who edited: a preview that is added to a link is none.
 * SLACKEVENT-4 What had been edited before it was first read, as the look back finds it, is a new message, and yet nobody's fresh words.
 * https://docs.slack.dev/reference/events/message
 */
import type { Quote } from "../../sdk/event.ts";
import { at, isTrueAt, listAt, textAt } from "../../sdk/json.ts";
import { OWN_WORDS } from "../../sdk/words.ts";
import { type Kept, type SlackReading, toKept } from "./arrival.ts";
import { readContent } from "./content.ts";
import { toTime, TS } from "./cursor.ts";
import { toEmoji } from "./emoji.ts";
import type { SlackPerson } from "./people.ts";
import { toPlain, namesUser } from "./text.ts";
import { readWho, type Who } from "./who.ts";
import { isDirect, MalformedEvent, type SlackMe, requireId } from "./wire.ts";

export type Around = {
  /** The configured name. */
  channel: string;
  me: SlackMe;
  /** @throws SluiceError where Slack cannot say it now. */
  findPerson(id: string): Promise<SlackPerson>;
  nameOf(id: string): string | undefined;
  titleOf(channel: string): Promise<string>;
  /** We were spoken to in that thread, or wrote there. */
  isOurs(channel: string, thread: string): boolean;
  /** We are spoken to in that thread. */
  noteThread(channel: string, thread: string): void;
};

/** What is a person's own message besides the one without a subtype. */
const OWN_SUBTYPES = new Set(["file_share", "me_message", "thread_broadcast"]);

/** @throws SluiceError where somebody has to be asked for and cannot be now. */
export async function receive(payload: unknown, around: Around): Promise<SlackReading> {
  try {
    const event = at(payload, "event");
    const foreign = findForeign(payload, around.me);
    if (foreign !== undefined) return { kind: "ignore", reason: foreign };
    switch (textAt(event, "type")) {
      case "message":
      case "app_mention":
        return await readMessage(event, around);
      case "reaction_added":
      case "reaction_removed":
        return await readReaction(event, around);
      default:
        return { kind: "ignore", reason: "an event of no kind that is read" };
    }
  } catch (thrown) {
    if (thrown instanceof MalformedEvent) return { kind: "malformed", reason: thrown.message };
    throw thrown;
  }
}

/** One app may be installed in several workspaces: those that are not ours have bots of their own. */
function findForeign(payload: unknown, me: SlackMe): string | undefined {
  const reason = "an event of another workspace";
  const granted = listAt(payload, "authorizations");
  const teams = granted.map((one) => textAt(one, "team_id")).filter((one) => one !== undefined);
  if (teams.length > 0) return teams.includes(me.team) ? undefined : reason;
  const team = textAt(payload, "team_id");
  const isShared = isTrueAt(payload, "is_ext_shared_channel");
  return team === undefined || team === me.team || isShared || me.enterprise !== undefined
    ? undefined
    : reason;
}

async function readMessage(event: unknown, around: Around): Promise<SlackReading> {
  switch (textAt(event, "subtype")) {
    case "message_changed":
      return readEdit(event, around);
    case "message_deleted":
      return readDeletion(event, around);
    default:
      return readNew(event, around);
  }
}

async function readNew(event: unknown, around: Around): Promise<SlackReading> {
  const subtype = textAt(event, "subtype");
  const isBotSubtype = subtype === "bot_message";
  // SLACKEVENT-1
  if (subtype !== undefined && !isBotSubtype && !OWN_SUBTYPES.has(subtype))
    return { kind: "ignore", reason: "a notice of Slack's own" };
  if (isTrueAt(event, "hidden")) return { kind: "ignore", reason: "a message that is not shown" };
  const channel = requireId(event, "channel");
  const ts = requireTs(event, "ts");
  const who = await readWho(event, around);
  if (who === undefined) return { kind: "ignore", reason: "our own message" };
  const place = readPlace(event, channel, ts, around);
  const head = `Message from ${who.person.name}${await toIn(channel, around)}`;
  const isEdited = at(event, "edited") != null; // SLACKEVENT-4
  const kept = toMessage(event, { channel, ts, who, place, head, isNew: true, isEdited }, around);
  if (kept === undefined) return { kind: "ignore", reason: "a message without words or files" };
  if (place.isAddressed && place.place !== "dm") around.noteThread(channel, place.thread ?? ts);
  return { kind: "arrival", ...kept };
}

async function readEdit(event: unknown, around: Around): Promise<SlackReading> {
  const message = at(event, "message");
  const edited = textAt(message, "edited.ts");
  const before = at(event, "previous_message");
  const isSame =
    textAt(before, "edited.ts") === edited || textAt(before, "text") === textAt(message, "text");
  // SLACKEVENT-3
  if (edited === undefined || isSame) return { kind: "ignore", reason: "a change that is no edit" };
  const subtype = textAt(message, "subtype");
  if (subtype !== undefined && !OWN_SUBTYPES.has(subtype))
    return { kind: "ignore", reason: "an edit of no person's message" };
  const channel = requireId(event, "channel");
  const ts = requireTs(message, "ts");
  const who = await readWho(message, around);
  if (who === undefined) return { kind: "ignore", reason: "our own message" };
  const place = readPlace(message, channel, ts, around);
  const head = `${who.person.name} edited message ${ts}${await toIn(channel, around)}`;
  const kept = toMessage(
    message,
    { channel, ts, who, place, head, isNew: false, isEdited: true },
    around,
  );
  return kept === undefined
    ? { kind: "ignore", reason: "an edit without words" }
    : { kind: "arrival", ...kept };
}

async function readDeletion(event: unknown, around: Around): Promise<SlackReading> {
  const before = at(event, "previous_message");
  const channel = requireId(event, "channel");
  const ts = textAt(event, "deleted_ts") ?? requireTs(before, "ts");
  const who = await readWho(before, around);
  if (who === undefined) return { kind: "ignore", reason: "our own message" };
  if (who.id === "") return { kind: "ignore", reason: "a deletion that says not whose it was" };
  const place = readPlace(before, channel, ts, around);
  const kept = toKept(around.channel, around.me, {
    ...who,
    kind: "message.deleted",
    chatId: channel,
    key: `${channel}:${ts}:deleted`,
    ack: "auto",
    priority: "low",
    text: `A message of ${who.person.name} was deleted${await toIn(channel, around)}: message ${ts}`,
    quotes: [],
    chat: { ...toChat(channel, place), isEdited: true },
    meta: { message_id: ts, thread_id: place.thread },
    occurredAt: toTime(textAt(event, "event_ts")),
  });
  return { kind: "arrival", ...kept };
}

async function readReaction(event: unknown, around: Around): Promise<SlackReading> {
  if (textAt(event, "item.type") !== "message")
    return { kind: "ignore", reason: "a reaction to no message" };
  const channel = requireId(event, "item.channel");
  const ts = requireTs(event, "item.ts");
  const id = requireId(event, "user");
  if (id === around.me.user) return { kind: "ignore", reason: "our own reaction" };
  const person = await around.findPerson(id);
  const emoji = toEmoji(textAt(event, "reaction") ?? "");
  const did = textAt(event, "type") === "reaction_added" ? "reacted" : "took back";
  const words = did === "reacted" ? `reacted ${emoji} to` : `took back ${emoji} from`;
  const isDm = isDirect(channel);
  const kept = toKept(around.channel, around.me, {
    id,
    person,
    kind: "reaction",
    chatId: channel,
    key: [
      "reaction",
      channel,
      ts,
      id,
      textAt(event, "reaction"),
      did,
      textAt(event, "event_ts"),
    ].join(":"),
    ack: "auto",
    priority: "low",
    text: `${person.name} ${words} message ${ts}${await toIn(channel, around)}`,
    quotes: [],
    chat: {
      place: isDm ? "dm" : "group",
      ...(isDm ? {} : { groupId: channel }),
      isAddressed: isDm || textAt(event, "item_user") === around.me.user,
    },
    meta: { message_id: ts, reaction: did === "reacted" ? emoji : "" },
    occurredAt: toTime(textAt(event, "event_ts")),
  });
  return { kind: "arrival", ...kept };
}

type Place = {
  place: "dm" | "group" | "thread";
  thread: string | undefined;
  isAddressed: boolean;
};

function readPlace(message: unknown, channel: string, ts: string, around: Around): Place {
  const found = textAt(message, "thread_ts");
  const thread = found !== undefined && TS.test(found) && found !== ts ? found : undefined;
  if (isDirect(channel)) return { place: "dm", thread, isAddressed: true };
  const isAddressed =
    namesUser(textAt(message, "text") ?? "", around.me.user) ||
    textAt(message, "parent_user_id") === around.me.user ||
    (thread !== undefined && around.isOurs(channel, thread));
  return { place: thread === undefined ? "group" : "thread", thread, isAddressed };
}

function toChat(channel: string, { place, isAddressed }: Place) {
  return { place, isAddressed, ...(place === "dm" ? {} : { groupId: channel }) };
}

type Read = {
  channel: string;
  ts: string;
  who: Who;
  place: Place;
  head: string;
  /** Read for the first time: it keeps its own key. */
  isNew: boolean;
  isEdited: boolean;
};

/** Undefined where there is nothing to read in it. */
function toMessage(message: unknown, read: Read, around: Around): Kept | undefined {
  const { channel, ts, who, place, head, isNew, isEdited } = read;
  const words = toPlain(textAt(message, "text") ?? "", (id) =>
    id === around.me.user ? around.me.name : around.nameOf(id),
  );
  const content = readContent(message, (text) => toPlain(text, around.nameOf));
  const isForwarded = words.trim() === "" && content.isForwarded;
  const own: Quote[] =
    words.trim() === "" ? [] : [{ label: isEdited ? "edited message" : OWN_WORDS, text: words }];
  const quotes = [...own, ...content.quotes];
  if (quotes.length === 0 && content.placeholder === "") return undefined;
  const edited = isNew ? "" : `:edited:${textAt(message, "edited.ts")}`;
  return toKept(around.channel, around.me, {
    ...who,
    kind: isNew ? "message" : "message.edited",
    chatId: channel,
    key: `${channel}:${ts}${edited}`, // SLACKEVENT-2
    ts: isNew ? ts : undefined,
    // An edit is told, and owes no answer: the message that it changes does.
    ack: place.isAddressed && isNew ? "reply" : "auto",
    text: [head, content.placeholder].filter(Boolean).join("\n"),
    quotes,
    files: content.files,
    chat: { ...toChat(channel, place), isForwarded, isEdited },
    meta: {
      message_id: ts,
      // In a channel the answers to a message are a thread, whether it exists yet or not.
      thread_id: place.thread ?? (place.place === "dm" ? undefined : ts),
      reply_to_id: place.thread,
      edited: isEdited ? "true" : undefined,
      forwarded_from: content.forwardedFrom,
    },
    occurredAt: toTime(isNew ? ts : textAt(message, "edited.ts")),
  });
}

async function toIn(channel: string, around: Around): Promise<string> {
  return isDirect(channel) ? "" : ` in ${await around.titleOf(channel)}`;
}

function requireTs(value: unknown, path: string): string {
  const ts = textAt(value, path);
  if (ts === undefined || !TS.test(ts)) throw new MalformedEvent(`${path} is not a time of Slack`);
  return ts;
}
