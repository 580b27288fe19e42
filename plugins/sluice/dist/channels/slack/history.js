/**
 * Looks up what was said while nobody listened.
 *
 * Owns: which conversations and threads are asked for, and the order of what is found. Never: decides what of it is new; the keys do.
 *
 * SLACKHISTORY-1 Messages are found, with their last text. Taps, commands, reactions and deletions of the hole are lost at Slack.
 * SLACKHISTORY-2 A thread is asked for where a message of the hole began it, where its parent says that it grew, or where it is ours.
 * SLACKHISTORY-3 What cannot be asked for now is asked for again; a conversation that Slack refuses is left out.
 * https://docs.slack.dev/reference/methods/conversations.history
 */
import { sleep } from "../../sdk/clock.js";
import { at, countAt, isTrueAt, listAt, textAt } from "../../sdk/json.js";
import { isCredentialRefused, toFaultLine } from "./api.js";
import { isLater, TS } from "./cursor.js";
import { idAt, isDirect } from "./wire.js";
const TYPES = ["im", "mpim", "private_channel", "public_channel"];
const PAGE = 200;
/** Of one conversation: whoever was away for longer finds the newest of them. */
const MAX_PAGES = 10;
const MAX_TRIES = 8;
/** Rejects never; resolves once all that was found is kept. */
export async function lookBack(options) {
    const { since, threads, log, signal } = options;
    const found = [];
    const conversations = await listConversations(options);
    for (const conversation of conversations) {
        if (signal.aborted)
            return;
        const messages = await listMessages(conversation, options);
        found.push(...messages);
        // SLACKHISTORY-2
        const grown = messages.filter(({ message }) => {
            const latest = textAt(message, "latest_reply");
            return ((countAt(message, "reply_count") ?? 0) > 0 &&
                (latest === undefined || isLater(latest, since)));
        });
        const ours = threads.filter(([channel]) => channel === conversation.id).map(([, ts]) => ts);
        for (const ts of new Set([...grown.map((one) => one.ts), ...ours]))
            found.push(...(await listReplies(conversation, ts, options)));
    }
    const sorted = found.toSorted((a, b) => (a.ts === b.ts ? 0 : isLater(a.ts, b.ts) ? 1 : -1));
    for (const { message, channel, isShared } of sorted) {
        if (signal.aborted)
            return;
        const channel_type = isDirect(channel) ? "im" : "channel";
        await options.found({ ...message, type: "message", channel, channel_type }, isShared);
    }
    if (sorted.length > 0)
        log.info({ messages: sorted.length }, "looked up what was said meanwhile");
}
/** A scope that the app lacks for one kind of conversation refuses them all: then each kind is asked for alone. */
async function listConversations(options) {
    const list = (types) => readPages("users.conversations", options, { types: types.join(","), exclude_archived: "true" }, "channels");
    const found = await list(TYPES);
    if (found.length === 0 && !options.signal.aborted)
        for (const type of TYPES)
            found.push(...(await list([type])));
    return found.flatMap((one) => {
        const id = idAt(one, "id");
        return id === undefined ? [] : [{ id, isShared: isTrueAt(one, "is_ext_shared") }];
    });
}
async function listMessages(conversation, options) {
    const { id: channel } = conversation;
    const args = { channel, oldest: options.since };
    return toFound(await readPages("conversations.history", options, args, "messages"), conversation);
}
async function listReplies(conversation, ts, options) {
    const { id: channel } = conversation;
    const args = { channel, ts, oldest: options.since };
    const replies = await readPages("conversations.replies", options, args, "messages");
    // The parent comes first whatever its time.
    return toFound(replies, conversation).filter((one) => isLater(one.ts, options.since) && one.ts !== ts);
}
function toFound(messages, { id: channel, isShared }) {
    return messages.flatMap((message) => {
        const ts = textAt(message, "ts");
        if (ts === undefined || !TS.test(ts) || typeof message !== "object" || message === null)
            return [];
        return [{ channel, isShared, ts, message }];
    });
}
/** All pages of a list; what came before a refusal. */
async function readPages(method, options, args, list) {
    const items = [];
    let cursor = "";
    for (let page = 0; page < MAX_PAGES; page++) {
        const next = cursor === "" ? {} : { cursor };
        const body = await ask(method, { ...args, limit: String(PAGE), ...next }, options);
        if (body === undefined)
            break;
        items.push(...listAt(body, list));
        cursor = textAt(body, "response_metadata.next_cursor") ?? "";
        if (cursor === "")
            break;
    }
    return items;
}
/** Undefined where it is refused, or the hub stops. SLACKHISTORY-3. */
async function ask(method, args, { api, clock, log, signal, faultMs }) {
    for (let tries = 0; tries < MAX_TRIES && !signal.aborted; tries++) {
        const outcome = await api.call(method, args, { signal });
        if (outcome.kind === "ok")
            return outcome.body;
        const waitMs = outcome.kind === "refused" ? outcome.retryAfterMs : undefined;
        if (outcome.kind === "refused" && waitMs === undefined) {
            const facts = { channel: at(args, "channel"), error: toFaultLine(method, outcome) };
            if (!isCredentialRefused(outcome))
                log.warn(facts, "a conversation could not be looked up");
            return undefined;
        }
        await sleep(waitMs ?? Math.min(faultMs[1], faultMs[0] * 2 ** tries), clock, signal);
    }
    if (!signal.aborted)
        log.warn({ method }, "what was said meanwhile could not be looked up");
    return undefined;
}
