/** An honest mail has fewer than two hundred. */
const MAX_HEADERS = 2_000;
/** https://www.rfc-editor.org/rfc/rfc5322#section-3.6.4, as it is found and not only as it should be. */
const MESSAGE_ID = /<([^<>\s]{1,250})>/g;
const MAX_IDS = 100;
/** Names in lower case. What is no header is left out; the rest of the mail, if it is there, is not read. */
export function parseHeaders(raw) {
    const text = raw.toString("utf8");
    const end = /\r?\n\r?\n/.exec(text)?.index ?? text.length;
    const headers = [];
    for (const line of text.slice(0, end).split(/\r?\n/)) {
        const last = headers.at(-1);
        if (/^[ \t]/.test(line)) {
            if (last !== undefined)
                last.value += ` ${line.trim()}`;
            continue;
        }
        const [, name, value = ""] = /^([!-9;-~]{1,100})[ \t]*:(.*)$/s.exec(line) ?? [];
        if (name === undefined)
            continue;
        if (headers.length === MAX_HEADERS)
            break;
        headers.push({ name: name.toLowerCase(), value: value.trim() });
    }
    return headers;
}
export function findHeader(headers, name) {
    return headers.find((one) => one.name === name)?.value;
}
/** The ids that a header names, without their brackets. */
export function readMessageIds(value) {
    if (value === undefined)
        return [];
    const ids = [...value.slice(0, 64 * 1024).matchAll(MESSAGE_ID)].map(([, id = ""]) => id);
    // Some programs write their id without brackets.
    if (ids.length === 0 && /^[^<>\s]{1,250}$/.test(value))
        return [value];
    return ids.slice(-MAX_IDS);
}
