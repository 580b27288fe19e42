/**
 * The body of a webhook's request that has fields.
 *
 * Owns: JSON and forms: of a program as lines by their worth (catalogue/ranked.ts), of a person as they came. Pure. Never: a text, or the
 * choice by the content type (receive.ts).
 */
import { rank } from "../../catalogue/ranked.js";
import { readMultipart } from "../../catalogue/multipart.js";
import { writePayload } from "../../catalogue/redact.js";
import { decodeLoosely, listAt, parseJson, textAt, toStorableText } from "../../sdk/json.js";
/** What a note says of a text whose bytes were not all UTF-8. */
export const BROKEN_TEXT = "invalid utf-8, broken bytes replaced";
/** Fields in which programs put what they want a person to read, in order of preference. */
const SPOKEN_FIELDS = ["text", "message", "title", "summary"];
/** Indentation multiplies deep JSON by its depth: a longer body is shown as compact JSON. */
const MAX_INDENTED_CHARS = 32 * 1024;
/** JSON, a form or multipart fields, by its type. Undefined for any other. */
export function readFieldsOf(bytes, type, contentType, twoWay) {
    if (type === "application/json" || /^application\/[\w.+-]+\+json$/.test(type))
        return readJson(bytes, twoWay);
    if (type === "application/x-www-form-urlencoded")
        return readForm(bytes, twoWay);
    return type === "multipart/form-data" ? readFields(bytes, contentType, twoWay) : undefined;
}
function readJson(bytes, twoWay) {
    if (bytes.length === 0)
        return { kind: "body", format: "JSON", quotes: [] };
    const parsed = parseJson(bytes);
    if (parsed.kind === "bad")
        return { kind: "refuse", status: 400, reason: parsed.reason };
    const quotes = [];
    const spoken = SPOKEN_FIELDS.find((name) => textAt(parsed.value, name)?.trim());
    if (spoken !== undefined)
        quotes.push({ label: spoken, text: textAt(parsed.value, spoken) ?? "" });
    const isAllSaid = spoken !== undefined && Object.keys(parsed.value).length === 1;
    const { leftOut } = parsed;
    const alert = readAlert(parsed.value);
    const about = alert === undefined ? {} : { alert };
    if (!twoWay && !isAllSaid)
        return { ...toRanked("JSON", parsed.value, quotes, spoken), leftOut, ...about };
    if (!isAllSaid) {
        const indent = bytes.length <= MAX_INDENTED_CHARS ? 2 : 0;
        // JSON.stringify writes NUL and lone surrogates as escapes: https://tc39.es/ecma262/#sec-quotejsonstring
        quotes.push({ label: "body", text: JSON.stringify(parsed.value, null, indent) });
    }
    const { value } = parsed;
    return { kind: "body", format: "JSON", quotes, leftOut, ...(!twoWay && { value }), ...about };
}
/** What a program sent, by its worth to a reader. `said` is what `spoken`, a field of it, holds. */
function toRanked(format, value, said, spoken) {
    const { text, link, isWhole } = rank(value, { skip: spoken });
    return {
        kind: "body",
        format,
        quotes: [...said, ...(text === "" ? [] : [{ label: "body", text }])],
        ...(link !== undefined && { url: link }),
        ...(!isWhole && { payload: writePayload(value) }),
        value,
    };
}
function readAlert(value) {
    const [status, group] = [textAt(value, "status"), textAt(value, "groupKey")];
    return group !== undefined && (status === "firing" || status === "resolved")
        ? { status, group, count: listAt(value, "alerts").length }
        : undefined;
}
function readForm(bytes, twoWay) {
    const { text, isWhole } = decodeLoosely(bytes);
    const contentEncoding = isWhole ? undefined : BROKEN_TEXT;
    // `curl -d "build failed"` declares a form and sends none: nothing to decode, and a plus stays a plus.
    if (!text.includes("="))
        return toBody("form", "body", text, contentEncoding);
    return toForm([...new URLSearchParams(text)], contentEncoding, twoWay);
}
function readFields(bytes, contentType, twoWay) {
    const read = readMultipart(bytes, contentType);
    if (read === undefined)
        return { kind: "refuse", status: 400, reason: "the body is not valid multipart/form-data" };
    let contentEncoding;
    const fields = read.map(({ name, content, file }) => {
        if (file !== undefined)
            return [name, `(file ${file.name}, ${file.type}, ${content.length} bytes, not kept)`];
        const decoded = decodeLoosely(content);
        if (!decoded.isWhole)
            contentEncoding = BROKEN_TEXT;
        return [name, decoded.text];
    });
    return toForm(fields, contentEncoding, twoWay);
}
function toForm(fields, contentEncoding, twoWay) {
    const form = Object.fromEntries(fields);
    const spoken = SPOKEN_FIELDS.find((name) => textAt(form, name)?.trim());
    const said = spoken === undefined ? [] : [{ label: spoken, text: textAt(form, spoken) ?? "" }];
    const isAllSaid = spoken !== undefined && fields.length === 1;
    if (!twoWay && !isAllSaid) {
        const body = toRanked("form", toValue(fields), said, spoken);
        return contentEncoding === undefined ? body : { ...body, contentEncoding };
    }
    const lines = fields.map(([key, value]) => toStorableText(value === "" ? key : `${key}=${value}`));
    const body = toBody("form", "body", lines.join("\n"), contentEncoding);
    if (body.kind === "refuse")
        return body;
    if (!isAllSaid)
        return { ...body, quotes: [...said, ...body.quotes] };
    return { ...body, quotes: said, ...(!twoWay && { value: form }) };
}
/** A name that comes several times is a list. */
function toValue(fields) {
    const groups = Map.groupBy(fields, ([name]) => name);
    return Object.fromEntries([...groups].map(([name, pairs]) => {
        const values = pairs.map(([, value]) => value);
        return [name, values.length === 1 ? values[0] : values];
    }));
}
function toBody(format, label, text, contentEncoding) {
    const quotes = text === "" ? [] : [{ label, text }];
    return {
        kind: "body",
        format,
        quotes,
        ...(contentEncoding !== undefined && { contentEncoding }),
    };
}
