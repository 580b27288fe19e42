/**
 * Alerts that fire, by entity.
 *
 * Owns: the table firing. Never: decides what fires (flow/text/merge.ts). Functions that change something run inside `database.write`.
 */
import type { Database } from "../file/database.ts";

export type Entity = { channel: string; entity: string };

/** The latest word on an entity is that it fires: an earlier one that said so need not be kept for it. */
export function setFiring(db: Database, { channel, entity }: Entity, event: string): void {
  db.run(
    `INSERT INTO firing (channel, entity, event) VALUES (?, ?, ?)
     ON CONFLICT (channel, entity) DO UPDATE SET event = excluded.event`,
    channel,
    entity,
    event,
  );
}

export function endFiring(db: Database, { channel, entity }: Entity): void {
  db.run("DELETE FROM firing WHERE channel = ? AND entity = ?", channel, entity);
}
