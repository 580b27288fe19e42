/**
 * Settings that can change while the hub runs: quiet hours, routing rules, and the organisation's policy.
 *
 * Owns: storing them, and their present value. Never: their effect on an event (flow/deliver/pace.ts, flow/route/watchers.ts).
 */
import type { z } from "zod";
import type { addRuleSchema, SubscriptionRuleView } from "../../api/wire/subscription-wire.ts";
import type { QuietView } from "../../api/wire/wire.ts";
import { type QuietHours, toQuietEnd } from "../../flow/deliver/quiet.ts";
import type { Rule } from "../../flow/route/match.ts";
import type { Clock } from "../../sdk/clock.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { changeConfig, type HubConfig, readConfig } from "./config.ts";
import type { Core } from "../core.ts";
import { TimeZone } from "./time-zone.ts";
import { type ClientPolicy, isLetThrough, readPolicy } from "./policy.ts";
import { readProjectCommands } from "../prompts.ts";

const POLICY_LIFE_MS = 10_000;
const NOTICE_AFTER_MINUTES = 30;

export class Settings {
  readonly zone = new TimeZone();
  readonly quiet: Quiet;
  readonly routing: Routing;
  readonly readPolicy: () => ClientPolicy;
  /** The person at a terminal is shown what comes and goes. */
  readonly isShown: boolean;
  readonly #core: Pick<Core, "home" | "clock">;

  /** @throws SluiceError `bad_config` when config.json cannot be read. */
  constructor(core: Pick<Core, "home" | "clock">) {
    const { home, clock } = core;
    this.#core = core;
    this.quiet = new Quiet(home.config, this.zone);
    this.routing = new Routing(home.config);
    this.isShown = readConfig(home.config).headlines ?? true;
    this.readPolicy = memo(readPolicy, POLICY_LIFE_MS, clock);
  }

  /** Why the organisation lets nothing be delivered, to a client with this command line; undefined where it does. */
  readonly readRefusal = (argv: readonly string[] = []): string | undefined => {
    const policy = this.readPolicy();
    return policy.state === "open" || isLetThrough(policy, argv) ? undefined : policy.detail;
  };

  /** With the zone in which they count now. */
  readonly readQuiet = (): QuietHours | undefined => this.quiet.hours;

  readonly readRules = (): readonly Rule[] => this.routing.rules;

  /** Commands of projects that one tap allows. @throws SluiceError `bad_config`. */
  readProjectCommands(): readonly string[] {
    return readProjectCommands(this.#core.home);
  }
}

class Quiet {
  readonly #path: string;
  readonly #zone: TimeZone;
  #hours: QuietHours | undefined;

  /** @throws SluiceError `bad_config` when the file cannot be read. */
  constructor(path: string, zone: TimeZone) {
    this.#path = path;
    this.#zone = zone;
    this.#hours = readConfig(path).quiet;
  }

  /** In the owner's zone, or in the machine's as it is now. */
  get hours(): QuietHours | undefined {
    return this.#hours && { zone: this.#zone.view.name, ...this.#hours };
  }

  change(hours: QuietHours | undefined): void {
    changeConfig(this.#path, (before) => {
      const { quiet: _, ...rest } = before;
      return hours === undefined ? rest : { ...rest, quiet: hours };
    });
    this.#hours = hours;
  }

  /** For the status; undefined where none are set. */
  describe(now: number): QuietView | undefined {
    const hours = this.#hours;
    if (hours === undefined) return undefined;
    return { ...hours, active: toQuietEnd(this.hours, now) !== undefined };
  }
}

class Routing {
  readonly #path: string;
  #rules: readonly SubscriptionRuleView[];
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

  list(): SubscriptionRuleView[] {
    return [...this.#rules];
  }

  /** Adds a rule behind the others: the first that covers an event counts. */
  add(request: z.output<typeof addRuleSchema>): SubscriptionRuleView {
    const taken = this.#rules.map(({ id }) => id);
    // Never the id of one that was removed a moment ago: events remember the rule that covered them.
    const id = Math.max(0, this.#lastId, ...taken) + 1;
    this.#lastId = id;
    const rule = { id, ...request };
    this.#change((rules) => [...rules, rule]);
    return rule;
  }

  /** @throws SluiceError `not_found` */
  remove(id: number): SubscriptionRuleView {
    const found = this.#rules.find((rule) => rule.id === id);
    if (found === undefined) {
      throw new SluiceError("not_found", `no rule ${id}; "sluice route list" shows them`);
    }
    this.#lastId = Math.max(this.#lastId, id);
    this.#change((rules) => rules.filter((rule) => rule.id !== id));
    return found;
  }

  #change(edit: (rules: SubscriptionRuleView[]) => SubscriptionRuleView[]): void {
    const after: HubConfig = changeConfig(this.#path, (before) => ({
      ...before,
      routes: edit(before.routes ?? []),
    }));
    this.#rules = after.routes ?? [];
  }
}

function memo<T>(read: () => T, lifeMs: number, clock: Clock): () => T {
  let kept: { value: T; until: number } | undefined;
  return () => {
    const now = clock.now();
    if (kept === undefined || now >= kept.until) kept = { value: read(), until: now + lifeMs };
    return kept.value;
  };
}
