/**
 * The hub's regular work: expiry, notices of bad ends, the history's purge, the daily backup.
 *
 * Owns: its times, its order, and its division into small pieces. Never: decides what is too old (flow/expiry/expire.ts).
 *
 * UPKEEP-1 No task holds the hub for long: batches adapt to their cost, and other work has its turn between two of them.
 * UPKEEP-2 A fault ends one task of a round, never the others or the hub: the next round starts from what the store holds.
 * UPKEEP-3 The owner is notified at most once an hour, of all bad ends since: a channel that nobody reads loses events all day.
 */
import { toDeadline, toLifeText } from "../../flow/expiry/expire.js";
import { Gathering } from "../../flow/expiry/notices.js";
import { toMessage } from "../../sdk/errors.js";
import { listUnreported, markReported } from "../../store/events/terminal-events.js";
import { purgeSummaries } from "../../store/prompts/prompt-posts.js";
import { purgePromptRules } from "../../store/prompts/prompt-rules.js";
import { purgePrompts } from "../../store/prompts/prompts.js";
import { DELIVERY_ID_LIFE_MS, purgeDeliveryIds } from "../../store/events/sweep.js";
import { expireOne, expireUnanswered, expireWaiting, listEnded, listUnansweredChannels, listWaitingChannels, purgeHistory, purgeSessions, } from "../../store/events/sweep.js";
const ROUND_MS = 30_000;
const PURGE_EVERY_MS = 3_600_000;
/** A backup is no part of a start: first comes what waits. */
const FIRST_BACKUP_ROUND = 2;
const PAUSE_MS = 20;
const MAX_BATCH = 500;
const MIN_BATCH = 10;
/** Of one batch; a larger one makes the next ones smaller. */
const BATCH_MS = 25;
const NOTICE_PAGE = 500;
const TELL_EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;
export class Upkeep {
    #options;
    #rounds = 0;
    #purgedAt = Number.NEGATIVE_INFINITY;
    #toldAt = Number.NEGATIVE_INFINITY;
    #batch = 100;
    #closed = false;
    #cancel = () => { };
    constructor(options) {
        this.#options = options;
        this.#schedule();
    }
    close() {
        this.#closed = true;
        this.#cancel();
    }
    #schedule() {
        this.#cancel = this.#options.clock.after(ROUND_MS, () => {
            void this.#round().then(() => {
                if (!this.#closed)
                    this.#schedule();
            });
        });
    }
    async #round() {
        const { clock, backUp, elapsed } = this.#options;
        const now = clock.now();
        let isTrusted = false;
        await this.#attempt("look at the clock", async () => {
            isTrusted = await elapsed.look();
        });
        if (isTrusted)
            await this.#attempt("expiry", () => this.#expire(now));
        this.#rounds++;
        if (isTrusted && isDue(this.#purgedAt, PURGE_EVERY_MS, now)) {
            this.#purgedAt = now;
            await this.#attempt("purge", () => this.#purge(now));
        }
        await this.#attempt("notices", () => this.#tell(now));
        if (!this.#closed && this.#rounds >= FIRST_BACKUP_ROUND)
            backUp(now);
    }
    /** UPKEEP-2. */
    async #attempt(task, work) {
        if (this.#closed)
            return;
        try {
            await work();
        }
        catch (thrown) {
            if (this.#closed)
                return;
            const facts = { task, error: toMessage(thrown) };
            this.#options.log.warn(facts, "upkeep could not be finished; trying again later");
        }
    }
    async #expire(now) {
        const { db, lifetime, elapsed } = this.#options;
        const toBefore = (lifeMs) => elapsed.toBefore(lifeMs, now);
        for (const channel of listWaitingChannels(db)) {
            const life = lifetime(channel);
            const before = toDeadline(life, toBefore);
            if (before === undefined)
                continue;
            const reason = `waited longer than ${toLifeText(life)}`;
            await this.#inBatches((limit) => expireWaiting(db, channel, { before, reason, limit }, now));
        }
        for (const channel of listUnansweredChannels(db)) {
            const life = lifetime(channel);
            const before = toDeadline(life, toBefore);
            if (before === undefined)
                continue;
            const reason = `seen, and not answered within ${toLifeText(life)}`;
            await this.#inBatches((limit) => expireUnanswered(db, channel, { before, reason, limit }, now));
        }
        await this.#expireEnded(now);
    }
    /** Few events have an end of their own: a look costs no write. */
    async #expireEnded(now) {
        const { db, elapsed } = this.#options;
        if (listEnded(db, undefined, 1, now).length === 0)
            return;
        let last;
        await this.#inBatches((limit) => {
            const page = listEnded(db, last, limit, now);
            last = page.at(-1) ?? last;
            for (const { id, since, lifeMs } of page)
                if (since <= elapsed.toBefore(lifeMs, now))
                    expireOne(db, id, "its sender gave it no more time", now);
            return page.length;
        });
    }
    async #purge(now) {
        const { db, historyDays, openSessions, elapsed } = this.#options;
        const before = elapsed.toBefore(historyDays() * DAY_MS, now);
        // As if no time had passed in the gaps of the clock.
        const asOf = elapsed.toBefore(DELIVERY_ID_LIFE_MS, now) + DELIVERY_ID_LIFE_MS;
        await this.#inBatches((limit) => purgeHistory(db, before, limit));
        await this.#inBatches((limit) => Math.max(purgeSessions(db, before, limit, openSessions()), purgePrompts(db, before, limit), purgePromptRules(db, now), purgeSummaries(db, before, limit)));
        await this.#inBatches((limit) => purgeDeliveryIds(db, asOf, limit));
    }
    /** UPKEEP-3: what expired or died since it was last told, also in an earlier life of the hub. */
    async #tell(now) {
        const { db, log, notify, notified } = this.#options;
        if (!isDue(this.#toldAt, TELL_EVERY_MS, now))
            return;
        const gathered = new Gathering();
        let last;
        for (;;) {
            const page = listUnreported(db, NOTICE_PAGE, last);
            gathered.add(page);
            last = page.at(-1)?.id ?? last;
            if (page.length < NOTICE_PAGE)
                break;
            await this.#pause();
            if (this.#closed)
                return;
        }
        if (last === undefined)
            return;
        const toldTo = last;
        const notices = gathered.toNotices();
        await db.write(() => {
            for (const notice of notices)
                notify(notice, now);
            markReported(db, toldTo);
        });
        this.#toldAt = now;
        for (const { channel, stage, count } of notices) {
            log.warn({ channel, count }, stage === "dead" ? "events are dead" : "events expired");
        }
        notified();
    }
    /** UPKEEP-1. `change` returns how many of at most `limit` rows it changed. */
    async #inBatches(change) {
        const { db } = this.#options;
        for (;;) {
            if (this.#closed)
                return;
            const limit = this.#batch;
            let tookMs = 0;
            const changed = await db.write(() => {
                const startedAt = performance.now();
                const count = change(limit);
                tookMs = performance.now() - startedAt;
                return count;
            });
            if (tookMs > BATCH_MS)
                this.#batch = Math.max(MIN_BATCH, Math.floor(limit / 2));
            else if (tookMs < BATCH_MS / 3)
                this.#batch = Math.min(MAX_BATCH, limit * 2);
            if (changed < limit)
                return;
            await this.#pause();
        }
    }
    #pause() {
        return new Promise((resolve) => {
            this.#options.clock.after(PAUSE_MS, resolve);
        });
    }
}
/** A last time that lies ahead is of a clock that was set back since: it counts no more. */
export function isDue(lastAt, everyMs, now) {
    return now - lastAt >= everyMs || now < lastAt;
}
