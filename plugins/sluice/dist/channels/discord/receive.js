/**
 * Turns an event of the gateway into an arrival.
 *
 * Owns: who, where, and what it is: message, edit, deletion, reaction. Never: decides who may speak, or fetches a file. Interactions:
 * interaction.ts.
 *
 * DISEVENT-1 A person is the id of an author. A webhook and an app write under any name: they are bots, whatever they are called.
 * DISEVENT-2 A message is a person's own new words only if it is neither forwarded nor edited: the others stand under other labels. That
 *    holds for one that had been edited before it was first read, as a chat's history has it: a new message, and yet no fresh words.
 * DISEVENT-3 What Discord says of itself (joins, pins, threads) is nobody's word.
 * DISEVENT-4 A direct chat is one with this person alone: a group of people without a server is none (where.ts).
 * DISEVENT-5 An event of an unexpected form is `malformed`, and the next one goes on.
 * DISEVENT-6 A preview changes a message without an edit; and one edit may come twice, under two times: what it says names it.
 * https://docs.discord.com/developers/events/gateway-events
 */
import { createHash } from "node:crypto";
import { MAX_META_CHARS } from "../../sdk/field.js";
import { isSluiceError } from "../../sdk/errors.js";
import { at, isTrueAt, listAt, textAt, timeAt, toStorableText } from "../../sdk/json.js";
import { OWN_WORDS } from "../../sdk/words.js";
import { isForward, readAnswered, readContent } from "./content.js";
import { readPlace } from "./where.js";
import { isBot, NotDiscords, optionalId, readName, requireId, toTime, } from "./wire.js";
/** Normal messages and answers. https://docs.discord.com/developers/resources/message#message-object-message-types */
const WRITTEN = new Set([0, 19]);
/** @throws SluiceError where a channel could not be asked for: the event is to be read again. */
export async function receive(event, options) {
    const { type, data } = event;
    try {
        switch (type) {
            case "MESSAGE_CREATE":
                return await readMessage(data, false, options);
            case "MESSAGE_UPDATE":
                return await readMessage(data, true, options);
            case "MESSAGE_DELETE":
                return readDeletion(requireId(data, "id"), options);
            case "MESSAGE_REACTION_ADD":
            case "MESSAGE_REACTION_REMOVE":
                return await readReaction(event, options);
            default:
                return {
                    kind: "ignore",
                    reason: `an event of no kind that is told (${type.slice(0, 40)})`,
                };
        }
    }
    catch (thrown) {
        if (isSluiceError(thrown))
            throw thrown;
        // Only our own words: another error's may quote the content.
        const reason = thrown instanceof NotDiscords ? thrown.message : "it cannot be read";
        return { kind: "malformed", reason };
    }
}
/** One message, from the gateway or from a chat's history. */
export async function readMessage(message, isEdit, options, isHistory = false) {
    const { me, recent, places } = options;
    const [chatId, messageId] = [requireId(message, "channel_id"), requireId(message, "id")];
    const author = at(message, "author");
    // A preview of a link brings no author, or no time of an edit.
    const isEdited = at(message, "edited_timestamp") != null;
    if (isEdit && (author === undefined || !isEdited))
        return { kind: "ignore", reason: "no edit" };
    if (!WRITTEN.has(at(message, "type")))
        return { kind: "ignore", reason: "a service message" }; // DISEVENT-3
    const sender = { id: requireId(author, "id"), name: readName(author, at(message, "member")) };
    if (sender.id === me.id)
        return { kind: "ignore", reason: "our own message" };
    const where = await readPlace(message, chatId, places, isHistory);
    const isForwarded = isForward(message);
    const label = isForwarded ? "forwarded" : isEdited ? "edited message" : OWN_WORDS; // DISEVENT-2
    const toPlaceName = (id) => places.peek(id)?.name;
    const said = isForwarded ? at(listAt(message, "message_snapshots")[0], "message") : message;
    const content = readContent(said, label, { chat: chatId, message: messageId }, toPlaceName);
    const answered = readAnswered(message);
    const isAddressed = where.place === "dm" || isNamed(message, me, places);
    const head = [
        isEdit ? `${sender.name} edited message ${messageId}` : `Message from ${sender.name}`,
        where.title === "" ? "" : ` in ${where.title}`,
        isForwarded ? ", forwarded from elsewhere" : "",
    ].join("");
    const hasContent = content.quotes.length > 0 || content.placeholder !== "";
    const placeholder = hasContent ? content.placeholder : "(no text that the bot can read)";
    const chat = {
        place: where.place,
        ...where.group,
        isBot: isBot(message, author),
    };
    const arrival = toArrival(options, {
        kind: isEdit ? "message.edited" : "message",
        sender,
        chatId,
        deliveryId: isEdit ? toEditId(messageId, message) : messageId,
        // An edit is told, and owes no answer: the message that it changes does.
        ack: isAddressed && !isEdit ? "reply" : "auto",
        text: [head, placeholder].filter(Boolean).join("\n"),
        quotes: [...content.quotes, ...answered.quotes],
        occurredAt: isEdit ? timeAt(message, "edited_timestamp") : toTime(messageId),
        chat: { ...chat, isAddressed, isForwarded, isEdited },
        meta: {
            message_id: messageId,
            thread_id: where.threadId,
            reply_to_id: answered.id,
            reply_to_text: answered.quotes[0]?.text,
            edited: isEdited ? "true" : undefined,
            forwarded_from: isForwarded ? "elsewhere" : undefined,
        },
    });
    if (content.files.length > 0)
        arrival.files = content.files;
    recent.note(messageId, { chatId, sender, chat, title: where.title, threadId: where.threadId });
    return { kind: "arrival", arrival };
}
/** Discord names neither writer nor words: only what came by here can be told. */
function readDeletion(messageId, options) {
    const known = options.recent.find(messageId);
    if (known === undefined)
        return { kind: "ignore", reason: "a message that is not known was deleted" };
    const { sender, chatId, chat, title, threadId } = known;
    const arrival = toArrival(options, {
        kind: "message.deleted",
        sender,
        chatId,
        deliveryId: `delete:${messageId}`,
        ack: "auto",
        priority: "low",
        text: `Message ${messageId} of ${sender.name}${title === "" ? "" : ` in ${title}`} was deleted`,
        quotes: [],
        occurredAt: undefined,
        chat: { ...chat, isAddressed: chat.place === "dm", isForwarded: false, isEdited: true },
        meta: { message_id: messageId, thread_id: threadId },
    });
    return { kind: "arrival", arrival };
}
async function readReaction({ type, data, seq }, options) {
    const { me, recent, places, sessionId } = options;
    const [chatId, messageId] = [requireId(data, "channel_id"), requireId(data, "message_id")];
    const id = requireId(data, "user_id");
    if (id === me.id)
        return { kind: "ignore", reason: "our own reaction" };
    const user = at(data, "member.user");
    const known = recent.findName(id);
    const name = user === undefined ? (known ?? id) : readName(user, at(data, "member"));
    const where = await readPlace(data, chatId, places);
    const isAdded = type === "MESSAGE_REACTION_ADD";
    const emoji = toEmoji(at(data, "emoji"));
    const did = isAdded ? `reacted ${emoji} to` : `took back the reaction ${emoji} to`;
    const isOurs = optionalId(data, "message_author_id") === me.id || recent.isOurs(messageId);
    const arrival = toArrival(options, {
        kind: "reaction",
        sender: { id, name },
        chatId,
        deliveryId: `reaction:${sessionId}:${seq}`,
        ack: "auto",
        priority: "low",
        text: `${name} ${did} message ${messageId}`,
        quotes: [],
        occurredAt: undefined,
        chat: {
            place: where.place,
            ...where.group,
            isAddressed: where.place === "dm" || isOurs,
            isBot: isTrueAt(user, "bot"),
            isForwarded: false,
            isEdited: false,
        },
        meta: { message_id: messageId, thread_id: where.threadId, reaction: emoji },
    });
    return { kind: "arrival", arrival };
}
/** Of a custom one its name, which is letters, digits and underscores. */
function toEmoji(emoji) {
    const name = textAt(emoji, "name") ?? "";
    if (optionalId(emoji, "id") !== undefined)
        return /^\w{1,32}$/.test(name) ? `:${name}:` : "a custom emoji";
    return name !== "" && name.length <= 32 && !/[\p{L}<>"`\s]/u.test(name) ? name : "an emoji";
}
/** Whether a message names us or answers us. */
function isNamed(message, me, places) {
    if (listAt(message, "mentions").some((user) => optionalId(user, "id") === me.id))
        return true;
    if (optionalId(message, "referenced_message.author.id") === me.id)
        return true;
    return listAt(message, "mention_roles").some((role) => typeof role === "string" && places.isOurRole(role));
}
/** DISEVENT-6 */
function toEditId(messageId, message) {
    const files = listAt(message, "attachments").map((one) => optionalId(one, "id") ?? "");
    const said = JSON.stringify([textAt(message, "content") ?? "", files]);
    return `edit:${messageId}:${createHash("sha256").update(said).digest("hex").slice(0, 16)}`;
}
export function toArrival({ channel, me }, draft) {
    const { occurredAt, meta: facts, chat, quotes, deliveryId, ...rest } = draft;
    const meta = {};
    const people = { user: draft.sender.name, user_id: draft.sender.id, chat_id: draft.chatId };
    for (const [key, value] of Object.entries({ ...people, ...facts })) {
        if (value !== undefined && value !== "")
            meta[key] = value.slice(0, MAX_META_CHARS).toWellFormed();
    }
    return {
        channel,
        priority: "normal",
        verified: "discord",
        ...rest,
        deliveryId: `${me.id}:${deliveryId}`,
        quotes: quotes.map(({ label, text }) => ({ label, text: toStorableText(text) })),
        chat: { ...chat, account: me.id },
        meta,
        ...(occurredAt === undefined ? {} : { occurredAt }),
    };
}
