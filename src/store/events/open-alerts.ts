/**
 * Open alerts, by entity: those whose latest event says that they fire.
 *
 * Owns: the table firing. Never: decides what fires (flow/text/merge.ts). Functions that change something run inside `database.write`.
 */
import type { Database } from "../file/database.ts";

export type Entity = { channel: string; entity: string };

/** Marks an alert as open, with `event` as its latest word: earlier events of it need not be kept. */
export function openAlert(db: Database, { channel, entity }: Entity, event: string): void {
  db.run(
    `INSERT INTO firing (channel, entity, event) VALUES (?, ?, ?)
     ON CONFLICT (channel, entity) DO UPDATE SET event = excluded.event`,
    channel,
    entity,
    event,
  );
}

export function closeAlert(db: Database, { channel, entity }: Entity): void {
  db.run("DELETE FROM firing WHERE channel = ? AND entity = ?", channel, entity);
}
