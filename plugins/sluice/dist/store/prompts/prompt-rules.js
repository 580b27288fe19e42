const OPTIONAL = [
    "path",
    "command",
    "session",
    "scope",
    "exact",
    "folder",
    "shown",
    "expiresAt",
];
const COLUMNS = "id, action, tool, path, command, session, scope, exact, folder, shown, expires_at AS expiresAt, created_at AS createdAt, created_by AS by";
/** Oldest first. One that has expired is not among them. */
export function listPromptRules(db, now) {
    return db
        .all(`SELECT ${COLUMNS} FROM prompt_rules WHERE expires_at IS NULL OR expires_at > ? ORDER BY id`, now)
        .map(toRule);
}
export function addPromptRule(db, rule) {
    const row = db.get(`INSERT INTO prompt_rules (action, tool, path, command, session, scope, exact, folder, shown, expires_at, created_at, created_by)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, rule.action, rule.tool, ...OPTIONAL.map((key) => rule[key] ?? null), rule.createdAt, rule.by);
    return { ...rule, id: row?.id ?? 0 };
}
/** Each call is held against all of them. */
export const MAX_RULES = 500;
export function countPromptRules(db) {
    return db.get("SELECT COUNT(*) AS count FROM prompt_rules")?.count ?? 0;
}
/** Forgets rules whose time is over. Returns how many. */
export function purgePromptRules(db, now) {
    return db.run("DELETE FROM prompt_rules WHERE expires_at <= ?", now);
}
/** The rule that was removed; undefined where there was none. */
export function removePromptRule(db, id) {
    const row = db.get(`DELETE FROM prompt_rules WHERE id = ? RETURNING ${COLUMNS}`, id);
    return row === undefined ? undefined : toRule(row);
}
function toRule(row) {
    // A column without a value is a field that is absent.
    return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}
