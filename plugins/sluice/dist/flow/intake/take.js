import { isSluiceError, toMessage } from "../../sdk/errors.js";
import { saveCursor } from "../../store/events/cursors.js";
import { addCount } from "../../store/events/counters.js";
import { admit } from "./accept.js";
export const DEAD_LETTER = "dead-letter";
/** @throws SluiceError store_* when it could not be written: nothing is kept, and the platform keeps it. */
export async function take(channel, arrivals, cursor, options) {
    const { db, clock, limit, access } = options;
    if (arrivals.length > 0)
        limit.check(channel, arrivals.length, access.get(channel)?.quota);
    return db.write(() => {
        const now = clock.now();
        const taken = arrivals.map((arrival) => takeOne(channel, arrival, now, options));
        if (cursor !== undefined)
            saveCursor(db, channel, cursor, now);
        return taken;
    });
}
function takeOne(channel, arrival, now, options) {
    const { db, log } = options;
    try {
        return db.part(() => {
            const accepted = admit({ ...arrival, channel }, now, options);
            if (accepted.kind === "dropped")
                addCount(db, channel, accepted.reason, now);
            return accepted;
        });
    }
    catch (thrown) {
        if (!isPoison(thrown))
            throw thrown;
        addCount(db, channel, DEAD_LETTER, now);
        // Its content stands nowhere: the gate may not have spoken yet.
        log.warn({ channel, error: toMessage(thrown) }, "an arrival could not be stored; left out");
        return { kind: "dead-letter" };
    }
}
/** True for what this very arrival is to blame for: its shape, or a constraint of the schema. */
function isPoison(thrown) {
    // A reading statement's fault comes wrapped by the store.
    if (isSluiceError(thrown, "internal") && thrown.cause !== undefined)
        return isPoison(thrown.cause);
    if (isSluiceError(thrown))
        return thrown.code === "bad_input" || thrown.code === "too_large";
    if (!(thrown instanceof Error))
        return true;
    if (!("errcode" in thrown) || typeof thrown.errcode !== "number")
        return true;
    // SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_RANGE: https://www.sqlite.org/rescode.html
    return [18, 19, 20, 25].includes(thrown.errcode & 0xff);
}
