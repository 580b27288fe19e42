/**
 * Files that came with events: their names, where they can be fetched, and their paths once they are fetched.
 *
 * Owns: the table files, and `image_path` in an event's meta. Never: fetches or deletes a file. Changes run inside `database.write`.
 */
import type { IncomingFile } from "../../sdk/event.ts";
import type { Database } from "../file/database.ts";
import { ORIGINAL } from "./copied-state.ts";

export type FileRow = {
  event: string;
  channel: string;
  /** From 1. */
  position: number;
  reference: string;
  name: string;
  mime: string | null;
  bytes: number | null;
  /** Where it lies; null until it is fetched. */
  path: string | null;
};

const SELECT = `SELECT f.event, e.channel, f.position, f.reference, f.name, f.mime, f.bytes, f.path
  FROM files f JOIN events e ON e.id = f.event`;

export function addFiles(db: Database, event: string, files: readonly IncomingFile[]): void {
  for (const [index, { reference, name, mime, bytes }] of files.entries()) {
    db.run(
      "INSERT INTO files (event, position, reference, name, mime, bytes) VALUES (?, ?, ?, ?, ?, ?)",
      event,
      index + 1,
      reference,
      name,
      mime ?? null,
      bytes !== undefined && Number.isSafeInteger(bytes) ? bytes : null,
    );
  }
}

export function listFiles(db: Database, event: string): FileRow[] {
  return db.all<FileRow>(`${SELECT} WHERE f.event = ${ORIGINAL} ORDER BY f.position`, event, event);
}

export function saveFetched(
  db: Database,
  { event, position }: Pick<FileRow, "event" | "position">,
  fetched: { path: string; bytes: number },
  now: number,
): void {
  db.run(
    "UPDATE files SET path = ?, bytes = ?, fetched_at = ? WHERE event = ? AND position = ?",
    fetched.path,
    fetched.bytes,
    now,
    event,
    position,
  );
}

/** The one fact of an event that is known later than the event: where its first image lies. */
export function saveImagePath(db: Database, event: string, path: string): void {
  db.run(
    "UPDATE events SET meta = json_set(meta, '$.image_path', ?) WHERE id = ? OR copy_of = ?",
    path,
    event,
    event,
  );
  db.noteChange(event);
}

/** Forgets where files lie that are gone. */
export function forgetFetched(db: Database, event: string): void {
  db.run("UPDATE files SET path = NULL, fetched_at = NULL WHERE event = ?", event);
  db.run(
    "UPDATE events SET meta = json_remove(meta, '$.image_path') WHERE id = ? OR copy_of = ?",
    event,
    event,
  );
}
