/**
 * Where owners are told: each person once, in however many places they are.
 *
 * Owns: which place of a person. Never: sends.
 *
 * OWNER-1 A person who is in several places is told where they want it, else at the place for notices, else where they wrote last. What
 *    changes who is one person is told at all of them: whoever has taken one account must not be the only one who hears of it.
 */
import type { AccessPolicy } from "../flow/access/policy.ts";
import type { SenderRule } from "../store/access/access.ts";
import type { Database } from "../store/file/database.ts";
import { findLastFrom } from "../store/outbox/open-chats.ts";

export type NoticePlace = { channel: string; chatId: string | null };
type Known = { channel: string; chatId: string };

export type OwnerPlaceOptions = {
  db: Database;
  policy: Pick<AccessPolicy, "counting" | "rules">;
  has: (channel: string) => boolean;
  /** The place for notices. */
  notices: NoticePlace | undefined;
  /** Heard it already. */
  except: Known | undefined;
  isEverywhere: boolean;
};

/** Owners with a chat of their own, as far as they are not told yet. */
export function listOwnerPlaces(options: OwnerPlaceOptions): Known[] {
  const { policy, has, except, isEverywhere } = options;
  const { persons } = policy.rules;
  const owners = policy.counting.filter(
    ({ channel, chatId, roles }) => roles.includes("owner") && chatId !== "" && has(channel),
  );
  const personOf = ({ channel, id }: SenderRule) =>
    persons.find((one) => one.channel === channel && one.id === id);
  const groups = Map.groupBy(owners, (one) =>
    isEverywhere ? one : (personOf(one)?.person ?? one),
  );
  return [...groups.values()].flatMap((places): Known[] => {
    if (places.some((one) => isSame(one, except))) return [];
    return [choose(places, (one) => personOf(one)?.preferred === true, options)];
  });
}

function choose(
  places: readonly SenderRule[],
  isPreferred: (place: SenderRule) => boolean,
  { db, notices }: Pick<OwnerPlaceOptions, "db" | "notices">,
): Known {
  const [first] = places;
  if (first === undefined) throw new TypeError("a person without a place");
  if (places.length === 1) return first;
  const wanted = places.find(isPreferred) ?? places.find((one) => isSame(one, notices));
  if (wanted !== undefined) return wanted;
  const seen = places.map((place) => ({ place, seq: findLastFrom(db, place) ?? 0 }));
  return seen.reduce((best, one) => (one.seq > best.seq ? one : best)).place;
}

function isSame(one: Known, other: NoticePlace | undefined): boolean {
  return one.channel === other?.channel && one.chatId === other.chatId;
}
