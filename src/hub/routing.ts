/**
 * Routing rules as the owner set them.
 *
 * Owns: where they are kept, and their value while the hub runs. Never: applies them (flow/watchers.ts).
 */
import type { z } from "zod";
import type { addRuleSchema, RuleView } from "../api/subscription-wire.ts";
import type { Rule } from "../flow/watchers.ts";
import { SluiceError } from "../sdk/errors.ts";
import { changeConfig, type HubConfig, readConfig } from "./config.ts";

const NOTICE_AFTER_MINUTES = 30;

export class Routing {
  readonly #path: string;
  #rules: readonly RuleView[];
  readonly #noticeAfterMinutes: number;
  #lastId = 0;

  /** @throws SluiceError `bad_config` when the file cannot be read. */
  constructor(path: string) {
    const config = readConfig(path);
    this.#path = path;
    this.#rules = config.routes ?? [];
    this.#noticeAfterMinutes = config.waitingNoticeMinutes ?? NOTICE_AFTER_MINUTES;
  }

  get rules(): readonly Rule[] {
    return this.#rules;
  }

  /** How long events may wait for a session that is not open, before the owner hears of it; 0 is for ever. */
  get noticeAfterMinutes(): number {
    return this.#noticeAfterMinutes;
  }

  list(): RuleView[] {
    return [...this.#rules];
  }

  /** Adds a rule behind the others: the first that covers an event counts. */
  add(request: z.output<typeof addRuleSchema>): RuleView {
    const taken = this.#rules.map(({ id }) => id);
    // Never the id of one that was removed a moment ago: events remember the rule that covered them.
    const id = Math.max(0, this.#lastId, ...taken) + 1;
    this.#lastId = id;
    const rule = { id, ...request };
    this.#change((rules) => [...rules, rule]);
    return rule;
  }

  /** @throws SluiceError `not_found` */
  remove(id: number): RuleView {
    const found = this.#rules.find((rule) => rule.id === id);
    if (found === undefined) {
      throw new SluiceError("not_found", `no rule ${id}; "sluice route list" shows them`);
    }
    this.#lastId = Math.max(this.#lastId, id);
    this.#change((rules) => rules.filter((rule) => rule.id !== id));
    return found;
  }

  #change(edit: (rules: RuleView[]) => RuleView[]): void {
    const after: HubConfig = changeConfig(this.#path, (before) => ({
      ...before,
      routes: edit(before.routes ?? []),
    }));
    this.#rules = after.routes ?? [];
  }
}
