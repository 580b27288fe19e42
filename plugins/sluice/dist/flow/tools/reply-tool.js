/**
 * The tool `reply`: an answer in an event's own conversation.
 */
import { markDone } from "../../store/events/deliveries.js";
import { addStep, findEvent } from "../../store/events/inbox.js";
import { hasLaterMessage } from "../../store/outbox/open-chats.js";
import { addEffect } from "../../store/outbox/outbox.js";
import { findGiven, readMessage, readWords, refuse, tellOutcome } from "./outbound-tools.js";
export async function answerReply(attachment, call, options) {
    const { db, clock, delivery, canReply, replied } = options;
    const words = readWords(call.arguments);
    if (typeof words === "string")
        return refuse(`reply: ${words}`);
    const event = findGiven(call.arguments["event_id"], attachment, options);
    if (event === undefined)
        return refuse("reply: event_id must name an event that this session was given.");
    if (!canReply(event.channel)) {
        return refuse(`reply: channel ${event.channel} only brings events in, nobody reads answers there; use ack instead.`);
    }
    const { channel, chatId = null } = event;
    const read = await readMessage(call.arguments, { channel, chatId }, attachment, options);
    if (typeof read === "string")
        return refuse(`reply: ${read}`);
    const { note, ...message } = read;
    await delivery.receive(attachment, { kind: "named", events: [event.id] });
    const { row, duplicate } = await db.write(() => {
        const now = clock.now();
        const threadId = event.meta["thread_id"];
        const replyTo = hasMovedOn(event, options) ? event.meta["message_id"] : undefined;
        const added = addEffect(db, {
            kind: "reply",
            event: event.copyOf ?? event.id,
            ...(event.copyOf === undefined ? {} : { copy: event.id }),
            channel,
            chatId,
            session: attachment.session,
            ...message,
            ...(threadId === undefined ? {} : { threadId }),
            ...(replyTo === undefined ? {} : { replyTo }),
        }, now);
        if (!added.duplicate)
            addStep(db, event.id, { at: now, stage: "replied", session: attachment.session });
        if (event.ack !== "explicit" && findEvent(db, event.id)?.state !== "done") {
            markDone(db, event.id, "the session has answered", attachment.session, now);
        }
        return added;
    });
    if (!duplicate)
        replied(event.channel);
    const outcome = await tellOutcome("reply", row, duplicate, event.channel, options);
    return { ...outcome, text: outcome.text + note };
}
/** Others have written since: without a quote nobody would know which message is answered. */
function hasMovedOn(event, { db }) {
    if (event.chatId === undefined)
        return false;
    // A copy stands where its event does.
    const { seq } = (event.copyOf !== undefined && findEvent(db, event.copyOf)) || event;
    return hasLaterMessage(db, event.channel, event.chatId, seq);
}
