import { newUlid } from "../../sdk/id.js";
import { moveEvent } from "./inbox.js";
import { parseTarget } from "./target.js";
/** One event waits again, for one session where `target` (target.ts) names it. */
export function replayEvent(db, event, target, now) {
    const { id, state } = event;
    if (state === "offered") {
        return {
            id,
            replayed: false,
            reason: "it is being delivered now; without a receipt it waits again automatically",
        }; // REPLAY-2
    }
    if (state === "stored" && target === undefined) {
        return { id, replayed: false, reason: "it waits already" };
    }
    db.run("UPDATE deliveries SET ended_at = ? WHERE event = ? AND ended_at IS NULL", now, id);
    db.run("UPDATE events SET attempts_before = attempts, renewed_at = ?, target = COALESCE(?, target) WHERE id = ?", now, target ?? null, id);
    const reason = `replayed by hand, was ${state}${target === undefined ? "" : `, for session ${parseTarget(target).name}`}`;
    moveEvent(db, id, "stored", { at: now, stage: "stored", reason });
    return { id, replayed: true };
}
/** What a range holds that can be replayed, in order of acceptance. */
export function listReplayable(db, range) {
    const { since, until, channel, state, startedAt, limit } = range;
    return db.all(`SELECT id, state FROM events WHERE id >= ? AND id < ? AND state IN ('seen', 'done', 'expired', 'dead')
       AND (renewed_at IS NULL OR renewed_at < ?) AND (?4 IS NULL OR channel = ?4) AND (?5 IS NULL OR state = ?5)
     ORDER BY seq LIMIT ?`, toFirstId(since), toFirstId(until), startedAt, channel ?? null, state ?? null, limit);
}
/** Ids begin with the moment of acceptance, so a range of time is a range of ids. */
function toFirstId(at) {
    return `evt_${newUlid(Math.max(0, Math.floor(at))).slice(0, 10)}`;
}
