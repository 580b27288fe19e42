/**
 * What an author's source makes of a thing that happened: events, or nothing and why.
 *
 * Owns: these shapes, by type and at run time. Never: what becomes of an event.
 *
 * AUTHOR-1 A key or a value of meta that a client would lose is an error that names it: keys are identifiers and never `source`, values
 *    are strings.
 */
import { SluiceError } from "../errors.js";
import { ACK_POLICIES, PRIORITIES } from "../event.js";
import { checkChat, checkFiles } from "./chat.js";
const DROP = Symbol.for("sluice.drop");
/** Returned by `receive` where a thing is not worth an event, or its sender may not speak. */
export function drop(reason) {
    return Object.freeze({ [DROP]: true, reason });
}
/** Of an event's text, and of its quotes together: what goes beyond is left out, and said. */
const MAX_TEXT_CHARS = 256 * 1024;
const MAX_QUOTES = 50;
const MAX_LABEL_CHARS = 100;
const MAX_EVENTS = 100;
const MAX_META_KEYS = 50;
const MAX_KEY_CHARS = 64;
/** No client shows as much. */
const MAX_VALUE_CHARS = 2_000;
/** Of what names a session, a conversation or a person. */
const MAX_NAME_CHARS = 256;
const MAX_KIND_CHARS = 128;
/** The last moment that a Date can hold. */
const MAX_TIME = 8.64e15;
const KEYS = new Set("text quotes meta kind id entity stateOf priority ack target ttlMs sender chat isTold files answering chatId at".split(" "));
/** Reads what an author's code returned. @throws SluiceError `bad_input` that names the field. */
export function checkResult(result) {
    if (result === undefined || result === null)
        return { kind: "drop", reason: "receive returned nothing" };
    if (isDrop(result))
        return { kind: "drop", reason: String(result.reason).slice(0, 200) };
    const list = Array.isArray(result) ? result : [result];
    if (list.length === 0)
        return { kind: "drop", reason: "receive returned no events" };
    if (list.length > MAX_EVENTS)
        throw bad(`${list.length} events at once; return at most ${MAX_EVENTS}`);
    // Not `map`, which leaves holes as they are.
    return { kind: "events", events: Array.from(list, checkEvent) };
}
function isDrop(value) {
    return typeof value === "object" && value !== null && Reflect.get(value, DROP) === true;
}
/** A copy that is what its type says. @throws SluiceError `bad_input` that names the field. */
export function checkEvent(given) {
    if (typeof given === "string")
        return { text: toText(given) };
    if (typeof given !== "object" || given === null)
        throw bad(`an event must be a text or an object with a text, not ${toName(given)}`);
    // Each field is looked at below.
    const event = { ...given };
    const unknown = Object.keys(event).find((key) => !KEYS.has(key));
    if (unknown !== undefined)
        throw bad(`unknown field "${unknown}" of an event; facts of your own go into meta`);
    checkTexts(event);
    if (event.priority !== undefined && !PRIORITIES.includes(event.priority))
        throw bad(`priority "${String(event.priority)}"; use ${PRIORITIES.join(", ")}`);
    if (event.ack !== undefined && !ACK_POLICIES.includes(event.ack))
        throw bad(`ack "${String(event.ack)}"; use ${ACK_POLICIES.join(", ")}`);
    if (event.ttlMs !== undefined && !(Number.isSafeInteger(event.ttlMs) && event.ttlMs > 0))
        throw bad(`ttlMs ${String(event.ttlMs)}; give milliseconds above 0`);
    const at = event.at instanceof Date ? event.at.getTime() : event.at;
    if (at !== undefined && !(Number.isSafeInteger(at) && Math.abs(at) <= MAX_TIME))
        throw bad("at is no time; give epoch milliseconds or a Date");
    const { chat, files, isTold } = event;
    if (event.sender === undefined && (chat !== undefined || isTold !== undefined))
        throw bad("chat and isTold are of a person's message; give its sender");
    if (isTold !== undefined && typeof isTold !== "boolean")
        throw bad("isTold must be true or false");
    return {
        ...event,
        text: files?.length === 0 || files === undefined ? toText(event.text) : toCaption(event.text),
        ...(chat === undefined ? {} : { chat: checkChat(chat) }),
        ...(files === undefined ? {} : { files: checkFiles(files) }),
        ...(event.kind === undefined ? {} : { kind: event.kind.slice(0, MAX_KIND_CHARS) }),
        ...(event.quotes === undefined ? {} : { quotes: toQuotes(event.quotes) }),
        ...(event.meta === undefined ? {} : { meta: checkMeta(event.meta) }),
        ...(at === undefined ? {} : { at }),
    };
}
function checkTexts(event) {
    for (const key of ["kind", "id", "entity", "stateOf", "target", "chatId", "answering"]) {
        const value = event[key];
        if (value !== undefined && (typeof value !== "string" || value === ""))
            throw bad(`${key} must be a text that is not empty, not ${toName(value)}`);
        if (key === "target" || key === "chatId")
            checkLength(key, value);
        if (key === "answering" && value !== undefined && value.length > MAX_VALUE_CHARS)
            throw bad(`answering has ${value.length} characters; keep at most ${MAX_VALUE_CHARS}`);
    }
    const sender = event.sender;
    if (sender !== undefined) {
        const id = typeof sender === "object" && sender !== null ? Reflect.get(sender, "id") : undefined;
        if (typeof id !== "string" || id === "")
            throw bad(`sender.id must be a text that is not empty, not ${toName(id)}`);
        checkLength("sender.id", id);
    }
    const quotes = event.quotes ?? [];
    const isQuotes = Array.isArray(quotes) &&
        quotes.every((quote) => {
            if (typeof quote !== "object" || quote === null)
                return false;
            return (typeof Reflect.get(quote, "label") === "string" &&
                typeof Reflect.get(quote, "text") === "string");
        });
    if (!isQuotes)
        throw bad("quotes must be a list of { label, text }");
}
function checkLength(key, value) {
    if (value !== undefined && value.length > MAX_NAME_CHARS)
        throw bad(`${key} has ${value.length} characters; keep at most ${MAX_NAME_CHARS}`);
}
/** As many as anybody reads. */
function toQuotes(quotes) {
    const kept = [];
    let left = MAX_TEXT_CHARS;
    for (const { label, text } of quotes.slice(0, MAX_QUOTES)) {
        kept.push({ label: label.slice(0, MAX_LABEL_CHARS), text: text.slice(0, left) });
        left -= text.length;
        if (left <= 0)
            break;
    }
    if (kept.length < quotes.length || left < 0)
        kept.push({ label: "cut", text: "what follows was too much, and is left out" });
    return kept;
}
/** Files may come without a word. */
function toCaption(text) {
    return text === "" ? "" : toText(text);
}
function toText(text) {
    if (typeof text !== "string" || text.trim() === "")
        throw bad(`text must not be empty, and is ${toName(text)}; drop("why") leaves a thing out`);
    return text.length <= MAX_TEXT_CHARS
        ? text
        : `${text.slice(0, MAX_TEXT_CHARS)}\n(${text.length - MAX_TEXT_CHARS} more characters are left out)`;
}
/** AUTHOR-1 */
export function checkMeta(meta) {
    if (typeof meta !== "object" || meta === null || Array.isArray(meta))
        throw bad(`meta must be an object of texts, not ${toName(meta)}`);
    const entries = Object.entries(meta).filter(([, value]) => value !== undefined);
    if (entries.length > MAX_META_KEYS)
        throw bad(`meta has ${entries.length} keys; keep at most ${MAX_META_KEYS}`);
    for (const [key, value] of entries) {
        if (key === "source")
            throw bad('meta key "source" is the client\'s own; use another name');
        if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(key))
            throw bad(`meta key ${JSON.stringify(key.slice(0, 80))} is no identifier; use letters, digits and _ (${suggestKey(key)})`);
        if (key.length > MAX_KEY_CHARS)
            throw bad(`meta key ${key.slice(0, MAX_KEY_CHARS)}... is too long; keep at most ${MAX_KEY_CHARS} characters`);
        if (typeof value !== "string")
            throw bad(`meta.${key} is ${toName(value)}; write it as a text: String(...)`);
    }
    // Each entry was looked at.
    const kept = entries;
    return Object.fromEntries(kept.map(([key, value]) => [key, value.slice(0, MAX_VALUE_CHARS)]));
}
function suggestKey(key) {
    const plain = key.replaceAll(/[^a-zA-Z0-9_]+/g, "_").slice(0, 40);
    return /^[a-zA-Z_]/.test(plain) ? plain : `_${plain}`;
}
function toName(value) {
    if (value === null)
        return "null";
    if (value === "")
        return "empty";
    if (Array.isArray(value))
        return "a list";
    return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
function bad(what) {
    return new SluiceError("bad_input", what);
}
