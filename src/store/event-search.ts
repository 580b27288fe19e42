/**
 * Finding events by what stands in them.
 *
 * Owns: looking through the newest events, a little at a time: there is no index of their words. Never: changes anything.
 */
import { setImmediate } from "node:timers/promises";
import type { Database } from "./database.ts";
import { countFitting, type EventFilter, findEvent, type StoredEvent } from "./inbox.ts";

/** One search looks at so many events, and at so many bytes of them. */
export const SEARCH_MAX_EVENTS = 20_000;
const SEARCH_MAX_BYTES = 64 * 1024 ** 2;
/** After each of these others have their turn. */
const STEP_EVENTS = 500;
const STEP_BYTES = 2 * 1024 ** 2;

/** The newest `filter.limit` events that contain `text` (case of a-z aside), in order of acceptance. */
export async function searchEvents(
  db: Database,
  filter: Omit<EventFilter, "afterSeq">,
  text: string,
): Promise<StoredEvent[]> {
  const found: string[] = [];
  let { beforeSeq = Number.MAX_SAFE_INTEGER } = filter;
  let left = SEARCH_MAX_EVENTS;
  let leftBytes = SEARCH_MAX_BYTES;
  while (left > 0 && leftBytes > 0 && found.length < filter.limit) {
    const step = { ...filter, beforeSeq, limit: Math.min(left, STEP_EVENTS) };
    const count = countFitting(db, step, STEP_BYTES);
    const rows = lookAt(db, { ...step, limit: count }, text.toLowerCase());
    const last = rows.at(-1);
    if (last === undefined) break;
    found.push(...rows.filter(({ isHit }) => isHit === 1).map(({ id }) => id));
    left -= rows.length;
    leftBytes -= rows.reduce((sum, { bytes }) => sum + bytes, 0);
    beforeSeq = last.seq;
    await setImmediate();
  }
  return found
    .slice(0, filter.limit)
    .flatMap((id) => findEvent(db, id) ?? [])
    .toReversed();
}

/** The same, of an event in hand. */
export function containsText(event: StoredEvent, text: string): boolean {
  const { id, kind, channel, sender, entity = "", quotes } = event;
  return [
    id,
    kind,
    channel,
    sender.id,
    sender.name ?? "",
    entity,
    event.text,
    JSON.stringify(quotes),
  ]
    .join(" ")
    .toLowerCase()
    .includes(text.toLowerCase());
}

type Looked = { seq: number; id: string; bytes: number; isHit: number };

function lookAt(
  db: Database,
  { state, channel, beforeSeq = 0, limit }: EventFilter,
  needle: string,
): Looked[] {
  return db.all<Looked>(
    `SELECT seq, id, octet_length(text) + octet_length(quotes) AS bytes,
       instr(lower(id || ' ' || kind || ' ' || channel || ' ' || sender_id || ' ' || COALESCE(sender_name, '') || ' ' ||
         COALESCE(entity, '') || ' ' || text || ' ' || quotes), ?) > 0 AS isHit
     FROM events WHERE seq < ? AND state = COALESCE(?, state) AND channel = COALESCE(?, channel) ORDER BY seq DESC LIMIT ?`,
    needle,
    beforeSeq,
    state ?? null,
    channel ?? null,
    limit,
  );
}
