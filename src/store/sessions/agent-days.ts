/**
 * What sessions of `sluice agent` have used, by day.
 *
 * Owns: the table agent_days. Never: decides what is too much (flow/agent/budget.ts).
 */
import type { Database } from "../file/database.ts";

export type AgentUse = { turns: number; tokens: number; microdollars: number };

export function readAgentDay(db: Database, day: string): AgentUse {
  const row = db.get<AgentUse>(
    "SELECT turns, tokens, microdollars FROM agent_days WHERE day = ?",
    day,
  );
  return row ?? { turns: 0, tokens: 0, microdollars: 0 };
}

/** Inside `database.write`. */
export function addAgentUse(db: Database, day: string, use: AgentUse): void {
  db.run(
    `INSERT INTO agent_days (day, turns, tokens, microdollars) VALUES (?, ?, ?, ?)
     ON CONFLICT (day) DO UPDATE SET turns = turns + excluded.turns, tokens = tokens + excluded.tokens,
       microdollars = microdollars + excluded.microdollars`,
    day,
    use.turns,
    use.tokens,
    use.microdollars,
  );
}
