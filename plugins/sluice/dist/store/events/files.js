import { ORIGINAL } from "./copied-state.js";
const SELECT = `SELECT f.event, e.channel, f.position, f.reference, f.name, f.mime, f.bytes, f.path
  FROM files f JOIN events e ON e.id = f.event`;
export function addFiles(db, event, files) {
    for (const [index, { reference, name, mime, bytes }] of files.entries()) {
        db.run("INSERT INTO files (event, position, reference, name, mime, bytes) VALUES (?, ?, ?, ?, ?, ?)", event, index + 1, reference, name, mime ?? null, bytes !== undefined && Number.isSafeInteger(bytes) ? bytes : null);
    }
}
export function listFiles(db, event) {
    return db.all(`${SELECT} WHERE f.event = ${ORIGINAL} ORDER BY f.position`, event, event);
}
export function saveFetched(db, { event, position }, fetched, now) {
    db.run("UPDATE files SET path = ?, bytes = ?, fetched_at = ? WHERE event = ? AND position = ?", fetched.path, fetched.bytes, now, event, position);
}
/** The one fact of an event that is known later than the event: where its first image lies. */
export function saveImagePath(db, event, path) {
    db.run("UPDATE events SET meta = json_set(meta, '$.image_path', ?) WHERE id = ? OR copy_of = ?", path, event, event);
    db.noteChange(event);
}
/** Forgets where files lie that are gone. */
export function forgetFetched(db, event) {
    db.run("UPDATE files SET path = NULL, fetched_at = NULL WHERE event = ?", event);
    db.run("UPDATE events SET meta = json_remove(meta, '$.image_path') WHERE id = ? OR copy_of = ?", event, event);
}
