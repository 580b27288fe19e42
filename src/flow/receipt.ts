/**
 * Stage 8, receipt: what a signal from the client proves of the deliveries that are open.
 *
 * Owns: seen or not. Never: writes it down. Pure.
 *
 * C1 monitor: a Stop in the same session, that of its own turn or of a later one. A bell's prompt id is that of the turn it was
 *    handed to; what a bell brought stays in the conversation when its turn is interrupted, so the next turn end proves it as well.
 * C2 pull: the PostToolUse of the call that carried it, unless a subagent made the call or the result did not get there.
 * C3 channel: a Stop after a prompt that carried it, where the host shows its prompts to hooks. Where it does not, the turn end that
 *    must contain it: the next one where it was offered to an idle session, else the one after; on a lane that nothing has proven
 *    yet, only where nobody typed in between, or a closed channel would be proven by the user's own turn.
 * C4 Any tool call that names the event, or the one into which it was merged: both came in the same note.
 * C5 A turn that failed proves nothing, and nobody would come back to it: the event goes back.
 */
import type { OpenDelivery } from "../store/deliveries.ts";

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
  | { kind: "tool-result"; toolUseId: string; isSubagent: boolean; isFailure: boolean }
  | { kind: "named"; events: readonly string[] }
  | { kind: "session-end" };

export type Receipt = { delivery: OpenDelivery; to: "seen" | "back"; reason: string };

export function toReceipts(open: readonly OpenDelivery[], signal: Signal): Receipt[] {
  return open.flatMap((delivery) => {
    const outcome = judge(delivery, signal);
    return outcome === undefined ? [] : [{ delivery, ...outcome }];
  });
}

/** The receipt that a channel delivery waits for: the count of turn ends that must be reached. */
export function toStopReceipt(stops: number, busy: boolean): string {
  return `stop:${stops + (busy ? 2 : 1)}`;
}

function judge(delivery: OpenDelivery, signal: Signal): Omit<Receipt, "delivery"> | undefined {
  const offered = delivery.state === "offered";
  switch (signal.kind) {
    case "stop":
      if (!offered) return undefined;
      if (delivery.lane === "monitor") {
        const isOwn = delivery.receipt === signal.promptId;
        return {
          to: "seen",
          reason: isOwn ? "its turn ended" : "a later turn of its conversation ended",
        };
      }
      return delivery.lane === "channel" ? judgePushed(delivery, signal) : undefined;
    case "stop-failure":
      if (!offered || delivery.lane === "pull" || delivery.receipt !== signal.promptId)
        return undefined;
      return { to: "back", reason: "its turn failed" };
    case "tool-result":
      if (!offered || delivery.lane !== "pull" || delivery.receipt !== signal.toolUseId)
        return undefined;
      if (signal.isFailure) return { to: "back", reason: "the inbox call that carried it failed" };
      return signal.isSubagent
        ? { to: "back", reason: "read by a subagent" }
        : { to: "seen", reason: "the inbox call that carried it returned" };
    case "named":
      return offered && isNamed(delivery, signal.events)
        ? { to: "seen", reason: "a tool call named it" }
        : undefined;
    case "session-end":
      return {
        to: "back",
        reason: offered
          ? "the session ended before its turn did"
          : "the session ended without an answer",
      };
    default:
      return signal satisfies never;
  }
}

function isNamed({ event, mergedInto }: OpenDelivery, named: readonly string[]): boolean {
  return named.includes(event) || (mergedInto !== null && named.includes(mergedInto));
}

function judgePushed(
  { receipt, offeredAt }: OpenDelivery,
  signal: Extract<Signal, { kind: "stop" }>,
): Omit<Receipt, "delivery"> | undefined {
  const wasCarried = receipt !== null && !receipt.startsWith("stop:");
  if (wasCarried) return { to: "seen", reason: "the turn that carried it ended" };
  if (signal.showsPrompts) {
    return offeredAt < signal.turnSince
      ? { to: "back", reason: "the turn that should have carried it did not" }
      : undefined;
  }
  const isOurs = signal.proven || offeredAt > signal.lastPromptAt;
  return isOurs && isReached(receipt, signal.stops)
    ? { to: "seen", reason: "the turn that must contain it ended" }
    : undefined;
}

function isReached(receipt: string | null, stops: number): boolean {
  const [, count] = /^stop:(\d+)$/.exec(receipt ?? "") ?? [];
  return count !== undefined && stops >= Number(count);
}
