/**
 * Stage 8, receipt: what a signal from the client proves of the deliveries that are open.
 *
 * Owns: what holds on every lane; the rest is the lane's (C1 to C3, lanes/). Never: writes it down. Pure.
 *
 * C4 Any tool call that names the event, or the one into which it was merged: both came in the same note.
 * C5 A turn that failed proves nothing, and nobody would come back to it: the event goes back.
 */
import type { OpenDelivery } from "../../store/events/deliveries.ts";
import type { FindLane } from "../lanes/choose-lane.ts";

/** A signal as far as receipts go. */
export type Signal =
  | {
      kind: "stop";
      promptId: string | undefined;
      stops: number;
      /** Epoch ms before which an event must have been offered for the turn to have carried it. */
      turnSince: number;
      /** The host shows hooks what its channel turns are prompted with. */
      showsPrompts: boolean;
      proven: boolean;
      /** Epoch ms of the last prompt that hooks told of, 0 for none. */
      lastPromptAt: number;
    }
  | { kind: "stop-failure"; promptId: string | undefined }
  | { kind: "named"; events: readonly string[] }
  /** The host itself says that these stand in the conversation. */
  | { kind: "read"; events: readonly string[] }
  | { kind: "session-end" }
  /** These will not be read any more. */
  | { kind: "lost"; deliveries: readonly number[]; reason: string }
  | { kind: "tool-result"; toolUseId: string; isSubagent: boolean; isFailure: boolean }
  /** A prompt that the client shows its hooks holds these events: its turn end will prove them. */
  | { kind: "carried"; promptId: string; events: readonly string[] }
  /** The hook answer to this prompt came too late to be used. */
  | { kind: "too-late"; promptId: string }
  /** What was sent over the session's connection may not have arrived, or is not listened to. */
  | { kind: "cut"; reason: string };

/** What only the lane can judge. */
export type LaneSignal = Exclude<Signal, { kind: CommonKind }>;
type CommonKind = "named" | "read" | "session-end" | "lost";

/** Proven; given back; or under way, with what will prove it from now on. */
export type ReceiptOutcome =
  | { to: "seen" | "back"; reason: string }
  | { to: "carried"; receipt: string };

export type Receipt = ReceiptOutcome & { delivery: OpenDelivery };

export function toReceipts(
  open: readonly OpenDelivery[],
  signal: Signal,
  findLane: FindLane,
): Receipt[] {
  return open.flatMap((delivery) => {
    const outcome = judge(delivery, signal, findLane);
    return outcome === undefined ? [] : [{ delivery, ...outcome }];
  });
}

function judge(
  delivery: OpenDelivery,
  signal: Signal,
  findLane: FindLane,
): ReceiptOutcome | undefined {
  const offered = delivery.state === "offered";
  switch (signal.kind) {
    case "named":
      return offered && isNamed(delivery, signal.events)
        ? { to: "seen", reason: "a tool call named it" }
        : undefined;
    case "read":
      return offered && isNamed(delivery, signal.events)
        ? { to: "seen", reason: "its host says that it was read" }
        : undefined;
    case "session-end":
      return {
        to: "back",
        reason: offered
          ? "the session ended before its turn did"
          : "the session ended without an answer",
      };
    case "lost":
      return offered && signal.deliveries.includes(delivery.id)
        ? { to: "back", reason: signal.reason }
        : undefined;
    default:
      return offered ? findLane(delivery.lane)?.judge(delivery, signal) : undefined;
  }
}

function isNamed({ event, mergedInto }: OpenDelivery, named: readonly string[]): boolean {
  return named.includes(event) || (mergedInto !== null && named.includes(mergedInto));
}
