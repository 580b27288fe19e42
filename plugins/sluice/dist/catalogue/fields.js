/**
 * Restricted fields of a payload: names, branches, commits, links, numbers, as they may stand in a line of ours or in meta.
 *
 * Owns: reading and shaping one value. Never: free text, which goes to quotes; which event has which field (rows).
 */
import { at, textAt, toObject, toStorableText } from "../sdk/json.js";
import { toNameField, toRefField, toUrlField } from "../sdk/field.js";
import { hasCredential, isCredentialName, redactText } from "./redact.js";
/** A word of a sender's own vocabulary: an event, action, state or conclusion. */
export function isWordy(text) {
    return /^[a-z][a-z0-9_-]{0,63}$/.test(text);
}
/** Such a word for a reader: `timed out`. */
export function toWords(word) {
    return word.replaceAll("_", " ");
}
/** The text that a value is, storable; undefined for the empty one and for anything else. */
export function toText(value) {
    return typeof value === "string" && value !== "" ? toStorableText(value) : undefined;
}
export function toWord(value) {
    const text = toText(value);
    return text !== undefined && isWordy(text) ? text : undefined;
}
export function wordAt(payload, path) {
    return toWord(at(payload, path));
}
/** Apps end in `[bot]`. */
export function toLogin(value) {
    const text = toText(value);
    if (text === undefined)
        return undefined;
    const bare = text.replace(/\[bot\]$/, "");
    return `${toRefField(bare, 64)}${bare === text ? "" : "[bot]"}`;
}
export function loginAt(payload, path) {
    return toLogin(at(payload, path));
}
/** A branch or tag, without `refs/heads/` or `refs/tags/`. */
export function toRef(value) {
    const found = toText(value)?.replace(/^refs\/(heads|tags)\//, "");
    return found === undefined || found === "" ? undefined : toRefField(found);
}
export function refAt(payload, path) {
    return toRef(at(payload, path));
}
/** At most `maxChars` of a name that people chose, on one line. */
export function toName(value, maxChars) {
    const name = toNameField(toText(value) ?? "", maxChars);
    return name === "" ? undefined : name;
}
export function nameAt(payload, path) {
    return toName(at(payload, path));
}
/** Where a file lies in its repository: blanks are part of it. */
export function pathAt(payload, path) {
    return toName(at(payload, path), 160);
}
/** The whole commit id, for meta. */
export function toSha(value) {
    const found = toText(value);
    return found !== undefined && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(found) ? found : undefined;
}
export function shaAt(payload, path) {
    return toSha(at(payload, path));
}
/** A commit id for people; undefined for the all-zero one, which stands for "none". */
export function toShortSha(sha) {
    return sha === undefined || /^0+$/.test(sha) ? undefined : sha.slice(0, 7);
}
/** A link that opens nothing by itself: one that carries a credential is none that anybody may read. */
export function toLink(value) {
    const url = toUrlField((toText(value) ?? "").trim());
    return url === undefined || hasCredential(url) ? undefined : url;
}
export function urlAt(payload, ...paths) {
    for (const path of paths) {
        const url = toUrlField(textAt(payload, path) ?? "");
        if (url !== undefined)
            return url;
    }
    return undefined;
}
/** An id as a sender writes it: text or a number. */
export function toId(value) {
    if (typeof value === "number" && Number.isFinite(value))
        return String(value);
    const text = toText(value);
    return text === undefined ? undefined : toRefField(text);
}
/** A number, or a text that is one, with at most six digits that count. */
export function toNumber(value) {
    const text = typeof value === "string" ? value.trim() : "";
    const isNumber = typeof value === "number" || /^[+-]?\d[\d.]{0,40}(?:e[+-]?\d{1,3})?$/i.test(text);
    const number = isNumber ? Number(value) : Number.NaN;
    if (!Number.isFinite(number))
        return undefined;
    return Number.isInteger(number) ? String(number) : String(Number(number.toPrecision(6)));
}
/** `1 h 3 min` from seconds. */
export function toDuration(value) {
    const text = toNumber(value);
    const seconds = Math.round(Number(text));
    if (text === undefined || !(seconds >= 0) || seconds > 1e10)
        return undefined;
    if (seconds < 60)
        return `${seconds} s`;
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60)
        return `${minutes} min${seconds % 60 === 0 ? "" : ` ${seconds % 60} s`}`;
    const hours = Math.floor(minutes / 60);
    if (hours < 48)
        return `${hours} h${minutes % 60 === 0 ? "" : ` ${minutes % 60} min`}`;
    return `${Math.floor(hours / 24)} days`;
}
/** Currencies without a smaller unit: https://docs.stripe.com/currencies#zero-decimal */
const WHOLE_CURRENCIES = new Set("bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf".split(" "));
/** `20.00 USD` from an amount in the smallest unit and the currency beside it. */
export function toMoney(value, parent) {
    const currency = toText(toObject(parent)["currency"])?.toLowerCase();
    if (!Number.isSafeInteger(value) || currency === undefined || !/^[a-z]{3}$/.test(currency))
        return undefined;
    const amount = Number(value);
    const text = WHOLE_CURRENCIES.has(currency) ? String(amount) : (amount / 100).toFixed(2);
    return `${text} ${currency.toUpperCase()}`;
}
const MAX_PAIRS = 8;
/**
 * `host=andromeda, severity=critical` of an object; a name whose value is no text or number is left out, and so is a credential: the keys
 * are a stranger's.
 */
export function toPairs(value) {
    const pairs = Object.entries(toObject(value)).flatMap(([key, one]) => {
        const shown = toName(typeof one === "string" ? redactText(one) : one, 60) ?? toNumber(one);
        return shown === undefined || isCredentialName(key) ? [] : [`${toNameField(key, 40)}=${shown}`];
    });
    if (pairs.length === 0)
        return undefined;
    const left = pairs.length - MAX_PAIRS;
    return `${pairs.slice(0, MAX_PAIRS).join(", ")}${left > 0 ? ` and ${left} more` : ""}`;
}
/** The host of an address, for senders that say no more of a place. */
export function toHost(value) {
    const text = toText(value);
    return text !== undefined && URL.canParse(text) ? toName(new URL(text).host) : undefined;
}
/** A quote for each path that holds text, labelled by the pair's first half. */
export function quotesAt(payload, paths) {
    return Object.entries(paths).flatMap(([label, path]) => {
        const text = textAt(payload, path);
        return text === undefined || text.trim() === "" ? [] : [{ label, text }];
    });
}
/** The parts that are there, with blanks between. */
export function joinLine(...parts) {
    return parts.filter(Boolean).join(" ");
}
/** The parts that are there, with commas between. */
export function joinFacts(...parts) {
    return parts.filter(Boolean).join(", ");
}
/** The last time that a Date can hold: what is beyond is none. */
const LAST_MS = 8.64e15;
const PLAIN_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;
const MAIL_TIME = /^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (?:[+-]\d{4}|GMT|UTC)$/;
/** An ISO time, one as in mail (`Mon, 16 Mar 2026 10:11:12 +0000`), epoch seconds, milliseconds or nanoseconds, as a number or as text; as epoch ms. */
export function toTime(value) {
    // As most write it.
    if (typeof value === "string" && PLAIN_TIME.test(value)) {
        const ms = Date.parse(value);
        return ms > 0 ? ms : undefined;
    }
    const text = typeof value === "string" ? value.trim() : "";
    const ms = MAIL_TIME.test(text)
        ? Date.parse(text)
        : /^\d{4}-\d\d-\d\d[T ]/.test(text)
            ? Date.parse(toIso(text))
            : toEpochMs(typeof value === "number" ? value : /^\d{9,19}(\.\d+)?$/.test(text) ? Number(text) : 0);
    return ms > 0 && ms <= LAST_MS ? Math.floor(ms) : undefined;
}
/** `2016-08-12 15:23:28 UTC`, `2017-01-30T18:30:41.962+0100`; a time without a zone is UTC. */
function toIso(text) {
    const iso = text
        .replace(/^(\d{4}-\d\d-\d\d) /, "$1T")
        .replace(/ (?:UTC|GMT|Z)$/, "Z")
        .replace(/ ?([+-]\d\d):?(\d\d)$/, "$1:$2");
    return /(?:Z|[+-]\d\d:\d\d)$/i.test(iso) ? iso : `${iso}Z`;
}
/** The year 2286 in seconds is the year 1970 in milliseconds: size tells them apart. */
function toEpochMs(number) {
    if (number >= 1e17)
        return number / 1e6;
    if (number >= 1e14)
        return number / 1e3;
    return number >= 1e11 ? number : number * 1000;
}
