/**
 * Sends a message: its text in pieces, its buttons under it, its files behind it.
 *
 * Owns: the order of a message's calls, the thread that it goes to, the facts that are known when it stops halfway. Never: tries a
 * message again.
 *
 * SLACKSEND-1 Everything that can be checked is checked before anything is sent.
 * SLACKSEND-2 Each text is a part, and all files are one. After a part was sent, a later try goes on behind it. When a part may have been
 *    sent, the fault carries a `MaybeSent`: to send it again might show it twice.
 * SLACKSEND-3 A wait that Slack asks for is kept: the caller waits before the first part, this file waits between parts.
 * SLACKSEND-4 In a channel an answer stands in the thread of what it answers. A thread that cannot be written to stops no message.
 * SLACKSEND-5 Where Slack refuses the blocks, the text goes alone: a prompt can be answered by its code.
 * https://docs.slack.dev/reference/methods/chat.postMessage
 */
import { sleep } from "../../sdk/clock.js";
import { SluiceError } from "../../sdk/errors.js";
import { textAt } from "../../sdk/json.js";
import { toPartFault } from "../../sdk/message.js";
import { toFault } from "./api.js";
import { MAX_BLOCKS, MAX_SECTION_CHARS, toBlocks } from "./blocks.js";
import { TS } from "./cursor.js";
import { checkFiles, upload } from "./files.js";
import { loadTexts, MAX_TEXT_CHARS } from "./texts.js";
import { isDirect } from "./wire.js";
/** The longest wait that is sat out between two parts of one message. */
const PATIENCE_MS = 90_000;
/** Sections of one message, so that buttons have room below. */
const MAX_SECTIONS = 20;
const THREAD_GONE = new Set([
    "cannot_reply_to_message",
    "invalid_thread_ts",
    "restricted_action_thread_locked",
    "thread_not_found",
    "thread_locked",
]);
const BAD_BLOCKS = new Set(["invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"]);
export class SlackSender {
    #options;
    /** Until when Slack asked for silence, by method. */
    #silence = new Map();
    constructor(options) {
        this.#options = options;
    }
    async send(message) {
        const files = await checkFiles(message.files ?? []);
        const parts = await toParts(message);
        if (parts.length === 0 && files.length === 0)
            throw new SluiceError("bad_input", "slack: the message is empty; give it a text or a file");
        const messageIds = [...(message.arrived ?? [])];
        const place = { channel: message.chatId, ...toThread(message) };
        try {
            // SLACKSEND-2
            for (const part of parts.slice(messageIds.length)) {
                const outcome = await this.#post(place, part, messageIds.length > 0);
                messageIds.push(textAt(outcome.body, "ts") ?? "");
            }
            if (files.length > 0 && messageIds.length <= parts.length)
                messageIds.push(...(await this.#share(place, files, messageIds.length > 0)));
        }
        catch (thrown) {
            if (messageIds.length === 0 || !(thrown instanceof SluiceError))
                throw thrown;
            throw toPartFault(thrown, messageIds);
        }
        if (place.thread_ts !== undefined)
            this.#options.noteThread(place.channel, place.thread_ts);
        return { messageIds };
    }
    /** The blocks are always named: an edit that is silent about them leaves it to Slack which ones stay. */
    async edit(channel, ts, text, buttons) {
        if (text.trim() === "")
            throw new SluiceError("bad_input", "slack: the new text is empty");
        const { toPieces } = await loadTexts();
        const pieces = toPieces(text, MAX_SECTION_CHARS);
        if (pieces.length > MAX_SECTIONS)
            throw new SluiceError("too_large", `slack: an edited message takes about ${MAX_SECTIONS * MAX_SECTION_CHARS} characters, not ${text.length}; shorten it or send a new one`);
        const [first = text] = pieces;
        const blocks = toBlocks(pieces, buttons);
        const outcome = await this.call("chat.update", { channel, ts, text: first, blocks });
        if (outcome.kind !== "ok")
            throw toFault("chat.update", outcome);
    }
    /** Any call, under the silence that Slack asked for. */
    async call(method, args) {
        const { api, clock, signal } = this.#options;
        const quietMs = (this.#silence.get(method) ?? 0) - clock.now();
        if (quietMs > 0)
            return { kind: "refused", error: "ratelimited", retryAfterMs: quietMs };
        const outcome = await api.call(method, args, { signal });
        if (outcome.kind === "refused" && outcome.retryAfterMs !== undefined)
            this.#silence.set(method, clock.now() + outcome.retryAfterMs);
        return outcome;
    }
    async #post(place, part, mayWait) {
        const method = "chat.postMessage";
        const { hasPreviews } = this.#options;
        const unfurls = { unfurl_links: hasPreviews, unfurl_media: hasPreviews };
        let { blocks } = part;
        let waitedMs = 0;
        for (;;) {
            const outcome = await this.call(method, { ...place, text: part.text, ...unfurls, blocks });
            if (outcome.kind === "ok")
                return outcome;
            const error = outcome.kind === "refused" ? outcome.error : "";
            const waitMs = outcome.kind === "refused" ? outcome.retryAfterMs : undefined;
            // SLACKSEND-3
            if (waitMs !== undefined && mayWait && waitedMs + waitMs <= PATIENCE_MS) {
                waitedMs += waitMs;
                await this.#sleep(waitMs);
            }
            else if (blocks !== undefined && BAD_BLOCKS.has(error)) {
                blocks = undefined; // SLACKSEND-5
            }
            else if (place.thread_ts !== undefined && THREAD_GONE.has(error)) {
                delete place.thread_ts; // SLACKSEND-4
            }
            else
                throw this.#toFault(method, outcome);
        }
    }
    async #share(place, files, mayWait) {
        const { api, signal } = this.#options;
        const uploaded = [];
        for (const file of files)
            uploaded.push({ id: await upload(api, file, signal), title: file.name });
        const method = "files.completeUploadExternal";
        const { channel: channel_id, thread_ts } = place;
        let outcome = await this.call(method, { files: uploaded, channel_id, thread_ts });
        const waitMs = outcome.kind === "refused" ? outcome.retryAfterMs : undefined;
        if (waitMs !== undefined && mayWait && waitMs <= PATIENCE_MS) {
            await this.#sleep(waitMs);
            outcome = await this.call(method, { files: uploaded, channel_id, thread_ts });
        }
        if (outcome.kind !== "ok")
            throw this.#toFault(method, outcome);
        return uploaded.map(({ id }) => id);
    }
    #toFault(method, outcome) {
        return toFault(method, outcome, outcome.kind === "lost" && outcome.maybeDone);
    }
    async #sleep(ms) {
        const { clock, signal } = this.#options;
        await sleep(ms, clock, signal);
        if (signal.aborted)
            throw new SluiceError("send_failed", "slack: the hub stops", { retryable: true });
    }
}
/** SLACKSEND-4 */
function toThread({ chatId, threadId, replyTo }) {
    const thread = threadId ?? (isDirect(chatId) ? undefined : replyTo);
    return thread === undefined || !TS.test(thread) ? {} : { thread_ts: thread };
}
/** SLACKSEND-1 */
async function toParts({ text, buttons = [] }) {
    if (text.trim() === "")
        return [];
    const { toPieces } = await loadTexts();
    if (buttons.every((row) => row.length === 0))
        return toPieces(text, MAX_TEXT_CHARS).map((piece) => ({ text: piece }));
    const pieces = toPieces(text, MAX_SECTION_CHARS);
    const last = pieces.slice(-Math.min(MAX_SECTIONS, MAX_BLOCKS));
    const before = pieces.slice(0, pieces.length - last.length);
    const [first = text] = last;
    return [
        ...before.map((piece) => ({ text: piece })),
        { text: first, blocks: toBlocks(last, buttons) },
    ];
}
