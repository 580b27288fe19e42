/**
 * Stage 6, pace: is now a good time to wake a session?
 *
 * Owns: the limits of every lane: the wake budget, bursts, quiet hours. Each lane adds its own. Never: chooses or sends events. Pure.
 *
 * PACE-1 A session is woken at most 12 times an hour, 30 where an urgent event waits; the events that wait then come as one. A wake is
 *    a turn that we start, at once or behind the turn that runs.
 * PACE-2 A bell that no hook follows rings again after 30 s idle, three times in all; then the session is unproven.
 * PACE-3 Lines of one bell are at least 2.5 s apart: the client drops faster ones.
 * PACE-4 During a turn the bell rings only for an urgent event, or when the turn has been silent so long that it may have been
 *    interrupted.
 * PACE-5 A burst is one wake: the oldest event waits a moment for those that follow. Urgent events, and events that want an answer, do
 *    not wait.
 * PACE-6 An event of low priority never wakes a session by itself: it goes with the next wake, or after an hour with all others of low
 *    priority.
 * PACE-7 In quiet hours only urgent events wake a session.
 * PACE-8 A time of a wake, a ring or an event that is ahead of the clock comes from a clock that was set back. It delays nothing.
 */
import type { OpenDelivery } from "../../store/events/deliveries.ts";
import type { StoredEvent } from "../../store/events/inbox.ts";
import type { Due } from "../../store/events/waiting.ts";
import type { SessionFacts } from "../lanes/contract.ts";
import { toWallTime } from "../../sdk/wall-clock.ts";

export const WAKES_PER_HOUR = 12;
export const URGENT_WAKES_PER_HOUR = 30;
export const HOUR_MS = 3_600_000;
export const LINE_GAP_MS = 2_500;
export const RING_AGAIN_MS = 30_000;
/** Before this after attaching, a client may not listen yet. */
export const SETTLE_MS = 300;
/** A policy changes without a signal: asked again while something waits for it. */
export const POLICY_AGAIN_MS = 60_000;
/** A burst: how long the oldest event waits for others (PACE-5). */
export const BURST_MS = 1_500;
/** How long what is low waits for company (PACE-6). */
const LOW_MS = 60 * 60_000;

export type PaceInput = {
  attachment: SessionFacts;
  due: Due;
  /** Epoch ms of the wakes of the last hour, oldest first. */
  wakes: readonly number[];
  /** Notifications that are out on its lane and not proven, oldest first. */
  inFlight: readonly OpenDelivery[];
  /** No lane may deliver: the organisation's policy says so. */
  policy: string | undefined;
  /** When the quiet hours that hold now end (epoch ms). */
  quietEndsAt: number | undefined;
  quietZone?: string | undefined;
  burstMs: number;
  now: number;
};

export type Pace =
  | { kind: "go" }
  /** Nothing to do until `until` (epoch ms), or until the next signal. */
  | { kind: "hold"; reason: string; until?: number }
  /** Nothing it does is answered. */
  | { kind: "give-up"; reason: string };

/** The part of a lane that is asked here. */
type LanePace = { pace(input: PaceInput): Pace };

/** The most urgent event possible: if pace holds this one back, it holds all. */
export const MOST_PRESSING: Due = {
  urgentSince: 0,
  owedSince: 0,
  normalSince: undefined,
  lowSince: undefined,
};

/** Neither urgent nor low, and come long ago. */
export const ORDINARY: Due = {
  urgentSince: undefined,
  owedSince: undefined,
  normalSince: 0,
  lowSince: undefined,
};

/** How pressing one event is by itself. */
export function toDue({
  priority,
  ack,
  storedAt,
}: Pick<StoredEvent, "priority" | "ack" | "storedAt">): Due {
  const since = (isSo: boolean): number | undefined => (isSo ? storedAt : undefined);
  return {
    urgentSince: since(priority === "urgent"),
    owedSince: since(ack === "reply" && priority !== "low"),
    normalSince: since(priority === "normal"),
    lowSince: since(priority === "low"),
  };
}

/** What holds on every lane first, then the lane's own rule. */
export function pace(input: PaceInput & { attachment: { lane: LanePace } }): Pace {
  const { attachment, due, policy, quietEndsAt, now } = input;
  if (!isAnyDue(due)) return { kind: "hold", reason: "nothing waits" };
  if (policy !== undefined) return { kind: "hold", reason: policy, until: now + POLICY_AGAIN_MS };
  if (!attachment.hasLease) return { kind: "hold", reason: "the session is not connected" };
  const settled = attachment.attachedAt + SETTLE_MS;
  if (isBetween(attachment.attachedAt, now, settled))
    return { kind: "hold", reason: "the session is starting", until: settled };
  // PACE-8: no failure makes it quiet for longer than an hour.
  if (isBetween(attachment.quietUntil - HOUR_MS, now, attachment.quietUntil))
    return {
      kind: "hold",
      reason: "a turn failed or a conversation ended just now",
      until: attachment.quietUntil,
    };
  if (quietEndsAt !== undefined && due.urgentSince === undefined) {
    const reason = `quiet hours until ${toWallTime(quietEndsAt, input.quietZone)}${input.quietZone === undefined ? "" : ` ${input.quietZone}`}: only urgent events wake`;
    return { kind: "hold", reason, until: quietEndsAt };
  }
  return attachment.lane.pace(input);
}

/** PACE-1, PACE-5 and PACE-6, for a lane that wakes; `hold` is what else the lane waits for once there is something worth a wake. */
export function paceWake(input: PaceInput, hold: () => Pace | undefined = () => undefined): Pace {
  const { due, wakes, now } = input;
  const held = gather(input) ?? hold();
  if (held !== undefined) return held;
  if (toWakesLeft(input) > 0) return { kind: "go" };
  const budget = toBudget(due);
  const recent = toRecent(wakes, now);
  const oldest = recent[recent.length - budget] ?? now;
  return {
    kind: "hold",
    reason: `the wake budget is spent (${budget} an hour)`,
    until: oldest + HOUR_MS,
  };
}

/** How many turns may still be started (PACE-1). */
export function toWakesLeft({ due, wakes, now }: Pick<PaceInput, "due" | "wakes" | "now">): number {
  return toBudget(due) - toRecent(wakes, now).length;
}

function toBudget({ urgentSince }: Due): number {
  return urgentSince !== undefined ? URGENT_WAKES_PER_HOUR : WAKES_PER_HOUR;
}

function toRecent(wakes: readonly number[], now: number): readonly number[] {
  return wakes.filter((at) => at > now - HOUR_MS && at <= now);
}

/** PACE-5 and PACE-6: undefined once there is something worth a wake. */
export function gather({ due, wakes, burstMs, now }: PaceInput): Pace | undefined {
  const { urgentSince, owedSince, normalSince, lowSince } = due;
  if (urgentSince !== undefined || owedSince !== undefined) return undefined;
  if (normalSince !== undefined) {
    const until = normalSince + burstMs;
    return isBetween(normalSince, now, until)
      ? { kind: "hold", reason: "waiting a moment for more events of the same burst", until }
      : undefined;
  }
  // Every wake takes along what is low.
  const since = Math.max(lowSince ?? 0, wakes.at(-1) ?? 0);
  const until = since + LOW_MS;
  return isBetween(since, now, until)
    ? { kind: "hold", reason: "low priority: goes with the next wake, or within the hour", until }
    : undefined;
}

/** PACE-8: what lasts from `since` until `until` lasts now. */
export function isBetween(since: number, now: number, until: number): boolean {
  return since <= now && now < until;
}

export function isAnyDue({ urgentSince, owedSince, normalSince, lowSince }: Due): boolean {
  return [urgentSince, owedSince, normalSince, lowSince].some((since) => since !== undefined);
}
