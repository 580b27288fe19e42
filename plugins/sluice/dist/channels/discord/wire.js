/**
 * How we read Discord's objects, and the numbers of its wire.
 *
 * Owns: reading ids and names out of an object that may hold anything; intents, kinds of channels and of messages. Never: what they mean
 * for us.
 * Ids: https://docs.discord.com/developers/reference#snowflakes
 */
import { toNameField } from "../../sdk/field.js";
import { at, isTrueAt, textAt } from "../../sdk/json.js";
export const API_ROOT = "https://discord.com/api/v10";
export const VERSION = 10;
/** https://docs.discord.com/developers/events/gateway#list-of-intents */
const INTENTS = {
    guilds: 1 << 0,
    guildMessages: 1 << 9,
    guildReactions: 1 << 10,
    directMessages: 1 << 12,
    directReactions: 1 << 13,
};
export const MESSAGE_CONTENT = 1 << 15;
export const PLAIN_INTENTS = Object.values(INTENTS).reduce((all, one) => all | one, 0);
/** https://docs.discord.com/developers/resources/application#application-object-application-flags */
const CONTENT_FLAGS = (1 << 18) | (1 << 19);
/** https://docs.discord.com/developers/resources/channel#channel-object-channel-types */
export const DM = 1;
const THREADS = new Set([10, 11, 12]);
const FORUMS = new Set([15, 16]);
/** View Channels, Send Messages (also in threads), Create Public Threads, Embed Links, Attach Files, Read Message History, Add Reactions. */
const PERMISSIONS = "309237763136";
/** An object that is not what it must be: it is counted and left behind. The reason holds nothing of its content. */
export class NotDiscords extends Error {
    name = "Malformed";
}
/** An id at a path. Ids go up to 64 bits, so only a string is one. */
export function optionalId(value, path) {
    const found = at(value, path);
    return typeof found === "string" && /^\d{1,20}$/.test(found) ? found : undefined;
}
/** @throws NotDiscords when there is none. */
export function requireId(value, path) {
    const id = optionalId(value, path);
    if (id === undefined)
        throw new NotDiscords(`${path} is not an id`);
    return id;
}
/** When the thing with this id was made, epoch ms. */
export function toTime(id) {
    return Number(BigInt(id) >> 22n) + 1_420_070_400_000;
}
/** Which of two ids is the later one. */
export function isLater(one, other) {
    return BigInt(one) > BigInt(other);
}
/** A user's name for people, made fit for a line of ours: never identity. */
export function readName(user, member) {
    const full = textAt(member, "nick") ?? textAt(user, "global_name") ?? textAt(user, "username") ?? "";
    const name = toNameField(full);
    // A name of signs alone says less than the user name.
    if (/[\p{L}\p{N}]/u.test(name))
        return name;
    const login = toNameField(textAt(user, "username") ?? "");
    return login === "" ? (optionalId(user, "id") ?? "unknown") : login;
}
/** A webhook has no user behind it, whatever name it writes under. */
export function isBot(message, user) {
    return isTrueAt(user, "bot") || isTrueAt(user, "system") || at(message, "webhook_id") != null;
}
export function isThread(type) {
    return THREADS.has(type);
}
export function isForum(type) {
    return FORUMS.has(type);
}
/** What `/applications/@me` says. @throws NotDiscords. */
export function readMe(application) {
    const flags = at(application, "flags");
    return {
        id: optionalId(application, "bot.id") ?? requireId(application, "id"),
        name: toNameField(textAt(application, "bot.username") ?? textAt(application, "name") ?? "unknown"),
        application: requireId(application, "id"),
        hasContent: typeof flags === "number" && (flags & CONTENT_FLAGS) !== 0,
        hasEndpoint: textAt(application, "interactions_endpoint_url") !== undefined,
    };
}
export function toIntents({ hasContent }) {
    return hasContent ? PLAIN_INTENTS | MESSAGE_CONTENT : PLAIN_INTENTS;
}
export function toInvite({ application }) {
    return `https://discord.com/oauth2/authorize?client_id=${application}&scope=bot+applications.commands&permissions=${PERMISSIONS}`;
}
/** Where the owner switches the intent on. */
export function toContentStep({ application }) {
    return `Message Content Intent is off, so in servers the bot reads only what names it: https://discord.com/developers/applications/${application}/bot > Privileged Gateway Intents > Message Content Intent > Save Changes, then "sluice pause {name}" and "sluice resume {name}"`;
}
/** Where the owner clears the address. */
export function toEndpointStep({ application }) {
    return `an Interactions Endpoint URL is set, so Discord sends no presses and commands to the bot: https://discord.com/developers/applications/${application}/information > Interactions Endpoint URL, clear it > Save Changes`;
}
