/**
 * An event of a room, as what the session may read.
 *
 * Owns: who, where, and what it is: message, edit, deletion, reaction, tap. Never: decides who may speak, or fetches a file.
 *
 * MXEVENT-1 A message is a person's own new words only where it is no edit. Matrix marks no forwarded message: one reads as new words.
 * MXEVENT-2 `m.notice` is what programs write: it is a bot's, whoever signed it.
 * MXEVENT-3 What a client puts above an answer (`> <@ann:…> words`) is not the answer's own.
 * MXEVENT-4 An edit or a deletion counts only where the homeserver says that the message was the sender's, or is gone.
 * MXEVENT-5 Clients keep `/status` for themselves: `!status` is read as it, for the commands that Sluice has, and for nothing else.
 * https://spec.matrix.org/latest/client-server-api/#instant-messaging
 */
import type { EventChat, EventMeta, IncomingFile, NewEvent, Quote } from "sluice";
import { buttonsOf } from "./buttons.ts";
import { at, entriesAt, listAt, numberAt, textAt } from "./json.ts";
import { type Room, type Rooms, toContent } from "./rooms.ts";

const COMMAND = /^!(?=(?:status|stop|away|back|allow|deny|help|start)(?:\s|$))/i;
const FILES: ReadonlySet<string> = new Set(["m.image", "m.file", "m.audio", "m.video"]);
const MAX_EMOJI_CHARS = 32;

export type Reader = { me: string; rooms: Rooms };

type Draft = {
  event: unknown;
  roomId: string;
  room: Room;
  id: string;
  sender: { id: string; name: string };
};

/** Undefined for what is nobody's word: our own events, changes of the room, what was redacted meanwhile. */
export async function toEvent(
  event: unknown,
  roomId: string,
  reader: Reader,
): Promise<NewEvent | undefined> {
  const [id, by, type] = [
    textAt(event, "event_id"),
    textAt(event, "sender"),
    textAt(event, "type"),
  ];
  // https://spec.matrix.org/latest/appendices/#common-identifier-format
  if (id === undefined || by === undefined || isTooLong(id, by, roomId)) return undefined;
  if (by === reader.me) {
    // What we change ourselves is not what was asked for before.
    const changed =
      textAt(event, "content", "m.relates_to", "event_id") ?? textAt(event, "redacts");
    if (changed !== undefined) reader.rooms.forgetEvent(roomId, changed);
    return undefined;
  }
  if (at(event, "state_key") !== undefined) return undefined;
  const kinds = {
    "m.room.message": readMessage,
    "m.sticker": readSticker,
    "m.reaction": readReaction,
    "m.room.redaction": readRedaction,
  };
  const read = Object.hasOwn(kinds, type ?? "") ? kinds[type as keyof typeof kinds] : undefined;
  if (read === undefined) return undefined;
  const room = await reader.rooms.find(roomId);
  return read({ event, roomId, room, id, sender: toPerson(by, room) }, reader);
}

function isTooLong(...ids: readonly string[]): boolean {
  return ids.some((id) => id.length > 255);
}

async function readMessage(draft: Draft, reader: Reader): Promise<NewEvent | undefined> {
  const { event, roomId, id, sender, room } = draft;
  const relation = at(event, "content", "m.relates_to");
  const isEdited = at(relation, "rel_type") === "m.replace";
  const content = isEdited ? at(event, "content", "m.new_content") : at(event, "content");
  const target = isEdited ? textAt(relation, "event_id") : id;
  // Redacted, or of no form that a message has.
  if (target === undefined || isTooLong(target)) return undefined;
  if (typeof at(content, "body") !== "string") return undefined;
  if (textAt(content, "msgtype") === "m.key.verification.request") return undefined;
  if (isEdited) {
    reader.rooms.forgetEvent(roomId, target);
    const original = await reader.rooms.findEvent(roomId, target);
    if (textAt(original, "sender") !== sender.id) return undefined; // MXEVENT-4
  }
  const threadId =
    at(relation, "rel_type") === "m.thread" ? textAt(relation, "event_id") : undefined;
  const answered = await readAnswered(draft, relation, reader);
  const isBot = at(content, "msgtype") === "m.notice";
  const isAddressed = room.isDirect || answered.isOurs || names(content, reader.me, room);
  const files = toFiles(content);
  const text = toWords(content, answered.id !== undefined, files.length > 0);
  if (text === "" && files.length === 0) return undefined;
  return toNewEvent(draft, {
    kind: isEdited ? "message.edited" : "message",
    text,
    files,
    quotes: answered.quotes,
    chat: { ...toPlace(draft, threadId), isAddressed, isBot, isEdited },
    // An edit is told, and owes no answer: the message that it changes does.
    ack: isAddressed && !isEdited ? "reply" : "auto",
    meta: {
      message_id: target,
      thread_id: threadId,
      reply_to_id: answered.id,
      reply_to_text: answered.quotes[0]?.text,
    },
  });
}

async function readSticker(draft: Draft): Promise<NewEvent | undefined> {
  const body = textAt(draft.event, "content", "body");
  if (body === undefined) return undefined;
  return toNewEvent(draft, {
    kind: "message",
    text: `${draft.sender.name} sent a sticker`,
    isTold: true,
    quotes: [{ label: "sticker", text: body }],
    chat: { ...toPlace(draft), isAddressed: draft.room.isDirect },
    ack: "auto",
    meta: { message_id: draft.id },
  });
}

/** On a message of ours with buttons it is a tap on one of them. */
async function readReaction(draft: Draft, reader: Reader): Promise<NewEvent | undefined> {
  const { event, roomId, room, sender } = draft;
  const relation = at(event, "content", "m.relates_to");
  const [target, key] = [textAt(relation, "event_id"), textAt(relation, "key")];
  if (target === undefined || key === undefined) return undefined;
  const message = await reader.rooms.findEvent(roomId, target);
  const isOurs = textAt(message, "sender") === reader.me;
  const threadId = toThread(message);
  const chat = { ...toPlace(draft, threadId), isAddressed: room.isDirect || isOurs };
  const meta = { message_id: target, thread_id: threadId };
  const button = isOurs ? buttonsOf(toContent(message)).find((one) => one.key === key) : undefined;
  if (button !== undefined)
    return toNewEvent(draft, {
      kind: "button",
      text: `${sender.name} chose ${key}`,
      isTold: true,
      chat: { ...chat, button: button.id },
      ack: "auto",
      meta,
    });
  const emoji = toEmoji(key);
  return toNewEvent(draft, {
    kind: "reaction",
    text: `${sender.name} reacted ${emoji} to message ${target}`,
    isTold: true,
    chat,
    ack: "auto",
    priority: "low",
    meta: { ...meta, reaction: emoji },
  });
}

/** A moderator may delete what others wrote: the message was its writer's all the same. */
async function readRedaction(draft: Draft, reader: Reader): Promise<NewEvent | undefined> {
  const { event, roomId, room, sender } = draft;
  // Rooms of version 11 and later have it in the content.
  const target = textAt(event, "redacts") ?? textAt(event, "content", "redacts");
  if (target === undefined) return undefined;
  reader.rooms.forgetEvent(roomId, target);
  const gone = await reader.rooms.findEvent(roomId, target);
  const [by, type] = [textAt(gone, "sender"), textAt(gone, "type")];
  if (by === undefined || by === reader.me || type !== "m.room.message") return undefined;
  if (textAt(gone, "content", "body") !== undefined) return undefined; // MXEVENT-4
  const writer = toPerson(by, room);
  const whose = by === sender.id ? "" : ` by ${sender.name}`;
  return toNewEvent(
    { ...draft, sender: writer },
    {
      kind: "message.deleted",
      text: `Message ${target} of ${writer.name} was deleted${whose}`,
      isTold: true,
      chat: { ...toPlace(draft), isAddressed: room.isDirect, isEdited: true },
      ack: "auto",
      priority: "low",
      meta: { message_id: target },
    },
  );
}

type Answered = { id: string | undefined; isOurs: boolean; quotes: Quote[] };

async function readAnswered(
  { roomId, room }: Draft,
  relation: unknown,
  { me, rooms }: Reader,
): Promise<Answered> {
  const id = textAt(relation, "m.in_reply_to", "event_id");
  // In a thread it may only be there for clients that know no threads.
  if (id === undefined || at(relation, "is_falling_back") === true)
    return { id: undefined, isOurs: false, quotes: [] };
  const message = await rooms.findEvent(roomId, id);
  const by = textAt(message, "sender") ?? "";
  const said = toWords(toContent(message), true, false);
  const quotes = said === "" ? [] : [{ label: "in reply to", text: said.slice(0, 2_000) }];
  return { id, isOurs: by === me, quotes: room.names.has(by) || by === me ? quotes : [] };
}

/** MXEVENT-3, MXEVENT-5; empty for a file without a caption. */
function toWords(content: unknown, isAnswer: boolean, isFile: boolean): string {
  const body = at(content, "body");
  if (typeof body !== "string") return "";
  const name = textAt(content, "filename");
  if (isFile && (name === undefined || name === body)) return "";
  const own = isAnswer ? withoutFallback(body) : body;
  const place = textAt(content, "geo_uri");
  const words = place === undefined ? own : `${own}\n${place.slice(0, 200)}`;
  return words.trim().replace(COMMAND, "/").toWellFormed();
}

function withoutFallback(body: string): string {
  if (!body.startsWith("> ")) return body;
  const lines = body.split("\n");
  const end = lines.findIndex((line) => !line.startsWith("> "));
  // All of it is a quotation: nothing is left of the sender's own.
  return end === -1 ? "" : lines.slice(end).join("\n");
}

function toFiles(content: unknown): IncomingFile[] {
  const url = textAt(content, "url");
  if (!FILES.has(textAt(content, "msgtype") ?? "") || url?.startsWith("mxc://") !== true) return [];
  const bytes = numberAt(content, "info", "size");
  const mime = textAt(content, "info", "mimetype");
  return [
    {
      reference: url.slice(0, 1_000),
      name: (textAt(content, "filename") ?? textAt(content, "body") ?? "file").slice(0, 200),
      ...(mime === undefined ? {} : { mime: mime.slice(0, 200) }),
      ...(bytes === undefined || !Number.isSafeInteger(bytes) || bytes < 0 ? {} : { bytes }),
    },
  ];
}

/** https://spec.matrix.org/latest/client-server-api/#user-and-room-mentions */
function names(content: unknown, me: string, room: Room): boolean {
  if (at(content, "m.mentions") !== undefined)
    return listAt(content, "m.mentions", "user_ids").includes(me);
  // Older clients write the id, a link to it, or the name first.
  const html = textAt(content, "formatted_body") ?? "";
  const links = [me, encodeURIComponent(me)].map((one) => `https://matrix.to/#/${one}"`);
  const body = textAt(content, "body") ?? "";
  const name = room.names.get(me) ?? me;
  return (
    links.some((link) => html.includes(link)) ||
    body.split(/[\s,]+/).some((word) => word.replace(/:$/, "") === me) ||
    body.toLowerCase().startsWith(`${name.toLowerCase()}:`)
  );
}

function toThread(message: unknown): string | undefined {
  const relation = at(message, "content", "m.relates_to");
  return at(relation, "rel_type") === "m.thread" ? textAt(relation, "event_id") : undefined;
}

function toPlace({ room, roomId }: Draft, threadId?: string): EventChat {
  if (room.isDirect) return { place: "dm" };
  return { place: threadId === undefined ? "group" : "thread", groupId: roomId };
}

function toPerson(id: string, room: Room): { id: string; name: string } {
  return { id, name: room.names.get(id) ?? id };
}

/** A key of a reaction may be any text. */
function toEmoji(key: string): string {
  const isOne = key.length <= MAX_EMOJI_CHARS && !/[\p{L}<>"`\s]/u.test(key) && key.isWellFormed();
  return isOne ? key : "a reaction in words";
}

type Made = Pick<NewEvent, "kind" | "text" | "isTold" | "ack" | "priority" | "files" | "quotes"> & {
  chat: EventChat;
  meta: Record<string, string | undefined>;
};

function toNewEvent(draft: Draft, { meta, files = [], ...made }: Made): NewEvent {
  const { id, sender, roomId, room, event } = draft;
  const facts = {
    user: sender.name,
    user_id: sender.id,
    chat_id: roomId,
    chat_title: room.title,
    ...meta,
  };
  const kept = entriesAt(facts).flatMap(([key, value]): [string, string][] =>
    typeof value === "string" && value !== "" ? [[key, value.slice(0, 1_000).toWellFormed()]] : [],
  );
  const occurred = numberAt(event, "origin_server_ts");
  const isTime = occurred !== undefined && Number.isSafeInteger(occurred) && occurred >= 0;
  return {
    ...made,
    id,
    sender,
    chatId: roomId,
    // Keys are our own.
    meta: Object.fromEntries(kept) as EventMeta,
    ...(files.length === 0 ? {} : { files }),
    // A homeserver's clock may be ahead; a year is no clock's fault.
    ...(isTime && occurred < 8.64e15 ? { at: occurred } : {}),
  };
}
