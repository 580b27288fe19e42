/**
 * What an application tells, and how it becomes a request.
 *
 * Owns: the shape of an event, its limits, and what a fault of the application's becomes. Never: keeps or sends one. Pure.
 */
const NAME_CHARS = 64;
const TEXT_CHARS = 300;
const DETAIL_CHARS = 65_536;
const DATA_MAX = 50;
const VALUE_CHARS = 1_000;
const CAUSES_MAX = 5;
/** What the ingress takes in a header; a character that it does not take is shown as `_`. */
const HEADER_VALUE = /[^A-Za-z0-9._@:+/#-]/g;
export function toKeptEvent(name, data, options, id, at) {
    const text = toLine(options.text ?? name, TEXT_CHARS);
    const fit = (value, chars) => value === undefined || value === ""
        ? undefined
        : String(value).replace(HEADER_VALUE, "_").slice(0, chars);
    return {
        id: fit(options.id, 200) ?? id,
        name: toLine(name, NAME_CHARS),
        at,
        text: text === "" ? toLine(name, NAME_CHARS) || "event" : text,
        details: cut(String(options.details ?? ""), DETAIL_CHARS),
        data: toData(data),
        entity: fit(options.entity, 200),
        stateOf: fit(options.stateOf, 200),
        status: fit(options.status, 40)?.replace(/[^A-Za-z0-9_-]/g, "_"),
        priority: options.priority ?? "normal",
    };
}
function toData(data) {
    const entries = Object.entries(data)
        .filter(([, value]) => value !== undefined && value !== null)
        .slice(0, DATA_MAX);
    return Object.fromEntries(entries.map(([key, value]) => [
        key.replace(/[^a-zA-Z0-9_]/g, "_").replace(/^(?=\d|$)/, "_"),
        toLine(String(value), VALUE_CHARS),
    ]));
}
/** Of anything that was thrown: its own words, the trace, and what caused it. */
export function describeFault(thrown) {
    const chain = [];
    for (let next = thrown; next !== undefined && next !== null && chain.length < CAUSES_MAX && !chain.includes(next); next = next instanceof Error ? next.cause : undefined)
        chain.push(next);
    const name = thrown instanceof Error ? thrown.name : typeof thrown;
    const message = thrown instanceof Error ? thrown.message : toText(thrown);
    const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
    const traces = chain.map((one, index) => {
        const trace = one instanceof Error ? (one.stack ?? `${one.name}: ${one.message}`) : toText(one);
        return index === 0 ? trace : `caused by: ${trace}`;
    });
    return {
        text: toLine(`${name}: ${message}`, TEXT_CHARS),
        details: traces.join("\n"),
        data: {
            error: name,
            ...(typeof code === "string" || typeof code === "number" ? { code: String(code) } : {}),
        },
    };
}
function toText(value) {
    try {
        return typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
    }
    catch {
        // A circle, or a toJSON that throws.
        return Object.prototype.toString.call(value);
    }
}
function toLine(text, chars) {
    return cut(text.replace(/\s+/g, " ").trim(), chars);
}
function cut(text, chars) {
    return (text.length <= chars ? text : `${text.slice(0, chars - 1)}…`).toWellFormed();
}
