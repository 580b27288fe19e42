/**
 * Whether the clock can be believed, and how old things really are by it.
 *
 * Owns: looking at the clocks regularly, and what is kept of it over the hub's lives. Never: decides what is a gap
 * (flow/expiry/elapsed.ts) or too old (flow/expiry/expire.ts).
 *
 * CLOCK-1 The first look of a life is compared, too: with the last look of the life before, or with the newest moment that the inbox knows.
 */
import { findGap, JUMP_MS, listVoid, toBefore, } from "../../flow/expiry/elapsed.js";
import { lookAtClock } from "../../flow/expiry/expire.js";
import { toMessage } from "../../sdk/errors.js";
import { addGap, listGaps, readLook, readNewestTime, removeGap, saveLook, takeBackTimes, } from "../../store/events/clock-looks.js";
/** Gaps older than all that is kept by age change nothing any more. */
const GAP_LIFE_MS = 400 * 24 * 3_600_000;
const SAVE_EVERY_MS = 3_600_000;
const SAID_FOR_MS = 24 * 3_600_000;
export class ClockWatch {
    #core;
    #last;
    #watch;
    #gaps = [];
    #savedAt = Number.NEGATIVE_INFINITY;
    /** Looks for the first time. @throws SluiceError store_*. */
    static async open(core) {
        const watch = new ClockWatch(core);
        await watch.look();
        return watch;
    }
    constructor(core) {
        const { db } = core;
        this.#core = core;
        const newest = readNewestTime(db);
        this.#last = readLook(db) ?? (newest === undefined ? undefined : { wallAt: newest });
        if (this.#last !== undefined)
            this.#watch = { at: this.#last.wallAt, trustedFrom: Number.NEGATIVE_INFINITY };
        this.#gaps = listGaps(db);
    }
    /** Whether by the present time things may be ended or forgotten (EXPIRY-2). @throws SluiceError store_*. */
    async look() {
        const { clock } = this.#core;
        const now = { wallAt: clock.now(), ...clock.sinceBoot?.() };
        const last = this.#last;
        this.#watch = lookAtClock(this.#watch, now.wallAt);
        const isTrusted = now.wallAt >= this.#watch.trustedFrom;
        // A clock that a test moves has no other beside it.
        const gap = last === undefined || clock.sinceBoot === undefined ? undefined : findGap(last, now);
        const isSetBack = last !== undefined && now.wallAt < last.wallAt - JUMP_MS;
        const isDue = Math.abs(now.wallAt - this.#savedAt) >= SAVE_EVERY_MS;
        if (gap !== undefined || isSetBack)
            await this.#keep(now, gap, isSetBack);
        else if (isDue)
            this.#save(now);
        this.#last = now;
        return isTrusted;
    }
    toBefore(lifeMs, now) {
        return toBefore(this.#gaps, lifeMs, now);
    }
    /** The last gap, for a day: its owner should look whether the clock is right. */
    findRecentGap(now) {
        return this.#gaps.findLast(({ to }) => to <= now && now - to < SAID_FOR_MS);
    }
    /** Keeps the last look for the next life. */
    close() {
        const { clock } = this.#core;
        this.#save({ wallAt: clock.now(), ...clock.sinceBoot?.() });
    }
    #save(now) {
        const { db, log } = this.#core;
        this.#savedAt = now.wallAt;
        // Where it cannot be kept the one before it does nearly as well.
        db.write(() => saveLook(db, now)).catch((thrown) => {
            log.debug({ error: toMessage(thrown) }, "the last look at the clock could not be kept");
        });
    }
    async #keep(now, gap, isSetBack) {
        const { db, log } = this.#core;
        await db.write(() => {
            const kept = listGaps(db);
            const wrong = isSetBack ? listVoid(kept, now.wallAt) : [];
            for (const { id, afterSeq } of wrong) {
                takeBackTimes(db, afterSeq, now.wallAt);
                removeGap(db, id);
            }
            for (const { id, to } of kept)
                if (now.wallAt - to > GAP_LIFE_MS)
                    removeGap(db, id);
            if (gap !== undefined)
                addGap(db, gap);
            saveLook(db, now);
        });
        this.#gaps = listGaps(db);
        this.#savedAt = now.wallAt;
        if (gap !== undefined) {
            const facts = { from: toTime(gap.from), to: toTime(gap.to) };
            log.warn(facts, "the clock went forward and no time passed: nothing is older for it");
        }
        if (isSetBack)
            log.warn({ to: toTime(now.wallAt) }, "the clock was set back");
    }
}
function toTime(at) {
    return new Date(at).toISOString();
}
