/**
 * Lines of an event from a template: `Job "{name:workflow_job.name}"[ on {ref:workflow_job.head_branch}]`.
 *
 * Owns: the little language. `{kind:path|path|kind:path|=word}` is the restricted field at the first path that has one, or the word; a path
 * may stand for every entry of a list (paths.ts). `[...]` is left out unless all of its fields are there. `{did}` is a word of the scope. Never: free
 * text, or which event has which template (rows).
 */
import { toNameField, toUrlField } from "../sdk/field.js";
import { toDuration, toHost, toId, toLink, toLogin, toMoney, toName, toNumber, toPairs, toRef, toSha, toShortSha, toText, toTime, toWord, toWords, } from "./fields.js";
import { countEntries, findAll, findAt, isList, MAX_READ, toPath, valueAt, } from "./paths.js";
/** What a placeholder may ask for. Each is fit for a line of ours (sdk/field.ts). */
const FIELDS = {
    /** A name that people chose, or a number. */
    name: (value) => toName(value) ?? toNumber(value),
    /** The same, up to 200 characters. */
    long: (value) => toName(value, 200) ?? toNumber(value),
    ref: toRef,
    path: (value) => toName(value, 160),
    login: toLogin,
    id: toId,
    /** A person or an account; of a mail address what stands in front of the @. */
    who: (value) => toName((toText(value) ?? "").replace(/@.*$/s, "")),
    count: (value) => (Number.isSafeInteger(value) && Number(value) >= 0 ? String(value) : undefined),
    number: toNumber,
    /** A number that is not 0. */
    some: (value) => {
        const number = toNumber(value);
        return number === "0" ? undefined : number;
    },
    /** A duration in seconds, or in milliseconds. */
    seconds: toDuration,
    ms: (value) => toDuration(Number(toNumber(value)) / 1000),
    money: toMoney,
    pairs: toPairs,
    host: toHost,
    /** The last part of an address. */
    tail: (value) => toId(toTail(toText(value) ?? "")),
    link: toLink,
    sha: (value) => toShortSha(toSha(value)),
    wholesha: toSha,
    /** The first characters of any commit id, revision or digest. */
    short: (value) => {
        const id = toId(value)?.replace(/^sha256:/, "");
        // The commit of a ref that is not there.
        return id === undefined || /^0{9,}$/.test(id) ? undefined : id.slice(0, 9);
    },
    /** A word of the sender's own, as it is. */
    code: toWord,
    /** The same for a reader: `timed_out` as `timed out`. */
    word: (value) => {
        const word = toWord(value);
        return word === undefined ? undefined : toWords(word);
    },
    /** Any short word in small letters: `In Progress` as `in progress`, `CRITICAL` as `critical`. */
    lower: (value) => {
        const name = toName(value, 60);
        return name === undefined ? undefined : toWords(name.toLowerCase());
    },
    /** Versions, with the signs that a line cannot hold in words. */
    range: (value) => {
        const text = toText(value);
        return text === undefined ? undefined : toNameField(toSigns(text), 200);
    },
    day: (value) => /^\d{4}-\d\d-\d\d/.exec(toText(value) ?? "")?.[0],
    time: (value) => {
        const time = toTime(value);
        return time === undefined
            ? undefined
            : new Date(time).toISOString().replace(/:\d\d\.\d+Z$/, "Z");
    },
    first: (value) => toName((toText(value) ?? "").trim().split(/\r|\n/, 1)[0]),
};
/** Of a list, so many are named. */
const MAX_LISTED = 6;
/** Rows hold some thousands of them, and each is used for every event. */
const MAX_KEPT = 20_000;
const templates = new Map();
const asks = new Map();
const exacts = new Map();
const frees = new Map();
/** The text, with `?` for a field outside of brackets that is not there. */
export function fill(template, payload, scope) {
    return toFilled(toPieces(template), payload, scope, "?") ?? "";
}
/** The text, or undefined where a field outside of brackets is not there. */
export function fillWhole(template, payload, scope) {
    return toFilled(toPieces(template), payload, scope);
}
/** The field that `kind:path|path` asks for, or the scope's word. */
export function readField(ask, payload, scope) {
    return read(keep(asks, ask, () => ({ ask })), payload, scope);
}
function read(field, payload, { words }) {
    field.places ??= toPlaces(field.ask);
    for (const place of field.places) {
        const found = "word" in place ? place.word : readPlace(payload, place);
        if (found !== undefined && found !== "")
            return found;
    }
    // A word of the scope has no place.
    if (field.places.length > 0)
        return undefined;
    return Object.hasOwn(words, field.ask) ? words[field.ask] : undefined;
}
function readPlace(payload, { read, path, text, isList }) {
    if (read === "size")
        return countEntries(payload, path)?.toString();
    if (isList)
        return readEach(payload, text, read);
    // Money alone looks beside it.
    if (read !== toMoney)
        return read(valueAt(payload, path), undefined);
    const { value, parent } = findAt(payload, path);
    return read(value, parent);
}
function toPlaces(ask) {
    if (!ask.includes(":"))
        return [];
    let kind = "";
    return ask.split("|").map((one) => {
        const colon = one.indexOf(":");
        const text = one.slice(colon + 1);
        // A word of the row's own, for where there is no other.
        if (text.startsWith("="))
            return { word: text.slice(1) };
        if (colon !== -1)
            kind = one.slice(0, colon);
        const known = kind === "size" ? "size" : Object.hasOwn(FIELDS, kind) ? FIELDS[kind] : undefined;
        if (known === undefined)
            throw new Error(`template: no field of kind "${kind}"`);
        const path = toPath(text);
        return { read: known, path, text, isList: isList(path) };
    });
}
function toPieces(template) {
    return keep(templates, template, () => template
        .split(/(\[[^[\]]*\])/)
        .flatMap((part) => part.startsWith("[") ? [{ optional: toFields(part.slice(1, -1)) }] : toFields(part)));
}
function toFields(text) {
    return text
        .split(/(\{[^{}]+\})/)
        .filter((part) => part !== "")
        .map((part) => (/^\{[^{}]+\}$/.test(part) ? { ask: part.slice(1, -1) } : part));
}
function keep(kept, key, make) {
    const before = kept.get(key);
    if (before !== undefined)
        return before;
    const made = make();
    if (kept.size >= MAX_KEPT)
        kept.clear();
    kept.set(key, made);
    return made;
}
function toSigns(text) {
    return text
        .replaceAll("<=", "up to")
        .replaceAll(">=", "from")
        .replaceAll("<", "below")
        .replaceAll(">", "above");
}
/**
 * The first link that is there: a path, or a page. A page begins with a sign of the scope's bases, with `https://`, or with `{base:path}`, an
 * address in the payload; its other fields are encoded, `{exact:path}` is a text as it stands there.
 */
export function readLink(links, payload, scope) {
    for (const link of links) {
        const url = link.includes("/") ? toPage(link, payload, scope) : toLink(valueAt(payload, link));
        if (url !== undefined)
            return url;
    }
    return undefined;
}
function toPage(link, payload, scope) {
    const sign = link.charAt(0);
    const { bases = {} } = scope;
    const toBase = Object.hasOwn(bases, sign) ? bases[sign] : undefined;
    const base = toBase === undefined ? "" : toBase();
    if (base === undefined)
        return undefined;
    const path = link.replace(/^~/, "").replace(/\{([^{}]+)\}/g, (_all, ask, at) => {
        if (at === 0 && ask.startsWith("base:"))
            return readBase(payload, ask.slice(5)) ?? "\0";
        // The exact name leads to the page, not the shown one.
        const isExact = ask.startsWith("exact:");
        const value = isExact ? readExact(payload, ask.slice(6)) : readField(ask, payload, scope);
        return value === undefined ? "\0" : encodeURIComponent(value).replaceAll("%2F", "/");
    });
    return path.includes("\0") ? undefined : toUrlField(`${base}${path}`);
}
function readBase(payload, paths) {
    for (const path of paths.split("|")) {
        const link = toLink(valueAt(payload, path));
        // What is put behind a query leads nowhere.
        if (link !== undefined && !/[?#]/.test(link))
            return link.replace(/\/$/, "");
    }
    return undefined;
}
/**
 * A text or number as it stands in the payload, for keys and links; a ref without its folder. `tail:path` is the last part of an address,
 * for senders that give an id nowhere else.
 */
export function readExact(payload, paths) {
    for (const { path, isTail } of keep(exacts, paths, () => toExactPlaces(paths))) {
        const value = valueAt(payload, path);
        if (typeof value === "number")
            return String(value);
        if (typeof value !== "string" || value === "")
            continue;
        const text = isTail
            ? toTail(value)
            : value.startsWith("refs/")
                ? value.replace(/^refs\/(heads|tags)\//, "")
                : value;
        if (text !== "")
            return text.toWellFormed();
    }
    return undefined;
}
function toExactPlaces(paths) {
    return paths.split("|").map((path) => {
        const isTail = path.startsWith(TAIL);
        return { path: toPath(isTail ? path.slice(TAIL.length) : path), isTail };
    });
}
const TAIL = "tail:";
function toTail(url) {
    return /([^/?#]+)\/*(?:[?#].*)?$/.exec(url)?.[1] ?? "";
}
/** Fields of `{path|path}` as free text on one line, for quotes alone. Undefined where a field outside of brackets is not there. */
export function fillFree(template, payload) {
    return toFilled(toPieces(template), payload, undefined);
}
/** `path|path`, taken apart. */
export function toFreePaths(paths) {
    return keep(frees, paths, () => paths.split("|").map(toPath));
}
function readFree(field, payload) {
    field.paths ??= toFreePaths(field.ask);
    for (const path of field.paths) {
        const value = valueAt(payload, path);
        const isPlain = typeof value === "number" || typeof value === "boolean";
        const text = (toText(value) ?? (isPlain ? String(value) : "")).trim();
        if (text !== "")
            return text.replaceAll(/\s+/g, " ");
    }
    return undefined;
}
/** Without a scope: free text, for quotes. */
function toFilled(pieces, payload, scope, missing) {
    let text = "";
    let isOne = false;
    for (const piece of pieces) {
        // "1 times" is no English.
        if (typeof piece === "string")
            text += isOne ? piece.replace(SEVERAL, "$1") : piece;
        isOne = false;
        if (typeof piece === "string")
            continue;
        if ("optional" in piece)
            text += toFilled(piece.optional, payload, scope) ?? "";
        else {
            const field = (scope === undefined ? readFree(piece, payload) : read(piece, payload, scope)) ?? missing;
            if (field === undefined)
                return undefined;
            text += field;
            isOne = field === "1" && COUNTED.test(piece.ask);
        }
    }
    return text;
}
/** Fields that say how many there are, and the noun behind one. */
const COUNTED = /^(?:count|number|size|some):/;
const SEVERAL = /^( (?!waits\b|has\b)[a-z]{2,}[a-z])s\b/;
function readEach(payload, path, read) {
    const entries = findAll(payload, path);
    const all = entries.slice(0, MAX_READ).map(({ value, parent }) => read(value, parent));
    const found = [...new Set(all.filter((one) => one !== undefined && one !== ""))];
    if (found.length === 0)
        return undefined;
    const listPath = path.split(".*", 1)[0] ?? "";
    const beyond = path.indexOf("*") === path.lastIndexOf("*") && path.includes(".*")
        ? Math.max(0, (countEntries(payload, listPath) ?? 0) - MAX_READ)
        : 0;
    const left = Math.max(0, found.length - MAX_LISTED) + beyond;
    const more = left > 0 ? ` and ${left} more` : "";
    return `${found.slice(0, MAX_LISTED).join(", ")}${more}`;
}
