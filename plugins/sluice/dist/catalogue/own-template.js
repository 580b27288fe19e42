import { toNameField } from "../sdk/field.js";
import { findAll } from "./paths.js";
import { redactText } from "./redact.js";
import { toSeverity } from "./severity.js";
import { readExact } from "./template.js";
const FIELD = /\{\{\s*([^{}]*?)\s*\}\}/g;
const PATH = /^[\p{L}\p{N}_$@-][\p{L}\p{N}_$@ -]*(?:\.(?:-1|\*(?:\([^()=!]{1,60}!?=[^()]{1,100}\))?|[\p{L}\p{N}_$@-][\p{L}\p{N}_$@ -]*))*$/u;
const MAX_CHARS = 1_000;
/** What is wrong with a template, as a sentence; undefined for a good one. */
export function findTemplateFault({ text, meta = {}, entity, severity, id, }) {
    const templates = [
        ["--text", text],
        ["--entity", entity],
        ...Object.entries(meta).map(([key, value]) => [`--meta ${key}`, toTemplate(value)]),
    ];
    for (const [flag, template] of templates) {
        const fault = template === undefined ? undefined : findFault(template);
        if (fault !== undefined)
            return `${flag}: ${fault}`;
    }
    for (const [flag, path] of [
        ["--severity", severity],
        ["--id", id],
    ])
        if (path !== undefined && !isPath(path))
            return `${flag}: "${path}" is no path such as event.level`;
    const key = Object.keys(meta).find((name) => !/^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/.test(name) || name === "source");
    return key === undefined
        ? undefined
        : `--meta ${key}: a name has letters, digits and "_", and is not "source"`;
}
function findFault(template) {
    if (template.length > MAX_CHARS)
        return `more than ${MAX_CHARS} characters`;
    const rest = template.replaceAll(FIELD, "");
    if (rest.includes("{{") || rest.includes("}}"))
        return "{{ and }} do not match";
    const asks = [...template.matchAll(FIELD)].map(([, ask = ""]) => ask);
    if (asks.length === 0)
        return "it names no path; write one in double braces, such as {{event.title}}";
    const wrong = asks.flatMap((ask) => ask.split("|")).find((path) => !isPath(path.trim()));
    return wrong === undefined ? undefined : `"${wrong}" is no path such as event.title`;
}
function isPath(path) {
    return path.length <= 200 && PATH.test(path);
}
/** `event.level` is short for `{{event.level}}`. */
function toTemplate(value) {
    return value.includes("{{") ? value : `{{${value}}}`;
}
const MAX_LISTED = 10;
export function fillOwn(template, payload) {
    const missing = [];
    const read = (ask) => {
        for (const path of ask.split("|").map((one) => one.trim())) {
            const found = readText(payload, path);
            if (found !== undefined)
                return found;
        }
        missing.push(ask);
        return "";
    };
    const fill = (text) => text.replaceAll(FIELD, (_all, ask) => read(ask)).trim();
    const { text, meta = {}, entity, severity, id } = template;
    const facts = Object.entries(meta).map(([key, value]) => [
        key,
        toNameField(fill(toTemplate(value)), 200),
    ]);
    const shownEntity = entity === undefined ? "" : toNameField(fill(entity), 200);
    const shownText = text === undefined ? "" : redactText(fill(text));
    const word = severity === undefined ? "" : read(severity);
    const shownId = id === undefined ? undefined : (readExact(payload, toKnown(payload, id)) ?? read(id));
    return {
        text: shownText === "" ? undefined : shownText,
        meta: Object.fromEntries(facts.filter(([, value]) => value !== "")),
        entity: shownEntity === "" ? undefined : shownEntity,
        severity: word === "" ? undefined : toSeverity(word),
        id: shownId === "" ? undefined : shownId,
        missing,
    };
}
/** `event.` in front may stand for the whole payload, where that has no key of this name. */
function toKnown(payload, path) {
    return findAll(payload, path).length > 0 ? path : path.replace(/^event\./, "");
}
function readText(payload, path) {
    const words = findAll(payload, toKnown(payload, path)).flatMap(({ value }) => {
        if (typeof value === "string")
            return value.trim() === "" ? [] : [value.trim()];
        return typeof value === "number" || typeof value === "boolean" ? [String(value)] : [];
    });
    if (words.length === 0)
        return undefined;
    const left = words.length - MAX_LISTED;
    return `${words.slice(0, MAX_LISTED).join(", ")}${left > 0 ? ` and ${left} more` : ""}`.toWellFormed();
}
