import { cut, MAX_META_CHARS } from "../sdk/field.js";
import { toObject } from "../sdk/json.js";
import { toText, toTime } from "./fields.js";
import { countEntries, findAll, MAX_READ, valueAt } from "./paths.js";
import { redact, redactText } from "./redact.js";
import { toRest } from "./rest.js";
import { toKey, toSeverity } from "./severity.js";
import { toStateKey } from "./state.js";
import { fill, fillFree, fillWhole, readExact, readField, readLink } from "./template.js";
export function describeRow({ name, row }, payload, scope) {
    const { facts = [], quotes = {}, objects = {}, meta = {}, entity, at = [], links = [] } = row;
    const status = readStatus(row, payload);
    const severity = toRowSeverity(row, payload, scope, status);
    const line = typeof row.line === "string" ? row.line : pick(row.line, scope);
    const rest = toRest(row, payload);
    const suffix = [entity ?? []]
        .flat()
        .map((one) => fillWhole(one, payload, scope))
        .find((one) => one !== undefined);
    return {
        summary: joinWith(fill(line, payload, scope), scope.suffix),
        facts: facts.flatMap((fact) => toFact(fillWhole(fact, payload, scope))),
        quotes: withoutRepeats([
            ...Object.entries(toFresh(quotes, scope)).flatMap(([label, source]) => toQuotes(label, source, payload)),
            ...Object.entries(objects).flatMap(([label, path]) => toObjectQuote(label, valueAt(payload, path))),
            ...rest.quotes,
        ]),
        meta: {
            ...Object.fromEntries(Object.entries(meta).map(([key, ask]) => [key, readField(ask, payload, scope)])),
            ...(status !== undefined && { status: status.word }),
        },
        ...(suffix !== undefined &&
            scope.entityPrefix !== undefined && {
            entity: cut(`${scope.entityPrefix}${suffix}`, MAX_META_CHARS),
        }),
        ...toRowState(name, row, payload, scope),
        severity,
        priority: toPriority(row, severity, scope, status),
        url: readLink(links, payload, scope) ?? rest.link ?? readLink(scope.home ?? [], payload, scope),
        occurredAt: at.map((path) => toTime(valueAt(payload, path))).find((time) => time !== undefined),
    };
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
function toFresh(quotes, { action = "", repeats }) {
    if (repeats?.test(action) !== true)
        return quotes;
    return Object.fromEntries(Object.entries(quotes).filter(([label]) => label !== "body" && label !== "description"));
}
function pick(lines, { action = "" }) {
    return (Object.hasOwn(lines, action) ? lines[action] : lines["*"]) ?? "{did}";
}
/** Of a list that becomes a quote, so many entries. */
const MAX_LINES = 20;
function toQuotes(label, source, payload) {
    const text = typeof source === "string" ? readFree(source, payload) : toLines(source, payload);
    return text.trim() === "" ? [] : [{ label, text: redactText(text) }];
}
function readFree(paths, payload) {
    for (const path of paths.split("|")) {
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
        return {};
    const parts = stateOf.map((path) => readExact(payload, path));
    const word = running === undefined ? undefined : readExact(payload, running.path);
    const isWithoutOutcome = word !== undefined && running?.words.includes(word) === true;
    const key = toStateKey(`${scope.statePrefix}${stateName}`, parts, isWithoutOutcome);
    return key === undefined ? {} : { stateOf: key };
}
function toRowSeverity({ severity = "info", severities, calm = [] }, payload, { action }, status) {
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
    return toSeverity(word, severities);
}
function toPriority({ urgent = [], normal = [], low = [] }, severity, { action, priority }, status) {
    const bad = [...(severity === "info" ? [] : ["bad"]), ...(severity === "error" ? ["error"] : [])];
    const done = [
        ...(action === undefined ? [] : [action]),
        ...(status === undefined ? [] : [status.said]),
    ];
    const both = bad.flatMap((how) => done.map((what) => `${how}.${what}`));
    const words = new Set(["*", ...bad, ...done, ...both]);
    const has = (list) => list.some((word) => words.has(word));
    if (has(urgent))
        return "urgent";
    if (has(normal))
        return "normal";
    return has(low) ? "low" : priority;
}
/** A line for each key; what looks like a credential is left out of it. */
function toObjectQuote(label, value) {
    const lines = Object.entries(toObject(redact(value))).map(([key, one]) => `${key}: ${typeof one === "string" ? one : JSON.stringify(one)}`);
    return lines.length === 0
        ? []
        : [{ label, text: lines.join("\n").replaceAll("\0", "").toWellFormed() }];
}
