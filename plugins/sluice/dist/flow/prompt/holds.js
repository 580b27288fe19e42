import { addHold, endHold, findHold } from "../../store/prompts/prompts.js";
import { HOLD_REASON, STOP_REASON } from "./create-prompt.js";
const STOP_MS = 24 * 3_600_000;
/** People read it as 15 minutes: buttons.ts, taps.ts, chat-commands.ts and the page say so. */
const DENY_ALL_MS = 15 * 60_000;
export class Holds {
    #options;
    constructor(options) {
        this.#options = options;
    }
    /**
     * Denies what the session asks, until its user types again, and has its shim tell the model to stop at the next hook.
     * Returns how many prompts were denied, and whether a shim of it is connected.
     */
    async stop(session, by) {
        const { db, clock, leases, note, denyOpen } = this.#options;
        const until = clock.now() + STOP_MS;
        await db.write(() => {
            addHold(db, { session, kind: "stop", until, by: by.who });
            note(by.who, "stop", `session ${session}`);
        });
        const open = [...leases].filter((one) => one.session === session && one.hasLease);
        for (const { id } of open)
            leases.push(id, { kind: "stop", reason: STOP_REASON });
        return { denied: await denyOpen(session, by, STOP_REASON), isReached: open.length > 0 };
    }
    /** Denies everything that the session asks for a while. Returns until when (epoch ms), and how many prompts were denied at once. */
    async denyAll(session, by) {
        const { db, clock, note, denyOpen } = this.#options;
        const until = clock.now() + DENY_ALL_MS;
        await db.write(() => {
            // HOLD-2
            if (this.read(session)?.kind !== "stop")
                addHold(db, { session, kind: "deny", until, by: by.who });
            note(by.who, "deny-all", `session ${session}`);
        });
        return { denied: await denyOpen(session, by, HOLD_REASON), until };
    }
    /** Whether everything that the session asks is denied now, and until when. */
    read(session) {
        return findHold(this.#options.db, session, this.#options.clock.now());
    }
    /** People are asked again what the session asks: a hold is over. False where there was none. */
    async resume(session, by) {
        const { db, note } = this.#options;
        return db.write(() => {
            const kinds = ["stop", "deny"];
            const isEnded = kinds.filter((kind) => endHold(db, session, kind)).length > 0;
            if (isEnded)
                note(by.who, "resume", `session ${session}`);
            return isEnded;
        });
    }
    /** Its user is back (HOLD-1). */
    typed(session) {
        const { db, writes } = this.#options;
        const held = this.read(session);
        if (held?.kind !== "stop")
            return;
        const end = () => db.write(() => {
            // Not one that began since.
            if (this.read(session)?.until === held.until)
                endHold(db, session, "stop");
        });
        writes.runWithRetry(session, end, end);
    }
}
