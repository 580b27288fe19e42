/**
 * The notice to the owner when the hub finds a backup in the inbox's place.
 *
 * Owns: the words. Never: changes such an inbox (store/file/restored.ts).
 */
import { toSince } from "../../flow/expiry/notices.js";
import { readRestored } from "../../store/file/restored.js";
/** How long status says it: until then the owner has looked, or the backup of that day is gone as well. */
const SAID_FOR_MS = 7 * 24 * 3_600_000;
/** One line for the owner's chat. */
export function toRestoredText(restored) {
    const { open, messages } = restored;
    const events = open === 0
        ? ""
        : ` ${open === 1 ? "An event that was" : `${open} events that were`} open in it may come again, marked as replayed.`;
    const sent = messages === 0
        ? ""
        : ` ${messages === 1 ? "A message that waited" : `${messages} messages that waited`} in it may have been sent: sluice outbox --state maybe.`;
    return `Sluice: ${toWhat(restored)}.${events}${sent} ${LOOK.charAt(0).toUpperCase()}${LOOK.slice(1)}.`;
}
/** For a week it is among the next steps. */
export function toRestoredSteps(db, now) {
    const restored = readRestored(db);
    return restored === undefined || now - restored.at > SAID_FOR_MS || now < restored.at
        ? []
        : [`${toWhat(restored)}: ${LOOK}`];
}
const LOOK = 'people and roles are as they were then, look at "sluice access list"; browsers sign in anew with "sluice open"';
function toWhat({ lastEventAt }) {
    const when = lastEventAt === undefined ? "without events" : `whose last event is of ${toSince(lastEventAt)}`;
    return `the inbox was put back from a backup ${when}`;
}
