/**
 * Turns a row of Messages into an arrival.
 *
 * Owns: who, where, and what it is: message, edit, reaction. Never: decides who may speak, or reads the file.
 *
 * IMESSAGE-1 What this account writes is nobody's word, but in the chat with oneself; and there nothing that begins with our own mark is:
 *    a session must not answer its own question. The mark is in the text, so it holds over a restart.
 * IMESSAGE-2 A text that was changed is an edit, however it is read first: an approval is bound to words that nobody has changed.
 * IMESSAGE-3 The sender of an SMS or RCS message can be forged: it allows nothing.
 * IMESSAGE-4 Who sends a message chooses its guid, and what a tapback is at: in a line of ours both are restricted.
 */
import type { Arrival, IncomingFile, Meta, Quote } from "../../sdk/event.ts";
import { MAX_META_CHARS, toNameField, toRefField } from "../../sdk/field.ts";
import { toStorableText } from "../../sdk/json.ts";
import { OWN_WORDS } from "../../sdk/words.ts";
import {
  type AttachedFile,
  type MessagesChat,
  type MessageRow,
  toAddress,
} from "./messages-file.ts";
import { readAttributedText, withoutObjects } from "./typedstream.ts";

/** Stands before every text of ours in the chat with oneself. */
export const MARK = "Sluice: ";
const MARKED = /^\W*sluice\s*:/iu;
/** The same before the name of a file. */
export const FILE_MARK = "sluice-";
/** The account's own id in access rules: one Mac has one Messages. */
const ACCOUNT = "messages";
/** 2001-01-01 in epoch milliseconds. */
const APPLE_EPOCH_MS = 978_307_200_000;
const SECONDS_BELOW = 1_000_000_000_000n;
const REACTIONS = ["❤️", "👍", "👎", "😂", "‼️", "❓"];
const REACTED = 2_000;
const TOOK_BACK = 3_000;
/** A preview of a link: its text says all. */
const LINK_PREVIEW = "com.apple.messages.URLBalloonProvider";

export type RowReading =
  | { kind: "arrival"; arrival: Arrival }
  | { kind: "ignore"; reason: string }
  /** It is still being written. */
  | { kind: "unfinished" };

/** What of the file and the settings a row is read with. */
export type RowPlace = {
  channel: string;
  own: ReadonlySet<string>;
  takesSms: boolean;
  listFiles: (row: bigint) => AttachedFile[];
  find: (guid: string) => MessageRow | undefined;
  readEdited: (info: Uint8Array) => string | undefined;
};

/** A new row. */
export function receive(row: MessageRow, place: RowPlace): RowReading {
  const reason = findReason(row, place);
  if (reason !== undefined) return { kind: "ignore", reason };
  if (row.chat === undefined) return { kind: "unfinished" };
  if (row.associatedType >= REACTED) return readReaction(row, row.chat, place);
  if (row.retractedAt > 0n) return { kind: "ignore", reason: "taken back before it was read" };
  const text = readText(row, place);
  const files = row.hasFiles ? place.listFiles(row.row) : [];
  const isMissing = row.hasFiles && files.length === 0;
  if (isMissing || (text === "" && files.length === 0 && row.balloon === undefined))
    return { kind: "unfinished" };
  if (isOurs(row, text, place, files)) return { kind: "ignore", reason: "our own message" };
  return readMessage(
    row,
    row.chat,
    { text, files, isEdited: row.editedAt > 0n, isNew: true },
    place,
  );
}

/** A row that was read before and has changed. */
export function receiveChange(row: MessageRow, place: RowPlace): RowReading {
  const reason = findReason(row, place);
  if (reason !== undefined) return { kind: "ignore", reason };
  if (row.chat === undefined || row.associatedType >= REACTED)
    return { kind: "ignore", reason: "a change of no message" };
  if (row.retractedAt > 0n) return readTakenBack(row, row.chat, place);
  const text = readText(row, place);
  if (isOurs(row, text, place)) return { kind: "ignore", reason: "our own message" };
  return readMessage(row, row.chat, { text, files: [], isEdited: true, isNew: false }, place);
}

/** Why a row is no word of anybody. */
function findReason(row: MessageRow, place: RowPlace): string | undefined {
  const { chat } = row;
  if (row.itemType !== 0) return "a change of the group";
  if (chat?.kind === "other") return "a chat of no known kind";
  if (!place.takesSms && isForgeable(row)) return "an SMS";
  if (row.isFromMe && chat !== undefined && !isOwnChat(chat, place)) return "our own message";
  if (!row.isFromMe && row.handle === undefined && chat !== undefined) return "without a sender";
  return undefined;
}

function isForgeable({ service, chat }: MessageRow): boolean {
  // Whatever else Apple may add counts as forgeable.
  return !/^imessage(?:lite)?$/i.test(service) || /^(?:sms|rcs)$/i.test(chat?.service ?? "");
}

/** The chat with oneself, by whatever service. */
export function isOwnChat(chat: MessagesChat, { own }: Pick<RowPlace, "own">): boolean {
  return chat.kind === "direct" && own.has(toAddress(chat.identifier));
}

/** IMESSAGE-1 */
function isOurs(
  row: MessageRow,
  text: string,
  place: RowPlace,
  files: readonly AttachedFile[] = [],
): boolean {
  if (row.chat === undefined || !isOwnChat(row.chat, place)) return false;
  return MARKED.test(text) || files.some(({ name }) => name.startsWith(FILE_MARK));
}

function readText(row: MessageRow, { readEdited }: RowPlace): string {
  const edited = row.editedAt > 0n && row.info !== undefined ? readEdited(row.info) : undefined;
  return edited === undefined ? readWords(row) : toStorableText(edited).trim();
}

/** The text that a row was first written with. */
export function readWords({ text, body }: Pick<MessageRow, "text" | "body">): string {
  const found =
    text === undefined && body !== undefined
      ? readAttributedText(body)
      : withoutObjects(text ?? "");
  return toStorableText(found ?? "").trim();
}

type Content = { text: string; files: AttachedFile[]; isEdited: boolean; isNew: boolean };

function readMessage(
  row: MessageRow,
  chat: MessagesChat,
  content: Content,
  place: RowPlace,
): RowReading {
  const { text, files, isEdited, isNew } = content;
  const sender = toSender(row, chat);
  const answered = row.answers === undefined ? undefined : place.find(row.answers);
  const answeredText = answered === undefined ? "" : readText(answered, place);
  const isAddressed = chat.kind === "direct" || answered?.isFromMe === true;
  const what = isNew
    ? `Message from ${sender.name}`
    : `${sender.name} edited message ${toRefField(row.guid)}`;
  const where = chat.kind === "group" ? ` in ${toNameField(chat.name)}` : "";
  const quotes: Quote[] = [];
  if (text !== "") quotes.push({ label: isEdited ? "edited message" : OWN_WORDS, text });
  if (!isNew && text === "") quotes.push({ label: "edited message", text: "(cannot be read)" });
  if (answeredText !== "") quotes.push({ label: "in reply to", text: answeredText });
  const arrival = toArrival(row, chat, place, {
    kind: isNew ? "message" : "message.edited",
    deliveryId: isNew ? row.guid : `${row.guid}@${row.editedAt}`,
    ack: isNew && isAddressed ? "reply" : "auto",
    text: [`${what}${where}`, toPlaceholder(row, files)].filter(Boolean).join("\n"),
    quotes,
    isAddressed,
    isEdited,
    meta: {
      reply_to_id: row.answers,
      reply_to_text: answeredText,
      edited: isEdited ? "true" : undefined,
    },
    at: isNew ? row.date : row.editedAt,
  });
  if (files.length > 0) arrival.files = files.map(toIncomingFile);
  return { kind: "arrival", arrival };
}

function readReaction(row: MessageRow, chat: MessagesChat, place: RowPlace): RowReading {
  const number = row.associatedType % 1_000;
  const target = row.associatedGuid?.replace(/^(?:p:\d+\/|bp:)/, "");
  if (target === undefined) return { kind: "ignore", reason: "a reaction to nothing" };
  if (row.isFromMe) return { kind: "ignore", reason: "our own reaction" };
  const emoji = REACTIONS[number] ?? row.associatedEmoji ?? "with an emoji";
  const isTakenBack = row.associatedType >= TOOK_BACK;
  const sender = toSender(row, chat);
  const did = isTakenBack ? "took back the reaction" : "reacted";
  const arrival = toArrival(row, chat, place, {
    kind: "reaction",
    deliveryId: row.guid,
    ack: "auto",
    priority: "low",
    text: `${sender.name} ${did} ${toNameField(emoji, 16)} to message ${toRefField(target)}`,
    quotes: [],
    isAddressed: chat.kind === "direct" || place.find(target)?.isFromMe === true,
    isEdited: false,
    meta: { reaction: isTakenBack ? "" : toNameField(emoji, 16), reply_to_id: target },
    at: row.date,
  });
  return { kind: "arrival", arrival };
}

function readTakenBack(row: MessageRow, chat: MessagesChat, place: RowPlace): RowReading {
  const sender = toSender(row, chat);
  const arrival = toArrival(row, chat, place, {
    kind: "message.deleted",
    deliveryId: `${row.guid}@${row.retractedAt}`,
    ack: "auto",
    text: `${sender.name} took back message ${toRefField(row.guid)}`,
    quotes: [],
    isAddressed: chat.kind === "direct",
    isEdited: true,
    meta: {},
    at: row.retractedAt,
  });
  return { kind: "arrival", arrival };
}

/** In the chat with oneself both rows of a message are of one person. */
function toSender(row: MessageRow, chat: MessagesChat): { id: string; name: string } {
  const id = toAddress(row.isFromMe || row.handle === undefined ? chat.identifier : row.handle);
  return { id, name: toNameField(id) };
}

function toPlaceholder(row: MessageRow, files: readonly AttachedFile[]): string {
  if (row.isAudio && files.length > 0) return "(voice message)";
  if (files.length > 0)
    return files.map(({ name, mime }) => `(${toWord(mime)}: ${toNameField(name)})`).join("\n");
  return row.balloon === undefined || row.balloon === LINK_PREVIEW
    ? ""
    : "(a message of an app: open Messages to see it)";
}

function toWord(mime: string | undefined): string {
  const [type] = mime?.split("/") ?? [];
  return type === "image" ? "photo" : type === "video" || type === "audio" ? type : "file";
}

function toIncomingFile({ guid, name, mime, bytes }: AttachedFile): IncomingFile {
  return {
    reference: guid,
    name,
    ...(mime === undefined ? {} : { mime }),
    ...(bytes > 0 ? { bytes } : {}),
  };
}

type Draft = Pick<Arrival, "kind" | "text" | "ack" | "quotes"> & {
  deliveryId: string;
  priority?: Arrival["priority"];
  isAddressed: boolean;
  isEdited: boolean;
  meta: Record<string, string | undefined>;
  at: bigint;
};

function toArrival(
  row: MessageRow,
  chat: MessagesChat,
  { channel }: RowPlace,
  draft: Draft,
): Arrival {
  const { isAddressed, isEdited, meta: facts, at, ...rest } = draft;
  const sender = toSender(row, chat);
  const chatId = toChatId(row, chat);
  const meta: Meta = {
    user: sender.name,
    user_id: sender.id,
    chat_id: chatId,
    message_id: row.guid,
  };
  for (const [key, value] of Object.entries(facts))
    if (value !== undefined && value !== "")
      meta[key] = value.slice(0, MAX_META_CHARS).toWellFormed();
  const occurredAt = toEpochMs(at);
  return {
    channel,
    priority: "normal",
    verified: "imessage",
    sender,
    chatId,
    ...rest,
    meta,
    chat: {
      place: chat.kind === "direct" ? "dm" : "group",
      account: ACCOUNT,
      ...(chat.kind === "group" ? { groupId: chatId } : {}),
      isAddressed,
      isBot: false,
      isForwarded: false,
      isEdited,
      ...(isForgeable(row) ? { isShared: true } : {}),
    },
    ...(occurredAt === undefined ? {} : { occurredAt }),
  };
}

/** What a chat is called here: without the service, whose name in the guid changes with macOS. An SMS is answered by SMS. */
function toChatId(row: MessageRow, chat: MessagesChat): string {
  return isForgeable(row) ? `sms:${chat.identifier}` : chat.identifier;
}

/** Before High Sierra it counted seconds. */
export function toEpochMs(date: bigint): number | undefined {
  if (date <= 0n) return undefined;
  const ms = date < SECONDS_BELOW ? Number(date) * 1_000 : Number(date / 1_000_000n);
  return APPLE_EPOCH_MS + ms;
}

export function toAppleDate(epochMs: number): bigint {
  return BigInt(Math.max(0, Math.floor(epochMs - APPLE_EPOCH_MS))) * 1_000_000n;
}
