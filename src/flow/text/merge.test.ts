import fc from "fast-check";
import { expect, test } from "vitest";
import type { WaitingEvent } from "../../store/events/waiting.ts";
import { isResolved, merge } from "./merge.ts";
import { toEvent, toWaiting } from "../sample.fixture.ts";

const waiting = (seq: number, changes: Partial<WaitingEvent> = {}): WaitingEvent => ({
  ...toWaiting(toEvent()),
  seq,
  id: `evt_${seq}`,
  ...changes,
});
const pull = { channel: "github", entity: "octo/app#12" };
const seqs = (events: readonly WaitingEvent[]): number[] => events.map(({ seq }) => seq);

test("MERGE-1: events of one entity are one bundle, the latest shown, the others in order behind it", () => {
  const [bundle, ...others] = merge([waiting(1, pull), waiting(2, pull), waiting(3, pull)]);
  expect([bundle?.shown.seq, seqs(bundle?.merged ?? []), others]).toEqual([3, [1, 2], []]);
});

test.each<[string, Partial<WaitingEvent>, Partial<WaitingEvent>]>([
  ["another entity", pull, { ...pull, entity: "octo/app#13" }],
  ["another channel's entity of the same name", pull, { ...pull, channel: "gitlab" }],
  ["no entity", {}, {}],
  ["MERGE-2: messages that want an answer", { ...pull, ack: "reply" }, { ...pull, ack: "reply" }],
  ["MERGE-2: a message beside news of the same entity", { ...pull, chatId: "ops" }, pull],
  ["what is closed by hand only", { ...pull, ack: "explicit" }, { ...pull, ack: "explicit" }],
])("what stays apart: %s", (_, one, other) => {
  expect(merge([waiting(1, one), waiting(2, other)]).length).toBe(2);
});

test("the latest is the latest by the sender's own times, where all have one", () => {
  const late = merge([
    waiting(1, { ...pull, occurredAt: 900 }),
    waiting(2, { ...pull, occurredAt: 100 }),
  ]);
  expect(late[0]?.shown.seq).toBe(1);
  const mixed = merge([waiting(1, { ...pull, occurredAt: 900 }), waiting(2, pull)]);
  expect(mixed[0]?.shown.seq).toBe(2);
  const same = merge([
    waiting(1, { ...pull, occurredAt: 900 }),
    waiting(2, { ...pull, occurredAt: 900 }),
  ]);
  expect(same[0]?.shown.seq).toBe(2);
});

test("MERGE-3: a bundle is as pressing as the most pressing event in it, and stands where its first one stood", () => {
  const bundles = merge([
    waiting(9, { ...pull, priority: "urgent" }),
    waiting(1, { entity: "a" }),
    waiting(2, {}),
    waiting(3, { entity: "a" }),
    waiting(4, { priority: "low" }),
    waiting(10, { ...pull, priority: "low" }),
  ]);
  expect(bundles.map(({ shown, priority }) => [shown.seq, priority])).toEqual([
    [10, "urgent"],
    [3, "normal"],
    [2, "normal"],
    [4, "low"],
  ]);
});

test("MERGE-2: messages of one chat stand together, in order", () => {
  const chat = (seq: number, chatId: string): WaitingEvent =>
    waiting(seq, { channel: "chat", ack: "reply", chatId });
  const bundles = merge([
    chat(1, "ops"),
    chat(2, "dev"),
    waiting(3),
    chat(4, "ops"),
    chat(5, "dev"),
  ]);
  expect(bundles.map(({ shown }) => shown.seq)).toEqual([1, 4, 2, 5, 3]);
});

test.each([
  ["webhook", "resolved", true],
  ["webhook", "Closed", true],
  ["workflow_run.completed", "success", true],
  ["alert.resolved", null, true],
  ["pull_request.closed", null, true],
  ["resolved", null, true],
  ["webhook", "firing", false],
  ["unresolved", null, false],
  ["workflow_run.completed", "failure", false],
])("an event of kind %s and status %s ends what was before: %s", (kind, status, expected) => {
  expect(isResolved({ kind, status })).toBe(expected);
});

const anyWaiting = fc.record({
  priority: fc.constantFrom("low", "normal", "urgent" as const),
  ack: fc.constantFrom("auto", "auto", "reply", "explicit" as const),
  channel: fc.constantFrom("a", "b"),
  entity: fc.constantFrom(null, "x", "y", "z"),
  chatId: fc.constantFrom(null, null, "c"),
  occurredAt: fc.option(fc.integer({ min: 0, max: 9 })),
});

test("MERGE-3: whatever waits, each event is in exactly one bundle, and no message is merged into another", () => {
  fc.assert(
    fc.property(fc.array(anyWaiting, { maxLength: 60 }), (all) => {
      const events = all.map((one, index) => waiting(index, one as Partial<WaitingEvent>));
      const bundles = merge(events);
      const out = bundles.flatMap(({ shown, merged }) => [shown, ...merged]);
      expect(seqs(out).toSorted((a, b) => a - b)).toEqual(seqs(events));
      for (const { merged } of bundles) {
        expect(merged.every(({ ack, chatId }) => ack === "auto" && chatId === null)).toBe(true);
      }
      const ranks = bundles.map(({ priority }) => ["urgent", "normal", "low"].indexOf(priority));
      expect(ranks).toEqual(ranks.toSorted());
    }),
  );
});
