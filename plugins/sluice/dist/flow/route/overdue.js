/**
 * Events that have waited too long for a session that is not open.
 *
 * Owns: finding them, and the words for the owner. Never: notifies anybody; changes anything.
 */
import { readAddress } from "../../store/events/waiting.js";
import { COPIED } from "../../store/events/copied-state.js";
import { findSession } from "../../store/sessions/session-names.js";
import { isHeld, parseAddress } from "./route.js";
const COUNT_CAP = 1_000;
const ADDRESSES_MAX = 1_000;
/** Longest waiting first; only what was accepted before `before` (epoch ms). */
export function listOverdue({ db, router, watchers }, before, now) {
    const addresses = (router.owners().get(undefined) ?? []).slice(0, ADDRESSES_MAX);
    const found = addresses.flatMap((address) => {
        const waiting = readAddress(db, address, COUNT_CAP);
        if (waiting === undefined || waiting.since > before)
            return [];
        const { channel, target, watchers: ids } = parseAddress(address);
        // Its copies wait, each at an address of its own.
        if (ids.includes(COPIED) || isHeld({ watchers: ids }))
            return [];
        const { session = ids.map(watchers.subscriber).find((one) => one !== undefined), name } = target ?? {};
        const rule = ids.map(watchers.rule).find((one) => one !== undefined);
        const named = rule?.session ?? rule?.cwd ?? rule?.repository;
        const whom = session !== undefined
            ? `session "${name === session ? toName(db, session) : name}", which is not open`
            : named !== undefined
                ? `a session of the rule for "${named}"; none is open`
                : "a session; none is open";
        const { count, since } = waiting;
        const many = `${count}${count >= COUNT_CAP ? " or more" : ""} ${count === 1 ? "event" : "events"}`;
        const minutes = Math.max(1, Math.floor((now - since) / 60_000));
        const text = `${many} of ${channel} ${count === 1 ? "has" : "have"} waited for up to ${minutes} min for ${whom}`;
        return [{ address, channel, count, since, text }];
    });
    return found.toSorted((a, b) => a.since - b.since);
}
function toName(db, session) {
    const known = findSession(db, session);
    return known?.label ?? known?.name ?? session;
}
