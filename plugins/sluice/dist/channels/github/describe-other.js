/**
 * Events that have no description: those that GitHub invents tomorrow.
 *
 * Owns: the line that names the object and its link, as far as names in the payload tell. Never: what the event means. The payload is
 * kept beside it for `details` (payload.ts).
 */
import { joinLine, loginAt, nameAt, quotesAt, toWords, urlAt } from "../../catalogue/fields.js";
import { toThread } from "./context.js";
import { countAt, toObject } from "../../sdk/json.js";
/** Who and where: no object of the event's own. */
const AROUND = new Set([
    "sender",
    "repository",
    "organization",
    "enterprise",
    "installation",
    "changes",
]);
export function describeOther(payload, context) {
    const { event, action, place, login } = context;
    const key = findObject(event, payload);
    const number = countAt(payload, "number") ??
        (key === undefined ? undefined : countAt(payload, `${key}.number`));
    const object = key === undefined ? undefined : toObjectName(payload, key);
    return {
        summary: joinLine(action === undefined ? event : `${event}.${action}`, object !== undefined && `(${object})`, number !== undefined && `#${number}`, `in ${place} by ${login}`),
        quotes: key === undefined ? [] : quotesAt(payload, toQuotes(key)),
        url: urlAt(payload, ...(key === undefined ? [] : [`${key}.html_url`]), "repository.html_url", "sender.html_url"),
        priority: "low",
        ...toThread(context, number),
    };
}
/** The object of the event's own name, else the first that is about neither who nor where. */
function findObject(event, payload) {
    const entries = Object.entries(toObject(payload)).filter(([key, value]) => /^\w{1,64}$/.test(key) &&
        !AROUND.has(key) &&
        typeof value === "object" &&
        value !== null &&
        !Array.isArray(value));
    const keys = entries.map(([key]) => key);
    return keys.find((key) => key === event || `${key}s` === event) ?? keys[0];
}
function toObjectName(payload, key) {
    const name = nameAt(payload, `${key}.name`) ??
        nameAt(payload, `${key}.full_name`) ??
        nameAt(payload, `${key}.slug`) ??
        nameAt(payload, `${key}.tag_name`) ??
        loginAt(payload, `${key}.login`);
    return name === undefined ? undefined : `${toWords(key)} "${name}"`;
}
function toQuotes(key) {
    return Object.fromEntries(["title", "description", "summary", "message", "body"].map((field) => [
        field,
        `${key}.${field}`,
    ]));
}
