/**
 * The owner's standing answers to prompts.
 *
 * Owns: the table prompt_rules. Never: decides which rule fits a call (flow/prompt/rules/rules.ts), or who may write one
 * (api/routes/rule-routes.ts).
 * Functions that change something run inside `database.write`.
 */
import type { Database } from "../file/database.ts";

export type RuleAction = "allow" | "ask" | "deny";

export type PromptRule = {
  id: number;
  action: RuleAction;
  /** The client's name of the tool, or a glob of it. */
  tool: string;
  /** Glob; absolute, under `~`, or relative to the session's folder. */
  path?: string;
  /** Glob over a whole command. */
  command?: string;
  /** Name or id of a session, or a glob of its folder. */
  session?: string;
  /** `exact`: for the one call of this digest in `folder`. `edits`: for ordinary edits below `folder`. Absent: the patterns speak. */
  scope?: "exact" | "edits";
  exact?: string;
  folder?: string;
  /** The call as its person read it. Masked. */
  shown?: string;
  /** Epoch ms. */
  expiresAt?: number;
  createdAt: number;
  by: string;
};

const OPTIONAL = [
  "path",
  "command",
  "session",
  "scope",
  "exact",
  "folder",
  "shown",
  "expiresAt",
] as const;
type Optional = (typeof OPTIONAL)[number];
type Row = Omit<PromptRule, Optional> & { [Key in Optional]: PromptRule[Key] | null };

const COLUMNS =
  "id, action, tool, path, command, session, scope, exact, folder, shown, expires_at AS expiresAt, created_at AS createdAt, created_by AS by";

/** Oldest first. One that has expired is not among them. */
export function listPromptRules(db: Database, now: number): PromptRule[] {
  return db
    .all<Row>(
      `SELECT ${COLUMNS} FROM prompt_rules WHERE expires_at IS NULL OR expires_at > ? ORDER BY id`,
      now,
    )
    .map(toRule);
}

export function addPromptRule(db: Database, rule: Omit<PromptRule, "id">): PromptRule {
  const row = db.get<{ id: number }>(
    `INSERT INTO prompt_rules (action, tool, path, command, session, scope, exact, folder, shown, expires_at, created_at, created_by)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
    rule.action,
    rule.tool,
    ...OPTIONAL.map((key) => rule[key] ?? null),
    rule.createdAt,
    rule.by,
  );
  return { ...rule, id: row?.id ?? 0 };
}

/** Each call is held against all of them. */
export const MAX_RULES = 500;

export function countPromptRules(db: Database): number {
  return db.get<{ count: number }>("SELECT COUNT(*) AS count FROM prompt_rules")?.count ?? 0;
}

/** Forgets rules whose time is over. Returns how many. */
export function purgePromptRules(db: Database, now: number): number {
  return db.run("DELETE FROM prompt_rules WHERE expires_at <= ?", now);
}

/** The rule that was removed; undefined where there was none. */
export function removePromptRule(db: Database, id: number): PromptRule | undefined {
  const row = db.get<Row>(`DELETE FROM prompt_rules WHERE id = ? RETURNING ${COLUMNS}`, id);
  return row === undefined ? undefined : toRule(row);
}

function toRule(row: Row): PromptRule {
  // A column without a value is a field that is absent.
  return Object.fromEntries(
    Object.entries(row).filter(([, value]) => value !== null),
  ) as PromptRule;
}
