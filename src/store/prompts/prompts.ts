/**
 * Prompts on disk, the calls that wait for them, and sessions in which everything is denied.
 *
 * Owns: the tables prompts, prompt_asks, prompt_holds. Never: decides who may answer, or what an answer means.
 * Functions that change something run inside `database.write`.
 *
 * PENDING-1 A prompt leaves `pending` once: `closePrompt` is the one place, and compares the stored state.
 */
import type { Prompt, PromptOutcome, PromptState } from "../../sdk/prompt.ts";
import type { Database } from "../file/database.ts";

/** A prompt with the attachment that asks. */
export type PromptRow = { prompt: Prompt; attachment: string };

/** `waiting` for a verdict; `left` its answer is on its way; `over` without one. */
export type AskState = "waiting" | "left" | "over";
export type AskRow = {
  key: string;
  prompt: string;
  way: "hook" | "relay";
  state: AskState;
  askedAt: number;
};

export type Hold = { session: string; kind: "deny" | "stop"; until: number; by: string };

type Stored = Omit<
  Prompt,
  "isCut" | "isOrdinaryEdit" | "questions" | "risk" | "outcome" | "count"
> & {
  attachment: string;
  isCut: number;
  isOrdinaryEdit: number;
  questions: string;
  risk: string;
  outcome: string | null;
  count: number;
};

const COLUMNS = `id, code, kind, attachment, session, session_name AS sessionName, cwd, tool, description, arguments, digest, exact,
  is_cut AS isCut, is_ordinary_edit AS isOrdinaryEdit, questions, risk, agent, handed_to AS handedTo, created_at AS createdAt, expires_at AS expiresAt, state, outcome, reason,
  (SELECT COUNT(*) FROM prompt_asks WHERE prompt = prompts.id AND way = 'hook' AND state <> 'over') AS count`;

export function addPrompt(db: Database, { prompt, attachment }: PromptRow): void {
  db.run(
    `INSERT INTO prompts (kind, cwd, description, arguments, digest, exact, is_cut, is_ordinary_edit, questions, risk, agent, id, code,
       attachment, session, session_name, tool, created_at, expires_at, state, outcome, reason, closed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...toFactValues(prompt),
    prompt.id,
    prompt.code,
    attachment,
    prompt.session,
    prompt.sessionName,
    prompt.tool,
    prompt.createdAt,
    prompt.expiresAt,
    prompt.state,
    prompt.outcome === undefined ? null : JSON.stringify(prompt.outcome),
    prompt.reason ?? null,
    prompt.state === "pending" ? null : prompt.createdAt,
  );
}

/** What may become known better later, from `kind` to `agent`. */
function toFactValues(prompt: Prompt) {
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
  ] as const;
}

export function findPrompt(db: Database, id: string): PromptRow | undefined {
  return toRow(db.get<Stored>(`SELECT ${COLUMNS} FROM prompts WHERE id = ?`, id));
}

/** The one that waits under this code; else the latest that did, for who answers too late. */
export function findByCode(db: Database, code: string): PromptRow | undefined {
  return toRow(
    db.get<Stored>(
      `SELECT ${COLUMNS} FROM prompts WHERE code = ? ORDER BY state = 'pending' DESC, seq DESC LIMIT 1`,
      code,
    ),
  );
}

export type PromptFilter = {
  state?: PromptState | undefined;
  session?: string | undefined;
  attachment?: string | undefined;
  /** Only those that were asked before this one. */
  before?: string | undefined;
  limit?: number | undefined;
};

/** Newest first. */
export function listPrompts(db: Database, filter: PromptFilter = {}): PromptRow[] {
  // As a word, not as a value: only so SQLite knows the index of those that wait.
  const conditions = filter.state === undefined ? [] : [`state = '${filter.state}'`];
  const values: string[] = [];
  for (const key of ["session", "attachment"] as const) {
    const value = filter[key];
    if (value === undefined) continue;
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
    .all<Stored>(
      `SELECT ${COLUMNS} FROM prompts ${where} ORDER BY ${order} DESC LIMIT ?`,
      ...values,
      limit,
    )
    .flatMap((row) => toRow(row) ?? []);
}

/** What is known better after the same call came in its other way. */
export function changeFacts(db: Database, prompt: Prompt): void {
  db.run(
    `UPDATE prompts SET kind = ?, cwd = ?, description = ?, arguments = ?, digest = ?, exact = ?, is_cut = ?, is_ordinary_edit = ?, questions = ?, risk = ?, agent = ?
     WHERE id = ? AND state = 'pending'`,
    ...toFactValues(prompt),
    prompt.id,
  );
}

/** It is another approver's now. False when it does not wait any more. */
export function handOver(db: Database, id: string, to: string): boolean {
  return (
    db.run("UPDATE prompts SET handed_to = ? WHERE id = ? AND state = 'pending'", to, id) === 1
  );
}

export type PromptEnding = {
  state: Exclude<PromptState, "pending">;
  at: number;
  outcome?: PromptOutcome;
  reason?: string;
};

/** Ends a prompt that waits (PENDING-1). False when another end came first. */
export function closePrompt(
  db: Database,
  id: string,
  { state, at, outcome, reason }: PromptEnding,
): boolean {
  return (
    db.run(
      "UPDATE prompts SET state = ?, outcome = ?, reason = ?, closed_at = ? WHERE id = ? AND state = 'pending'",
      state,
      outcome === undefined ? null : JSON.stringify(outcome),
      reason ?? null,
      at,
      id,
    ) === 1
  );
}

export function addAsk(db: Database, ask: AskRow): void {
  db.run(
    "INSERT INTO prompt_asks (key, prompt, way, state, asked_at) VALUES (?, ?, ?, ?, ?)",
    ask.key,
    ask.prompt,
    ask.way,
    ask.state,
    ask.askedAt,
  );
}

const ASK = "key, prompt, way, state, asked_at AS askedAt";

export function findAsk(db: Database, key: string): AskRow | undefined {
  return db.get<AskRow>(`SELECT ${ASK} FROM prompt_asks WHERE key = ?`, key);
}

/** Oldest first. */
export function listAsks(db: Database, prompt: string): AskRow[] {
  return db.all<AskRow>(
    `SELECT ${ASK} FROM prompt_asks WHERE prompt = ? ORDER BY asked_at, key`,
    prompt,
  );
}

export function setAskState(db: Database, key: string, state: AskState): void {
  db.run("UPDATE prompt_asks SET state = ? WHERE key = ?", state, key);
}

/** Verdicts of an attachment whose relay has not taken them yet. */
export function listUnsent(db: Database, attachment: string, since: number): AskRow[] {
  return db.all<AskRow>(
    `SELECT ${ASK} FROM prompt_asks WHERE way = 'relay' AND state = 'waiting' AND prompt IN
       (SELECT id FROM prompts WHERE attachment = ? AND state = 'answered' AND closed_at >= ?)`,
    attachment,
    since,
  );
}

/** A later hold replaces an earlier one. */
export function addHold(db: Database, hold: Hold): void {
  db.run(
    "INSERT OR REPLACE INTO prompt_holds (session, kind, until, by) VALUES (?, ?, ?, ?)",
    hold.session,
    hold.kind,
    hold.until,
    hold.by,
  );
}

export function findHold(db: Database, session: string, now: number): Hold | undefined {
  return db.get<Hold>(
    "SELECT session, kind, until, by FROM prompt_holds WHERE session = ? AND until > ?",
    session,
    now,
  );
}

/** Returns whether there was one. */
export function endHold(db: Database, session: string, kind: Hold["kind"]): boolean {
  return db.run("DELETE FROM prompt_holds WHERE session = ? AND kind = ?", session, kind) === 1;
}

/** Forgets prompts that ended before `before` (epoch ms). Returns how many. */
export function purgePrompts(db: Database, before: number, limit: number): number {
  db.run("DELETE FROM prompt_holds WHERE until < ?", before);
  return db.run(
    "DELETE FROM prompts WHERE seq IN (SELECT seq FROM prompts WHERE closed_at < ? LIMIT ?)",
    before,
    limit,
  );
}

function toRow(row: Stored | undefined): PromptRow | undefined {
  if (row === undefined) return undefined;
  const { attachment, isCut, isOrdinaryEdit, questions, risk, outcome, count, ...rest } = row;
  const present = Object.entries(rest).filter(
    ([key, value]) => value !== null && !(key === "agent" && value === ""),
  );
  const prompt = {
    ...Object.fromEntries(present),
    isCut: isCut === 1,
    isOrdinaryEdit: isOrdinaryEdit === 1,
    // Written by this file, from the same types.
    questions: JSON.parse(questions) as Prompt["questions"],
    risk: JSON.parse(risk) as Prompt["risk"],
    count: Math.max(1, count),
    ...(outcome !== null && { outcome: JSON.parse(outcome) as PromptOutcome }),
  } as Prompt;
  return { prompt, attachment };
}
