/**
 * Open alerts: those whose latest event says that they fire.
 *
 * Owns: the table firing. Never: decides what fires (flow/text/merge.ts). Functions that change something run inside `database.write`.
 */
import type { Database } from "../file/database.ts";

/** What an event is a state of (`Arrival.stateOf`), on its channel. */
export type Stateful = { channel: string; stateOf: string };

/** Marks an alert as open, with `event` as its latest word: earlier events of it need not be kept. */
export function openAlert(db: Database, { channel, stateOf }: Stateful, event: string): void {
  db.run(
    `INSERT INTO firing (channel, state_of, event) VALUES (?, ?, ?)
     ON CONFLICT (channel, state_of) DO UPDATE SET event = excluded.event`,
    channel,
    stateOf,
    event,
  );
}

export function closeAlert(db: Database, { channel, stateOf }: Stateful): void {
  db.run("DELETE FROM firing WHERE channel = ? AND state_of = ?", channel, stateOf);
}
