/**
 * The tools a session sees; inbox, ack and details are here, those that speak to the outside in files of their own.
 *
 * Owns: the effect and the answer of each. Never: lets a session touch an event that it was not given.
 *
 * TOOL-1 A session acknowledges and answers only events that were offered to it: the text of one event cannot make it close another
 *    session's event.
 * TOOL-2 A reply goes into the event's own conversation, and the same reply goes once (reply-tool.ts).
 */
import { isEventId } from "../../sdk/id.js";
import { findGivenCopy } from "../../store/events/copies.js";
import { findOpen, markDone } from "../../store/events/deliveries.js";
import { findPayload } from "../../store/events/payloads.js";
import { findEvent } from "../../store/events/inbox.js";
import { listMerged } from "../../store/events/waiting.js";
import { noteSign, noteWork } from "../session/attachment.js";
import { answerChatTool, CHAT_TOOL_NAMES } from "./chat-tools.js";
import { toMergedList } from "../text/summary-line.js";
import { INBOX_MAX_BYTES, PREAMBLE } from "../text/note.js";
import { findGiven, refuse } from "./outbound-tools.js";
import { answerReply } from "./reply-tool.js";
import { cut, toMeta, toText } from "../text/shape.js";
import { answerTimerTool, TIMER_TOOL_NAMES } from "./timer-tool.js";
import { answerWatchTool, WATCH_TOOL_NAMES } from "./watch-tools.js";
export const TOOL_NAMES = [
    "inbox",
    "ack",
    "details",
    "reply",
    ...CHAT_TOOL_NAMES,
    ...WATCH_TOOL_NAMES,
    ...TIMER_TOOL_NAMES,
];
export async function answerTool(attachment, name, call, options) {
    noteSign(attachment, options.clock.now());
    noteWork(attachment, options.clock.now());
    switch (name) {
        case "inbox":
            return answerInbox(attachment, call, options);
        case "ack":
            return withPending(await answerAck(attachment, call, options), attachment, options);
        case "details":
            return withPending(await answerDetails(attachment, call, options), attachment, options);
        case "reply":
            return withPending(await answerReply(attachment, call, options), attachment, options);
        case "send":
        case "react":
        case "edit_message":
        case "download_attachment":
            return withPending(await answerChatTool(attachment, name, call, options), attachment, options);
        case "watch":
        case "unwatch":
            return withPending(await answerWatchTool(attachment, name, call, options), attachment, options);
        case "timer":
            return withPending(await answerTimerTool(attachment, call, options), attachment, options);
        default:
            return name;
    }
}
async function answerInbox(attachment, call, { delivery }) {
    if (!attachment.target && delivery.router.readerClaim(attachment).addresses.length === 0) {
        return refuse("inbox: this session runs without a person at it, so events are kept for an interactive one; start it with SLUICE_LANE=pull to let it take them.");
    }
    const policy = delivery.readPolicy(attachment);
    if (policy !== undefined)
        return refuse(`inbox: ${policy}; waiting events are kept.`);
    return { text: await delivery.offerPage(attachment, call.toolUseId), isError: false };
}
async function answerAck(attachment, call, options) {
    const { db, clock, delivery } = options;
    const given = readIds(call.arguments);
    if (typeof given === "string")
        return refuse(`ack: ${given}`);
    const ids = given.map((id) => findGivenCopy(db, id, attachment.session) ?? id);
    const held = ids.filter((id) => isHeld(findOpen(db, id), attachment));
    await delivery.receive(attachment, { kind: "named", events: held });
    await db.write(() => {
        for (const id of held) {
            // Where seen is enough, naming it has just closed it.
            if (findEvent(db, id)?.state !== "done")
                markDone(db, id, "acknowledged", attachment.session, clock.now());
        }
    });
    const rest = ids.filter((id) => !held.includes(id));
    const done = rest.filter((id) => findEvent(db, id)?.state === "done");
    const unknown = rest.filter((id) => !done.includes(id));
    const lines = [
        ...(held.length > 0 ? [`Done: ${held.join(" ")}`] : []),
        ...(done.length > 0 ? [`Already done: ${done.join(" ")}`] : []),
        ...(unknown.length > 0 ? [`Not given to this session: ${unknown.join(" ")}`] : []),
    ];
    return { text: lines.join("\n"), isError: held.length + done.length === 0 };
}
async function answerDetails(attachment, call, options) {
    const { db, delivery, aboutChannels } = options;
    if (call.arguments["event_id"] === undefined) {
        const about = aboutChannels?.() ?? "";
        const text = about === "" ? "No channel is configured." : about;
        return { text: toPart(text, toOffset(call.arguments["offset"])), isError: false };
    }
    const event = findGiven(call.arguments["event_id"], attachment, options);
    if (event === undefined)
        return refuse("details: event_id must name an event that this session was given.");
    await delivery.receive(attachment, { kind: "named", events: [event.id] });
    const offset = toOffset(call.arguments["offset"]);
    const merged = listMerged(db, event.id, attachment.session);
    const payload = findPayload(db, event.id);
    return { text: toPage(event, merged, payload, offset), isError: false };
}
/** Pending count on every tool result: a session to which nothing is sent learns of new events by it. */
function withPending(answer, attachment, { delivery }) {
    if (attachment.lane.sends.kind !== "nothing")
        return answer;
    const { waiting } = delivery.readWaitingFor(attachment);
    return waiting.total === 0
        ? answer
        : { ...answer, text: `${answer.text}\n(${waiting.total} waiting: inbox)` };
}
function isHeld(open, attachment) {
    return open !== undefined && open.attachment === attachment.id;
}
function readIds(input) {
    const given = input["event_ids"] ?? input["event_id"];
    const list = typeof given === "string" ? [given] : given;
    if (!Array.isArray(list) || list.length === 0)
        return "event_ids is missing; give a list of event ids.";
    if (list.length > 100)
        return `event_ids has ${list.length} ids, at most 100 fit one call.`;
    const ids = list.filter((id) => typeof id === "string" && isEventId(id));
    if (ids.length !== list.length)
        return "event_ids holds something that is not an event id (evt_ and 26 characters).";
    return [...new Set(ids)];
}
function toOffset(value) {
    const number = Number(value ?? 0);
    return Number.isSafeInteger(number) && number >= 0 ? number : 0;
}
/** Everything about an event, in pages that a tool result can hold. */
function toPage(event, merged, payload, offset) {
    const meta = Object.entries(toMeta(event, { attempt: event.attempts })).map(([key, value]) => `${key}: ${value}`);
    const list = merged.length === 0 ? [] : ["", "Merged into it, oldest first:", ...toMergedList(merged)];
    const quotes = payload === undefined
        ? event.quotes
        : [...event.quotes, { label: "payload", text: payload.text }];
    const left = payload === undefined || payload.omitted === 0
        ? []
        : [`(${payload.omitted} more characters of the payload were not kept)`];
    const text = toText({ text: event.text, quotes }, Number.MAX_SAFE_INTEGER);
    const whole = [...meta, "", text, ...left, ...list].join("\n");
    return `${PREAMBLE}\n${toPart(whole, offset)}`;
}
/** As much as one tool result holds. */
function toPart(whole, offset) {
    // Characters, not bytes: at most four bytes each.
    const page = cut(whole.slice(offset), INBOX_MAX_BYTES);
    const next = offset + page.length;
    if (next >= whole.length)
        return page;
    return `${page}\n(${whole.length - next} more characters: details with offset ${next})`;
}
