/**
 * One message on its way to a chat, part by part.
 *
 * Owns: each part's call and its fallback, and the facts that are known when one fails. Never: splits the message into parts (send.ts).
 */
import { sleep } from "../../sdk/clock.js";
import { SluiceError } from "../../sdk/errors.js";
import { MaybeSent, toPartFault, } from "../../sdk/message.js";
import { toFault, toFaultLine, } from "./api.js";
import { toInputFile } from "./files.js";
import { loadTexts } from "./texts.js";
import { optionalId } from "./wire.js";
/** A file of 50 MB needs its time. */
const UPLOAD_MS = 180_000;
/** The longest wait that is sat out between two parts of one message. */
const PATIENCE_MS = 90_000;
/** Until when Telegram asked for silence, whoever it told. */
export class Silence {
    #clock;
    #until = 0;
    constructor(clock) {
        this.#clock = clock;
    }
    extend(ms) {
        this.#until = Math.max(this.#until, this.#clock.now() + ms);
    }
    get leftMs() {
        return Math.max(0, this.#until - this.#clock.now());
    }
}
/** One message on its way. */
export class Run {
    messageIds;
    #options;
    #silence;
    #chatId;
    #threadId;
    #replyTo;
    constructor(message, options, silence) {
        this.messageIds = [...(message.arrived ?? [])];
        this.#options = options;
        this.#silence = silence;
        this.#chatId = message.chatId;
        this.#threadId = message.threadId;
        this.#replyTo = message.replyTo;
    }
    async text(text, keyboard) {
        const { renderHtml } = await loadTexts();
        const html = renderHtml(text);
        const link_preview_options = { is_disabled: !this.#options.style.hasPreviews };
        const plain = { text, link_preview_options, ...keyboard };
        const isRendered = html.trim() !== "";
        let outcome = await this.#call("sendMessage", isRendered ? { ...plain, text: html, parse_mode: "HTML" } : plain);
        // The fallback shows the Markdown as it was written: readable, and nothing is lost.
        if (isRendered && isUnreadable(outcome))
            outcome = await this.#call("sendMessage", plain);
        this.#take("sendMessage", outcome);
    }
    async files(group, caption, keyboard) {
        const { kind, files } = group;
        const words = await toCaption(caption);
        const [first] = files;
        if (first === undefined)
            return;
        if (files.length === 1) {
            await this.#file(kind, first, caption, keyboard);
            return;
        }
        const type = kind === "photo" ? "photo" : "document";
        const media = files.map((file, index) => ({
            type,
            media: toInputFile(file),
            ...(index === 0 ? words : {}),
        }));
        const outcome = await this.#call("sendMediaGroup", { media }, UPLOAD_MS);
        if (outcome.kind === "refused" && outcome.status === 400) {
            // One picture that Telegram cannot read refuses them all, and so does a caption.
            for (const [index, file] of files.entries())
                await this.#file(kind, file, index === 0 ? caption : undefined, keyboard);
            return;
        }
        this.#take("sendMediaGroup", outcome);
    }
    async #file(kind, file, caption, keyboard) {
        const [method, field] = METHODS[kind];
        const send = (as, name, words) => this.#call(as, { [name]: toInputFile(file), ...words, ...keyboard }, UPLOAD_MS);
        let words = await toCaption(caption);
        let outcome = await send(method, field, words);
        // As for a text: what was written, in place of what was refused.
        if (caption !== undefined && isUnreadable(outcome)) {
            words = { caption };
            outcome = await send(method, field, words);
        }
        // A picture that is too wide, or none at all: as a document every file can be sent.
        if (kind !== "document" && outcome.kind === "refused" && outcome.status === 400)
            outcome = await send("sendDocument", "document", words);
        this.#take(method, outcome);
    }
    async #call(method, parts, timeoutMs) {
        const { api, clock, signal } = this.#options;
        let waitedMs = 0;
        for (;;) {
            const quietMs = this.#silence.leftMs;
            // BOTSEND-3: a first part waits with its caller, who has other messages to see to.
            if (quietMs > 0 && (this.messageIds.length === 0 || waitedMs + quietMs > PATIENCE_MS))
                return toQuiet(quietMs);
            if (quietMs > 0) {
                waitedMs += quietMs;
                await sleep(quietMs, clock, signal);
                if (signal.aborted)
                    return { kind: "lost", reason: "the hub stops", maybeDone: false };
            }
            const outcome = await api.call(method, { ...this.#head(), ...parts }, {
                signal,
                ...(timeoutMs === undefined ? {} : { timeoutMs }),
            });
            if (outcome.kind !== "refused")
                return outcome;
            if (outcome.movedTo !== undefined && outcome.movedTo !== this.#chatId) {
                // BOTSEND-5
                const from = this.#chatId;
                this.#chatId = outcome.movedTo;
                this.#threadId = undefined;
                this.#replyTo = undefined;
                await this.#options.moved?.(from, outcome.movedTo);
                continue;
            }
            if (isTopicGone(outcome) && this.#leaveTopic())
                continue;
            if (outcome.retryAfterMs === undefined)
                return outcome;
            this.#silence.extend(outcome.retryAfterMs);
        }
    }
    /** BOTSEND-4: first without the topic, then without what it answers there. False where there is nothing to leave. */
    #leaveTopic() {
        const isInTopic = this.#threadId !== undefined;
        if (!isInTopic && this.#replyTo === undefined)
            return false;
        if (isInTopic)
            this.#threadId = undefined;
        else
            this.#replyTo = undefined;
        return true;
    }
    #head() {
        const [threadId, replyTo] = [this.#threadId, this.#replyTo];
        return {
            chat_id: this.#chatId,
            ...(threadId === undefined ? {} : { message_thread_id: toNumber("thread", threadId) }),
            // Only the first part answers, unless its owner wants otherwise; and a message that is gone stops no answer.
            ...(replyTo === undefined ||
                (this.messageIds.length > 0 && this.#options.style.quotes !== "all")
                ? {}
                : {
                    reply_parameters: {
                        message_id: toNumber("message", replyTo),
                        allow_sending_without_reply: true,
                    },
                }),
        };
    }
    #take(method, outcome) {
        if (outcome.kind !== "ok")
            throw this.#toFault(method, outcome);
        const sent = Array.isArray(outcome.result) ? outcome.result : [outcome.result];
        for (const item of sent) {
            const id = optionalId(item, "message_id");
            if (id !== undefined)
                this.messageIds.push(id);
        }
    }
    /** BOTSEND-2 */
    #toFault(method, outcome) {
        const isMaybe = outcome.kind === "lost" && outcome.maybeDone;
        const cause = isMaybe ? new MaybeSent(toFaultLine({ method, outcome })) : undefined;
        const fault = toFault(method, outcome, cause);
        return this.messageIds.length === 0 ? fault : toPartFault(fault, this.messageIds);
    }
}
async function toCaption(caption) {
    if (caption === undefined)
        return {};
    const { renderHtml } = await loadTexts();
    return { caption: renderHtml(caption), parse_mode: "HTML" };
}
const METHODS = {
    photo: ["sendPhoto", "photo"],
    animation: ["sendAnimation", "animation"],
    document: ["sendDocument", "document"],
};
export function toNumber(what, id) {
    const number = Number(id);
    if (Number.isSafeInteger(number))
        return number;
    throw new SluiceError("bad_input", `telegram: ${what} id ${JSON.stringify(id.slice(0, 40))} is no number`);
}
/** "message thread not found", "TOPIC_CLOSED", "TOPIC_DELETED", "the chat is not a forum". */
function isTopicGone({ status, description }) {
    // A text that cannot be parsed is quoted in its refusal.
    return (status === 400 &&
        !/parse/i.test(description) &&
        /thread not found|topic|not a forum/i.test(description));
}
export function isUnreadable(outcome) {
    return (outcome.kind === "refused" &&
        outcome.status === 400 &&
        /can't parse|parse entities|message text is empty|entit/i.test(outcome.description));
}
export function toQuiet(quietMs) {
    return {
        kind: "refused",
        status: 429,
        description: `Telegram asked for ${Math.ceil(quietMs / 1_000)} s of silence`,
        retryAfterMs: quietMs,
    };
}
