import { OWN_WORDS } from "../../sdk/words.js";
/** The one person on the page, as sender id and as account. */
export const PAGE_USER = "owner";
export const PAGE_ACCOUNT = "page";
const QUOTE_MAX_CHARS = 200;
export function toArrival(message) {
    const { text, files, replyTo } = message;
    const answered = replyTo?.text.slice(0, QUOTE_MAX_CHARS).toWellFormed() ?? "";
    const meta = replyTo === undefined ? {} : { reply_to_id: replyTo.id, reply_to_text: answered };
    return {
        ...toBase(message, meta),
        kind: "message",
        text: toSummary(files),
        // Quoted like everybody's: what is typed here is often pasted from elsewhere.
        quotes: [
            ...(text === "" ? [] : [{ label: OWN_WORDS, text }]),
            ...(answered === "" ? [] : [{ label: "in reply to", text: answered }]),
        ],
        ack: "reply",
        ...(files.length === 0 ? {} : { files }),
    };
}
/** New words for an earlier message. An edit is told, and owes no answer: the message that it changes does. */
export function toEdit(message) {
    const base = toBase(message, { edited: "true" });
    return {
        ...base,
        kind: "message.edited",
        text: `Message ${message.messageId} was edited on the chat page`,
        quotes: [{ label: "edited message", text: message.text }],
        ...(base.chat === undefined ? {} : { chat: { ...base.chat, isEdited: true } }),
    };
}
/** What the user thinks of a session's message; an empty reaction takes it back. */
export function toReaction(message) {
    const { messageId, reaction, text } = message;
    const did = reaction === "" ? "Took back the reaction to" : `Reacted ${reaction} to`;
    return {
        ...toBase(message, reaction === "" ? {} : { reaction }),
        kind: "reaction",
        text: `${did} message ${messageId} on the chat page`,
        quotes: text === "" ? [] : [{ label: "that message", text: text.slice(0, QUOTE_MAX_CHARS) }],
        priority: "low",
    };
}
/** CHATPAGE-1 */
function toBase({ channel, chatId, messageId, deliveryId }, meta) {
    return {
        channel,
        kind: "message",
        sender: { id: PAGE_USER, name: "you" },
        text: "",
        quotes: [],
        meta: { user: "you", user_id: PAGE_USER, message_id: messageId, ...meta },
        priority: "normal",
        ack: "auto",
        verified: "web",
        deliveryId,
        chatId,
        chat: {
            place: "dm",
            account: PAGE_ACCOUNT,
            isAddressed: true,
            isBot: false,
            isForwarded: false,
            isEdited: false,
        },
    };
}
function toSummary(files) {
    if (files.length === 0)
        return "Message typed on the chat page";
    const names = files.map(({ name, bytes }) => `${name} (${bytes ?? 0} bytes)`).join(", ");
    return `Message typed on the chat page, with ${files.length === 1 ? "a file" : `${files.length} files`}: ${names}`;
}
