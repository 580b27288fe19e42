/**
 * Stage 2, the gate: may this arrival enter?
 *
 * Owns: the decision admit or drop. Never: stores, logs or answers. Pure.
 *
 * G1 A role comes from a verified credential or from the owner's list, never from the text.
 * G2 What is dropped leaves a reason to count, and nothing of its content.
 */
import type { Arrival, Role } from "../sdk/event.ts";

export const DROP_REASONS = ["unverified", "paused", "no-text"] as const;
export type DropReason = (typeof DROP_REASONS)[number];

export type Verdict = { kind: "admit"; role: Role } | { kind: "drop"; reason: DropReason };

/** What the owner has allowed on one channel. */
export type Access = {
  paused: boolean;
  /** Unsigned arrivals pass: only ever true for a loopback listener and the owner's explicit flag. */
  allowUnsigned: boolean;
};

export function gate(arrival: Arrival, access: Access): Verdict {
  if (access.paused) return { kind: "drop", reason: "paused" };
  if (arrival.verified === "none" && !access.allowUnsigned)
    return { kind: "drop", reason: "unverified" };
  if (arrival.text.trim() === "" && arrival.quotes.every((quote) => quote.text.trim() === "")) {
    return { kind: "drop", reason: "no-text" };
  }
  // G1: whoever holds the channel's credential is its source, and nothing more.
  return { kind: "admit", role: "source" };
}
