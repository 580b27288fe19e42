/**
 * The body of a request as the value that an author's schema sees.
 *
 * Owns: JSON, forms and text. Never: the schema, or anything before the proof.
 */
import { decodeUtf8, parseJson } from "../sdk/json.js";
/** Without a content type it is JSON where it reads as JSON, else text. */
export function parseBody(bytes, contentType) {
    const text = decodeUtf8(bytes);
    if (text === undefined)
        return { kind: "refuse", status: 400, reason: "the body is not valid UTF-8" };
    const type = (contentType ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
    if (type === "application/json" || type.endsWith("+json"))
        return toJson(text);
    if (type === "application/x-www-form-urlencoded")
        return toForm(text);
    if (type === "" || type.startsWith("text/"))
        return toPlain(text);
    return {
        kind: "refuse",
        status: 415,
        reason: `the content type ${type.slice(0, 80)} is not supported; send JSON, a form or text`,
    };
}
function toJson(text) {
    const parsed = parseJson(text);
    return parsed.kind === "bad"
        ? { kind: "refuse", status: 400, reason: parsed.reason }
        : { kind: "body", value: parsed.value, text };
}
/** `curl -d "build failed"` declares a form and sends text, or JSON. */
function toForm(text) {
    if (/^\s*[[{]/.test(text) || !text.includes("="))
        return toPlain(text);
    const fields = Object.fromEntries(new URLSearchParams(text));
    return { kind: "body", value: fields, text };
}
function toPlain(text) {
    if (/^\s*[[{]/.test(text)) {
        const parsed = parseJson(text);
        if (parsed.kind === "ok")
            return { kind: "body", value: parsed.value, text };
    }
    return { kind: "body", value: text, text };
}
