import { toMessage } from "../../../sdk/errors.js";
import { addEscalation, endEscalation, isEscalated, listOpenEscalations, listEscalationTimes, } from "../../../store/prompts/prompt-posts.js";
import { setLru } from "../../lru.js";
import { HOUR_MS, toEscalationDelay } from "./fatigue.js";
/** One call comes in two ways, a moment apart: people are told of both at once. */
export const SETTLE_MS = 400;
/** Before a summary: what asks too much asks again. */
const GATHER_MS = 2_000;
const RETRY_MS = 1_000;
const MAX_SUMMED = 1_000;
export class Escalation {
    #options;
    #timers = new Map();
    /** Sessions of which more waits than people are told of, and when they were told that. */
    #summedAt = new Map();
    #stop;
    #isClosed = false;
    constructor(options) {
        this.#options = options;
        const { prompts, away } = options;
        this.#stop = [
            prompts.watch((change) => this.#note(change)),
            away.watch(() => {
                for (const prompt of this.#waiting())
                    this.#schedule(prompt);
            }),
        ];
        this.#resume();
    }
    close() {
        this.#isClosed = true;
        for (const stop of this.#stop)
            stop();
        for (const cancel of this.#timers.values())
            cancel();
        this.#timers.clear();
    }
    /** ESCALATION-2: some prompts that were escalated before a restart have ended since. */
    #resume() {
        const { db, prompts } = this.#options;
        for (const id of listOpenEscalations(db)) {
            const prompt = prompts.find(id);
            if (prompt !== undefined && prompt.state !== "pending")
                this.#end(prompt);
        }
        for (const prompt of this.#waiting())
            this.#schedule(prompt);
    }
    #note({ prompt, kind }) {
        if (kind === "closed") {
            if (isLocal(prompt))
                this.#options.away.noteHere();
            this.#forget(prompt.id);
            if (isEscalated(this.#options.db, prompt.id))
                this.#end(prompt);
            return;
        }
        if (isEscalated(this.#options.db, prompt.id))
            this.#each((notifier) => notifier.change(prompt));
        else
            this.#schedule(prompt);
    }
    /** Those that wait and that nobody beyond the page was told of, oldest first. */
    #waiting() {
        const { db, prompts } = this.#options;
        return prompts
            .list({ state: "pending" })
            .filter(({ id }) => !isEscalated(db, id))
            .toReversed();
    }
    #schedule(prompt) {
        const { away, clock, readAfterMs } = this.#options;
        this.#forget(prompt.id);
        const afterMs = away.isAway || prompt.handedTo !== undefined ? SETTLE_MS : readAfterMs();
        // A clock that was set makes nobody wait longer than they should.
        const passedMs = Math.max(0, clock.now() - prompt.createdAt);
        this.#after(prompt.id, Math.max(0, afterMs - passedMs));
    }
    #after(id, delayMs) {
        this.#forget(id);
        const cancel = this.#options.clock.after(delayMs, () => {
            this.#timers.delete(id);
            this.#escalate(id).catch((thrown) => {
                this.#options.log.error({ prompt: id, error: toMessage(thrown) }, "people could not be told of a prompt; trying again in 1 s");
                if (!this.#isClosed)
                    this.#after(id, RETRY_MS); // ESCALATION-4
            });
        });
        this.#timers.set(id, cancel);
    }
    async #escalate(id) {
        const { db, clock, prompts } = this.#options;
        const now = clock.now();
        const prompt = prompts.find(id);
        if (prompt?.state !== "pending")
            return;
        const pushed = await db.write(() => {
            // Looked at and counted in one step: of many that are due at once none slips through.
            const delayMs = toEscalationDelay(listEscalationTimes(db, prompt.session, now - HOUR_MS, now), now);
            if (delayMs > 0)
                return { delayMs };
            return { isFirst: addEscalation(db, id, prompt.session, now) };
        });
        if (pushed.delayMs !== undefined) {
            this.#after(id, pushed.delayMs);
            this.#sum(prompt.session, now);
            return;
        }
        // It may have ended while that was written.
        const current = prompts.find(id) ?? prompt;
        if (current.state !== "pending")
            return;
        if (pushed.isFirst)
            this.#each((notifier) => notifier.show(current));
    }
    /** ESCALATION-3. */
    #sum(session, now) {
        const last = this.#summedAt.get(session);
        if (last !== undefined && last <= now && now - last < HOUR_MS)
            return;
        setLru(this.#summedAt, session, now, MAX_SUMMED);
        const key = `sum ${session}`;
        const cancel = this.#options.clock.after(GATHER_MS, () => {
            this.#timers.delete(key);
            const waiting = this.#waiting().filter((prompt) => prompt.session === session);
            if (waiting.length > 0)
                this.#each((notifier) => notifier.sum?.(waiting));
        });
        this.#timers.set(key, cancel);
    }
    #end(prompt) {
        const { db, log } = this.#options;
        this.#each((notifier) => notifier.end(prompt));
        db.write(() => endEscalation(db, prompt.id)).catch((thrown) => 
        // The next start tells the end once more, which changes nothing.
        log.warn({ prompt: prompt.id, error: toMessage(thrown) }, "an end was not written down"));
    }
    #forget(id) {
        this.#timers.get(id)?.();
        this.#timers.delete(id);
    }
    #each(tell) {
        for (const notifier of this.#options.notifiers) {
            try {
                tell(notifier);
            }
            catch (thrown) {
                const facts = { notifier: notifier.name, error: toMessage(thrown) };
                this.#options.log.error(facts, "a notifier failed");
            }
        }
    }
}
/** Somebody who sits at the terminal has ended it. */
function isLocal({ state, outcome, reason }) {
    if (outcome !== undefined)
        return outcome.via === "terminal";
    return state === "retired" && reason === "answered at the terminal";
}
