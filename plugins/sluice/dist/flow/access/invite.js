/**
 * Codes of pairings and invites: making them, finding them, and locking after wrong tries.
 *
 * Owns: their lives, limits and locks. Never: writes a role down, or knows who asked.
 *
 * INVITE-1 A code is kept as a hash of the code and of the rights that it gives: a row that was altered fits no code.
 * INVITE-2 Codes are compared in constant time, can be used once, and expire.
 * INVITE-3 After five wrong codes of one sender, or twenty on a channel, within an hour, no code is looked at for an hour.
 */
import { SluiceError } from "../../sdk/errors.js";
import { addLock, addTry, countTries, listInvites, listPairings, readLock, } from "../../store/access/codes.js";
import { hashCode, INVITE_CHARS, isSameHash, mintCode, PAIRING_CHARS, parseCode } from "./code.js";
const PAIRING_LIFE_MS = 3_600_000;
export const INVITE_LIFE_MS = 600_000;
const WINDOW_MS = 3_600_000;
const MAX_TRIES_OF_SENDER = 5;
const MAX_TRIES_OF_CHANNEL = 20;
/** Wrong pairing codes are counted here: no channel has this name. */
const NO_CHANNEL = "";
export function mintPairing(asker, now) {
    const code = mintCode(PAIRING_CHARS);
    const expiresAt = now + PAIRING_LIFE_MS;
    const pairing = { ...asker, hash: "", createdAt: now, expiresAt };
    return { code, pairing: { ...pairing, hash: hashPairing(code, pairing) } };
}
export function mintInvite(channel, roles, now) {
    const code = mintCode(INVITE_CHARS);
    const expiresAt = now + INVITE_LIFE_MS;
    const invite = { channel, roles: JSON.stringify(roles), hash: "", createdAt: now, expiresAt };
    return { code, invite: { ...invite, hash: hashInvite(code, invite) } };
}
/** The pairing whose code the owner typed. @throws SluiceError `bad_input`, `not_found`, `rate_limited`. */
export async function findPairing(db, text, by, now) {
    const code = parseCode(text, PAIRING_CHARS);
    if (code === undefined)
        throw new SluiceError("bad_input", `a pairing code has ${PAIRING_CHARS} letters and digits`);
    const lockedUntil = readLock(db, NO_CHANNEL, by, now);
    if (lockedUntil > 0)
        throw new SluiceError("rate_limited", `too many wrong codes; try again in ${Math.ceil((lockedUntil - now) / 60_000)} minutes`, { retryable: true, retryAfterMs: lockedUntil - now });
    let found;
    // INVITE-2: every one is compared, whichever fits.
    for (const pairing of listPairings(db, now))
        if (isSameHash(hashPairing(code, pairing), pairing.hash))
            found = pairing;
    if (found !== undefined)
        return found;
    await db.write(() => addWrongTry(db, NO_CHANNEL, by, now));
    throw new SluiceError("not_found", "no person waits with this code; codes are good for an hour and once, the person can ask again");
}
/** What a code that a stranger sent opens. Changes nothing. */
export function findInvite(db, channel, sender, code, now) {
    if (readLock(db, channel, sender, now) > 0)
        return { kind: "locked" };
    let found;
    for (const invite of listInvites(db, now))
        if (invite.channel === channel && isSameHash(hashInvite(code, invite), invite.hash))
            found = invite;
    return found === undefined ? { kind: "wrong" } : { kind: "invited", invite: found };
}
/** INVITE-3. Inside `db.write`. */
export function addWrongTry(db, channel, sender, now) {
    addTry(db, channel, sender, now, now - WINDOW_MS);
    const tries = countTries(db, channel, sender, now - WINDOW_MS);
    if (tries.sender >= MAX_TRIES_OF_SENDER)
        addLock(db, channel, sender, now + WINDOW_MS);
    if (channel !== NO_CHANNEL && tries.channel >= MAX_TRIES_OF_CHANNEL)
        addLock(db, channel, "", now + WINDOW_MS);
}
function hashPairing(code, { channel, account, sender, expiresAt }) {
    return hashCode(code, ["pairing", channel, account, sender, expiresAt]);
}
function hashInvite(code, { channel, roles, expiresAt }) {
    return hashCode(code, ["invite", channel, roles, expiresAt]);
}
