/**
 * Requeues deliveries that were lost with their session, its connection or its lane: they go back to the inbox.
 *
 * Owns: finding these deliveries, leaving a lane that is closed, and trying again while the store fails. Never: decides that a session is
 * lost, or a lane closed.
 */
import { listOpen } from "../../store/events/deliveries.js";
import { changeLane } from "../session/attachment.js";
import { applyReceipts, giveBackAll, listOut } from "./attempts.js";
import { chooseFallback } from "../lanes/choose-lane.js";
import { toReceipts } from "./receipt.js";
export class Requeue {
    #options;
    constructor(options) {
        this.#options = options;
    }
    /** An attachment is over: all it holds goes back. */
    giveUpAll(id, reason) {
        const { db, writes, isThere, changed } = this.#options;
        const change = async () => {
            await db.write(() => {
                giveBackAll(this.#options, listOpen(db, id), reason);
            });
            changed();
        };
        writes.runWithRetry(id, change, async () => {
            // Back in the meantime: its own signals will tell.
            if (!isThere(id))
                await change();
        });
    }
    /** What was sent over a connection that broke may not have arrived, where nothing but the connection says so. */
    giveBackCut(attachment, reason = "the connection broke before it was seen") {
        this.giveBack(attachment, { kind: "cut", reason });
    }
    /** What the signal says is lost goes back. */
    giveBack(attachment, signal) {
        const { db, writes, changed, findLane } = this.#options;
        const change = async () => {
            const lost = toReceipts(listOpen(db, attachment.id), signal, findLane);
            if (lost.length === 0)
                return;
            await db.write(() => applyReceipts(this.#options, lost));
            changed();
        };
        writes.runWithRetry(attachment.id, change, change);
    }
    /** Whether what is out will still be read; leaves a lane that is closed. Returns when to ask again (epoch ms). */
    check(attachment) {
        const { clock, db } = this.#options;
        const found = attachment.lane.check?.(attachment, listOut(db, attachment), clock.now());
        switch (found?.kind) {
            case undefined:
                return Number.POSITIVE_INFINITY;
            case "open":
                return found.until;
            case "lost": {
                const deliveries = found.deliveries.map(({ id }) => id);
                this.giveBack(attachment, { kind: "lost", deliveries, reason: found.reason });
                return Number.POSITIVE_INFINITY;
            }
            case "closed": {
                const next = chooseFallback(attachment);
                changeLane(attachment, next.lane, next.health, found.reason);
                this.giveBackCut(attachment, found.reason);
                return Number.POSITIVE_INFINITY;
            }
            default:
                return found;
        }
    }
}
