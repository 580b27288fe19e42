import { readExact } from "./template.js";
const MAX_ECHO_CHARS = 4_096;
export function answerHandshake({ handshakes = [] }, root, request) {
    for (const handshake of handshakes) {
        const answer = isMeant(handshake, root) ? toAnswer(handshake, root, request) : undefined;
        if (answer !== undefined)
            return answer;
    }
    return undefined;
}
function isMeant({ when }, root) {
    return Object.entries(when).every(([path, word]) => {
        const found = readExact(root, path);
        return word === "*" ? found !== undefined : found === word;
    });
}
/** Undefined where what must be answered is not there: then it is an event like any other. */
function toAnswer({ code, status = 200, json, text, confirm, tell }, root, request) {
    const told = tell === undefined ? undefined : readExact(root, tell.at);
    if (tell !== undefined && told === undefined)
        return undefined;
    const base = {
        kind: "answer",
        code,
        status,
        ...(tell && told !== undefined && { tell: { what: tell.what, text: told } }),
    };
    if (confirm !== undefined) {
        const url = readExact(root, confirm.url);
        return url === undefined ? undefined : { ...base, confirm: { url, host: confirm.host } };
    }
    if (text !== undefined) {
        const echo = readExact(root, text);
        if (echo === undefined || !/^[A-Za-z0-9_-]{1,128}$/.test(echo))
            return undefined;
        return { ...base, type: "text/plain", body: echo };
    }
    if (json === undefined)
        return base;
    const fields = Object.entries(json).map(([key, ask]) => [key, toValue(ask, root, request)]);
    if (fields.some(([, value]) => value === undefined))
        return undefined;
    return { ...base, body: JSON.stringify(Object.fromEntries(fields)) };
}
function toValue(ask, root, { mac }) {
    const [, isMac, path] = typeof ask === "string" ? (/^\{(mac:)?([^{}]+)\}$/.exec(ask) ?? []) : [];
    if (path === undefined)
        return ask;
    const text = readExact(root, path);
    if (text === undefined || text.length > MAX_ECHO_CHARS)
        return undefined;
    return isMac === undefined ? text : mac?.(text).toString("hex");
}
