/**
 * Subscriptions: which events a session has asked for.
 *
 * Owns: the table subscriptions, and which of them an event was stored under. Never: matches or decides.
 * Functions that change something run inside `database.write`.
 */
import type { Arrival } from "../../sdk/event.ts";
import { listWaitingAddresses } from "./waiting.ts";
import type { Database } from "../file/database.ts";
import { COPIED, COPY, HELD, KNOWN } from "./copied-state.ts";
import type { CopyFor } from "./copies.ts";
import { parseTarget, toTargetText } from "./target.ts";

/** What ends a subscription by itself. */
export const UNTILS = ["merged", "closed", "done"] as const;
export type Until = (typeof UNTILS)[number];

/** What is asked for: a whole channel, one entity on it, or what a pattern covers. */
export type Selector = {
  channel: string;
  entity: string | null;
  pattern: string | null;
  until: Until | null;
  /** Its session has a delivery of its own, whoever else gets the event. */
  copy?: boolean | undefined;
};

/** Times are epoch ms. One that has ended takes nothing new; what it covered before stays its session's. */
export type Subscription = Selector & {
  id: number;
  session: string;
  createdAt: number;
  endedAt: number | null;
};

const COLUMNS =
  "id, session, channel, entity, pattern, until, copy, created_at AS createdAt, ended_at AS endedAt";

export function listSubscriptions(db: Database): Subscription[] {
  return db
    .all<Omit<Subscription, "copy"> & { copy: number }>(
      `SELECT ${COLUMNS} FROM subscriptions ORDER BY id`,
    )
    .map((row) => ({ ...row, copy: row.copy === 1 }));
}

export function addSubscription(
  db: Database,
  session: string,
  { channel, entity, pattern, until, copy = false }: Selector,
  now: number,
): void {
  db.run(
    "INSERT INTO subscriptions (session, channel, entity, pattern, until, copy, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
    session,
    channel,
    entity,
    pattern,
    until,
    copy ? 1 : 0,
    now,
  );
}

export function setCopy(db: Database, id: number, copy: boolean): void {
  db.run("UPDATE subscriptions SET copy = ? WHERE id = ?", copy ? 1 : 0, id);
}

export function endSubscription(db: Database, id: number, now: number): void {
  db.run("UPDATE subscriptions SET ended_at = ? WHERE id = ? AND ended_at IS NULL", now, id);
}

/** A copy that nobody shares any more is its session's: nobody else asked for it. */
export function removeSubscription(db: Database, { id, session }: Subscription): void {
  db.run("DELETE FROM subscriptions WHERE id = ?", id);
  const target = toTargetText({ session, name: session });
  for (const { copy } of LISTS_SHARED.flatMap((list) => db.all<{ copy: string }>(list, String(id))))
    assignEvent(db, copy, { target, watchers: COPY });
}

/** Open copies that were shared by a subscription, and by none that is left. Of what waits, and of all others: each by its index. */
const LISTS_SHARED = ["c.state = 'stored'", "c.state IN ('offered', 'seen')"].map(
  (which) => `SELECT c.id AS copy FROM events c
    WHERE c.copy_of IS NOT NULL AND ${which} AND c.target IS NULL AND ',' || c.watchers || ',' LIKE '%,' || ? || ',%'
      AND NOT EXISTS (SELECT 1 FROM subscriptions s WHERE ',' || c.watchers || ',' LIKE '%,' || s.id || ',%')`,
);

/** What waited for one session, or is asked for by it, is another's: a conversation took its place. */
export function moveSubscriptions(db: Database, from: string, to: string): void {
  db.run("UPDATE subscriptions SET session = ? WHERE session = ?", to, from);
  // By their few addresses: a million events may wait for others.
  for (const address of listWaitingAddresses(db)) {
    const [text] = JSON.parse(address) as (string | null)[];
    const target = text == null ? undefined : parseTarget(text);
    if (target?.session !== from) continue;
    const name = target.name === from ? to : target.name;
    const one = db.get<{ id: string }>(
      "SELECT id FROM events WHERE state = 'stored' AND address = ? LIMIT 1",
      address,
    );
    db.run(
      "UPDATE events SET target = ? WHERE state = 'stored' AND address = ?",
      toTargetText({ session: to, name }),
      address,
    );
    // All of them are at one address again.
    if (one !== undefined) db.noteChange(one.id);
  }
}

/** Removes those of sessions that nobody has seen since `before` (epoch ms), but for `open` ones. Returns how many. */
export function purgeSubscriptions(db: Database, before: number, open: readonly string[]): number {
  return db.run(
    `DELETE FROM subscriptions WHERE session NOT IN (SELECT value FROM json_each(?))
       AND MAX(created_at, COALESCE((SELECT last_active_at FROM sessions s WHERE s.id = session), 0)) < ?`,
    JSON.stringify(open),
    before,
  );
}

/** Who an event is for, as it stands in its row: whom its sender named, and what covered it. */
export type Assignment = {
  target?: string | undefined;
  /** Ids of subscriptions and, with an `r` before them, of rules; between commas. */
  watchers: string;
  /** It goes out in copies: who gets each. */
  copies?: readonly CopyFor[] | undefined;
};

/** Notes anew who an event is for; without a target that stays. */
export function assignEvent(db: Database, id: string, { target, watchers }: Assignment): void {
  db.run(
    "UPDATE events SET target = COALESCE(?, target), watchers = ? WHERE id = ?",
    target ?? null,
    watchers === "" ? null : watchers,
    id,
  );
  db.noteChange(id);
}

/** What matching must know of an event that waits. */
export type Waiting = Pick<Arrival, "channel" | "kind" | "entity" | "repository" | "meta"> & {
  id: string;
  watchers: string;
};

/**
 * The newest events that wait, on one channel or on all; but for what goes out in copies, which was shared out when it came, and what
 * will be once its text is known.
 */
export function listNewestWaiting(
  db: Database,
  channel: string | undefined,
  limit: number,
): Waiting[] {
  const rows = db.all<{
    id: string;
    channel: string;
    kind: string;
    entity: string | null;
    repository: string | null;
    meta: string;
    watchers: string | null;
  }>(
    `SELECT id, channel, kind, entity, repository, CASE WHEN json_valid(meta) THEN meta ELSE '{}' END AS meta, watchers
     FROM events WHERE state = 'stored' AND copy_of IS NULL AND watchers IS NOT '${COPIED}'
       AND watchers IS NOT '${HELD}' AND watchers IS NOT '${HELD},${KNOWN}' ${channel === undefined ? "ORDER BY seq" : "AND channel = ? ORDER BY stored_at"} DESC LIMIT ?`,
    ...(channel === undefined ? [] : [channel]),
    limit,
  );
  return rows.map(({ entity, repository, meta, watchers, ...row }) => ({
    ...row,
    ...(entity === null ? {} : { entity }),
    ...(repository === null ? {} : { repository }),
    // Written by addEvent from the SDK's types.
    meta: JSON.parse(meta) as Arrival["meta"],
    watchers: watchers ?? "",
  }));
}
