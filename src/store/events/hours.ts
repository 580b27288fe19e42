/**
 * The numbers of events and wakes in each of the last hours.
 *
 * Owns: counting by the hour, with hours that are over kept in memory: they do not change. Never: changes anything.
 */
import { newUlid } from "../../sdk/id.ts";
import type { Database } from "../file/database.ts";

/** `from` is the beginning of the hour, epoch ms. `events` were accepted in it, `wakes` are turns that sessions were woken for. */
export type Hour = { from: number; events: number; wakes: number };

const HOUR_MS = 3_600_000;

export class Hours {
  readonly #db: Database;
  readonly #over = new Map<number, Hour>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** The last `count` hours up to `now`, oldest first; the last one is not over yet. */
  read(now: number, count: number): Hour[] {
    const current = Math.floor(now / HOUR_MS) * HOUR_MS;
    const first = current - (count - 1) * HOUR_MS;
    for (const from of this.#over.keys()) if (from < first) this.#over.delete(from);
    return Array.from({ length: count }, (_, index) => {
      const from = first + index * HOUR_MS;
      const known = this.#over.get(from);
      if (known !== undefined && from < current) return known;
      const hour = this.#count(from);
      if (from < current) this.#over.set(from, hour);
      return hour;
    });
  }

  #count(from: number): Hour {
    const until = from + HOUR_MS;
    // An event's id begins with the time of its acceptance: the index of ids is one of times.
    const events = this.#db.get<{ count: number }>(
      `SELECT (SELECT COUNT(*) FROM events WHERE id >= ? AND id < ?)
         - (SELECT COUNT(*) FROM events WHERE copy_of IS NOT NULL AND copy_of >= ? AND copy_of < ?) AS count`,
      ...[from, until, from, until].map(toFirstId),
    );
    const wakes = this.#db.get<{ count: number }>(
      "SELECT COUNT(*) AS count FROM wakes WHERE at >= ? AND at < ?",
      from,
      until,
    );
    return { from, events: events?.count ?? 0, wakes: wakes?.count ?? 0 };
  }
}

function toFirstId(at: number): string {
  return `evt_${newUlid(at).slice(0, 10)}`;
}
