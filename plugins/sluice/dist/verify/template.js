/**
 * What a row says is signed: its template taken apart, and filled in.
 *
 * Owns: the one place that fills a template, so that signing and verifying cannot drift. Never: reads a request.
 */
import { SluiceError } from "../sdk/errors.js";
const FIELD = /\{([^{}]*)\}/g;
const PARTS = {
    id: ({ id }) => id,
    timestamp: ({ timestamp }) => timestamp,
    url: ({ url }) => url,
    method: ({ method }) => method,
};
/** @throws SluiceError `bad_config` for a template that has no one body, or a field that there is not. */
export function parseTemplate(signed) {
    const halves = signed.split("{body}");
    const [before = "", behind = ""] = halves;
    if (halves.length !== 2)
        throw bad(signed, "needs {body} once: that is what the signature is to cover");
    const has = new Set();
    const headers = [];
    const toText = (half) => {
        const parts = toParts(signed, half, has, headers);
        const [first, second] = parts;
        if (first === undefined)
            return () => "";
        if (second === undefined)
            return first;
        return (fields) => {
            let text = "";
            for (const part of parts)
                text += part(fields);
            return text;
        };
    };
    const [toHead, toTail] = [toText(before), toText(behind)];
    const idEnd = has.has("id") ? (/\{id\}([^{])/.exec(signed)?.[1] ?? "") : "";
    if (has.has("id") && idEnd === "")
        throw bad(signed, "needs a character behind {id}, so that it is clear where the id ends");
    return { toHead, toTail, hasFields: signed !== "{body}", has, headers, idEnd };
}
function toParts(signed, half, has, headers) {
    const parts = [];
    let done = 0;
    const literal = (text) => {
        if (/[{}]/.test(text))
            throw bad(signed, "has a brace that belongs to no field");
        if (text !== "")
            parts.push(() => text);
    };
    for (const { 0: whole, 1: field = "", index } of half.matchAll(FIELD)) {
        literal(half.slice(done, index));
        done = index + whole.length;
        const header = /^header:([a-z0-9][a-z0-9-]{0,63})$/.exec(field)?.[1];
        const part = Object.hasOwn(PARTS, field) ? PARTS[field] : undefined;
        if (header !== undefined) {
            headers.push(header);
            parts.push(({ headers: values }) => values[header] ?? "");
        }
        else if (part !== undefined) {
            has.add(field);
            parts.push(part);
        }
        else {
            throw bad(signed, `has no field ${whole}; there are {body}, {timestamp}, {id}, {url}, {method} and {header:x-name}`);
        }
    }
    literal(half.slice(done));
    return parts;
}
function bad(signed, what) {
    return new SluiceError("bad_config", `the signed text "${signed}" ${what}`);
}
