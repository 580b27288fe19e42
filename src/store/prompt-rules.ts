/**
 * The owner's standing answers to prompts.
 *
 * Owns: the table prompt_rules. Never: decides which rule fits a call (flow/prompt/rules.ts), or who may write one (api/rule-routes.ts).
 * Functions that change something run inside `database.write`.
 */
import type { Database } from "./database.ts";

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
  createdAt: number;
  by: string;
};

type Row = Omit<PromptRule, "path" | "command" | "session"> & {
  path: string | null;
  command: string | null;
  session: string | null;
};

/** Oldest first. */
export function listPromptRules(db: Database): PromptRule[] {
  return db
    .all<Row>(
      "SELECT id, action, tool, path, command, session, created_at AS createdAt, created_by AS by FROM prompt_rules ORDER BY id",
    )
    .map(toRule);
}

export function addPromptRule(db: Database, rule: Omit<PromptRule, "id">): PromptRule {
  const row = db.get<{ id: number }>(
    "INSERT INTO prompt_rules (action, tool, path, command, session, created_at, created_by) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
    rule.action,
    rule.tool,
    rule.path ?? null,
    rule.command ?? null,
    rule.session ?? null,
    rule.createdAt,
    rule.by,
  );
  return { ...rule, id: row?.id ?? 0 };
}

/** The rule that was removed; undefined where there was none. */
export function removePromptRule(db: Database, id: number): PromptRule | undefined {
  const row = db.get<Row>(
    "DELETE FROM prompt_rules WHERE id = ? RETURNING id, action, tool, path, command, session, created_at AS createdAt, created_by AS by",
    id,
  );
  return row === undefined ? undefined : toRule(row);
}

function toRule({ path, command, session, ...row }: Row): PromptRule {
  return {
    ...row,
    ...(path === null ? {} : { path }),
    ...(command === null ? {} : { command }),
    ...(session === null ? {} : { session }),
  };
}
