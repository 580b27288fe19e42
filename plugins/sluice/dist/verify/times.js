/**
 * When a request says it was sent.
 *
 * Owns: reading that time from a header, or from a body whose signature has held. Never: the window (verifier.ts).
 */
import { at, parseJson } from "../sdk/json.js";
import { readItems } from "./places.js";
import { malformed } from "./token.js";
const DIGITS = { s: /^\d{1,12}$/, ms: /^\d{1,15}$/, "s-or-ms": /^\d{1,15}$/ };
/** As seconds a number of so many digits lies in the year 5138. */
const MS_DIGITS = 12;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;
export function readTimestamp(headers, { place, unit }) {
    const found = readItems(headers, place);
    if (found.kind === "refused")
        return found;
    const [text = ""] = found.items;
    // Two of them: which one was signed would be the sender's word against ours.
    if (found.items.length > 1 || !DIGITS[unit].test(text))
        return malformed(place.header);
    const isSeconds = unit === "s" || (unit === "s-or-ms" && text.length < MS_DIGITS);
    return { kind: "stamp", text, sentAt: Number(text) * (isSeconds ? 1000 : 1) };
}
/** Epoch ms, `absent` where the JSON has no such field, undefined where it holds no time. The body's signature has held: it may be parsed. */
export function readBodyTime(body, { body: path, unit }) {
    const parsed = parseJson(body);
    if (parsed.kind === "bad")
        return undefined;
    const found = at(parsed.value, path);
    if (found === undefined)
        return "absent";
    if (unit === "iso") {
        const sentAt = typeof found === "string" && ISO.test(found) ? Date.parse(found) : Number.NaN;
        return Number.isNaN(sentAt) ? undefined : sentAt;
    }
    const isCount = typeof found === "number" && Number.isSafeInteger(found) && found >= 0;
    return isCount ? found * (unit === "s" ? 1000 : 1) : undefined;
}
