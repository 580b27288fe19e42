/**
 * Permission for our own tools: answers PreToolUse where the hub need not be asked.
 *
 * Owns: which calls need neither a person nor a classifier. Never: carries a call out: the hub checks each one again.
 *
 * A late answer is no answer, and then the client opens a dialog that stops the session until somebody comes.
 * On a busy machine the hub's answer can be late, so the shim answers where it can.
 */
import { PERMIT, toPermit } from "../sdk/own-tool.ts";
import type { ShimHookAnswer, HookSignal } from "./link.ts";

const HANDED_MAX = 2_000;
const EVENT_ID = /evt_[0-9a-z]{26}/g;

/** Ids that went to the client through this process. Text from outside may name others: the hub refuses to answer those. */
export class Handed {
  readonly #ids = new Set<string>();

  note(text: string): void {
    for (const [id] of text.matchAll(EVENT_ID)) this.#ids.add(id);
    for (const id of this.#ids) {
      if (this.#ids.size <= HANDED_MAX) return;
      this.#ids.delete(id);
    }
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }
}

/** The answer to a PreToolUse call; undefined where only the hub can know, or nobody has an opinion. */
export function toPermission(signal: HookSignal, handed: Handed): ShimHookAnswer | undefined {
  const permit = toPermit(signal.tool);
  if (permit === undefined) return undefined;
  if (permit === "at-once") return PERMIT;
  const id = readEventId(signal.toolInput);
  return id !== undefined && handed.has(id) ? PERMIT : undefined;
}

/** What the hub needs of a tool's input: a reply's text may be long, and cut JSON is none. */
export function toToolInput(text: string): string {
  const id = readEventId(text);
  return id === undefined ? "" : JSON.stringify({ event_id: id });
}

function readEventId(text: string): string | undefined {
  try {
    const input: unknown = JSON.parse(text);
    if (typeof input !== "object" || input === null || !("event_id" in input)) return undefined;
    return typeof input.event_id === "string" ? input.event_id.slice(0, 64) : undefined;
  } catch {
    // Most tools have other inputs, and a hook without one gives an empty text.
    return undefined;
  }
}
