/**
 * Stage 8, receipt: which open deliveries a signal from the client proves.
 *
 * Owns: the receipts that are the same on every lane; each lane has its own besides (MONITOR-1, PULL-1, CHANNEL-1). Never: writes one
 * down. Pure.
 *
 * RECEIPT-1 A tool call that names the event, the event into which it was merged, or the one by whose id its message went, proves it: they
 *    came together.
 * RECEIPT-2 A turn that failed proves nothing, and the session would not return to the event: it goes back to the inbox.
 */
import type { OpenDelivery } from "../../store/events/deliveries.ts";
import type { FindLane } from "../lanes/choose-lane.ts";
import type { ReceiptOutcome, Signal } from "../lanes/contract.ts";

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

function isNamed(
  { event, mergedInto, carriedBy }: OpenDelivery,
  named: readonly string[],
): boolean {
  return [event, mergedInto, carriedBy].some((id) => id !== null && named.includes(id));
}
