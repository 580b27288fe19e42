/**
 * One answer of getUpdates: the updates of it that may be stored now, and the offset that confirms them.
 *
 * Owns: albums made whole (POLL-2), updates left behind. Never: asks or waits.
 */
import type { Arrival } from "../../sdk/event.ts";
import type { Logger } from "../../sdk/log.ts";
import type { Reading } from "./receive.ts";
import { type Me, optionalId } from "./wire.ts";

const ALBUM_MAX = 10;

/** `isOurs`: the channel answers it itself, and the gate does not see it. `answer`: what the hub has to say to who tapped. */
export type TakenUpdate = {
  arrival: Arrival;
  isOurs: boolean;
  tap?: string;
  answer?: string | undefined;
};

export type BatchOptions = {
  read(update: unknown, me: Me): Reading;
  /** Whether the channel answers it itself. */
  isOurs(arrival: Arrival): boolean;
  log: Logger;
};

/** Albums as they were at one look: how many parts each had, by its first update. One that has as many again is whole. */
export type Looks = ReadonlyMap<number, number>;

export type Move = { from: string; to: string };

type Batch = {
  taken: TakenUpdate[];
  /** Groups that became supergroups. */
  moves: Move[];
  offset: number | undefined;
  /** Updates before the offset that are not what they must be. */
  unreadable: number;
  /** Undefined where nothing is held. */
  looks: Looks | undefined;
};

/** What of these updates may be kept now, and the offset that says so. */
export function toBatch(
  updates: readonly unknown[],
  me: Me,
  options: BatchOptions,
  before: Looks | undefined,
): Batch {
  const { log } = options;
  const taken: TakenUpdate[] = [];
  const moves: Move[] = [];
  const albums = new Map<string, Arrival[]>();
  const starts = new Map<string, { first: number; index: number }>();
  const unreadable: number[] = [];
  let offset: number | undefined;
  for (const update of updates) {
    const id = Number(optionalId(update, "update_id"));
    // Without an id it cannot be confirmed by itself; the next one confirms it.
    if (Number.isSafeInteger(id)) offset = Math.max(offset ?? 0, id + 1);
    const reading = options.read(update, me);
    if (reading.kind === "moved") {
      moves.push({ from: reading.from, to: reading.to });
      continue;
    }
    if (reading.kind !== "arrival") {
      const facts = { updateId: Number.isSafeInteger(id) ? id : null, reason: reading.reason };
      if (reading.kind === "malformed") {
        unreadable.push(Number.isSafeInteger(id) ? id : 0);
        log.warn(facts, "an update that cannot be read is left behind");
      } else log.debug(facts, "an update is ignored");
      continue;
    }
    const { arrival, album, tap } = reading;
    const parts = album === undefined ? undefined : albums.get(album);
    if (parts !== undefined) {
      parts.push(arrival);
      continue;
    }
    if (album !== undefined) {
      albums.set(album, [arrival]);
      starts.set(album, { first: id, index: taken.length });
    }
    taken.push({ arrival, isOurs: options.isOurs(arrival), ...(tap === undefined ? {} : { tap }) });
  }
  const held = findHeld(albums, starts, before);
  for (const [album, parts] of albums) {
    const index = starts.get(album)?.index ?? 0;
    taken[index] = { arrival: mergeAlbum(parts, album), isOurs: false };
  }
  // What stands behind a held album comes again.
  const end = held?.first ?? offset ?? 0;
  const counted = { unreadable: unreadable.filter((id) => id < end).length };
  if (held === undefined) return { taken, moves, offset, ...counted, looks: undefined };
  // All of them: those that came together stand still together.
  const looks = new Map(
    [...albums].map(([album, parts]) => [starts.get(album)?.first ?? 0, parts.length]),
  );
  return { taken: taken.slice(0, held.index), moves, offset: held.first, ...counted, looks };
}

/** POLL-2: the first album that may still grow. */
function findHeld(
  albums: ReadonlyMap<string, readonly Arrival[]>,
  starts: ReadonlyMap<string, { first: number; index: number }>,
  before: Looks | undefined,
): { first: number; index: number } | undefined {
  for (const [album, parts] of albums) {
    const start = starts.get(album);
    if (start === undefined || parts.length >= ALBUM_MAX) continue;
    if (before?.get(start.first) !== parts.length) return start;
  }
  return undefined;
}

/** The first picture's arrival with the files and words of all. Its id is the album's: however it was cut, it is kept once. */
function mergeAlbum(parts: readonly Arrival[], album: string): Arrival {
  const [first, ...others] = parts;
  if (first === undefined) throw new TypeError("an album has at least one part");
  const files = parts.flatMap((part) => part.files ?? []);
  const account = first.chat?.account ?? "";
  // What is answered stands with every picture; what is said stands with one, as a rule with the first.
  const seen = new Set(first.quotes.map(({ label, text }) => `${label}\n${text}`));
  const quotes = [...first.quotes];
  for (const quote of others.flatMap((part) => part.quotes)) {
    const key = `${quote.label}\n${quote.text}`;
    if (!seen.has(key)) quotes.push(quote);
    seen.add(key);
  }
  const [head = ""] = first.text.split("\n");
  return {
    ...first,
    text: parts.length === 1 ? first.text : `${head}\n(album of ${parts.length})`,
    quotes,
    ...(files.length === 0 ? {} : { files }),
    // A caption that names us may stand under any of them.
    ...(first.chat === undefined
      ? {}
      : {
          chat: {
            ...first.chat,
            isAddressed: parts.some((part) => part.chat?.isAddressed === true),
          },
        }),
    ack: parts.some((part) => part.ack === "reply") ? "reply" : first.ack,
    deliveryId: `${account}:album:${album}`,
  };
}
