import { at, isTrueAt, listAt, textAt } from "../../sdk/json.js";
import { OWN_WORDS } from "../../sdk/words.js";
import { toKept } from "./arrival.js";
import { readContent } from "./content.js";
import { toTime, TS } from "./cursor.js";
import { toEmoji } from "./emoji.js";
import { toPlain, namesUser } from "./text.js";
import { readWho } from "./who.js";
import { isDirect, MalformedEvent, requireId } from "./wire.js";
/** What is a person's own message besides the one without a subtype. */
const OWN_SUBTYPES = new Set(["file_share", "me_message", "thread_broadcast"]);
/** @throws SluiceError where somebody has to be asked for and cannot be now. */
export async function receive(payload, around) {
    try {
        const event = at(payload, "event");
        const foreign = findForeign(payload, around.me);
        if (foreign !== undefined)
            return { kind: "ignore", reason: foreign };
        switch (textAt(event, "type")) {
            case "message":
            case "app_mention":
                return await readMessage(event, around);
            case "reaction_added":
            case "reaction_removed":
                return await readReaction(event, around);
            default:
                return { kind: "ignore", reason: "an event of no kind that is read" };
        }
    }
    catch (thrown) {
        if (thrown instanceof MalformedEvent)
            return { kind: "malformed", reason: thrown.message };
        throw thrown;
    }
}
/** One app may be installed in several workspaces: those that are not ours have bots of their own. */
function findForeign(payload, me) {
    const reason = "an event of another workspace";
    const granted = listAt(payload, "authorizations");
    const teams = granted.map((one) => textAt(one, "team_id")).filter((one) => one !== undefined);
    if (teams.length > 0)
        return teams.includes(me.team) ? undefined : reason;
    const team = textAt(payload, "team_id");
    const isShared = isTrueAt(payload, "is_ext_shared_channel");
    return team === undefined || team === me.team || isShared || me.enterprise !== undefined
        ? undefined
        : reason;
}
async function readMessage(event, around) {
    switch (textAt(event, "subtype")) {
        case "message_changed":
            return readEdit(event, around);
        case "message_deleted":
            return readDeletion(event, around);
        default:
            return readNew(event, around);
    }
}
async function readNew(event, around) {
    const subtype = textAt(event, "subtype");
    const isBotSubtype = subtype === "bot_message";
    // SLACKEVENT-1
    if (subtype !== undefined && !isBotSubtype && !OWN_SUBTYPES.has(subtype))
        return { kind: "ignore", reason: "a notice of Slack's own" };
    if (isTrueAt(event, "hidden"))
        return { kind: "ignore", reason: "a message that is not shown" };
    const channel = requireId(event, "channel");
    const ts = requireTs(event, "ts");
    const who = await readWho(event, around);
    if (who === undefined)
        return { kind: "ignore", reason: "our own message" };
    const place = readPlace(event, channel, ts, around);
    const head = `Message from ${who.person.name}${await toIn(channel, around)}`;
    const isEdited = at(event, "edited") != null; // SLACKEVENT-4
    const kept = toMessage(event, { channel, ts, who, place, head, isNew: true, isEdited }, around);
    if (kept === undefined)
        return { kind: "ignore", reason: "a message without words or files" };
    if (place.isAddressed && place.place !== "dm")
        around.noteThread(channel, place.thread ?? ts);
    return { kind: "arrival", ...kept };
}
async function readEdit(event, around) {
    const message = at(event, "message");
    const edited = textAt(message, "edited.ts");
    const before = at(event, "previous_message");
    const isSame = textAt(before, "edited.ts") === edited || textAt(before, "text") === textAt(message, "text");
    // SLACKEVENT-3
    if (edited === undefined || isSame)
        return { kind: "ignore", reason: "a change that is no edit" };
    const subtype = textAt(message, "subtype");
    if (subtype !== undefined && !OWN_SUBTYPES.has(subtype))
        return { kind: "ignore", reason: "an edit of no person's message" };
    const channel = requireId(event, "channel");
    const ts = requireTs(message, "ts");
    const who = await readWho(message, around);
    if (who === undefined)
        return { kind: "ignore", reason: "our own message" };
    const place = readPlace(message, channel, ts, around);
    const head = `${who.person.name} edited message ${ts}${await toIn(channel, around)}`;
    const kept = toMessage(message, { channel, ts, who, place, head, isNew: false, isEdited: true }, around);
    return kept === undefined
        ? { kind: "ignore", reason: "an edit without words" }
        : { kind: "arrival", ...kept };
}
async function readDeletion(event, around) {
    const before = at(event, "previous_message");
    const channel = requireId(event, "channel");
    const ts = textAt(event, "deleted_ts") ?? requireTs(before, "ts");
    const who = await readWho(before, around);
    if (who === undefined)
        return { kind: "ignore", reason: "our own message" };
    if (who.id === "")
        return { kind: "ignore", reason: "a deletion that says not whose it was" };
    const place = readPlace(before, channel, ts, around);
    const kept = toKept(around.channel, around.me, {
        ...who,
        kind: "message.deleted",
        chatId: channel,
        key: `${channel}:${ts}:deleted`,
        ack: "auto",
        priority: "low",
        text: `A message of ${who.person.name} was deleted${await toIn(channel, around)}: message ${ts}`,
        quotes: [],
        chat: { ...toChat(channel, place), isEdited: true },
        meta: { message_id: ts, thread_id: place.thread },
        occurredAt: toTime(textAt(event, "event_ts")),
    });
    return { kind: "arrival", ...kept };
}
async function readReaction(event, around) {
    if (textAt(event, "item.type") !== "message")
        return { kind: "ignore", reason: "a reaction to no message" };
    const channel = requireId(event, "item.channel");
    const ts = requireTs(event, "item.ts");
    const id = requireId(event, "user");
    if (id === around.me.user)
        return { kind: "ignore", reason: "our own reaction" };
    const person = await around.findPerson(id);
    const emoji = toEmoji(textAt(event, "reaction") ?? "");
    const did = textAt(event, "type") === "reaction_added" ? "reacted" : "took back";
    const words = did === "reacted" ? `reacted ${emoji} to` : `took back ${emoji} from`;
    const isDm = isDirect(channel);
    const kept = toKept(around.channel, around.me, {
        id,
        person,
        kind: "reaction",
        chatId: channel,
        key: [
            "reaction",
            channel,
            ts,
            id,
            textAt(event, "reaction"),
            did,
            textAt(event, "event_ts"),
        ].join(":"),
        ack: "auto",
        priority: "low",
        text: `${person.name} ${words} message ${ts}${await toIn(channel, around)}`,
        quotes: [],
        chat: {
            place: isDm ? "dm" : "group",
            ...(isDm ? {} : { groupId: channel }),
            isAddressed: isDm || textAt(event, "item_user") === around.me.user,
        },
        meta: { message_id: ts, reaction: did === "reacted" ? emoji : "" },
        occurredAt: toTime(textAt(event, "event_ts")),
    });
    return { kind: "arrival", ...kept };
}
function readPlace(message, channel, ts, around) {
    const found = textAt(message, "thread_ts");
    const thread = found !== undefined && TS.test(found) && found !== ts ? found : undefined;
    if (isDirect(channel))
        return { place: "dm", thread, isAddressed: true };
    const isAddressed = namesUser(textAt(message, "text") ?? "", around.me.user) ||
        textAt(message, "parent_user_id") === around.me.user ||
        (thread !== undefined && around.isOurs(channel, thread));
    return { place: thread === undefined ? "group" : "thread", thread, isAddressed };
}
function toChat(channel, { place, isAddressed }) {
    return { place, isAddressed, ...(place === "dm" ? {} : { groupId: channel }) };
}
/** Undefined where there is nothing to read in it. */
function toMessage(message, read, around) {
    const { channel, ts, who, place, head, isNew, isEdited } = read;
    const words = toPlain(textAt(message, "text") ?? "", (id) => id === around.me.user ? around.me.name : around.nameOf(id));
    const content = readContent(message, (text) => toPlain(text, around.nameOf));
    const isForwarded = words.trim() === "" && content.isForwarded;
    const own = words.trim() === "" ? [] : [{ label: isEdited ? "edited message" : OWN_WORDS, text: words }];
    const quotes = [...own, ...content.quotes];
    if (quotes.length === 0 && content.placeholder === "")
        return undefined;
    const edited = isNew ? "" : `:edited:${textAt(message, "edited.ts")}`;
    return toKept(around.channel, around.me, {
        ...who,
        kind: isNew ? "message" : "message.edited",
        chatId: channel,
        key: `${channel}:${ts}${edited}`, // SLACKEVENT-2
        ts: isNew ? ts : undefined,
        // An edit is told, and owes no answer: the message that it changes does.
        ack: place.isAddressed && isNew ? "reply" : "auto",
        text: [head, content.placeholder].filter(Boolean).join("\n"),
        quotes,
        files: content.files,
        chat: { ...toChat(channel, place), isForwarded, isEdited },
        meta: {
            message_id: ts,
            // In a channel the answers to a message are a thread, whether it exists yet or not.
            thread_id: place.thread ?? (place.place === "dm" ? undefined : ts),
            reply_to_id: place.thread,
            edited: isEdited ? "true" : undefined,
            forwarded_from: content.forwardedFrom,
        },
        occurredAt: toTime(isNew ? ts : textAt(message, "edited.ts")),
    });
}
async function toIn(channel, around) {
    return isDirect(channel) ? "" : ` in ${await around.titleOf(channel)}`;
}
function requireTs(value, path) {
    const ts = textAt(value, path);
    if (ts === undefined || !TS.test(ts))
        throw new MalformedEvent(`${path} is not a time of Slack`);
    return ts;
}
