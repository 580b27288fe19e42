/**
 * What agents without a person may use in a day: turns, tokens and money, all of them together.
 *
 * Owns: the ceiling, and counting. Never: begins a turn, or ends one that runs.
 *
 * BUDGET-1 A turn is counted on disk before it begins, and none begins once a ceiling is reached. What a turn that runs uses up is known at
 *    its end, so one turn of each session may go beyond.
 * BUDGET-2 A day is one of this machine's calendar. A clock that is set back gives nothing back.
 */
import type { Clock } from "../../sdk/clock.ts";
import type { Database } from "../../store/file/database.ts";
import { addAgentUse, type AgentUse, readAgentDay } from "../../store/sessions/agent-days.ts";

/** For one day. */
export type AgentLimits = { turns: number; tokens: number; dollars: number };

export type TurnHold = { reason: string; until: number };

const MICRO = 1_000_000;

export class AgentBudget {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #limits: AgentLimits;

  constructor({ db, clock }: { db: Database; clock: Clock }, limits: AgentLimits) {
    this.#db = db;
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Why no turn may begin now, and until when; undefined where one may. */
  hold(now: number): TurnHold | undefined {
    const reason = findReached(readAgentDay(this.#db, toDay(now)), this.#limits);
    return reason === undefined ? undefined : { reason, until: toNextDay(now) };
  }

  /** Counts a turn that is about to begin. Resolves with why it may not. @throws SluiceError store_*: then it is not counted. */
  begin(): Promise<TurnHold | undefined> {
    return this.#db.write(() => {
      const now = this.#clock.now();
      const held = this.hold(now);
      if (held === undefined)
        addAgentUse(this.#db, toDay(now), { turns: 1, tokens: 0, microdollars: 0 });
      return held;
    });
  }

  /** What a turn has used. @throws SluiceError store_*. */
  async spend({ tokens, dollars }: { tokens: number; dollars: number }): Promise<void> {
    const microdollars = Math.ceil(dollars * MICRO);
    const day = toDay(this.#clock.now());
    await this.#db.write(() =>
      addAgentUse(this.#db, day, { turns: 0, tokens: Math.ceil(tokens), microdollars }),
    );
  }
}

function findReached(
  { turns, tokens, microdollars }: AgentUse,
  limits: AgentLimits,
): string | undefined {
  const used = [
    { used: turns, most: limits.turns, words: `${limits.turns} turns` },
    { used: tokens, most: limits.tokens, words: `${limits.tokens} tokens` },
    { used: microdollars, most: limits.dollars * MICRO, words: `$${limits.dollars}` },
  ].find((one) => one.used >= one.most);
  return used === undefined
    ? undefined
    : `the day's ceiling of agents is reached (${used.words}); it goes on tomorrow, or started anew with a higher one`;
}

/** `2026-12-01`, on this machine's calendar. */
export function toDay(now: number): string {
  const date = new Date(now);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function toNextDay(now: number): number {
  const date = new Date(now);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime();
}
