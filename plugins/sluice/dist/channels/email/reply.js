/**
 * An answer as a mail: to whom, in which thread, under which subject.
 *
 * Owns: those headers. Pure. Never: sends.
 *
 * MAILREPLY-1 An answer goes to the authentic sender alone: never to Reply-To, which nobody vouches for, and never to others of the thread.
 * MAILREPLY-2 All that we send says that a program sent it, so that no honest program answers (RFC 3834).
 */
import { SluiceError } from "../../sdk/errors.js";
import { cut, toNameField } from "../../sdk/field.js";
import { at, textAt } from "../../sdk/json.js";
import { toAddress } from "./auth-results.js";
const MAX_SUBJECT_CHARS = 78;
const ANSWERS = /^\s*(?:(?:re|aw|sv|antw|odp|vs|rif|回复|答复)\s*(?:\[\d+\])?\s*[:：]\s*)+/iu;
/** Undefined where it was not written by us. */
export function parseAnswered(text) {
    if (text === undefined)
        return undefined;
    let json;
    try {
        json = JSON.parse(text);
    }
    catch {
        // Of an earlier version, or damaged: the mail goes out in no thread.
        return undefined;
    }
    const references = at(json, "references");
    const id = textAt(json, "id");
    const origin = textAt(json, "origin");
    if (id === undefined || origin === undefined || !Array.isArray(references))
        return undefined;
    return {
        id,
        references: references.filter((one) => typeof one === "string"),
        subject: textAt(json, "subject") ?? "",
        // Anything but "message" is not answered.
        origin: origin === "message" ? "message" : "automatic",
    };
}
/** @throws SluiceError `bad_input` for a chat that is no address, `unsupported` for what must not be answered. */
export function toMail(message, answered, { from, messageId }) {
    const to = toAddress(message.chatId);
    if (to === "" || !/^[^\s<>"(),:;\\\p{Cc}]+$/u.test(to))
        throw new SluiceError("bad_input", `email: "${toNameField(message.chatId)}" is no mail address`);
    if (answered !== undefined && answered.origin !== "message")
        throw new SluiceError("unsupported", "email: that mail was written by a program or was not addressed to us; it is not answered, since the answer could be answered again");
    const thread = answered ?? toThread(message.threadId);
    const references = [...(thread?.references ?? []), ...(thread?.id ? [thread.id] : [])];
    return {
        from,
        to,
        subject: toSubject(message.text, thread?.subject, message.isNotice === true),
        messageId: `<${messageId}>`,
        ...(thread?.id ? { inReplyTo: `<${thread.id}>` } : {}),
        ...(references.length === 0 ? {} : { references: references.map((id) => `<${id}>`) }),
        text: message.text,
        // MAILREPLY-2
        headers: {
            "Auto-Submitted": thread === undefined ? "auto-generated" : "auto-replied",
            "X-Auto-Response-Suppress": "All",
        },
    };
}
/** Of what is known of a thread by its name alone. */
function toThread(threadId) {
    if (threadId === undefined || !/^[^<>\s]{1,250}$/.test(threadId))
        return undefined;
    return { id: threadId, references: [], subject: "", origin: "message" };
}
function toSubject(text, answered, isNotice) {
    const bare = toNameField((answered ?? "").replace(ANSWERS, ""), 300);
    if (bare !== "")
        return `Re: ${bare}`;
    const [line = ""] = text
        .split("\n")
        .map((one) => toNameField(one.replace(/^[#>*\s`-]+|[*`]+/g, ""), 300))
        .filter((one) => one !== "");
    const words = line === "" ? "a message from your session" : line;
    return cut(`${isNotice ? "Sluice: " : ""}${words}`, MAX_SUBJECT_CHARS);
}
