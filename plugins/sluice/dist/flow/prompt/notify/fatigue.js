/**
 * Limits how often people are asked: a person who is asked a hundred times says yes to make it stop.
 *
 * Owns: when the next escalation of a session may leave. Never: counts one, or tells people. Pure.
 *
 * FATIGUE-1 People are notified of at most five prompts in a minute and twenty in an hour, for each session.
 */
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
const LIMITS = [
    { windowMs: MINUTE_MS, max: 5 },
    { windowMs: HOUR_MS, max: 20 },
];
/** How long until the next push may leave; 0 at once. `times` are those of the last hour, oldest first, none of them after `now`. */
export function toEscalationDelay(times, now) {
    return Math.max(0, ...LIMITS.map(({ windowMs, max }) => {
        const first = times.at(-max);
        return first === undefined ? 0 : first + windowMs - now;
    }));
}
