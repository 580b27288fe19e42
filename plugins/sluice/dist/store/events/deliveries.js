import { addStep, moveEvent } from "./inbox.js";
const SELECT_OPEN = `SELECT d.id, d.event, e.channel, e.ack, d.attachment, d.session, d.lane, d.attempt, d.state, d.receipt, d.bell,
  d.merged_into AS mergedInto, COALESCE(over.merged_into, d.merged_into, d.event) AS carriedBy, d.offered_at AS offeredAt
  FROM deliveries d JOIN events e ON e.id = d.event
  LEFT JOIN deliveries over ON over.event = d.merged_into AND over.ended_at IS NULL WHERE d.ended_at IS NULL`;
const LIST_OPEN = `${SELECT_OPEN} AND d.attachment = ? ORDER BY d.id`;
/** Commits that an event is about to leave. Returns its attempt number, from 1. */
export function addAttempt(db, event, offer, now) {
    const attempt = event.attempts + 1;
    db.run(`INSERT INTO deliveries (event, attachment, session, lane, attempt, state, receipt, bell, merged_into, offered_at)
     VALUES (?, ?, ?, ?, ?, 'offered', ?, ?, ?, ?)`, event.id, offer.attachment, offer.session, offer.lane, attempt, offer.receipt, offer.bell ?? null, offer.mergedInto ?? null, now);
    const reason = offer.how ?? (offer.mergedInto === undefined ? undefined : `merged into ${offer.mergedInto}`);
    moveEvent(db, event.id, "offered", {
        at: now,
        stage: "offered",
        lane: offer.lane,
        session: offer.session,
        attempt,
        ...(reason === undefined ? {} : { reason }),
    });
    return attempt;
}
export function listOpen(db, attachment) {
    return db.all(LIST_OPEN, attachment);
}
export function listOpenAttachments(db) {
    return db
        .all("SELECT DISTINCT attachment FROM deliveries WHERE ended_at IS NULL")
        .map((row) => row.attachment);
}
export function findOpen(db, event) {
    return db.get(`${SELECT_OPEN} AND d.event = ?`, event);
}
/** Changes what will prove an open delivery. */
export function setReceipt(db, delivery, receipt) {
    db.run("UPDATE deliveries SET receipt = ? WHERE id = ?", receipt, delivery);
}
/** A turn that contained it has ended. Where seen is enough, it is done as well. */
export function markSeen(db, delivery, reason, now) {
    const { lane, session, attempt } = delivery;
    const isDone = delivery.ack === "auto";
    db.run("UPDATE deliveries SET state = ?, seen_at = ?, ended_at = ? WHERE id = ?", isDone ? "done" : "seen", now, isDone ? now : null, delivery.id);
    const step = { at: now, stage: "seen", lane, session, attempt, reason };
    if (!isDone)
        return moveEvent(db, delivery.event, "seen", step);
    addStep(db, delivery.event, step);
    moveEvent(db, delivery.event, "done", {
        at: now,
        stage: "done",
        session,
        reason: "no reply needed on this channel",
    });
}
/** Answered or acknowledged: the end of an event. Works with or without an open delivery. */
export function markDone(db, event, reason, session, now) {
    db.run(`UPDATE deliveries SET state = 'done', ended_at = ? WHERE event = ? AND ended_at IS NULL`, now, event);
    moveEvent(db, event, "done", {
        at: now,
        stage: "done",
        reason,
        ...(session === undefined ? {} : { session }),
    });
}
/** No receipt, and none will come: the event waits again, or is dead after its last attempt. */
export function giveBack(db, delivery, reason, maxAttempts, now) {
    const { lane, session, attempt } = delivery;
    db.run(`UPDATE deliveries SET state = 'back', ended_at = ? WHERE id = ?`, now, delivery.id);
    // A replay by hand allows as many again.
    const before = db.get("SELECT attempts_before AS attempts FROM events WHERE id = ?", delivery.event);
    const state = attempt - (before?.attempts ?? 0) >= maxAttempts ? "dead" : "stored";
    const stage = state === "dead" ? "dead" : "stored";
    moveEvent(db, delivery.event, state, { at: now, stage, lane, session, attempt, reason });
    return state;
}
/** Takes back an offer that provably never left: the attempt does not count. */
export function withdrawAttempt(db, delivery, reason, now) {
    db.run("DELETE FROM deliveries WHERE id = ?", delivery.id);
    moveEvent(db, delivery.event, "stored", {
        at: now,
        stage: "held",
        lane: delivery.lane,
        session: delivery.session,
        attempt: delivery.attempt,
        reason,
    });
    db.run(`UPDATE events SET attempts = attempts - 1, first_offered_at = CASE attempts WHEN 1 THEN NULL ELSE first_offered_at END
     WHERE id = ? AND attempts > 0`, delivery.event);
}
/** Every attempt of an event, for people. */
export function listDeliveries(db, event) {
    return db.all("SELECT session, lane, state, attempt FROM deliveries WHERE event = ? ORDER BY id", event);
}
/** Every attempt of the copies of an event. */
export function listCopyDeliveries(db, event) {
    return db.all(`SELECT d.session, d.lane, d.state, d.attempt FROM events c JOIN deliveries d ON d.event = c.id WHERE c.copy_of = ? ORDER BY d.id`, event);
}
