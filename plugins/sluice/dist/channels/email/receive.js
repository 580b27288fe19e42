/**
 * Turns a mail into an arrival.
 *
 * Owns: what a session reads of it, and from whom it is. Pure. Never: fetches; decides who may speak.
 *
 * MAILFROM-1 The sender is the one address of From, and only where the receiving server found the mail authentic. Any other mail is nobody's:
 *    `verified` is `none`, it names no sender, and nothing of it is read.
 * MAILFROM-2 One mail is one event: by its sender and its Message-ID, or by its header where it has none. Of two people neither can take the
 *    other's id.
 */
import { createHash } from "node:crypto";
import { cut, toNameField, toRefField } from "../../sdk/field.js";
import { OWN_WORDS } from "../../sdk/words.js";
import { toAddress } from "./auth-results.js";
import { isForwardSubject, readOwnText } from "./history.js";
import { findHeader, readMessageIds } from "./headers.js";
/** Of one mail; the whole text is kept for `details`. */
const MAX_MESSAGE_CHARS = 16_000;
const MAX_SUBJECT_CHARS = 300;
const MAX_REFERENCES = 20;
const ADDRESS = /^[^\s@<>"(),:;\\\p{Cc}]{1,64}@[a-z0-9.-]{1,190}$/u;
/** The one address that a mail names as its sender, in the form in which it can be compared; empty where there is no one. */
export function readFrom(from, headers) {
    const [first] = from;
    const address = from.length === 1 && first !== undefined ? toAddress(first.address) : "";
    if (!ADDRESS.test(address))
        return "";
    // Where two readers of one line differ, somebody wrote it for that.
    const bare = (findHeader(headers, "from") ?? "")
        .slice(0, 4_000)
        .replace(/"(?:[^"\\]|\\.)*"|\([^()]*\)/g, " ");
    const written = readAddresses(bare).map((one) => toAddress(one));
    return written.length > 0 && written.every((one) => one === address) ? address : "";
}
export function toArrival(facts) {
    const { channel, address, headers, auth, origin, receivedAt, files } = facts;
    const from = readFrom(facts.from, headers);
    const { by } = auth;
    // MAILFROM-1
    if (by === undefined || from === "")
        return toNobody(facts);
    const mail = toAnswered(facts);
    const isForward = isForwardSubject(facts.subject);
    const isAnswer = mail.references.length > 0;
    const own = readOwnText(facts.text, { isAnswer, isForward });
    const isOurs = isAddressed(headers, address);
    const isPerson = origin === "message" && isOurs;
    const name = toNameField(facts.from[0]?.name ?? "");
    return {
        channel,
        kind: origin,
        sender: { id: from, ...(name === "" ? {} : { name }) },
        text: toLine(facts, from, { isOurs, cutLines: own.cutLines }),
        quotes: toQuotes(facts.subject, own.text),
        meta: toMeta(facts, { from, name, mail }),
        priority: "normal",
        ack: isPerson ? "reply" : "auto",
        verified: by,
        deliveryId: `${from} ${mail.id === "" ? toDigest(headers) : mail.id}`,
        chatId: from,
        chat: {
            place: "dm",
            account: address,
            // What a program sent or a list passed on speaks to nobody: a stranger gets no code for it.
            isAddressed: isPerson,
            isBot: false,
            isForwarded: isForward,
            isEdited: false,
        },
        answering: JSON.stringify(isOurs ? mail : { ...mail, origin: "list" }),
        occurredAt: receivedAt,
        ...(files.length === 0 ? {} : { files }),
        ...(own.cutLines > 0 || own.text.length > MAX_MESSAGE_CHARS ? { payload: facts.text } : {}),
    };
}
/** Dropped by the gate, and counted. */
function toNobody({ channel, address, origin, receivedAt }) {
    return {
        channel,
        kind: origin,
        sender: { id: "" },
        text: "Mail that is not known to be from who it names",
        quotes: [],
        meta: {},
        priority: "normal",
        ack: "auto",
        verified: "none",
        chat: {
            place: "broadcast",
            account: address,
            isAddressed: false,
            isBot: true,
            isForwarded: false,
            isEdited: false,
        },
        occurredAt: receivedAt,
    };
}
function toLine({ origin, headers, address, files, isEncrypted }, from, { isOurs, cutLines }) {
    const who = toNameField(from, 256);
    const list = toNameField(findHeader(headers, "list-id") ?? "a list", 60).replace(/[?<>]/g, "");
    const lines = {
        message: `Mail from ${who}`,
        auto_reply: `Automatic answer from ${who}; nothing is sent in return`,
        list: `Mail from ${who}, sent on by the list ${list.trim()}; no answer is sent`,
        automatic: `Mail from a program of ${who}; no answer is sent`,
        bounce: `Failure report from ${who}`,
        receipt: `Receipt from ${who}: your mail was shown or deleted`,
    };
    const count = files.length === 1 ? "a file" : `${files.length} files`;
    return [
        lines[origin],
        ...(files.length === 0 ? [] : [`with ${count}`]),
        ...(isOurs ? [] : [`not addressed to ${address}; no answer is sent`]),
        ...(isEncrypted ? ["encrypted: its text cannot be read here"] : []),
        ...(cutLines === 0
            ? []
            : [`${cutLines} lines of earlier mails are left out; details has them`]),
    ].join(", ");
}
function toQuotes(subject, text) {
    const title = toNameField(subject, MAX_SUBJECT_CHARS);
    return [
        ...(title === "" ? [] : [{ label: "subject", text: title }]),
        ...(text.trim() === "" ? [] : [{ label: OWN_WORDS, text: cut(text, MAX_MESSAGE_CHARS) }]),
    ];
}
function toMeta({ headers, auth, origin }, { from, name, mail }) {
    const [root = mail.id] = mail.references;
    const [answered] = readMessageIds(findHeader(headers, "in-reply-to")).slice(-1);
    const others = readAddresses(findHeader(headers, "cc"));
    const facts = {
        user_id: from,
        user: name,
        message_id: toRefField(mail.id, 250),
        thread_id: toRefField(root, 250),
        reply_to_id: toRefField(answered ?? "", 250),
        cc: toNameField(others.join(", "), 200),
        spf: auth.results.spf ?? "",
        dkim: auth.results.dkim ?? "",
        dmarc: auth.results.dmarc ?? "",
        automatic: origin === "message" ? "" : "true",
    };
    return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== ""));
}
function toAnswered({ headers, subject, origin }) {
    const [id = ""] = readMessageIds(findHeader(headers, "message-id")).slice(-1);
    const named = readMessageIds(findHeader(headers, "references"));
    const references = named.length > 0 ? named : readMessageIds(findHeader(headers, "in-reply-to"));
    return { id, references: keepEnds(references), subject: cut(subject, MAX_SUBJECT_CHARS), origin };
}
/** The first names the thread, the last what is answered. */
function keepEnds(ids) {
    const [first, ...rest] = ids;
    return first === undefined ? [] : [first, ...rest.slice(1 - MAX_REFERENCES)];
}
/** In To or Cc, with or without a `+tag`. A copy that somebody sends on bears the names of those for whom it was written. */
function isAddressed(headers, address) {
    return headers
        .filter(({ name }) => name === "to" || name === "cc")
        .flatMap(({ value }) => readAddresses(value))
        .some((one) => toAddress(one.replace(/\+[^@]*@/, "@")) === address || toAddress(one) === address);
}
function readAddresses(value) {
    return (value ?? "").slice(0, 16_000).match(/[^\s<>,;:"()]{1,64}@[^\s<>,;:"()]{1,190}/g) ?? [];
}
/** MAILFROM-2 */
function toDigest(headers) {
    const lines = headers.map(({ name, value }) => `${name}: ${value}`).join("\n");
    return createHash("sha256").update(lines).digest("hex").slice(0, 32);
}
