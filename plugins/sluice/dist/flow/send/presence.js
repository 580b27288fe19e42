import { toMessage } from "../../sdk/errors.js";
import { listOpenMessages } from "../../store/outbox/open-chats.js";
import { addEffect } from "../../store/outbox/outbox.js";
import { setLru } from "../lru.js";
import { StatusReactions } from "./status-reaction.js";
const TYPING_EVERY_MS = 4_000;
/** A session may just be coming back. */
const NOBODY_AFTER_MS = 5_000;
const NOBODY_UNTIL_MS = 10 * 60_000;
const SOON_MS = 250;
/** However much happens. */
const ROUND_EVERY_MS = 1_000;
const MAX_MESSAGES = 1_000;
const SAY_EVERY_MS = 3_600_000;
const MAX_SAID = 1_000;
export const APPROVAL_TEXT = "Waiting for approval: the session wants to do something that a person has to allow first.";
export const NOBODY_TEXT = "Nobody is listening: no session is open that can take this. Your message is kept and will be read when one opens.";
/** What each chat, and each topic of one, is shown now, in the order of its oldest open message. Pure. */
export function toShows(messages, look) {
    const shows = new Map();
    // Any of its copies.
    const hasTaker = (event) => messages.some((one) => one.event === event && look.hasTaker(one.address));
    for (const { event, attachment, state, receivedAt, ...message } of messages) {
        const { channel, chatId, threadId } = message;
        const chat = JSON.stringify([channel, chatId, threadId]);
        const age = look.now - receivedAt;
        if (attachment !== null && look.isBusy(attachment)) {
            const known = shows.get(chat);
            const activity = look.waitsForApproval?.(attachment) === true ? "approval" : "working";
            // Of several, what a person has to do something about.
            if (known?.kind !== "typing" || activity === "approval")
                shows.set(chat, { kind: "typing", channel, chatId, threadId, activity });
        }
        else if (!shows.has(chat) &&
            state === "stored" &&
            age >= NOBODY_AFTER_MS &&
            age < NOBODY_UNTIL_MS &&
            !hasTaker(event)) {
            shows.set(chat, { kind: "nobody", channel, chatId, threadId });
        }
    }
    return [...shows.values()];
}
export class Presence {
    #options;
    #reactions;
    #startedAt;
    #stopWatching;
    #cancel;
    #dueAt = 0;
    #roundAt = Number.NEGATIVE_INFINITY;
    /** When each chat that is open was last shown that somebody works (PRESENCE-1). */
    #typed = new Map();
    /** When each chat was last told something (PRESENCE-4). */
    #said = new Map();
    #closed = false;
    constructor(options) {
        this.#options = options;
        this.#startedAt = options.clock.now();
        const { db, clock, log, mark = () => undefined, look } = options;
        this.#reactions = new StatusReactions({
            db,
            clock,
            log,
            mark,
            waitsForApproval: (attachment) => look.waitsForApproval?.(attachment) === true,
        });
        // While nothing is open nothing ticks.
        this.#stopWatching = options.db.watch(() => {
            const now = options.clock.now();
            // A clock that was set back must not make this a long wait.
            const soon = Math.min(Math.max(now + SOON_MS, this.#roundAt + ROUND_EVERY_MS), now + ROUND_EVERY_MS);
            if (this.#cancel === undefined || this.#dueAt > soon)
                this.#after(soon - now);
        }, "chats");
        this.#after(TYPING_EVERY_MS);
    }
    close() {
        this.#closed = true;
        this.#cancel?.();
        this.#stopWatching();
    }
    #after(delayMs) {
        if (this.#closed)
            return;
        this.#cancel?.();
        this.#dueAt = this.#options.clock.now() + delayMs;
        this.#cancel = this.#options.clock.after(delayMs, () => {
            this.#cancel = undefined;
            this.#round();
        });
    }
    #round() {
        const { db, clock, log, channels, look } = this.#options;
        this.#roundAt = clock.now();
        let messages;
        try {
            messages = listOpenMessages(db, channels(), MAX_MESSAGES);
            this.#reactions.round(messages);
        }
        catch (thrown) {
            log.warn({ error: toMessage(thrown) }, "open chats could not be read");
            return this.#after(TYPING_EVERY_MS);
        }
        const shows = toShows(messages, { ...look, now: clock.now() });
        const typed = this.#typed;
        this.#typed = new Map();
        for (const show of shows)
            this.#show(show, typed);
        if (messages.length === 0 && !this.#reactions.isBusy)
            return;
        // A round that came early must not make the next typing late.
        const sinceMs = Math.max(0, ...[...this.#typed.values()].map((at) => clock.now() - at));
        this.#after(Math.max(SOON_MS, TYPING_EVERY_MS - sinceMs));
    }
    #show(show, typed) {
        const { log, clock, showTyping, saysNobody, saysApproval } = this.#options;
        const { channel, chatId, threadId } = show;
        if (show.kind === "typing") {
            const key = JSON.stringify([channel, chatId, threadId, show.activity]);
            const last = typed.get(key);
            const isDue = last === undefined || clock.now() - last >= TYPING_EVERY_MS || clock.now() < last;
            this.#typed.set(key, isDue ? clock.now() : last);
            if (!isDue)
                return;
            // A courtesy: it comes again in four seconds, or is not needed any more.
            showTyping(channel, chatId, show.activity, threadId)?.catch((thrown) => log.debug({ channel, error: toMessage(thrown) }, "typing could not be shown"));
            if (show.activity === "approval" && saysApproval?.(channel, chatId) === true)
                this.#say(show, APPROVAL_TEXT);
            return;
        }
        // After a start the sessions need a moment to come back.
        if (!saysNobody(channel) || clock.now() - this.#startedAt < 4 * NOBODY_AFTER_MS)
            return;
        this.#say(show, NOBODY_TEXT);
    }
    /** The outbox knows what an earlier life said within the hour. */
    #say({ channel, chatId, threadId }, text) {
        const { db, clock, log, queued } = this.#options;
        const key = JSON.stringify([channel, chatId, text]);
        const now = clock.now();
        const last = this.#said.get(key);
        if (last !== undefined && last <= now && now - last < SAY_EVERY_MS)
            return;
        setLru(this.#said, key, now, MAX_SAID);
        const notice = { kind: "notice", event: null, channel, chatId, session: "", text };
        const place = threadId === null ? {} : { threadId };
        db.write(() => addEffect(db, { ...notice, ...place }, now))
            .then(({ duplicate }) => {
            if (!duplicate)
                queued(channel);
        })
            .catch((thrown) => {
            this.#said.delete(key);
            log.warn({ channel, error: toMessage(thrown) }, "people could not be told how it stands");
        });
    }
}
