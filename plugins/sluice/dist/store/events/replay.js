import { newUlid } from "../../sdk/id.js";
import { COPIED } from "./copied-state.js";
import { isTranscribing } from "./transcriptions.js";
import { addCopies, listCopiesOf, toCopyFor, trimBeside } from "./copies.js";
import { moveEvent } from "./inbox.js";
import { parseTarget } from "./target.js";
/** A lifetime of its own begins again; takes the present time. */
const LIFE_AGAIN = "expires_at = ? + expires_at - COALESCE(renewed_at, stored_at)";
/** One event waits again, for one session where `target` (target.ts) names it. */
export function replayEvent(db, event, target, now) {
    return event.copied === true
        ? replayCopies(db, event.id, target, now)
        : replayOne(db, event, target, now);
}
/** REPLAY-3. A session that had no copy gets one. */
function replayCopies(db, id, target, now) {
    const chosen = chooseCopies(listCopiesOf(db, id), target);
    if (chosen.length === 0 && target !== undefined)
        addCopyFor(db, id, target, now);
    const outcomes = chosen.map((copy) => replayOne(db, copy, undefined, now));
    const replayed = chosen.length === 0 || outcomes.some((one) => one.replayed);
    const reason = outcomes.find((one) => !one.replayed)?.reason;
    // So that a range leaves it out (ReplayRange).
    db.run(`UPDATE events SET renewed_at = ?, ${LIFE_AGAIN} WHERE id = ?`, now, now, id);
    return replayed || reason === undefined ? { id, replayed } : { id, replayed, reason };
}
/** The event is open again by it, and so stays as long as this copy does. */
function addCopyFor(db, event, target, now) {
    const reason = `replayed by hand, for session ${parseTarget(target).name}`;
    for (const id of addCopies(db, event, [toCopyFor(target)], now))
        moveEvent(db, id, "stored", { at: now, stage: "stored", reason });
}
function chooseCopies(copies, target) {
    if (target !== undefined) {
        const { session } = parseTarget(target);
        return copies.filter((one) => one.session === session);
    }
    const ended = copies.filter(({ state }) => state === "expired" || state === "dead");
    return ended.length > 0 ? ended : copies;
}
function replayOne(db, { id, state }, target, now) {
    if (state === "offered") {
        return {
            id,
            replayed: false,
            reason: "it is being delivered now; without a receipt it waits again automatically",
        }; // REPLAY-2
    }
    if (state === "stored" && isTranscribing(db, id)) {
        return { id, replayed: false, reason: "its voice note is being transcribed" };
    }
    if (state === "stored" && target === undefined) {
        return { id, replayed: false, reason: "it waits already" };
    }
    db.run("UPDATE deliveries SET ended_at = ? WHERE event = ? AND ended_at IS NULL", now, id);
    db.run(`UPDATE events SET attempts_before = attempts, renewed_at = ?, target = COALESCE(?, target),
       ${LIFE_AGAIN} WHERE id = ?`, now, target ?? null, now, id);
    const reason = `replayed by hand, was ${state}${target === undefined ? "" : `, for session ${parseTarget(target).name}`}`;
    moveEvent(db, id, "stored", { at: now, stage: "stored", reason });
    const tooMany = trimBeside(db, id, now);
    return tooMany === undefined ? { id, replayed: true } : { id, replayed: false, reason: tooMany };
}
/** What a range holds that can be replayed, in order of acceptance. */
export function listReplayable(db, range) {
    const { since, until, channel, state, startedAt, limit } = range;
    return db
        .all(`SELECT id, state, watchers IS '${COPIED}' AS copied FROM events
       WHERE id >= ? AND id < ? AND state IN ('seen', 'done', 'expired', 'dead') AND copy_of IS NULL
       AND (renewed_at IS NULL OR renewed_at < ?) AND channel = IFNULL(?, channel) AND state = IFNULL(?, state)
     ORDER BY seq LIMIT ?`, toFirstId(since), toFirstId(until), startedAt, channel ?? null, state ?? null, limit)
        .map(({ copied, ...event }) => (copied === 1 ? { ...event, copied: true } : event));
}
/** Ids begin with the moment of acceptance, so a range of time is a range of ids. */
function toFirstId(at) {
    return `evt_${newUlid(Math.max(0, Math.floor(at))).slice(0, 10)}`;
}
