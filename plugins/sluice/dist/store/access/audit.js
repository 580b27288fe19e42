/**
 * The audit: every change of access, each row bound to the one before by its hash.
 *
 * Owns: the table audit. Never: changes or removes a row; the file itself refuses that.
 *
 * AUDIT-1 A row's hash covers all of the row and the hash before it: a row that is changed, removed or put in between is noticed.
 * AUDIT-2 A row with the action `restore` begins a new chain: damage before it is reported, and no longer stops anything.
 */
import { createHash } from "node:crypto";
const RESTORE = "restore";
const FIRST = "";
/** Adds a row to the chain (AUDIT-1). Only inside `database.write`. */
export function appendAudit(db, entry, rules) {
    const last = db.get("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1");
    const row = { ...entry, seq: (last?.seq ?? 0) + 1, rules, previous: last?.hash ?? FIRST };
    db.run("INSERT INTO audit (seq, at, actor, action, detail, rules, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row.seq, row.at, row.actor, row.action, row.detail, row.rules, row.previous, toHash(row));
}
/** Goes over the whole chain. */
export function checkAudit(db) {
    const rows = db.all("SELECT seq, at, actor, action, detail, rules, previous, hash FROM audit ORDER BY seq");
    let damage;
    let healed;
    let previous = FIRST;
    for (const [index, row] of rows.entries()) {
        if (row.action === RESTORE && row.hash === toHash(row)) {
            healed = damage ?? healed;
            damage = undefined;
        }
        else if (row.seq !== index + 1) {
            damage ??= `the audit has a gap before row ${row.seq}`;
        }
        else if (row.previous !== previous || row.hash !== toHash(row)) {
            damage ??= `row ${row.seq} of the audit was changed`;
        }
        previous = row.hash;
    }
    return { rows: rows.length, rules: rows.at(-1)?.rules, damage, healed };
}
/** Newest first. */
export function listAudit(db, limit) {
    return db.all("SELECT seq, at, actor, action, detail, hash FROM audit ORDER BY seq DESC LIMIT ?", limit);
}
function toHash(row) {
    const { seq, at, actor, action, detail, rules, previous } = row;
    return createHash("sha256")
        .update(JSON.stringify([seq, at, actor, action, detail, rules, previous]))
        .digest("hex");
}
