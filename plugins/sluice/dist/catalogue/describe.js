import { cut, MAX_META_CHARS } from "../sdk/field.js";
import { toObject } from "../sdk/json.js";
import { toText, toTime } from "./fields.js";
import { countEntries, findAll, MAX_READ, valueAt } from "./paths.js";
import { redact, redactText } from "./redact.js";
import { toRest } from "./rest.js";
import { findSeverity, toKey, toNameSeverity } from "./severity.js";
import { toStateKey } from "./state.js";
import { fill, fillFree, fillWhole, readExact, readField, readLink, toFreePaths, } from "./template.js";
const lists = new WeakMap();
function toLists(row) {
    const before = lists.get(row);
    if (before !== undefined)
        return before;
    const { quotes = {}, objects = {}, meta = {}, entity = [] } = row;
    const made = {
        quotes: Object.entries(quotes),
        objects: Object.entries(objects),
        meta: Object.entries(meta),
        entities: [entity].flat(),
    };
    lists.set(row, made);
    return made;
}
export function describeRow({ name, row }, payload, scope) {
    const { facts = [], at = [], links = [] } = row;
    const { entities } = toLists(row);
    const status = readStatus(row, payload);
    const severity = toRowSeverity(row, payload, scope, status);
    const line = typeof row.line === "string" ? row.line : pick(row.line, scope);
    const rest = row.rest === undefined ? NO_REST : toRest(row, payload);
    const suffix = scope.entityPrefix === undefined
        ? undefined
        : findFirst(entities, (one) => fillWhole(one, payload, scope));
    const description = {
        summary: joinWith(fill(line, payload, scope), scope.suffix),
        facts: facts.flatMap((fact) => toFact(fillWhole(fact, payload, scope))),
        quotes: readQuotes(row, payload, scope, rest.quotes),
        meta: readMeta(row, payload, scope, status),
        severity,
        priority: toPriority(row, severity, scope, status),
        url: readLink(links, payload, scope) ?? rest.link ?? readLink(scope.home ?? [], payload, scope),
        occurredAt: findFirst(at, (path) => toTime(valueAt(payload, path))),
    };
    if (suffix !== undefined)
        description.entity = cut(`${scope.entityPrefix}${suffix}`, MAX_META_CHARS);
    const stateOf = toRowState(name, row, payload, scope);
    if (stateOf !== undefined)
        description.stateOf = stateOf;
    return description;
}
const NO_REST = { quotes: [], link: undefined };
function findFirst(list, read) {
    for (const one of list) {
        const found = read(one);
        if (found !== undefined)
            return found;
    }
    return undefined;
}
function readQuotes(row, payload, scope, rest) {
    const { quotes, objects } = toLists(row);
    const isOld = scope.repeats?.test(scope.action ?? "") === true;
    const all = [];
    const wholes = [];
    for (const [label, source] of quotes) {
        if (isOld && (label === "body" || label === "description"))
            continue;
        const [first, whole] = toQuotes(label, source, payload);
        if (first !== undefined)
            all.push(first);
        if (whole !== undefined)
            wholes.push(whole);
    }
    for (const [label, path] of objects)
        all.push(...toObjectQuote(label, valueAt(payload, path)));
    all.push(...rest, ...wholes);
    return all.length < 2 ? all : withoutRepeats(all);
}
function readMeta(row, payload, scope, status) {
    const meta = {};
    for (const [key, ask] of toLists(row).meta)
        meta[key] = readField(ask, payload, scope);
    if (status !== undefined)
        meta["status"] = status.word;
    return meta;
}
/** Of a fact that is all brackets the first may be missing: the comma behind it goes too. */
function toFact(filled) {
    const fact = filled?.replace(/^[\s,;:]+/, "") ?? "";
    return fact === "" ? [] : [fact];
}
/** What an earlier quote says word for word is not said again. */
function withoutRepeats(quotes) {
    return quotes.filter(({ text }, index) => !quotes.slice(0, index).some((earlier) => earlier.text.includes(text.trim())));
}
function joinWith(line, suffix) {
    return suffix === undefined ? line : `${line} ${suffix}`;
}
function pick(lines, { action = "" }) {
    return (Object.hasOwn(lines, action) ? lines[action] : lines["*"]) ?? "{did}";
}
/** Of a list that becomes a quote, so many entries. */
const MAX_LINES = 20;
/** Of a log, so much of its end comes first: what is in a note is cut behind 600 characters. */
const END_CHARS = 400;
/** One; of what is read from its end two, the second for `details`. */
function toQuotes(label, source, payload) {
    const found = typeof source === "string"
        ? readFree(source, payload)
        : "end" in source
            ? readFree(source.end, payload)
            : toLines(source, payload);
    if (found.trim() === "")
        return [];
    const text = redactText(found);
    const end = typeof source !== "string" && "end" in source ? toEnd(text) : text;
    if (end === text)
        return [{ label, text }];
    return [
        { label: `end of ${label}`, text: end },
        { label, text },
    ];
}
/** Whole lines, as many as fit. */
function toEnd(text) {
    const trimmed = text.trimEnd();
    if (trimmed.length <= END_CHARS)
        return text;
    const end = trimmed.slice(-END_CHARS).toWellFormed();
    const lineBreak = end.indexOf("\n");
    return lineBreak === -1 || lineBreak > END_CHARS / 2 ? end : end.slice(lineBreak + 1);
}
function readFree(paths, payload) {
    for (const path of toFreePaths(paths)) {
        if (path.keys !== undefined) {
            const value = valueAt(payload, path);
            const text = toText(value) ?? toScalar(value)[0] ?? "";
            if (text.trim() !== "")
                return text;
            continue;
        }
        const all = findAll(payload, path).flatMap(({ value }) => toText(value) ?? toScalar(value));
        const text = all.slice(0, MAX_LINES).join("\n");
        if (text.trim() !== "")
            return text;
    }
    return "";
}
function toScalar(value) {
    return typeof value === "number" || typeof value === "boolean" ? [String(value)] : [];
}
function toLines({ of, line }, payload) {
    if (of === undefined)
        return fillFree(line, payload) ?? "";
    const path = of.includes("*") ? of : `${of}.*`;
    const lines = findAll(payload, path).flatMap(({ value }) => {
        const filled = fillFree(line, value);
        return filled === undefined || filled.trim() === "" ? [] : [filled];
    });
    // Entries that read the same are one line with their number: a storm is one fact.
    const counts = new Map();
    for (const one of lines)
        counts.set(one, (counts.get(one) ?? 0) + 1);
    const shown = [...counts].map(([one, count]) => (count === 1 ? one : `${one} (${count}x)`));
    const beyond = of.includes("*") ? 0 : Math.max(0, (countEntries(payload, of) ?? 0) - MAX_READ);
    const left = Math.max(0, shown.length - MAX_LINES) + beyond;
    return [...shown.slice(0, MAX_LINES), ...(left > 0 ? [`(${left} more)`] : [])].join("\n");
}
function readStatus({ status }, payload) {
    if (status === undefined)
        return undefined;
    const said = toKey(readExact(payload, status.at) ?? "").slice(0, 64);
    if (!/^[\w-]+$/.test(said))
        return undefined;
    const isClosed = status.closed?.includes(said) === true;
    const isOpen = status.open?.includes(said) === true;
    return { word: isClosed ? "resolved" : isOpen ? "firing" : said, said, isClosed };
}
function toRowState(name, { stateOf, stateName = name, running }, payload, scope) {
    if (stateOf === undefined)
        return undefined;
    const parts = stateOf.map((path) => readExact(payload, path));
    const word = running === undefined ? undefined : readExact(payload, running.path);
    const isWithoutOutcome = word !== undefined && running?.words.includes(word) === true;
    return toStateKey(`${scope.statePrefix}${stateName}`, parts, isWithoutOutcome);
}
function toRowSeverity({ severity = [], severities, calm = [] }, payload, { event, action }, status) {
    const isCalm = status?.isClosed === true ||
        (action !== undefined && calm.includes(action)) ||
        (status !== undefined && calm.includes(status.said));
    if (isCalm)
        return "info";
    if (typeof severity === "string")
        return severity;
    const word = severity
        .map((path) => readExact(payload, path))
        .find((one) => one !== undefined && one !== "");
    // A word that nobody knows is no good news: `payment.failed` because of `insufficient_funds`.
    return findSeverity(word, severities) ?? toNameSeverity(event);
}
function toPriority({ urgent = [], normal = [], low = [] }, severity, { action, priority }, status) {
    const isWord = (word) => word === action || word === status?.said;
    // `bad.closed` is both at once.
    const fits = (word) => word === "*" ||
        isWord(word) ||
        (severity !== "info" && isOf(word, "bad", isWord)) ||
        (severity === "error" && isOf(word, "error", isWord));
    const has = (list) => list.some(fits);
    if (has(urgent))
        return "urgent";
    if (has(normal))
        return "normal";
    return has(low) ? "low" : priority;
}
function isOf(word, how, isWord) {
    return word === how || (word.startsWith(`${how}.`) && isWord(word.slice(how.length + 1)));
}
/** A line for each key; what looks like a credential is left out of it. */
function toObjectQuote(label, value) {
    const lines = Object.entries(toObject(redact(value))).map(([key, one]) => `${key}: ${typeof one === "string" ? one : JSON.stringify(one)}`);
    return lines.length === 0
        ? []
        : [{ label, text: lines.join("\n").replaceAll("\0", "").toWellFormed() }];
}
