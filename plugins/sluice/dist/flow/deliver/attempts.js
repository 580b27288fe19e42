import { addAttempt, giveBack, listOpen, markSeen, setReceipt, withdrawAttempt, } from "../../store/events/deliveries.js";
import { addStep } from "../../store/events/inbox.js";
import { beginTurn, noteCarried, noteCarriedFrom } from "../session/attachment.js";
import { toReceipts } from "./receipt.js";
import { parseAddress } from "../route/route.js";
export const MAX_ATTEMPTS = 5;
const GIVEN_FOR = {
    held: "its voice note is text now",
    target: "it was sent to this session",
    copy: "this session subscribed to a copy of it",
    subscription: "this session subscribed to it",
    rule: "a routing rule names this session",
    active: "it is the session active last",
};
function toReason(why, address) {
    return why === "repository" ? `it works on ${parseAddress(address).repository}` : GIVEN_FOR[why];
}
/** Commits that the events of bundles are about to leave. Those merged into another share its receipt. */
export function addAttempts({ db, clock, why }, attachment, bundles, { how, carrier, ...offer }) {
    const now = clock.now();
    const { id, session } = attachment;
    for (const { shown, merged } of bundles) {
        for (const event of [shown, ...merged]) {
            const reason = toReason(why?.(event.address, attachment) ?? "active", event.address);
            addStep(db, event.id, { at: now, stage: "routed", session, reason });
            const into = event === shown ? (carrier === shown.id ? undefined : carrier) : shown.id;
            const words = how?.get(event.id);
            addAttempt(db, event, {
                attachment: id,
                session,
                ...offer,
                ...(into === undefined ? {} : { mergedInto: into }),
                ...(words === undefined ? {} : { how: words }),
            }, now);
        }
    }
}
export function applyReceipts(options, receipts) {
    const { db, clock } = options;
    for (const receipt of receipts) {
        const { delivery } = receipt;
        if (receipt.to === "carried")
            setReceipt(db, delivery.id, receipt.receipt);
        else if (receipt.to === "seen")
            markSeen(db, delivery, receipt.reason, clock.now());
        else
            giveBackAll(options, [delivery], receipt.reason);
    }
}
/** No receipt will come for these: they wait again, or are dead. */
export function giveBackAll({ db, clock, log }, deliveries, reason) {
    for (const delivery of deliveries) {
        if (giveBack(db, delivery, reason, MAX_ATTEMPTS, clock.now()) !== "dead")
            continue;
        const facts = { event: delivery.event, channel: delivery.channel };
        log.error(facts, "event is dead after its last attempt");
    }
}
/** Takes back what the answer to one bell carried: it provably never left. */
export function withdrawBell({ db, clock }, attachment, bell, reason) {
    for (const delivery of listOpen(db, attachment.id)) {
        if (delivery.state === "offered" && delivery.bell === bell) {
            withdrawAttempt(db, delivery, reason, clock.now());
        }
    }
}
/** Takes back what messages carried that went by these ids: their host knows that they did not arrive. */
export function withdrawSent({ db, clock }, attachment, carriers, reason) {
    for (const delivery of listOut(db, attachment)) {
        if (carriers.includes(delivery.carriedBy))
            withdrawAttempt(db, delivery, reason, clock.now());
    }
}
/** What was sent into the turn that has just ended starts the next one at once, where no hook tells of it. */
export function noteQueued({ db, clock }, attachment) {
    const { sends } = attachment.lane;
    if (sends.kind !== "events" || !sends.startsTurn(attachment))
        return;
    if (listInFlight(db, attachment).length > 0)
        beginTurn(attachment, undefined, clock.now());
}
/**
 * A prompt that the client shows its hooks holds these events: they are in the conversation, and its turn end will prove it.
 * Events that were sent together may come in two turns: the first starts one, the rest waits for the next.
 * False where none of them is out on a lane that can carry it: whoever knows an id can quote it.
 */
export async function markCarried({ db, findLane }, attachment, promptId, events) {
    if (events.length === 0)
        return false;
    const signal = { kind: "carried", promptId, events };
    const carried = toReceipts(listOpen(db, attachment.id), signal, findLane);
    if (carried.length === 0)
        return false;
    noteCarried(attachment);
    await db.write(() => {
        for (const { delivery } of carried) {
            setReceipt(db, delivery.id, promptId);
            noteCarriedFrom(attachment, delivery.offeredAt);
        }
    });
    return true;
}
/** What is out on the lane that the attachment is on, oldest first. */
export function listOut(db, { id, lane }) {
    return listOpen(db, id).filter((one) => one.state === "offered" && one.lane === lane.name);
}
/** Of what is out, the notifications: what was merged into another travels in that one's. */
export function listInFlight(db, attachment) {
    return listOut(db, attachment).filter(({ mergedInto }) => mergedInto === null);
}
