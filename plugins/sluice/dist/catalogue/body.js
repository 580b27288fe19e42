/**
 * The body of a proven request as a value: JSON, a form, multipart fields or text, by its content type.
 *
 * Owns: that reading, and what a broken body is answered. Never: what a field means.
 *
 * BODY-1 A body is refused only where it is not what it says it is; never for its size, its depth or its number of keys.
 */
import { isAscii } from "node:buffer";
import { decodeLoosely, parseJson, toStorableText } from "../sdk/json.js";
import { readMultipart } from "./multipart.js";
/** Types that are text by another name. */
const TEXT_TYPES = /^(text\/[\w.+-]+|application\/(xml|yaml|x-yaml|[\w.+-]+\+xml))$/;
/** `isJson`: it is JSON whatever its content type says. */
export function readBodyValue(body, contentType, isJson = false) {
    const type = contentType?.split(";")[0]?.trim().toLowerCase() ?? "";
    if (body.length === 0)
        return { kind: "value", value: {}, format: "empty", leftOut: 0 };
    if (isJson || /^application\/(?:[\w.+-]+\+)?json$/.test(type))
        return readJsonValue(body);
    if (type === "application/x-www-form-urlencoded")
        return readFormValue(body);
    if (type === "multipart/form-data")
        return readFieldsValue(body, contentType ?? "");
    if (type === "" && /^[\s\ufeff]*[{[]/.test(body.toString("latin1", 0, 16)))
        return readJsonValue(body);
    if (type === "" || TEXT_TYPES.test(type))
        return toTextValue(decodeLoosely(body).text);
    return {
        kind: "refuse",
        status: 415,
        reason: "the content type is not supported; send JSON, a form or text",
    };
}
function readJsonValue(body) {
    // Most bodies; read several times faster than by a decoder that looks for faults.
    const parsed = parseJson(isAscii(body) ? body.toString("latin1") : body);
    return parsed.kind === "bad"
        ? { kind: "refuse", status: 400, reason: parsed.reason }
        : { kind: "value", value: parsed.value, format: "JSON", leftOut: parsed.leftOut };
}
function readFormValue(body) {
    const text = decodeLoosely(body).text;
    // `curl -d "build failed"` declares a form and sends none.
    return text.includes("=") ? toFormValue([...new URLSearchParams(text)]) : toTextValue(text);
}
function readFieldsValue(body, contentType) {
    const fields = readMultipart(body, contentType);
    if (fields === undefined)
        return { kind: "refuse", status: 400, reason: "the body is not valid multipart/form-data" };
    return toFormValue(fields.map(({ name, content, file }) => [
        name,
        file === undefined
            ? decodeLoosely(content).text
            : `(file ${file.name}, ${file.type}, ${content.length} bytes, not kept)`,
    ]));
}
/** A name that comes several times is a list. */
function toFormValue(fields) {
    const groups = Map.groupBy(fields, ([name]) => toStorableText(name));
    const value = Object.fromEntries([...groups].map(([name, all]) => {
        const texts = all.map(([, text]) => toStorableText(text));
        return [name, texts.length === 1 ? texts[0] : texts];
    }));
    return { kind: "value", value, format: "form", leftOut: 0 };
}
function toTextValue(text) {
    return { kind: "value", value: { text }, format: "text", leftOut: 0 };
}
