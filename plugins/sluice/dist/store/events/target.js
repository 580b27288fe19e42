/**
 * The session that an event was sent to, as one text in its column `target`.
 *
 * Owns: that text. Never: finds the session of a name (flow/route/session-book.ts), or decides which gets it (flow/route/route.ts).
 *
 * TARGET-1 An id alone is exact. A name is stored with the id of the session that had it when the event was stored: that session comes
 *    first, and any other session of the name once it is closed.
 */
const BETWEEN = "\n";
export function toTargetText({ session, name }) {
    return session === name ? session : `${session}${BETWEEN}${name}`;
}
export function parseTarget(text) {
    const end = text.indexOf(BETWEEN);
    return end === -1
        ? { session: text, name: text }
        : { session: text.slice(0, end), name: text.slice(end + 1) };
}
