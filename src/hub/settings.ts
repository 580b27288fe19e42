/**
 * Settings that the hub reads while it runs, and the organisation's policy.
 *
 * Owns: how long a policy that was read holds. Never: what a setting means (quiet.ts, routing.ts, policy.ts).
 */
import type { Clock } from "../sdk/clock.ts";
import type { Core } from "./core.ts";
import { type Policy, readPolicy } from "./policy.ts";
import { readProjectCommands } from "./prompts.ts";
import { Quiet } from "./quiet.ts";
import { Routing } from "./routing.ts";

const POLICY_LIFE_MS = 10_000;

export type Settings = {
  quiet: Quiet;
  routing: Routing;
  readPolicy: () => Policy;
  /** Commands of projects that one tap allows. @throws SluiceError `bad_config`. */
  readProjectCommands: () => readonly string[];
};

/** @throws SluiceError `bad_config` when config.json cannot be read. */
export function openSettings({ home, clock }: Pick<Core, "home" | "clock">): Settings {
  return {
    quiet: new Quiet(home.config),
    routing: new Routing(home.config),
    readPolicy: remember(readPolicy, POLICY_LIFE_MS, clock),
    readProjectCommands: () => readProjectCommands(home),
  };
}

function remember<T>(read: () => T, lifeMs: number, clock: Clock): () => T {
  let kept: { value: T; until: number } | undefined;
  return () => {
    const now = clock.now();
    if (kept === undefined || now >= kept.until) kept = { value: read(), until: now + lifeMs };
    return kept.value;
  };
}
