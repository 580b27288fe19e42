/**
 * What waits, in outline: enough to decide when a session is woken and which events go together.
 *
 * Owns: those reads. Never: a whole text, which may be large; decides. Nothing here changes anything.
 */
import type { AckPolicy, Priority } from "../sdk/event.ts";
import type { Database } from "./database.ts";
import type { Claim } from "./inbox.ts";

/** One waiting event without its text. Times are epoch ms. */
export type WaitingEvent = {
  seq: number;
  id: string;
  channel: string;
  kind: string;
  priority: Priority;
  ack: AckPolicy;
  entity: string | null;
  chatId: string | null;
  /** What its channel calls the state of things: `firing`, `resolved`, `success`. */
  status: string | null;
  occurredAt: number | null;
  /** All that routing knows of it, as one text. */
  address: string;
  attempts: number;
  /** Attempts before its last replay. */
  attemptsBefore: number;
};

/** How pressing it is: what waits longest of each sort, epoch ms of its acceptance. Undefined: none waits. */
export type Due = {
  urgentSince: number | undefined;
  /** A person waits for an answer. */
  owedSince: number | undefined;
  normalSince: number | undefined;
  lowSince: number | undefined;
};

const COLUMNS = `seq, id, channel, kind, priority, ack, entity, chat_id AS chatId, occurred_at AS occurredAt, address, attempts,
  attempts_before AS attemptsBefore,
  CASE WHEN json_valid(meta) THEN COALESCE(json_extract(meta, '$.status'), json_extract(meta, '$.conclusion')) END AS status`;
const BY_RANK = `CASE priority WHEN 'urgent' THEN 0 WHEN 'normal' THEN 1 ELSE 2 END, seq`;

/** Waiting events that a claim covers, urgent first, low last, each in order of acceptance. */
export function listWaiting(db: Database, claim: Claim, limit: number): WaitingEvent[] {
  const addresses = JSON.stringify(claim.addresses);
  // Each part is bounded before they are sorted: a million waiting events must not be sorted for one note.
  const part = (priority: Priority): string =>
    `SELECT ${COLUMNS} FROM events WHERE seq IN (
       SELECT w.seq FROM json_each(?) a CROSS JOIN events w WHERE w.seq IN (
         SELECT x.seq FROM events x WHERE x.state = 'stored' AND x.address = a.value AND x.priority = '${priority}' ORDER BY x.seq LIMIT ?
       ) ORDER BY w.seq LIMIT ?)`;
  return db.all<WaitingEvent>(
    `SELECT * FROM (${part("urgent")} UNION ALL ${part("normal")} UNION ALL ${part("low")}) ORDER BY ${BY_RANK} LIMIT ?`,
    addresses,
    limit,
    limit,
    addresses,
    limit,
    limit,
    addresses,
    limit,
    limit,
    limit,
  );
}

/** What waits of one entity, oldest first. */
export function listWaitingOf(
  db: Database,
  claim: Claim,
  { channel, entity }: { channel: string; entity: string },
  limit: number,
): WaitingEvent[] {
  // The plus: found by the entity, of which there are few, not by the address.
  return db.all<WaitingEvent>(
    `SELECT ${COLUMNS} FROM events WHERE state = 'stored' AND channel = ? AND entity = ?
       AND +address IN (SELECT value FROM json_each(?)) ORDER BY seq LIMIT ?`,
    channel,
    entity,
    JSON.stringify(claim.addresses),
    limit,
  );
}

export function readDue(db: Database, claim: Claim): Due {
  const oldest = (which: string): string =>
    `MIN((SELECT stored_at FROM events x WHERE x.state = 'stored' AND x.address = a.value AND ${which} ORDER BY x.seq LIMIT 1))`;
  const row = db.get<Record<keyof Due, number | null>>(
    `SELECT ${oldest("x.priority = 'urgent'")} AS urgentSince, ${oldest("x.ack = 'reply' AND x.priority <> 'low'")} AS owedSince,
       ${oldest("x.priority = 'normal'")} AS normalSince, ${oldest("x.priority = 'low'")} AS lowSince
     FROM json_each(?) a`,
    JSON.stringify(claim.addresses),
  );
  return {
    urgentSince: row?.urgentSince ?? undefined,
    owedSince: row?.owedSince ?? undefined,
    normalSince: row?.normalSince ?? undefined,
    lowSince: row?.lowSince ?? undefined,
  };
}

/** The first words of an event: of what its channel composed, and of what a third party wrote. */
export type Headline = { text: string; label: string | null; quote: string | null };

const HEADLINE = (event: string): string => `substr(${event}.text, 1, 300) AS text,
  CASE WHEN json_valid(${event}.quotes) THEN json_extract(${event}.quotes, '$[0].label') END AS label,
  CASE WHEN json_valid(${event}.quotes) THEN substr(json_extract(${event}.quotes, '$[0].text'), 1, 300) END AS quote`;

export function readHeadline(db: Database, id: string): Headline | undefined {
  return db.get<Headline>(`SELECT ${HEADLINE("e")} FROM events e WHERE e.id = ?`, id);
}

export type MergedEvent = Headline & { id: string; kind: string; receivedAt: number };

/** The events for which this one stood in what a session was given, oldest first. */
export function listMerged(db: Database, id: string, session: string): MergedEvent[] {
  return db.all<MergedEvent>(
    `SELECT e.id, e.kind, e.received_at AS receivedAt, ${HEADLINE("e")} FROM events e
     WHERE e.id IN (SELECT event FROM deliveries WHERE merged_into = ? AND session = ?) ORDER BY e.seq`,
    id,
    session,
  );
}
