/**
 * The tools of chats besides `reply`: send, react, edit_message, download_attachment.
 *
 * Owns: the effect and the answer of each. Never: opens a conversation that the owner has not listed, or touches another session's message.
 */
import { ORIGINAL } from "../../store/events/copied-state.js";
import { addEffect, findEffect } from "../../store/outbox/outbox.js";
import { findGiven, readMessage, refuse, refuseFault, tellOutcome } from "./outbound-tools.js";
export const CHAT_TOOL_NAMES = ["send", "react", "edit_message", "download_attachment"];
const REACTION_MAX_CHARS = 64;
export async function answerChatTool(attachment, name, call, options) {
    const { outbound } = options;
    if (outbound === undefined)
        return refuse(`${name}: no channel here can do that.`);
    switch (name) {
        case "send":
            return answerSend(attachment, call, options, outbound);
        case "react":
            return answerReact(attachment, call, options, outbound);
        case "edit_message":
            return answerEdit(attachment, call, options, outbound);
        case "download_attachment":
            return answerDownload(attachment, call, options, outbound);
        default:
            return name;
    }
}
async function answerSend(attachment, call, options, outbound) {
    const { channel, chat } = call.arguments;
    if (typeof channel !== "string" || typeof chat !== "string" || chat === "")
        return refuse("send: channel and chat are missing.");
    // One answer for both: a session does not learn which channels or people there are.
    if (!outbound.isConnected(channel) || !outbound.isContact(channel, chat)) {
        return refuse("send: the owner has not listed that chat; they can, in a terminal: sluice access contact.");
    }
    const read = await readMessage(call.arguments, { channel, chatId: chat }, attachment, options);
    if (typeof read === "string")
        return refuse(`send: ${read}`);
    const { note, ...message } = read;
    const effect = { kind: "send", event: null, channel, chatId: chat, ...message };
    const outcome = await queue("send", attachment, effect, options);
    return { ...outcome, text: outcome.text + note };
}
async function answerReact(attachment, call, options, outbound) {
    const { event_id: id, reaction } = call.arguments;
    if (typeof reaction !== "string" || reaction.length > REACTION_MAX_CHARS)
        return refuse(`react: reaction must be a text of at most ${REACTION_MAX_CHARS} characters.`);
    const event = findGiven(id, attachment, options);
    if (event === undefined)
        return refuse("react: event_id must name an event that this session was given.");
    const target = event.meta["message_id"];
    if (target === undefined || !can(outbound, event, "react"))
        return refuse(`react: channel ${event.channel} has no reactions.`);
    const effect = { ...toPlace(event), kind: "react", target, text: reaction.trim() };
    return queue("react", attachment, effect, options);
}
async function answerEdit(attachment, call, options, outbound) {
    const { message, event_id: id } = call.arguments;
    const row = findOwn(message, id, attachment, options);
    if (typeof row === "string")
        return refuse(`edit_message: ${row}`);
    const read = await readMessage({ text: call.arguments["text"] }, row, attachment, options);
    if (typeof read === "string")
        return refuse(`edit_message: ${read}`);
    if (outbound.connection(row.channel)?.edit === undefined)
        return refuse(`edit_message: channel ${row.channel} cannot edit, or is not connected now.`);
    const [target, ...more] = row.messageIds;
    if (target === undefined || row.state !== "sent")
        return refuse("edit_message: that message is not sent yet.");
    if (more.length > 0)
        return refuse("edit_message: that message was split into several; send a new one instead.");
    const { channel, chatId, event } = row;
    const effect = { kind: "edit", event, channel, chatId, target, text: read.text };
    return queue("edit_message", attachment, effect, options);
}
async function answerDownload(attachment, call, options, outbound) {
    const event = findGiven(call.arguments["event_id"], attachment, options);
    if (event === undefined)
        return refuse("download_attachment: event_id must name an event that this session was given.");
    const position = Number(call.arguments["index"] ?? 1);
    if (!Number.isSafeInteger(position) || position < 1)
        return refuse("download_attachment: index is a number from 1.");
    try {
        return { text: await outbound.fetchFile(event.id, position), isError: false };
    }
    catch (thrown) {
        return refuseFault("download_attachment", thrown);
    }
}
async function queue(tool, { session }, effect, options) {
    const { db, clock, replied } = options;
    const { row, duplicate } = await db.write(() => addEffect(db, { ...effect, session }, clock.now()));
    if (!duplicate)
        replied(effect.channel);
    return tellOutcome(tool, row, duplicate, effect.channel, options);
}
/** A message that this session sent: by the handle that sending it gave, or the latest one for an event. */
function findOwn(message, event, { session }, { db }) {
    const [, number] = /^msg_(\d{1,15})$/.exec(String(message ?? "")) ?? [];
    const id = number === undefined
        ? db.get(`SELECT id FROM outbox WHERE event = ${ORIGINAL} AND session = ? AND kind = 'reply' ORDER BY id DESC LIMIT 1`, String(event ?? ""), String(event ?? ""), session)?.id
        : Number(number);
    const row = id === undefined ? undefined : findEffect(db, id);
    if (row === undefined || row.session !== session || !["reply", "send"].includes(row.kind))
        return "message must be a handle (msg_...) that reply or send gave this session, or event_id an event that it answered.";
    return row;
}
function toPlace(event) {
    return { event: event.copyOf ?? event.id, channel: event.channel, chatId: event.chatId ?? null };
}
function can(outbound, { channel }, what) {
    const live = outbound.connection(channel);
    // While it is down nobody knows; what it cannot do then fails with its reason.
    return live === undefined ? outbound.isConnected(channel) : live[what] !== undefined;
}
