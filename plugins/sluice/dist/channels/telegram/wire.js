/**
 * How we read Telegram's updates.
 *
 * Owns: reading ids, users and places out of an update that may hold anything. Never: what they mean for us.
 * Shapes: https://core.telegram.org/bots/api#available-types
 */
import { toNameField } from "../../sdk/field.js";
import { at, isTrueAt, textAt } from "../../sdk/json.js";
/** What we ask for. Anything else is not sent to us. */
export const ALLOWED_UPDATES = [
    "message",
    "edited_message",
    "callback_query",
    "message_reaction",
];
/** An update that is not what it must be: it is counted and left behind. The reason holds nothing of its content. */
export class Malformed extends Error {
    name = "Malformed";
}
/** The integer id at a path, as its digits; chats of groups are negative. Ids fit 52 bits: https://core.telegram.org/bots/api#chat */
export function optionalId(value, path) {
    const found = at(value, path);
    return Number.isSafeInteger(found) ? String(found) : undefined;
}
/** @throws Malformed when there is none. */
export function requireId(value, path) {
    const id = optionalId(value, path);
    if (id === undefined)
        throw new Malformed(`${path} is not an id`);
    return id;
}
/** A user's or chat's name for people, made fit for a line of ours: never identity. */
export function readName(value, path) {
    const title = textAt(value, `${path}.title`);
    const first = textAt(value, `${path}.first_name`);
    const last = textAt(value, `${path}.last_name`);
    const username = textAt(value, `${path}.username`);
    const full = title ?? [first, last].filter((part) => part !== undefined).join(" ");
    const name = toNameField(full);
    // Names in other scripts than Latin become question marks, and then the user name says more.
    if (/[^?\s]/.test(name))
        return name;
    return username === undefined
        ? (optionalId(value, `${path}.id`) ?? "unknown")
        : toNameField(username);
}
export function isBotAt(value, path) {
    return isTrueAt(value, `${path}.is_bot`);
}
