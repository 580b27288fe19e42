import { replaceUnseen } from "../../sdk/unseen.js";
import { markTags } from "./tags.js";
const LINE_BREAK = /\r\n|[\r\u0085\u2028\u2029]/gu;
const META_VALUE_MAX_CHARS = 256;
/** In a tag of ours, where every character has its price. */
const ATTRIBUTE_MAX_CHARS = 128;
/** Where a file lies: whole, or it names none. */
const PATH_KEY = "image_path";
const LABEL_MAX_CHARS = 40;
/** A channel's own lines are short by design; a longer text means a third party got into them. */
const COMPOSED_MAX_CHARS = 1_500;
/** Beyond what is shown, for what is unseen and taken out. */
const LOOK_AHEAD_CHARS = 8_192;
/** Most texts: nothing in them is unseen, and nothing opens a tag. */
const HARMLESS = /^[\n\t\x20-\x3b\x3d-\x7e]*$/;
/** Text from outside made harmless: one kind of line break, nothing unseen, every tag marked that could be taken for one of ours. */
export function neutralise(text) {
    if (HARMLESS.test(text))
        return text;
    // Unseen characters go first: one of them inside a tag's name would hide it from the next step.
    const lines = text.toWellFormed().replace(LINE_BREAK, "\n");
    return markTags(replaceUnseen(lines, () => ""));
}
/** A value on one line, at most 256 characters. */
export function toMetaValue(value) {
    const line = neutralise(value).replaceAll("\n", " ").replaceAll("\t", " ").trim();
    return cut(line, META_VALUE_MAX_CHARS);
}
/** The facts that every event carries on every lane, then those of its channel. Never `source`. */
export function toMeta(event, { attempt, firstOfferedAt, count }) {
    const facts = {
        channel: event.channel,
        event_id: event.id,
        kind: event.kind,
        ts: new Date(event.occurredAt ?? event.receivedAt).toISOString(),
        verified: event.verified,
        trust: "untrusted",
    };
    if (event.priority !== "normal")
        facts["priority"] = event.priority;
    if (event.entity !== undefined)
        facts["entity"] = event.entity;
    if (event.chatId !== undefined)
        facts["chat_id"] = event.chatId;
    if (count !== undefined)
        facts["count"] = String(count);
    if (attempt > 1) {
        facts["replayed"] = "true";
        facts["attempt"] = String(attempt);
        if (firstOfferedAt !== undefined)
            facts["first_offered_at"] = new Date(firstOfferedAt).toISOString();
    }
    const meta = {};
    // Ours last: a channel's key can never replace the id, the trust or the replay mark.
    for (const [key, value] of Object.entries({ ...event.meta, ...facts })) {
        if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(key) || key === "source")
            continue;
        if (key === PATH_KEY && value.length > META_VALUE_MAX_CHARS)
            continue;
        meta[key] = toMetaValue(value);
    }
    return meta;
}
/** The event's lines: what the channel composed, then what others wrote, capped at `maxQuoteChars` in all (SHAPE-2, SHAPE-3). */
export function toText(event, maxQuoteChars) {
    const composed = show(event.text, Math.max(COMPOSED_MAX_CHARS, maxQuoteChars));
    const lines = [composed.text];
    let left = maxQuoteChars;
    let { omitted } = composed;
    for (const quote of event.quotes) {
        const shown = show(quote.text.trimEnd(), left);
        omitted += shown.omitted;
        left -= shown.text.length;
        if (shown.text !== "")
            lines.push(toQuote({ label: quote.label, text: shown.text }));
    }
    if (omitted > 0)
        lines.push(`(${omitted} more characters: details)`);
    return lines.join("\n");
}
/** At most `maxChars` of a text from outside. A megabyte of it is not gone through for the few that are shown. */
function show(given, maxChars) {
    const head = cut(given, 2 * maxChars + LOOK_AHEAD_CHARS);
    const whole = neutralise(head).trimEnd();
    const text = cut(whole, maxChars);
    return { text, omitted: whole.length - text.length + (given.length - head.length) };
}
/** An event's lines, and that it stands for others. */
export function toBody(event, { earlier }, maxQuoteChars) {
    const text = toText(event, maxQuoteChars);
    return earlier === undefined ? text : `${text}\n${earlier}`;
}
function toQuote({ label, text }) {
    const rows = text.split("\n");
    const name = cut(toMetaValue(label), LABEL_MAX_CHARS);
    return rows.length === 1
        ? `| ${name}: ${rows[0]}`
        : [`| ${name}:`, ...rows.map((row) => `| ${row}`)].join("\n");
}
/** Keys that a note spends characters on; the rest is read by `details`. */
const NOTE_KEYS = [
    "channel",
    "event_id",
    "kind",
    "ts",
    "verified",
    "trust",
    "priority",
    "severity",
    "user",
    "chat_id",
    "message_id",
    "thread_id",
    "reply_to_id",
    "replayed",
    "attempt",
    "first_offered_at",
    "count",
    PATH_KEY,
    "attachment_count",
    "attachments",
];
/** One event as a tag, for the lanes where we write the tag ourselves (SHAPE-1). */
export function toTag(event, attempt, maxQuoteChars) {
    const meta = toMeta(event, attempt);
    const attributes = NOTE_KEYS.flatMap((key) => meta[key] === undefined ? [] : [` ${key}="${escape(toAttribute(key, meta[key]))}"`]);
    return `<channel source="sluice"${attributes.join("")}>\n${toBody(event, attempt, maxQuoteChars)}\n</channel>`;
}
function toAttribute(key, value) {
    return key === PATH_KEY ? value : cut(value, ATTRIBUTE_MAX_CHARS);
}
/** In place of an event that is too large for a note even without its quotes. */
export function toStub(event, attempt) {
    const { text, quotes } = event;
    const size = text.length + quotes.reduce((sum, quote) => sum + quote.text.length, 0);
    const line = `(an event of ${size} characters, too large for a note: details)`;
    return toTag({ ...event, text: line, quotes: [], meta: {} }, attempt, 0);
}
/** A value inside an attribute. */
export function escape(value) {
    return value
        .replaceAll("&", "&amp;")
        .replaceAll('"', "&quot;")
        .replaceAll("<", "&lt;")
        .replaceAll(">", "&gt;");
}
const SCREEN_MAX_COLUMNS = 110;
/** What a terminal opens at a click. The words around it would seem to be ours. */
const LINK = /(?:[a-z][a-z0-9+.-]{0,31}:\/\/|www\.)[^\s<>"']*/giu;
/** Marks heaped on one letter paint over the lines around it. No script needs as many. */
const HEAPED_MARKS = /(\p{M}{4})\p{M}+/gu;
/** One line for the person at the terminal (SHAPE-4). */
export function toScreenLine(text) {
    const plain = neutralise(cut(text, LOOK_AHEAD_CHARS))
        .replace(/\s+/gu, " ")
        .trim()
        .replace(LINK, "(link)")
        // Not taken out: what is left could be one again.
        .replaceAll("](", "] (")
        .replace(HEAPED_MARKS, "$1");
    let columns = 0;
    let line = "";
    for (const { segment } of CLUSTERS.segment(plain)) {
        // Too many rather than too few: from here on most scripts have letters of two columns.
        columns += (segment.codePointAt(0) ?? 0) < 0x1100 ? 1 : 2;
        if (columns > SCREEN_MAX_COLUMNS - 1)
            return `${line.trimEnd()}…`;
        line += segment;
    }
    return line;
}
const CLUSTERS = new Intl.Segmenter("und", { granularity: "grapheme" });
/** Longer than any letter with its marks, or emoji with its parts. */
const CLUSTER_MAX_CHARS = 64;
/** Cuts where a person would: no emoji, and no letter with its marks, is split. */
export function cut(text, maxChars) {
    if (text.length <= maxChars)
        return text;
    const from = Math.max(0, maxChars - CLUSTER_MAX_CHARS);
    const near = text.slice(from, maxChars + CLUSTER_MAX_CHARS);
    if (/^[\x20-\x7e\n]*$/.test(near))
        return text.slice(0, maxChars);
    let end = from;
    for (const { index, segment } of CLUSTERS.segment(near)) {
        if (from + index + segment.length > maxChars)
            break;
        end = from + index + segment.length;
    }
    const isSplit = end > 0 && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800;
    return text.slice(0, isSplit ? end - 1 : end);
}
