/**
 * MCP clients that take events, what each may have, and how far each has taken it.
 *
 * Owns: the tables event_clients and event_takes. Never: holds or makes a token, only its hash. Changes run inside `database.write`.
 */
import type { StoredEvent } from "../events/inbox.ts";
import type { Database } from "../file/database.ts";
import { type FeedScope, isInScope, readPosition } from "./event-feed.ts";

export type EventClient = {
  name: string;
  /** Names of channels, or `*` for every one. */
  channels: readonly string[];
  /** Also events that came without a proof. */
  unverified: boolean;
  /** It may have events posted to this machine, by plain HTTP. */
  loopback: boolean;
  /** Epoch ms. */
  createdAt: number;
};

type ClientRow = {
  name: string;
  channels: string;
  unverified: number;
  loopback: number;
  createdAt: number;
};

const COLUMNS = "name, channels, unverified, loopback, created_at AS createdAt";

/** How many subscriptions of one client are remembered: a client may make up arguments without end. */
const MAX_TAKES = 200;

/** False where the name is taken. */
export function addEventClient(db: Database, client: EventClient, token: string): boolean {
  const { name, channels, unverified, loopback, createdAt } = client;
  return (
    db.run(
      "INSERT OR IGNORE INTO event_clients (name, token, channels, unverified, loopback, created_at) VALUES (?, ?, ?, ?, ?, ?)",
      name,
      token,
      JSON.stringify(channels),
      unverified ? 1 : 0,
      loopback ? 1 : 0,
      createdAt,
    ) === 1
  );
}

/** False where there is none. */
export function changeToken(db: Database, name: string, token: string): boolean {
  return db.run("UPDATE event_clients SET token = ? WHERE name = ?", token, name) === 1;
}

/** No client may read this channel any more: another one of its name is another one. */
export function withdrawChannel(db: Database, channel: string): void {
  db.run(
    `UPDATE event_clients SET channels = (SELECT json_group_array(value) FROM json_each(event_clients.channels) WHERE value <> ?)
     WHERE EXISTS (SELECT 1 FROM json_each(event_clients.channels) WHERE value = ?)`,
    channel,
    channel,
  );
}

/** With all that it subscribed to. False where there is none. */
export function removeEventClient(db: Database, name: string): boolean {
  return db.run("DELETE FROM event_clients WHERE name = ?", name) === 1;
}

export function findEventClient(db: Database, name: string): EventClient | undefined {
  const row = db.get<ClientRow>(`SELECT ${COLUMNS} FROM event_clients WHERE name = ?`, name);
  return row && toClient(row);
}

/** By the hash of its token. */
export function findClientByToken(db: Database, token: string): EventClient | undefined {
  const row = db.get<ClientRow>(`SELECT ${COLUMNS} FROM event_clients WHERE token = ?`, token);
  return row && toClient(row);
}

export function listEventClients(db: Database): EventClient[] {
  return db.all<ClientRow>(`SELECT ${COLUMNS} FROM event_clients ORDER BY name`).map(toClient);
}

export function hasEventClients(db: Database): boolean {
  return db.get("SELECT 1 FROM event_clients LIMIT 1") !== undefined;
}

/** A subscription by what a client names it; `args` is JSON with its keys in order. */
export type TakenBy = { client: string; name: string; args: string };
export type EventTake = TakenBy & {
  /** It began behind this position. */
  since: number;
  position: number;
  takenAt: number;
};

/**
 * The client's program has come to `position`. `begins`: it began there, or began anew: what lies before was not given to it, or is not
 * known. Where it goes back, it has what it had.
 */
export function saveTake(
  db: Database,
  { client, name, args }: TakenBy,
  { position, begins, scope }: { position: number; begins: boolean; scope: FeedScope },
  now: number,
): void {
  const known = db.get<Pick<EventTake, "since" | "position">>(
    "SELECT since, position FROM event_takes WHERE client = ? AND name = ? AND arguments = ?",
    client,
    name,
    args,
  );
  if (known !== undefined && (begins ? known.position === position : known.position >= position))
    return;
  const since = begins || known === undefined ? position : known.since;
  db.run(
    "INSERT OR REPLACE INTO event_takes (client, name, arguments, scope, since, position, taken_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
    client,
    name,
    args,
    JSON.stringify(scope),
    since,
    position,
    now,
  );
  if (known !== undefined) return;
  db.run(
    `DELETE FROM event_takes WHERE client = ? AND (name, arguments) NOT IN (
       SELECT name, arguments FROM event_takes WHERE client = ? ORDER BY taken_at DESC LIMIT ?)`,
    client,
    client,
    MAX_TAKES,
  );
}

export function listTakes(db: Database): EventTake[] {
  return db.all<EventTake>(
    "SELECT client, name, arguments AS args, since, position, taken_at AS takenAt FROM event_takes ORDER BY client, name, arguments",
  );
}

/** A client whose program has an event. */
export type EventTaker = {
  client: string;
  /** The subscription. */
  name: string;
  /** Epoch ms at which it last showed how far it has come: this event is at or before that. */
  at: number;
};

/** Whose program has this event. That a model has read it nobody knows. */
export function listTakers(db: Database, event: StoredEvent): EventTaker[] {
  const position = readPosition(db, event);
  return db
    .all<EventTaker & { scope: string }>(
      `SELECT client, name, taken_at AS at, scope FROM event_takes WHERE since < ? AND position >= ?
       UNION ALL SELECT client, name, last_at AS at, scope FROM event_callbacks WHERE since < ? AND position >= ? AND last_at IS NOT NULL
       ORDER BY 1, 2`,
      position,
      position,
      position,
      position,
    )
    .filter(({ scope }) => isInScope(JSON.parse(scope) as FeedScope, event))
    .map(({ client, name, at }) => ({ client, name, at }));
}

function toClient({ channels, unverified, loopback, ...row }: ClientRow): EventClient {
  return {
    ...row,
    // Written by addEventClient.
    channels: JSON.parse(channels) as string[],
    unverified: unverified === 1,
    loopback: loopback === 1,
  };
}
