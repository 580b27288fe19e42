import { at as read, timeAt, toObject } from "../../sdk/json.js";
import { redact } from "./payload.js";
import { joinLine, quotesAt, toEntity, toSeverity, wordAt } from "./description.js";
import { fill, fillWhole, readExact, readField, readLink } from "./template.js";
import { toStateOf } from "./state.js";
/** Where it happened, where a row's links are not there. */
const HOME = ["repository.html_url", "~/{login:organization.login}", "sender.html_url"];
export function describeRow(event, row, payload, context) {
    const { facts = [], quotes = {}, objects = {}, meta = {}, entity, at = [] } = row;
    const severity = toRowSeverity(row, payload, context);
    const line = typeof row.line === "string" ? row.line : pick(row.line, context);
    const suffix = entity === undefined ? undefined : fillWhole(entity, payload, context);
    return {
        summary: joinLine(fill(line, payload, context), `in ${context.place}`, context.login !== "unknown" && `by ${context.login}`),
        facts: facts.flatMap((fact) => fillWhole(fact, payload, context) ?? []),
        quotes: [
            ...quotesAt(payload, toFresh(quotes, context)),
            ...Object.entries(objects).flatMap(([label, path]) => toObjectQuote(label, read(payload, path))),
        ],
        meta: Object.fromEntries(Object.entries(meta).map(([key, ask]) => [key, readField(ask, payload, context)])),
        ...(suffix !== undefined && toEntity(context, suffix)),
        ...toRowState(event, row, payload, context),
        severity,
        priority: toPriority(row, severity, context),
        url: readLink([...row.links, ...HOME], payload, context),
        occurredAt: at.map((path) => timeAt(payload, path)).find((time) => time !== undefined),
    };
}
/** Actions that leave the long text as it was: repeating it would only cost the reader. */
const REPEATING = /^(?:(?:un)?(?:labeled|locked|pinned|answered|assigned)|category_changed|transferred|closed|reordered|restored|archived)$/;
function toFresh(quotes, { action = "" }) {
    return Object.fromEntries(Object.entries(quotes).filter(([label]) => !REPEATING.test(action) || (label !== "body" && label !== "description")));
}
function pick(lines, { action = "" }) {
    return (Object.hasOwn(lines, action) ? lines[action] : lines["*"]) ?? "{did}";
}
function toRowState(event, { stateOf, running }, payload, context) {
    if (stateOf === undefined)
        return {};
    const parts = stateOf.map((path) => readExact(payload, path));
    const word = running === undefined ? undefined : readExact(payload, running.path);
    return toStateOf(context, event, parts, {
        isWithoutOutcome: word !== undefined && running?.words.includes(word) === true,
    });
}
function toRowSeverity(row, payload, context) {
    const { severity = "info", calm = [] } = row;
    if (context.action !== undefined && calm.includes(context.action))
        return "info";
    if (typeof severity === "string")
        return severity;
    return toSeverity(severity.map((path) => wordAt(payload, path)).find((one) => one !== undefined));
}
function toPriority({ normal = [] }, severity, { action = "" }) {
    if (normal.includes("*") || normal.includes(action))
        return "normal";
    return normal.includes("bad") && severity !== "info" ? "normal" : "low";
}
/** A line for each key; what looks like a credential is left out of it. */
function toObjectQuote(label, value) {
    const lines = Object.entries(toObject(redact(value))).map(([key, one]) => `${key}: ${typeof one === "string" ? one : JSON.stringify(one)}`);
    return lines.length === 0
        ? []
        : [{ label, text: lines.join("\n").replaceAll("\0", "").toWellFormed() }];
}
