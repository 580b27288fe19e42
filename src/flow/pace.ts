/**
 * Stage 6, pace: is now a good time to wake a session?
 *
 * Owns: the wake budget, the bell's rhythm, bursts, quiet hours, waiting for the end of a turn. Never: which events; sends. Pure.
 *
 * P1 At most 12 wakes an hour for a session, 30 where something urgent waits; what waits then comes as one.
 * P2 A bell that nothing follows rings again after 30 s idle, three times in all; then the session is unproven.
 * P3 Lines of one bell are at least 2.5 s apart: the client drops faster ones.
 * P4 In a turn nothing rings unless it is urgent or the turn has been silent so long that it may have been interrupted.
 * P5 A burst is one wake: the oldest waits a moment for those that follow it. What is urgent, and who waits for an answer, does not.
 * P6 What is low never wakes by itself: it goes with the next wake, or in an hour, with all that is low.
 * P7 In quiet hours only what is urgent wakes.
 * P8 A time ahead of the clock is of a clock that was set back, and holds nothing up: that of a wake, a ring or an event.
 */
import type { StoredEvent } from "../store/inbox.ts";
import type { Due } from "../store/waiting.ts";
import type { Attachment } from "./attachment.ts";
import { BUSY_LIFE_MS, isBusy, isSurelyBusy, SILENT_TURN_MS } from "./attachment.ts";

export const WAKES_PER_HOUR = 12;
export const URGENT_WAKES_PER_HOUR = 30;
export const HOUR_MS = 3_600_000;
export const LINE_GAP_MS = 2_500;
export const RING_AGAIN_MS = 30_000;
const RINGS_MAX = 3;
/** Before this after attaching, a client may not listen yet. */
export const SETTLE_MS = 300;
/** On the channel lane: first sign of the first event, or the lane is closed. */
export const PROOF_MS = 60_000;
/** A policy changes without a signal: asked again while something waits for it. */
export const POLICY_AGAIN_MS = 60_000;
/** Offered and unseen at once on a proven channel lane. */
export const WINDOW_EVENTS = 8;
/** A burst: how long the oldest event waits for others (P5). */
export const BURST_MS = 1_500;
/** How long what is low waits for company (P6). */
const LOW_MS = 60 * 60_000;

export type PaceInput = {
  attachment: Attachment;
  due: Due;
  /** Epoch ms of the wakes of the last hour, oldest first. */
  wakes: readonly number[];
  /** Deliveries open on the channel lane. */
  inFlight: number;
  /** No lane may deliver: the organisation's policy says so. */
  policy: string | undefined;
  /** When the quiet hours that hold now end (epoch ms). */
  quietEndsAt: number | undefined;
  burstMs: number;
  now: number;
};

export type Pace =
  | { kind: "go" }
  /** Nothing to do until `until` (epoch ms), or until the next signal. */
  | { kind: "hold"; reason: string; until?: number }
  /** Three bells and no sign. */
  | { kind: "give-up"; reason: string };

/** Nothing is more pressing: whoever is held with this is held with anything. */
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

export function pace(input: PaceInput): Pace {
  const { attachment, due, policy, quietEndsAt, now } = input;
  if (!isAnyDue(due)) return { kind: "hold", reason: "nothing waits" };
  if (policy !== undefined) return { kind: "hold", reason: policy, until: now + POLICY_AGAIN_MS };
  if (!attachment.hasLease) return { kind: "hold", reason: "the session is not connected" };
  const settled = attachment.attachedAt + SETTLE_MS;
  if (isBetween(attachment.attachedAt, now, settled))
    return { kind: "hold", reason: "the session is starting", until: settled };
  // P8: no failure makes it quiet for longer than an hour.
  if (isBetween(attachment.quietUntil - HOUR_MS, now, attachment.quietUntil))
    return {
      kind: "hold",
      reason: "a turn failed or a conversation ended just now",
      until: attachment.quietUntil,
    };
  if (quietEndsAt !== undefined && due.urgentSince === undefined) {
    const reason = `quiet hours until ${toLocalTime(quietEndsAt)}: only urgent events wake`;
    return { kind: "hold", reason, until: quietEndsAt };
  }
  if (attachment.lane === "monitor") return paceBell(input);
  if (attachment.lane === "channel") return paceChannel(input);
  return { kind: "hold", reason: "this session reads its inbox by itself" };
}

function paceBell(input: PaceInput): Pace {
  const { attachment, due, now } = input;
  if (!attachment.hasBell) return { kind: "hold", reason: "the bell is not connected" };
  const { ring } = attachment;
  const busy = isBusy(attachment, now);
  if (ring !== undefined) {
    // A bell in a turn is handed over at a tool's end or at the turn's end: it is on its way.
    if (busy && attachment.turn.kind === "busy") {
      const until = attachment.turn.lastHookAt + BUSY_LIFE_MS;
      return { kind: "hold", reason: "the bell rang, the turn goes on", until };
    }
    const idleSince = attachment.turn.kind === "idle" ? attachment.turn.since : ring.at;
    const rang = Math.max(ring.at, idleSince);
    const again = rang + RING_AGAIN_MS;
    if (isBetween(rang, now, again)) return { kind: "hold", reason: "the bell rang", until: again };
    if (ring.times >= RINGS_MAX)
      return { kind: "give-up", reason: `${ring.times} bells and no hook call` };
    return paceWake(input);
  }
  if (attachment.health === "unproven")
    return { kind: "hold", reason: "unproven: waiting for a sign of the session" };
  if (busy && due.urgentSince === undefined && attachment.turn.kind === "busy") {
    const { lastHookAt } = attachment.turn;
    const silent = lastHookAt + SILENT_TURN_MS;
    if (isBetween(lastHookAt, now, silent))
      return { kind: "hold", reason: "a turn is running", until: silent };
  }
  return paceWake(input);
}

function paceChannel(input: PaceInput): Pace {
  const { attachment, inFlight, now } = input;
  if (attachment.health !== "proven" && inFlight > 0) {
    return { kind: "hold", reason: "waiting for a sign of the first event" };
  }
  if (inFlight >= WINDOW_EVENTS)
    return { kind: "hold", reason: `${inFlight} events are offered and not yet seen` };
  // A turn that runs takes what comes along with it: no wake, so no budget.
  return isSurelyBusy(attachment, now) ? (gather(input) ?? { kind: "go" }) : paceWake(input);
}

/** P1, P3, P5 and P6. */
function paceWake(input: PaceInput): Pace {
  const { attachment, due, wakes, now } = input;
  const gathering = gather(input);
  if (gathering !== undefined) return gathering;
  const gap = attachment.lane === "monitor" ? attachment.lastRingAt + LINE_GAP_MS : 0;
  if (isBetween(attachment.lastRingAt, now, gap))
    return { kind: "hold", reason: "bells are 2.5 s apart", until: gap };
  const recent = wakes.filter((at) => at > now - HOUR_MS && at <= now);
  const budget = due.urgentSince !== undefined ? URGENT_WAKES_PER_HOUR : WAKES_PER_HOUR;
  if (recent.length < budget) return { kind: "go" };
  const oldest = recent[recent.length - budget] ?? now;
  return {
    kind: "hold",
    reason: `the wake budget is spent (${budget} an hour)`,
    until: oldest + HOUR_MS,
  };
}

/** P5 and P6: undefined once there is something worth a wake. */
function gather({ due, wakes, burstMs, now }: PaceInput): Pace | undefined {
  const { urgentSince, owedSince, normalSince, lowSince } = due;
  if (urgentSince !== undefined || owedSince !== undefined) return undefined;
  if (normalSince !== undefined) {
    const until = normalSince + burstMs;
    return isBetween(normalSince, now, until)
      ? { kind: "hold", reason: "waiting a moment for what comes with it", until }
      : undefined;
  }
  // Every wake takes along what is low.
  const since = Math.max(lowSince ?? 0, wakes.at(-1) ?? 0);
  const until = since + LOW_MS;
  return isBetween(since, now, until)
    ? { kind: "hold", reason: "low priority: goes with the next wake, or within the hour", until }
    : undefined;
}

/** P8: what lasts from `since` until `until` lasts now. */
function isBetween(since: number, now: number, until: number): boolean {
  return since <= now && now < until;
}

export function isAnyDue({ urgentSince, owedSince, normalSince, lowSince }: Due): boolean {
  return [urgentSince, owedSince, normalSince, lowSince].some((since) => since !== undefined);
}

function toLocalTime(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}
