/**
 * Lists of events, from the pages that the hub gives.
 *
 * Owns: asking for pages until there are enough events, or no more. Never: shows them.
 */
import { type HubClient, read } from "./client.ts";
import type { EventView } from "../wire/wire.ts";

export type EventQuery = { state?: EventView["state"]; channel?: string };

/** The newest events, at most `limit`, oldest first; `from` (epoch ms) leaves out what was received before. */
export async function readRecent(
  api: HubClient["api"],
  { query, limit, from = 0 }: { query: EventQuery; limit: number; from?: number },
): Promise<EventView[]> {
  let events: EventView[] = [];
  while (events.length < limit) {
    const [first] = events;
    const before = first === undefined ? {} : { before: first.id };
    const left = String(limit - events.length);
    // The hub checks the state; here it is what a user may have typed.
    const json = { ...query, limit: left, ...before } as { limit: string };
    const page = await read(api.events.$get({ query: json }));
    const wanted = page.filter((event) => event.receivedAt >= from);
    events = [...wanted, ...events];
    if (wanted.length < page.length || page.length === 0) break;
  }
  return events;
}
