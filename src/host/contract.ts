/**
 * The types that the parts of a session share.
 *
 * Owns: these shapes. Never: behaviour.
 */
import type { Decision, HookMoment, HookOutput } from "./hooks.ts";
import type { Json } from "./wire.ts";

/** Asks every hook of one moment, all at once. A hook that fails has no opinion, and is counted. */
export type FireHooks = (
  moment: HookMoment,
  subject: string,
  fields: Json,
  maxMs?: number,
  /** Withdraws the calls. */
  signal?: AbortSignal,
) => Promise<HookOutput[]>;

export type AskDialog = (
  toolName: string,
  input: Json,
  fields: Json,
  signal: AbortSignal,
) => Promise<Decision>;
