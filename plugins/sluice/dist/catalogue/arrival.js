import { cut, MAX_META_CHARS } from "../sdk/field.js";
/** `shared`: facts that every event of the sender has; a row's own key never replaces one. */
export function toTold(description, shared) {
    const { summary, facts = [], url, entity, stateOf, occurredAt } = description;
    const severity = description.severity ?? "info";
    return {
        text: [summary, ...facts, url].filter(Boolean).join("\n"),
        quotes: description.quotes ?? [],
        meta: toMeta({ ...description.meta, ...shared, severity, url }),
        priority: description.priority ?? "normal",
        ...(entity !== undefined && entity !== "" && { entity }),
        ...(stateOf !== undefined && { stateOf }),
        ...(occurredAt !== undefined && { occurredAt }),
    };
}
/** Facts that are present, as strings; flags only when true. */
function toMeta(facts) {
    const meta = {};
    for (const [key, value] of Object.entries(facts)) {
        if (value !== undefined && value !== "" && value !== false)
            meta[key] = cut(String(value), MAX_META_CHARS);
    }
    return meta;
}
