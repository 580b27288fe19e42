import { addAnswering, addPayload } from "../../store/events/payloads.js";
import { addFiles } from "../../store/events/files.js";
import { closeAlert, openAlert } from "../../store/events/open-alerts.js";
import { addEvent } from "../../store/events/add-event.js";
import { toFileName } from "./file-name.js";
import { CLOSED, gate } from "./gate.js";
import { isFiring, isResolved } from "../text/merge.js";
/** Of one arrival; more are counted and left out. */
const MAX_FILES = 20;
/**
 * The way in for what ingress has verified. `hear` takes what a person may stand behind, who is heard first, and what has files.
 */
export function toIntake(options, hear) {
    return (arrival, receivedAt) => isFromMachine(arrival) && arrival.files === undefined
        ? accept(arrival, receivedAt, options)
        : hear(arrival, receivedAt);
}
/** True where it names neither a chat nor a person's conversation: nobody there can answer a prompt. */
export function isFromMachine({ chat, chatId }) {
    return chat === undefined && chatId === undefined;
}
/** @throws SluiceError store_* (as a rejection) when it could not be written: nothing is kept, the sender may try again. */
export function accept(arrival, receivedAt, options) {
    // The one promise on an event's way is that of its write: each more is a turn that its sender waits.
    try {
        const access = options.access.get(arrival.channel) ?? CLOSED;
        const verdict = decide(arrival, access, options);
        // Who asked counts it: ingress counts every arrival that it does not answer with a 2xx.
        if (verdict.kind === "drop")
            return Promise.resolve({ kind: "dropped", reason: verdict.reason });
        if (verdict.kind === "admit")
            options.limit.check(arrival.channel, 1, access.quota);
        return options.db.write(() => settle(arrival, verdict, receivedAt, options));
    }
    catch (thrown) {
        return Promise.reject(thrown);
    }
}
/**
 * The same for who writes more in the same transaction, a cursor say: runs inside `database.write`. The inbox's limit is checked
 * before it.
 */
export function admit(arrival, receivedAt, options) {
    const access = options.access.get(arrival.channel) ?? CLOSED;
    return settle(arrival, decide(arrival, access, options), receivedAt, options);
}
/** What the gate says, and that two machines do not talk to each other for ever. */
function decide(arrival, access, { loops }) {
    const verdict = gate(arrival, access);
    const isLoop = verdict.kind === "admit" && arrival.chat !== undefined && loops?.isLoop(arrival) === true;
    return isLoop ? { kind: "drop", reason: "loop" } : verdict;
}
function settle(arrival, verdict, receivedAt, options) {
    const { pairing, loops } = options;
    switch (verdict.kind) {
        case "admit": {
            const kept = keep(toOwed(arrival, verdict), verdict.role, receivedAt, options);
            if (arrival.chat !== undefined && !kept.duplicate)
                options.db.afterCommit(() => loops?.count(arrival));
            return kept;
        }
        case "drop":
            return { kind: "dropped", reason: verdict.reason };
        case "pair":
            return { kind: "dropped", reason: pairing?.pair(arrival) ?? "stranger" };
        case "redeem":
            return { kind: "dropped", reason: pairing?.redeem(arrival, verdict.code) ?? "stranger" };
        default:
            return verdict;
    }
}
/** Who named us by a word of the group's waits for an answer as one who named us by our name. */
function toOwed(arrival, { isNamed, isKnown }) {
    const owed = isNamed === true && arrival.kind === "message" ? { ...arrival, ack: "reply" } : arrival;
    // Of a machine, only its channel can tell; one that cannot has its owner's word, who names it to an agent or does not.
    const isOwn = arrival.chat === undefined ? arrival.isKnown !== false : isKnown === true;
    return { ...owed, isKnown: isOwn };
}
function keep(arrival, role, receivedAt, { db, clock, assign, pressing, stored }) {
    const kept = withEntity(withChatFacts(withFileFacts(arrival)));
    const { files, payload, answering, stateOf } = arrival;
    const isAlone = (files ?? payload ?? answering ?? stateOf) === undefined;
    const isLast = isAlone && stored === undefined;
    const { copies, ...added } = addEvent(db, kept, role, receivedAt, clock.now(), {
        assign,
        isLast,
    });
    if (!added.duplicate) {
        if (files !== undefined)
            addFiles(db, added.id, files.slice(0, MAX_FILES));
        if (payload !== undefined)
            addPayload(db, added.id, payload);
        if (answering !== undefined)
            addAnswering(db, added.id, answering);
        noteFiring(db, added.id, arrival);
        stored?.(added.id, arrival);
        if (arrival.priority === "urgent" || arrival.ack === "reply")
            for (const id of copies ?? [added.id])
                pressing(id);
    }
    return { kind: "stored", ...added };
}
/** What a thing's states tell of it is told together, where its channel names nothing larger. */
function withEntity(arrival) {
    const { entity, stateOf } = arrival;
    return entity === undefined && stateOf !== undefined ? { ...arrival, entity: stateOf } : arrival;
}
/** An alert that fires is kept until the one that ends it (expire.ts). */
function noteFiring(db, id, { channel, stateOf, kind, meta }) {
    if (stateOf === undefined)
        return;
    const state = { kind, status: meta["status"] ?? meta["conclusion"] ?? null };
    if (isFiring(state))
        openAlert(db, { channel, stateOf }, id);
    else if (isResolved(state))
        closeAlert(db, { channel, stateOf });
}
/** What the gate knew of a message is told to whoever reads it: who wrote a text is not who sent it on. */
function withChatFacts(arrival) {
    const { chat, meta } = arrival;
    if (chat === undefined)
        return arrival;
    return {
        ...arrival,
        meta: {
            ...meta,
            ...(chat.isForwarded && { forwarded_from: meta["forwarded_from"] ?? "unknown" }),
            ...(chat.isEdited && { edited: "true" }),
            ...(chat.button !== undefined && { button: chat.button }),
        },
    };
}
/** What a model and a person read of the files that came with a message. Never the reference, which may hold a token. */
function withFileFacts(arrival) {
    const { files = [] } = arrival;
    if (files.length === 0)
        return arrival;
    const list = files.slice(0, MAX_FILES).map(({ name, mime, bytes }, index) => {
        const size = bytes === undefined ? "" : `, ${Math.max(1, Math.round(bytes / 1024))} kB`;
        return `${index + 1}. ${toFileName(name)} (${mime ?? "file"}${size})`;
    });
    return {
        ...arrival,
        meta: {
            ...arrival.meta,
            attachment_count: String(files.length),
            attachments: list.join("; "),
        },
    };
}
