import { isSluiceError, toMessage } from "../../sdk/errors.js";
import { findEnding, listLatelyEnded, listUnsure, } from "../../store/outbox/open-chats.js";
import { setLru } from "../lru.js";
const PER_ROUND = 10;
const PER_CHAT = 20;
const WINDOW_MS = 60_000;
const REFUSED_MS = 3_600_000;
const MAX_TRIES = 15;
const MAX_REMEMBERED = 1_000;
/** Of an earlier life. */
const LATELY_MS = 10 * 60_000;
const MAX_LATELY = 20;
/** The last status of a message that is no longer open; `wait` while its answer has not left. Pure. */
export function toFinalSign(ending) {
    // Purged: whatever it was, it is over.
    if (ending === undefined)
        return "answered";
    switch (ending.state) {
        case "done":
            if (ending.reply === "failed")
                return "lost";
            if (ending.reply === "queued" || ending.reply === "sending")
                return "wait";
            if (ending.reply === "maybe")
                return "maybe";
            return ending.reply === null ? "done" : "answered";
        case "expired":
        case "dead":
            // Of several sessions that had a copy of it, one has answered.
            return ending.reply === "sent" ? "answered" : "lost";
        default:
            return "wait";
    }
}
export class StatusReactions {
    #options;
    /** By event. */
    #shown = new Map();
    /** By chat: when it was last marked, or when it refused. */
    #marked = new Map();
    #refused = new Map();
    /** Events whose sign is on its way: two for one message could overtake each other. */
    #flying = new Set();
    /** Open events that are left alone: they bear a mark of the session's own (REACTION-4), or nothing would take. */
    #left = new Set();
    #leftInRound = 0;
    constructor(options) {
        this.#options = options;
        const { db } = options;
        const earlier = [...listUnsure(db, MAX_LATELY), ...listLatelyEnded(db, LATELY_MS, MAX_LATELY)];
        for (const { event, ...place } of earlier)
            this.#shown.set(event, { ...place, sign: undefined, tries: 0 });
    }
    /** True while some message bears a sign that is to change by itself, or one that is on its way and may have to be sent again. */
    get isBusy() {
        // REACTION-5: what a person does about it is heard of.
        const moves = [...this.#shown.values()].some(({ sign }) => sign !== "maybe");
        return moves || this.#flying.size > 0;
    }
    /** Brings what is shown in line with the open messages, oldest first as they come. */
    round(open) {
        const { db, waitsForApproval } = this.#options;
        this.#leftInRound = PER_ROUND;
        const isOpen = new Set(open.map(({ event }) => event));
        for (const id of this.#left)
            if (!isOpen.has(id))
                this.#left.delete(id);
        for (const [event, shown] of this.#shown) {
            if (isOpen.has(event))
                continue;
            const ending = findEnding(db, event);
            const sign = toFinalSign(ending);
            // Purged: what nobody knew is not known now.
            if (shown.sign === "maybe" && ending === undefined)
                this.#shown.delete(event);
            else if (sign !== "wait")
                this.#set(event, shown, sign);
            else if (shown.sign === "maybe")
                this.#shown.set(event, { ...shown, sign: undefined });
        }
        const asks = ({ attachment }) => attachment !== null && waitsForApproval(attachment);
        // One that has copies stands there for each of them.
        const asking = new Set(open.filter(asks).map(({ event }) => event));
        for (const { event, channel, chatId, messageId, isUnheard } of open.toReversed()) {
            if (messageId === null || this.#left.has(event))
                continue;
            // REACTION-6
            const sign = asking.has(event) ? "approval" : isUnheard === true ? "lost" : "received";
            this.#set(event, { channel, chatId, messageId }, sign, false);
        }
    }
    #set(event, place, sign, isLast = true) {
        const { db, clock, log, mark } = this.#options;
        const { channel, chatId, messageId } = place;
        const before = this.#shown.get(event);
        if (this.#flying.has(event))
            return;
        if (before?.sign === sign) {
            if (isLast && sign !== "maybe")
                this.#shown.delete(event);
            return;
        }
        const chat = JSON.stringify([channel, chatId]);
        const now = clock.now();
        if ((this.#refused.get(chat) ?? Number.NEGATIVE_INFINITY) > now - REFUSED_MS) {
            this.#shown.delete(event);
            return;
        }
        // REACTION-4
        if (findEnding(db, event)?.isMarked === true) {
            this.#shown.delete(event);
            this.#left.add(event);
            return;
        }
        // REACTION-3
        const recent = (this.#marked.get(chat) ?? []).filter((at) => now - at < WINDOW_MS);
        if (this.#leftInRound === 0 || recent.length >= PER_CHAT)
            return;
        const marking = mark(channel, chatId, messageId, sign);
        if (marking === undefined) {
            // What is over is not waited for without end: the channel may be gone.
            if (isLast && before !== undefined)
                this.#countTry(event, before);
            return;
        }
        this.#leftInRound -= 1;
        setLru(this.#marked, chat, [...recent, now], MAX_REMEMBERED);
        if (isLast && sign !== "maybe")
            this.#shown.delete(event);
        else
            this.#shown.set(event, { ...place, sign, tries: 0 });
        this.#flying.add(event);
        marking
            .catch((thrown) => {
            log.debug({ channel, sign, error: toMessage(thrown) }, "a message could not be marked");
            const tries = (before?.tries ?? 0) + 1;
            this.#shown.delete(event);
            if (!isSluiceError(thrown) || !thrown.retryable) {
                // REACTION-2. To take back a sign that an earlier life may not have shown is no test of the chat.
                const isGuess = isLast && before?.sign === undefined;
                if (!isGuess)
                    setLru(this.#refused, chat, clock.now(), MAX_REMEMBERED);
            }
            else if (tries < MAX_TRIES)
                this.#shown.set(event, { ...place, sign: undefined, tries });
            else if (!isLast)
                this.#left.add(event);
        })
            .finally(() => this.#flying.delete(event));
    }
    #countTry(event, shown) {
        const tries = shown.tries + 1;
        if (tries < MAX_TRIES)
            this.#shown.set(event, { ...shown, tries });
        else
            this.#shown.delete(event);
    }
}
