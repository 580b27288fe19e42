import { expect, test } from "vitest";
import type { Turn } from "../lanes/contract.ts";
import { type Attachment, BUSY_LIFE_MS, SILENT_TURN_MS } from "../session/attachment.ts";
import type { Due } from "../../store/events/waiting.ts";
import {
  BURST_MS,
  HOUR_MS,
  LINE_GAP_MS,
  pace,
  type PaceInput,
  POLICY_AGAIN_MS,
  RING_AGAIN_MS,
  SETTLE_MS,
} from "./pace.ts";
import { channel as channelLane } from "../lanes/channel.ts";
import { pull } from "../lanes/pull.ts";
import { toAttachment, toDelivery } from "../sample.fixture.ts";

const NOW = 10 * HOUR_MS;
const busy = (lastHookAt: number): Turn => ({
  kind: "busy",
  since: lastHookAt,
  lastHookAt,
  promptId: "P",
});
const idle = (since: number): Turn => ({ kind: "idle", since });

const NOTHING: Due = {
  urgentSince: undefined,
  owedSince: undefined,
  normalSince: undefined,
  lowSince: undefined,
};
const NORMAL: Due = { ...NOTHING, normalSince: NOW - BURST_MS };
const URGENT: Due = { ...NOTHING, urgentSince: NOW };

function decide(
  changes: Partial<Attachment> = {},
  input: Partial<Omit<PaceInput, "attachment">> = {},
): ReturnType<typeof pace> {
  return pace({
    attachment: toAttachment(changes),
    due: NORMAL,
    wakes: [],
    inFlight: [],
    policy: undefined,
    quietEndsAt: undefined,
    burstMs: BURST_MS,
    now: NOW,
    ...input,
  });
}

test("an idle session with a bell is woken", () => {
  expect(decide()).toEqual({ kind: "go" });
});

test.each([
  ["nothing waits", {}, { due: NOTHING }, undefined],
  ["the policy is closed", {}, { policy: "channels are off" }, NOW + POLICY_AGAIN_MS],
  ["the shim is gone", { hasLease: false }, {}, undefined],
  ["the client is starting", { attachedAt: NOW - SETTLE_MS + 1 }, {}, NOW + 1],
  ["a turn has just failed", { quietUntil: NOW + 1 }, {}, NOW + 1],
  ["the bell is not there", { hasBell: false }, {}, undefined],
  ["the session only pulls", { lane: pull }, {}, undefined],
  ["three bells went unheard", { health: "unproven" as const }, {}, undefined],
])("it is held while %s", (_, changes, input, until) => {
  const decision = decide(changes, input);
  expect(decision.kind).toBe("hold");
  expect(decision.kind === "hold" ? decision.until : "none").toBe(until);
});

test("a client that has just settled, and a quiet time that has just passed, hold nothing", () => {
  expect(decide({ attachedAt: NOW - SETTLE_MS, quietUntil: NOW }).kind).toBe("go");
});

const wakes = (count: number, first = NOW - HOUR_MS + 1): number[] =>
  Array.from({ length: count }, (_, i) => first + i);

test.each([
  [11, 0, "go"],
  [12, 0, "hold"],
  [12, 1, "go"],
  [29, 1, "go"],
  [30, 1, "hold"],
])("PACE-1: after %i wakes this hour, with %i urgent waiting: %s", (count, urgent, kind) => {
  expect(decide({}, { wakes: wakes(count), due: urgent > 0 ? URGENT : NORMAL }).kind).toBe(kind);
});

test("PACE-1: the budget comes back when the wake that fills it is an hour old", () => {
  const full = wakes(12);
  expect(decide({}, { wakes: full })).toMatchObject({ kind: "hold", until: NOW + 1 });
  expect(decide({}, { wakes: full, now: NOW + 1 }).kind).toBe("go");
  // More than the budget, from urgent wakes: it is the twelfth last that counts.
  expect(decide({}, { wakes: wakes(20) })).toMatchObject({ until: NOW + 9 });
});

const rung = (times: number, at: number): Partial<Attachment> => ({
  ring: { bell: "b", at, times },
  lastRingAt: at,
});

test.each([
  [1, RING_AGAIN_MS - 1, "hold"],
  [1, RING_AGAIN_MS, "go"],
  [2, RING_AGAIN_MS, "go"],
  [3, RING_AGAIN_MS - 1, "hold"],
  [3, RING_AGAIN_MS, "give-up"],
])("PACE-2: bell number %i, %i ms later: %s", (times, ms, kind) => {
  expect(decide(rung(times, NOW - ms)).kind).toBe(kind);
});

test("PACE-2: the time counts from the end of a turn that came between", () => {
  const decision = decide({ ...rung(1, NOW - 60_000), turn: idle(NOW - 10_000) });
  expect(decision).toMatchObject({ kind: "hold", until: NOW - 10_000 + RING_AGAIN_MS });
});

test("PACE-2: a bell that rang into a turn is waited for, but not for ever", () => {
  const decision = decide({ ...rung(1, NOW - 60_000), turn: busy(NOW - 60_000) });
  expect(decision).toMatchObject({ kind: "hold", until: NOW - 60_000 + BUSY_LIFE_MS });
  expect(decide({ ...rung(1, NOW - BUSY_LIFE_MS), turn: busy(NOW - BUSY_LIFE_MS) }).kind).toBe(
    "go",
  );
});

test.each([
  [LINE_GAP_MS - 1, "hold"],
  [LINE_GAP_MS, "go"],
])("PACE-3: %i ms after the last line: %s, urgent or not", (ms, kind) => {
  const decision = decide({ lastRingAt: NOW - ms }, { due: URGENT });
  expect(decision.kind).toBe(kind);
});

test.each([
  ["a turn runs", SILENT_TURN_MS - 1, 0, "hold"],
  ["the turn has been silent", SILENT_TURN_MS, 0, "go"],
  ["a turn runs and it is urgent", 1, 1, "go"],
])("PACE-4: %s", (_, ms, urgent, kind) => {
  expect(decide({ turn: busy(NOW - ms) }, { due: urgent > 0 ? URGENT : NORMAL }).kind).toBe(kind);
});

const channel: Partial<Attachment> = { lane: channelLane, hasBell: false };

test.each([
  ["nothing is out", {}, 0, "go"],
  ["the first event is out", {}, 1, "hold"],
  ["it is proven and seven are out", { health: "proven" as const }, 7, "go"],
  ["it is proven and eight are out", { health: "proven" as const }, 8, "hold"],
])("the channel lane, while %s: go or hold", (_, changes, inFlight, kind) => {
  const out = Array.from({ length: inFlight }, () => toDelivery({ lane: "channel" }));
  expect(decide({ ...channel, ...changes }, { inFlight: out }).kind).toBe(kind);
});

test("PACE-1: on the channel lane what is sent into a turn starts the next one, which is a wake; more of it then comes along", () => {
  const turn = busy(NOW);
  const proven: Partial<Attachment> = { ...channel, health: "proven", stops: 4 };
  const spent = { wakes: wakes(12) };
  const out = (receipt: string): PaceInput["inFlight"] => [
    toDelivery({ lane: "channel", receipt }),
  ];
  expect(decide({ ...proven, turn: idle(NOW) }, spent).kind).toBe("hold");
  expect(decide({ ...proven, turn }, spent).kind).toBe("hold");
  expect(decide({ ...proven, turn }, { wakes: wakes(11) }).kind).toBe("go");
  // The turn that runs was started by the one, the next one will be by the other.
  expect(decide({ ...proven, turn }, { ...spent, inFlight: out("stop:5") }).kind).toBe("hold");
  expect(decide({ ...proven, turn }, { ...spent, inFlight: out("stop:6") }).kind).toBe("go");
  // The same where hooks tell what a turn carries.
  const seen: Partial<Attachment> = { ...proven, turn, showsPrompts: true };
  expect(decide(seen, { ...spent, inFlight: out("P") }).kind).toBe("hold");
  expect(decide(seen, { ...spent, inFlight: out("stop:5") }).kind).toBe("go");
});

test.each<[string, Due, number | undefined]>([
  ["a normal event that has just come", { ...NOTHING, normalSince: NOW }, NOW + BURST_MS],
  ["one a moment before the burst is over", { ...NOTHING, normalSince: NOW - 1_499 }, NOW + 1],
  ["one that has waited for the burst", { ...NOTHING, normalSince: NOW - 1_500 }, undefined],
  ["an urgent one", { ...NOTHING, normalSince: NOW, urgentSince: NOW }, undefined],
  ["a person's message", { ...NOTHING, normalSince: NOW, owedSince: NOW }, undefined],
])("PACE-5: %s", (_, due, until) => {
  const decision = decide({}, { due });
  expect(decision).toMatchObject(until === undefined ? { kind: "go" } : { kind: "hold", until });
});

test("PACE-5: the channel lane gathers as well, in a turn and outside", () => {
  const due = { ...NOTHING, normalSince: NOW };
  const held = { kind: "hold", until: NOW + BURST_MS };
  expect(decide({ ...channel }, { due })).toMatchObject(held);
  expect(decide({ ...channel, turn: busy(NOW) }, { due })).toMatchObject(held);
});

const low = (since: number): Due => ({ ...NOTHING, lowSince: since });

test.each<[string, Due, number[], number | undefined]>([
  ["one that has just come waits an hour", low(NOW), [], NOW + HOUR_MS],
  ["one that has waited an hour goes", low(NOW - HOUR_MS), [], undefined],
  ["a wake took along what it could: an hour from then", low(0), [NOW - 5], NOW - 5 + HOUR_MS],
  ["it goes with a normal one", { ...low(NOW), normalSince: NOW - BURST_MS }, [], undefined],
])("PACE-6: low: %s", (_, due, at, until) => {
  const decision = decide({}, { due, wakes: at });
  expect(decision).toMatchObject(until === undefined ? { kind: "go" } : { kind: "hold", until });
});

test("PACE-7: in quiet hours only what is urgent wakes, also where a bell went unheard", () => {
  const quietEndsAt = NOW + HOUR_MS;
  const held = { kind: "hold", until: quietEndsAt };
  for (const due of [NORMAL, low(0), { ...NOTHING, owedSince: NOW - 9_000 }]) {
    expect(decide({}, { due, quietEndsAt })).toMatchObject(held);
    expect(decide(rung(1, NOW - RING_AGAIN_MS), { due, quietEndsAt })).toMatchObject(held);
    expect(decide({ ...channel, turn: busy(NOW) }, { due, quietEndsAt })).toMatchObject(held);
  }
  expect(decide({}, { due: URGENT, quietEndsAt }).kind).toBe("go");
});
