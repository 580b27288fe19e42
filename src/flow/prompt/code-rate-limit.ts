/**
 * Wrong codes of prompts, counted and locked.
 *
 * Owns: the number of wrong codes that a person may type. Never: looks a code up.
 *
 * Three wrong codes in ten minutes lock for ten minutes: a guesser has 3 tries at one of 25^5 (9,765,625) codes.
 * Kept beside the wrong tries of invites, so a restart of the hub opens nothing.
 */
import type { Decider } from "../../sdk/prompt.ts";
import { addLock, addTry, countTries, readLock } from "../../store/access/codes.ts";
import type { Database } from "../../store/file/database.ts";

const WINDOW_MS = 600_000;
const MAX_TRIES = 3;
/** Other codes are counted for an hour in the same table. */
const KEEP_MS = 3_600_000;

/** Until when nothing of this one is looked at (epoch ms); 0 when they are free. */
export function readPromptLock(db: Database, by: Decider, now: number): number {
  const { place, who } = toKey(by);
  const until = readLock(db, place, who, now);
  // A lock that lies further away than one can be was set by a clock that has been set back since.
  return until - now > WINDOW_MS ? 0 : until;
}

/** Counts a wrong code; inside `db.write`. Returns the end of the lock that it brought, or 0. */
export function addWrongCode(db: Database, by: Decider, now: number): number {
  const { place, who } = toKey(by);
  addTry(db, place, who, now, now - KEEP_MS);
  if (countTries(db, place, who, now - WINDOW_MS).sender < MAX_TRIES) return 0;
  const until = now + WINDOW_MS;
  addLock(db, place, who, until);
  return until;
}

/** A space keeps these apart from every channel's name. */
function toKey({ via, who, channel, account = "", senderId = who }: Decider) {
  return {
    place: `prompts ${channel ?? via}`,
    who: channel === undefined ? who : `${account} ${senderId}`,
  };
}
