import { MAX_META_CHARS, toNameField, toRefField } from "../../sdk/field.js";
import { toStorableText } from "../../sdk/json.js";
import { OWN_WORDS } from "../../sdk/words.js";
import { toAddress, } from "./messages-file.js";
import { readAttributedText, withoutObjects } from "./typedstream.js";
/** Stands before every text of ours in the chat with oneself. */
export const MARK = "Sluice: ";
const MARKED = /^\W*sluice\s*:/iu;
/** The same before the name of a file. */
export const FILE_MARK = "sluice-";
/** The account's own id in access rules: one Mac has one Messages. */
const ACCOUNT = "messages";
/** 2001-01-01 in epoch milliseconds. */
const APPLE_EPOCH_MS = 978_307_200_000;
const SECONDS_BELOW = 1000000000000n;
const REACTIONS = ["❤️", "👍", "👎", "😂", "‼️", "❓"];
const REACTED = 2_000;
const TOOK_BACK = 3_000;
/** A preview of a link: its text says all. */
const LINK_PREVIEW = "com.apple.messages.URLBalloonProvider";
/** A new row. */
export function receive(row, place) {
    const reason = findReason(row, place);
    if (reason !== undefined)
        return { kind: "ignore", reason };
    if (row.chat === undefined)
        return { kind: "unfinished" };
    if (row.associatedType >= REACTED)
        return readReaction(row, row.chat, place);
    if (row.retractedAt > 0n)
        return { kind: "ignore", reason: "taken back before it was read" };
    const text = readText(row, place);
    const files = row.hasFiles ? place.listFiles(row.row) : [];
    const isMissing = row.hasFiles && files.length === 0;
    if (isMissing || (text === "" && files.length === 0 && row.balloon === undefined))
        return { kind: "unfinished" };
    if (isOurs(row, text, place, files))
        return { kind: "ignore", reason: "our own message" };
    return readMessage(row, row.chat, { text, files, isEdited: row.editedAt > 0n, isNew: true }, place);
}
/** A row that was read before and has changed. */
export function receiveChange(row, place) {
    const reason = findReason(row, place);
    if (reason !== undefined)
        return { kind: "ignore", reason };
    if (row.chat === undefined || row.associatedType >= REACTED)
        return { kind: "ignore", reason: "a change of no message" };
    if (row.retractedAt > 0n)
        return readTakenBack(row, row.chat, place);
    const text = readText(row, place);
    if (isOurs(row, text, place))
        return { kind: "ignore", reason: "our own message" };
    return readMessage(row, row.chat, { text, files: [], isEdited: true, isNew: false }, place);
}
/** Why a row is no word of anybody. */
function findReason(row, place) {
    const { chat } = row;
    if (row.itemType !== 0)
        return "a change of the group";
    if (chat?.kind === "other")
        return "a chat of no known kind";
    if (!place.takesSms && isForgeable(row))
        return "an SMS";
    if (row.isFromMe && chat !== undefined && !isOwnChat(chat, place))
        return "our own message";
    if (!row.isFromMe && row.handle === undefined && chat !== undefined)
        return "without a sender";
    return undefined;
}
function isForgeable({ service, chat }) {
    // Whatever else Apple may add counts as forgeable.
    return !/^imessage(?:lite)?$/i.test(service) || /^(?:sms|rcs)$/i.test(chat?.service ?? "");
}
/** The chat with oneself, by whatever service. */
export function isOwnChat(chat, { own }) {
    return chat.kind === "direct" && own.has(toAddress(chat.identifier));
}
/** IMESSAGE-1 */
function isOurs(row, text, place, files = []) {
    if (row.chat === undefined || !isOwnChat(row.chat, place))
        return false;
    return MARKED.test(text) || files.some(({ name }) => name.startsWith(FILE_MARK));
}
function readText(row, { readEdited }) {
    const edited = row.editedAt > 0n && row.info !== undefined ? readEdited(row.info) : undefined;
    return edited === undefined ? readWords(row) : toStorableText(edited).trim();
}
/** The text that a row was first written with. */
export function readWords({ text, body }) {
    const found = text === undefined && body !== undefined
        ? readAttributedText(body)
        : withoutObjects(text ?? "");
    return toStorableText(found ?? "").trim();
}
function readMessage(row, chat, content, place) {
    const { text, files, isEdited, isNew } = content;
    const sender = toSender(row, chat);
    const answered = row.answers === undefined ? undefined : place.find(row.answers);
    const answeredText = answered === undefined ? "" : readText(answered, place);
    const isAddressed = chat.kind === "direct" || answered?.isFromMe === true;
    const what = isNew
        ? `Message from ${sender.name}`
        : `${sender.name} edited message ${toRefField(row.guid)}`;
    const where = chat.kind === "group" ? ` in ${toNameField(chat.name)}` : "";
    const quotes = [];
    if (text !== "")
        quotes.push({ label: isEdited ? "edited message" : OWN_WORDS, text });
    if (!isNew && text === "")
        quotes.push({ label: "edited message", text: "(cannot be read)" });
    if (answeredText !== "")
        quotes.push({ label: "in reply to", text: answeredText });
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
    if (files.length > 0)
        arrival.files = files.map(toIncomingFile);
    return { kind: "arrival", arrival };
}
function readReaction(row, chat, place) {
    const number = row.associatedType % 1_000;
    const target = row.associatedGuid?.replace(/^(?:p:\d+\/|bp:)/, "");
    if (target === undefined)
        return { kind: "ignore", reason: "a reaction to nothing" };
    if (row.isFromMe)
        return { kind: "ignore", reason: "our own reaction" };
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
function readTakenBack(row, chat, place) {
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
function toSender(row, chat) {
    const id = toAddress(row.isFromMe || row.handle === undefined ? chat.identifier : row.handle);
    return { id, name: toNameField(id) };
}
function toPlaceholder(row, files) {
    if (row.isAudio && files.length > 0)
        return "(voice message)";
    if (files.length > 0)
        return files.map(({ name, mime }) => `(${toWord(mime)}: ${toNameField(name)})`).join("\n");
    return row.balloon === undefined || row.balloon === LINK_PREVIEW
        ? ""
        : "(a message of an app: open Messages to see it)";
}
function toWord(mime) {
    const [type] = mime?.split("/") ?? [];
    return type === "image" ? "photo" : type === "video" || type === "audio" ? type : "file";
}
function toIncomingFile({ guid, name, mime, bytes }) {
    return {
        reference: guid,
        name,
        ...(mime === undefined ? {} : { mime }),
        ...(bytes > 0 ? { bytes } : {}),
    };
}
function toArrival(row, chat, { channel }, draft) {
    const { isAddressed, isEdited, meta: facts, at, ...rest } = draft;
    const sender = toSender(row, chat);
    const chatId = toChatId(row, chat);
    const meta = {
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
function toChatId(row, chat) {
    return isForgeable(row) ? `sms:${chat.identifier}` : chat.identifier;
}
/** Before High Sierra it counted seconds. */
export function toEpochMs(date) {
    if (date <= 0n)
        return undefined;
    const ms = date < SECONDS_BELOW ? Number(date) * 1_000 : Number(date / 1000000n);
    return APPLE_EPOCH_MS + ms;
}
export function toAppleDate(epochMs) {
    return BigInt(Math.max(0, Math.floor(epochMs - APPLE_EPOCH_MS))) * 1000000n;
}
