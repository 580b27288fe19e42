/**
 * How we read what Slack sends.
 *
 * Owns: reading ids and places out of objects that may hold anything. Never: what they mean for us.
 */
import { textAt } from "../../sdk/json.js";
/** What approvals are kept under: one bot in one workspace. */
export function toAccount({ team, user }) {
    return `${team}:${user}`;
}
/** Capital letters and digits today; what is no more than a word can do no harm. */
const ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
/** Undefined for what is no id. */
export function idAt(value, path) {
    const id = textAt(value, path);
    return id !== undefined && ID.test(id) ? id : undefined;
}
/** What is not what it must be: it is counted and left behind. The reason holds nothing of its content. */
export class MalformedEvent extends Error {
    name = "Malformed";
}
/** @throws MalformedEvent when there is none. */
export function requireId(value, path) {
    const id = idAt(value, path);
    if (id === undefined)
        throw new MalformedEvent(`${path} is not an id`);
    return id;
}
/** A direct conversation with one person. */
export function isDirect(channel) {
    return channel.startsWith("D");
}
