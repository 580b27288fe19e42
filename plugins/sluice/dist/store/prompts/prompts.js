const COLUMNS = `id, code, kind, attachment, session, session_name AS sessionName, cwd, tool, description, arguments, digest, exact,
  is_cut AS isCut, is_ordinary_edit AS isOrdinaryEdit, questions, risk, agent, handed_to AS handedTo, created_at AS createdAt, expires_at AS expiresAt, state, outcome, reason,
  (SELECT COUNT(*) FROM prompt_asks WHERE prompt = prompts.id AND way = 'hook' AND state <> 'over') AS count`;
export function addPrompt(db, { prompt, attachment }) {
    db.run(`INSERT INTO prompts (kind, cwd, description, arguments, digest, exact, is_cut, is_ordinary_edit, questions, risk, agent, id, code,
       attachment, session, session_name, tool, created_at, expires_at, state, outcome, reason, closed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, ...toFactValues(prompt), prompt.id, prompt.code, attachment, prompt.session, prompt.sessionName, prompt.tool, prompt.createdAt, prompt.expiresAt, prompt.state, prompt.outcome === undefined ? null : JSON.stringify(prompt.outcome), prompt.reason ?? null, prompt.state === "pending" ? null : prompt.createdAt);
}
/** What may become known better later, from `kind` to `agent`. */
function toFactValues(prompt) {
    return [
        prompt.kind,
        prompt.cwd,
        prompt.description ?? null,
        prompt.arguments,
        prompt.digest,
        prompt.exact,
        prompt.isCut ? 1 : 0,
        prompt.isOrdinaryEdit ? 1 : 0,
        JSON.stringify(prompt.questions),
        JSON.stringify(prompt.risk),
        prompt.agent ?? "",
    ];
}
export function findPrompt(db, id) {
    return toRow(db.get(`SELECT ${COLUMNS} FROM prompts WHERE id = ?`, id));
}
/** The one that waits under this code; else the latest that did, for who answers too late. */
export function findByCode(db, code) {
    return toRow(db.get(`SELECT ${COLUMNS} FROM prompts WHERE code = ? ORDER BY state = 'pending' DESC, seq DESC LIMIT 1`, code));
}
/** Newest first. */
export function listPrompts(db, filter = {}) {
    // As a word, not as a value: only so SQLite knows the index of those that wait.
    const conditions = filter.state === undefined ? [] : [`state = '${filter.state}'`];
    const values = [];
    for (const key of ["session", "attachment"]) {
        const value = filter[key];
        if (value === undefined)
            continue;
        conditions.push(`${key} = ?`);
        values.push(value);
    }
    if (filter.before !== undefined) {
        conditions.push("seq < (SELECT seq FROM prompts WHERE id = ?)");
        values.push(filter.before);
    }
    const where = conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
    // The few that wait are sorted; else all there ever were would be gone through for them.
    const order = filter.state === "pending" ? "+seq" : "seq";
    const limit = filter.limit ?? 1_000;
    return db
        .all(`SELECT ${COLUMNS} FROM prompts ${where} ORDER BY ${order} DESC LIMIT ?`, ...values, limit)
        .flatMap((row) => toRow(row) ?? []);
}
/** What is known better after the same call came in its other way. */
export function changeFacts(db, prompt) {
    db.run(`UPDATE prompts SET kind = ?, cwd = ?, description = ?, arguments = ?, digest = ?, exact = ?, is_cut = ?, is_ordinary_edit = ?, questions = ?, risk = ?, agent = ?
     WHERE id = ? AND state = 'pending'`, ...toFactValues(prompt), prompt.id);
}
/** It is another approver's now. False when it does not wait any more. */
export function handOver(db, id, to) {
    return (db.run("UPDATE prompts SET handed_to = ? WHERE id = ? AND state = 'pending'", to, id) === 1);
}
/** Ends a prompt that waits (PENDING-1). False when another end came first. */
export function closePrompt(db, id, { state, at, outcome, reason }) {
    return (db.run("UPDATE prompts SET state = ?, outcome = ?, reason = ?, closed_at = ? WHERE id = ? AND state = 'pending'", state, outcome === undefined ? null : JSON.stringify(outcome), reason ?? null, at, id) === 1);
}
export function addAsk(db, ask) {
    db.run("INSERT INTO prompt_asks (key, prompt, way, state, asked_at) VALUES (?, ?, ?, ?, ?)", ask.key, ask.prompt, ask.way, ask.state, ask.askedAt);
}
const ASK = "key, prompt, way, state, asked_at AS askedAt";
export function findAsk(db, key) {
    return db.get(`SELECT ${ASK} FROM prompt_asks WHERE key = ?`, key);
}
/** Oldest first. */
export function listAsks(db, prompt) {
    return db.all(`SELECT ${ASK} FROM prompt_asks WHERE prompt = ? ORDER BY asked_at, key`, prompt);
}
export function setAskState(db, key, state) {
    db.run("UPDATE prompt_asks SET state = ? WHERE key = ?", state, key);
}
/** Verdicts of an attachment whose relay has not taken them yet. */
export function listUnsent(db, attachment, since) {
    return db.all(`SELECT ${ASK} FROM prompt_asks WHERE way = 'relay' AND state = 'waiting' AND prompt IN
       (SELECT id FROM prompts WHERE attachment = ? AND state = 'answered' AND closed_at >= ?)`, attachment, since);
}
/** A later hold replaces an earlier one. */
export function addHold(db, hold) {
    db.run("INSERT OR REPLACE INTO prompt_holds (session, kind, until, by) VALUES (?, ?, ?, ?)", hold.session, hold.kind, hold.until, hold.by);
}
export function findHold(db, session, now) {
    return db.get("SELECT session, kind, until, by FROM prompt_holds WHERE session = ? AND until > ?", session, now);
}
/** Returns whether there was one. */
export function endHold(db, session, kind) {
    return db.run("DELETE FROM prompt_holds WHERE session = ? AND kind = ?", session, kind) === 1;
}
/** Forgets prompts that ended before `before` (epoch ms). Returns how many. */
export function purgePrompts(db, before, limit) {
    db.run("DELETE FROM prompt_holds WHERE until < ?", before);
    return db.run("DELETE FROM prompts WHERE seq IN (SELECT seq FROM prompts WHERE closed_at < ? LIMIT ?)", before, limit);
}
function toRow(row) {
    if (row === undefined)
        return undefined;
    const { attachment, isCut, isOrdinaryEdit, questions, risk, outcome, count, ...rest } = row;
    const present = Object.entries(rest).filter(([key, value]) => value !== null && !(key === "agent" && value === ""));
    const prompt = {
        ...Object.fromEntries(present),
        isCut: isCut === 1,
        isOrdinaryEdit: isOrdinaryEdit === 1,
        // Written by this file, from the same types.
        questions: JSON.parse(questions),
        risk: JSON.parse(risk),
        count: Math.max(1, count),
        ...(outcome !== null && { outcome: JSON.parse(outcome) }),
    };
    return { prompt, attachment };
}
