/**
 * The types that the parts of a session share.
 *
 * Owns: these shapes. Never: behaviour.
 */
import type { Decision, HookMoment, HookOutput } from "./hooks.ts";
import type { Tool } from "./connect.ts";
import type { Json, Wire } from "./wire.ts";

/** A server of the session, as hooks and tool calls reach it. */
export type HostServer = {
  /** As it is configured; the `source` of its events. */
  readonly name: string;
  readonly wire: Wire;
  /** `_meta` of each request: empty on a legacy connection. */
  readonly requestMeta: Json;
  /** None once it is gone. */
  readonly tools: readonly Tool[];
};

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
