/**
 * When is a waiting event too old to matter?
 *
 * Owns: that decision, and whether the clock can be believed just now. Never: changes an event. Pure.
 *
 * EXPIRY-1 News expires after a day, a message of a person after a week. A lifetime that the owner set for the channel comes first; 0
 *    is never. An event's own may end it earlier. On every channel the latest word on a firing alert is kept until the alert is resolved (store/events/open-alerts.ts).
 * EXPIRY-2 After a jump of the clock nothing expires for ten minutes: a wrong clock is set right by then, and a machine that slept
 *    delivers first.
 */
export const NEWS_TTL_MS = 24 * 3_600_000;
export const CHAT_TTL_MS = 7 * 24 * 3_600_000;
const JUMP_MS = 5 * 60_000;
const PATIENCE_MS = 10 * 60_000;
/** Before which moment (epoch ms) events of a channel are too old, by what `toBefore` says of a life; undefined where they never are. */
export function toDeadline({ ttlMs, isChat }, toBefore) {
    const lifeMs = ttlMs ?? (isChat ? CHAT_TTL_MS : NEWS_TTL_MS);
    return lifeMs === 0 ? undefined : toBefore(lifeMs);
}
/** As people read it: `24 h`, `7 d`. */
export function toLifeText({ ttlMs, isChat }) {
    const lifeMs = ttlMs ?? (isChat ? CHAT_TTL_MS : NEWS_TTL_MS);
    if (lifeMs < 60_000)
        return `${Math.round(lifeMs / 1_000)} s`;
    const minutes = Math.round(lifeMs / 60_000);
    if (minutes % 60 !== 0)
        return `${minutes} min`;
    return minutes > 48 * 60 && minutes % (24 * 60) === 0
        ? `${minutes / 1_440} d`
        : `${minutes / 60} h`;
}
/** The next look (EXPIRY-2). `now` is trusted from `trustedFrom` on. */
export function lookAtClock(last, now) {
    if (last === undefined)
        return { at: now, trustedFrom: now };
    const movedMs = now - last.at;
    const hasJumped = movedMs < 0 || movedMs > JUMP_MS;
    return { at: now, trustedFrom: hasJumped ? now + PATIENCE_MS : last.trustedFrom };
}
