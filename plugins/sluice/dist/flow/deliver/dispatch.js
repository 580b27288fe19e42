/**
 * Stage 7, dispatch: the moment at which waiting events, claims and pace meet.
 *
 * Owns: when a session is evaluated, and sending bells and pushes. Never: answers a client's call (deliver.ts), or
 * decides whether now is a good time (pace.ts).
 *
 * DISPATCH-1 No event's commit waits for a look that can offer nothing yet: an event that gathers company (PACE-5) is looked at once it is
 *    on disk. An urgent event is looked at in the turn that stores it: one flush of the disk then serves the event and its offer.
 */
import { randomBytes } from "node:crypto";
import { addWake, readWakeTimes } from "../../store/sessions/sessions.js";
import { readDue, summariseWaiting, } from "../../store/events/waiting.js";
import { beginTurn, giveUp, isBusy, isSurelyBusy, noteRing, } from "../session/attachment.js";
import { readBundles, toScreenLines } from "../text/bundles.js";
import { toBellLine } from "../text/note.js";
import { addAttempts, listInFlight } from "./attempts.js";
import { toMessages } from "./messages.js";
import { BURST_MS, HOUR_MS, isAnyDue, MOST_PRESSING, pace, RING_AGAIN_MS, toWakesLeft, } from "./pace.js";
import { toQuietEnd } from "./quiet.js";
/** How many waiting events are counted for a line. */
export const COUNT_CAP = 1_000;
export class Dispatch {
    #options;
    #scheduler = new Scheduler();
    #scheduled = false;
    #lookedAt = 0;
    #cancelTimer;
    #closed = false;
    constructor(options) {
        this.#options = options;
    }
    /** Something changed, for one attachment or for all: they are looked at before this turn of the event loop commits. */
    changed(attachment) {
        if (attachment === undefined)
            this.#scheduler.addAll();
        else
            this.#scheduler.add(attachment.id);
        this.arrived();
    }
    /** Events have begun to wait, or it is time: looked at in the turn that is open, or else in the next. */
    arrived() {
        if (this.#scheduled || this.#closed)
            return;
        this.#scheduled = true;
        const { db, writes } = this.#options;
        db.atTurnEnd(() => {
            this.#scheduled = false;
            if (!this.#closed)
                writes.runWithRetry("all", async () => this.#look());
        });
    }
    /** Whether what is so pressing would reach a session now. */
    judge(attachment, due) {
        return pace({ ...this.#readPace(attachment), due });
    }
    close() {
        this.#closed = true;
        this.#cancelTimer?.();
    }
    #look() {
        const { clock, router } = this.#options;
        this.#cancelTimer?.();
        this.#cancelTimer = undefined;
        const now = clock.now();
        // The clock was set back: the times that were set are of another clock.
        if (now < this.#lookedAt)
            this.#scheduler.addAll();
        this.#lookedAt = now;
        const { ids, isAll } = this.#scheduler.take(now);
        for (const [attachment, claim] of router.concerned(ids, isAll)) {
            if (attachment.lane.sends.kind !== "nothing")
                this.#scheduler.set(attachment.id, this.#advance(attachment, claim));
        }
        const next = this.#scheduler.next();
        if (Number.isFinite(next)) {
            this.#cancelTimer = clock.after(Math.max(5, next - clock.now()), () => this.arrived());
        }
    }
    /** Takes one attachment as far as it goes now. Returns when to look again (epoch ms). */
    #advance(attachment, claim) {
        const { db, clock, router, requeue } = this.#options;
        const checkAt = attachment.lane.check === undefined ? Number.POSITIVE_INFINITY : requeue.check(attachment);
        if (claim.addresses.length === 0)
            return checkAt;
        // Most permissive guess first: while that holds, what waits need not be read.
        const state = this.#readPace(attachment);
        const guess = pace({ ...state, due: MOST_PRESSING });
        if (guess.kind === "hold")
            return Math.min(checkAt, guess.until ?? Number.POSITIVE_INFINITY);
        const due = readDue(db, claim);
        if (!isAnyDue(due)) {
            router.drop(claim);
            return checkAt;
        }
        const decision = pace({ ...state, due });
        switch (decision.kind) {
            case "hold":
                return Math.min(checkAt, decision.until ?? Number.POSITIVE_INFINITY);
            case "give-up":
                giveUp(attachment, decision.reason);
                // Another session may be able to take what waits for this one.
                this.changed();
                return checkAt;
            case "go":
                this.#send(attachment, claim, due);
                return clock.now() + RING_AGAIN_MS;
            default:
                return decision;
        }
    }
    /** All that its pace depends on but what waits. */
    #readPace(attachment) {
        const { db, clock, readPolicy, readQuiet, burstMs = BURST_MS } = this.#options;
        const now = clock.now();
        const quiet = readQuiet?.();
        return {
            attachment,
            wakes: readWakeTimes(db, attachment.session, now - HOUR_MS),
            inFlight: attachment.lane.sends.kind === "events" ? listInFlight(db, attachment) : [],
            policy: readPolicy(attachment.client.argv),
            quietEndsAt: quiet && toQuietEnd(quiet, now),
            quietZone: quiet?.zone,
            burstMs,
            now,
        };
    }
    #send(attachment, claim, due) {
        const { lane } = attachment;
        switch (lane.sends.kind) {
            case "bell":
                return this.#ring(attachment, summariseWaiting(this.#options.db, claim, COUNT_CAP));
            case "events":
                return this.#push(attachment, lane.name, lane.sends, claim, due);
            case "nothing":
                return undefined;
            default:
                return lane.sends;
        }
    }
    #ring(attachment, waiting) {
        const { clock, db, leases, writes } = this.#options;
        const now = clock.now();
        const bell = randomBytes(4).toString("hex");
        const line = toBellLine(waiting, bell);
        const takeBack = noteRing(attachment, bell, now);
        const wake = { at: now, urgent: waiting.urgent > 0, chars: line.length, bell };
        writes.runWithRetry(attachment.id, async () => {
            try {
                await db.write(() => addWake(db, attachment.session, wake));
            }
            catch (thrown) {
                // Nothing was printed, so this was no attempt to be heard.
                takeBack();
                throw thrown;
            }
            leases.ring(attachment.id, line);
        });
    }
    /** The events themselves, each as one notification, or many of them in the lines of one. */
    #push(attachment, lane, sends, claim, due) {
        const { clock, db, leases, writes, isShown = true } = this.#options;
        const now = clock.now();
        const busy = isBusy(attachment, now);
        const { wakes, inFlight } = this.#readPace(attachment);
        const room = sends.room(attachment, inFlight, now);
        const joins = isSurelyBusy(attachment, now) && sends.joinsTurn?.(attachment, inFlight) === true;
        // Of several that are sent to an idle session the first starts a turn, and the others start the next one.
        const startsTwo = !busy && room > 1;
        const fitting = startsTwo && toWakesLeft({ due, wakes, now }) < 2 ? 1 : room;
        const mayDigest = room > 1 || attachment.health === "proven";
        const messages = toMessages(db, readBundles(db, claim), fitting, mayDigest);
        const pushed = messages.map(({ content, meta, bundles }) => {
            const message = { kind: "channel", content, meta };
            const screen = isShown && sends.showsLines === true ? toScreenLines(db, bundles) : [];
            return screen.length === 0 ? message : { ...message, screen };
        });
        const turns = joins ? 0 : Math.min(startsTwo ? 2 : 1, messages.length);
        writes.runWithRetry(attachment.id, async () => {
            await db.write(() => {
                const receipt = sends.toReceipt(attachment, now);
                for (const { bundles, how, carrier } of messages)
                    addAttempts(this.#options, attachment, bundles, { lane, receipt, how, carrier });
                const chars = messages.reduce((sum, { content }) => sum + content.length, 0);
                for (let turn = 0; turn < turns; turn++)
                    addWake(db, attachment.session, {
                        at: now,
                        urgent: due.urgentSince !== undefined,
                        chars: turn === 0 ? chars : 0,
                        bell: null,
                    });
            });
            for (const message of pushed)
                leases.push(attachment.id, message);
            // A push starts a turn, and no hook has to tell of it: what comes now comes after that turn.
            if (!busy && sends.startsTurn(attachment))
                beginTurn(attachment, undefined, now);
            this.changed(attachment);
        });
    }
}
/** Which attachments must be looked at again, and when: so an event costs work for the sessions that it concerns, and not for every session. */
class Scheduler {
    #isAll = false;
    #now = new Set();
    #due = new Map();
    /** One session gave a sign. */
    add(id) {
        this.#now.add(id);
    }
    /** Something changed for everybody. */
    addAll() {
        this.#isAll = true;
    }
    /** Look again at `at` (epoch ms); never, where it is infinite. */
    set(id, at) {
        if (Number.isFinite(at))
            this.#due.set(id, at);
        else
            this.#due.delete(id);
    }
    /** Attachments to evaluate now; `isAll` adds every attachment with waiting events. */
    take(now) {
        const ids = new Set(this.#now);
        for (const [id, at] of this.#due)
            if (this.#isAll || at <= now)
                ids.add(id);
        const isAll = this.#isAll;
        this.#isAll = false;
        this.#now.clear();
        for (const id of ids)
            this.#due.delete(id);
        return { ids, isAll };
    }
    /** When the next one is due (epoch ms). */
    next() {
        let next = Number.POSITIVE_INFINITY;
        for (const at of this.#due.values())
            next = Math.min(next, at);
        return next;
    }
}
