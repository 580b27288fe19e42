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

const tests = { ...pull, kind: "workflow_run.completed", stateOf: "octo/app#12 tests" };
const lint = { ...pull, kind: "workflow_run.completed", stateOf: "octo/app#12 lint" };
const docs = { ...pull, kind: "workflow_run.completed", stateOf: "octo/app#12 docs" };
const failure = { status: "failure", severity: "error" };
const success = { status: "success", severity: "info" };
const comment = { ...pull, kind: "issue_comment.created" };
const label = { ...pull, kind: "pull_request.labeled", priority: "low" as const };

/** What leads, what is whole beside it, what is a line, what is superseded by what. */
function toTold(events: WaitingEvent[]): {
  lead: number;
  whole: number[];
  lines: number[];
  superseded: [string, number[]][];
}[] {
  return merge(events).map(({ shown, whole, lines, superseded }) => ({
    lead: shown.seq,
    whole: seqs(whole),
    lines: seqs(lines),
    superseded: [...superseded].map(([id, earlier]) => [id, seqs(earlier)]),
  }));
}

test("MERGE-4: states of one thing are one, the latest leads; the earlier ones are superseded, in order", () => {
  expect(toTold([waiting(1, tests), waiting(2, tests), waiting(3, tests)])).toEqual([
    { lead: 3, whole: [], lines: [], superseded: [["evt_3", [1, 2]]] },
  ]);
});

test("MERGE-4: a success of another workflow on the same pull request ends no failure: the failure leads, the others are named", () => {
  const told = toTold([
    waiting(1, { ...tests, ...failure }),
    waiting(2, { ...lint, ...success }),
    waiting(3, { ...docs, ...success }),
  ]);
  expect(told).toEqual([{ lead: 1, whole: [], lines: [2, 3], superseded: [] }]);
});

test("MERGE-4: only the very thing that failed mends it", () => {
  const told = toTold([
    waiting(1, { ...tests, ...failure }),
    waiting(2, { ...lint, ...failure }),
    waiting(3, { ...lint, ...success }),
  ]);
  expect(told).toEqual([{ lead: 1, whole: [], lines: [3], superseded: [["evt_3", [2]]] }]);
});

test("MERGE-4: a comment is ended by no success and no label: it leads", () => {
  const told = toTold([
    waiting(1, comment),
    waiting(2, { ...lint, ...success }),
    waiting(3, label),
  ]);
  expect(told).toEqual([{ lead: 1, whole: [], lines: [2, 3], superseded: [] }]);
});

test("MERGE-1: requested changes lead with the comments on the lines, whichever came first; a label is a line", () => {
  const line = { ...pull, kind: "pull_request_review_comment.created" };
  const told = toTold([
    waiting(1, line),
    waiting(2, line),
    waiting(3, { ...pull, kind: "pull_request_review.submitted", severity: "warning" }),
    waiting(4, line),
    waiting(5, label),
  ]);
  expect(told).toEqual([{ lead: 3, whole: [1, 2, 4], lines: [5], superseded: [] }]);
});

test("MERGE-1: a Gitea review is what a person wrote: it comes whole before any number of pushes", () => {
  const push = { ...pull, kind: "push" };
  for (const kind of ["approved", "comment", "rejected"]) {
    const review = { ...pull, kind: `pull_request_${kind}.reviewed` };
    const told = toTold([
      waiting(1, review),
      ...[2, 3, 4, 5, 6].map((seq) => waiting(seq, push)),
      waiting(7, review),
    ]);
    expect(told).toEqual([{ lead: 1, whole: [7], lines: [2, 3, 4, 5, 6], superseded: [] }]);
  }
});

test("MERGE-1: an event without stateOf, as all that an older version stored, supersedes nothing and is superseded by nothing", () => {
  const old = { ...pull, kind: "workflow_run.completed" };
  expect(
    toTold([
      waiting(1, { ...old, ...failure }),
      waiting(2, { ...old, ...success }),
      waiting(3, { ...old, ...success }),
    ]),
  ).toEqual([{ lead: 1, whole: [2, 3], lines: [], superseded: [] }]);
});

test("MERGE-1: more than eight texts of people go in several bundles, all of them whole, the failure with the first", () => {
  const events = Array.from({ length: 20 }, (_, index) => waiting(index + 1, comment));
  const told = toTold([...events, waiting(21, { ...tests, ...failure })]);
  expect(told.map(({ lead, whole, lines }) => [lead, whole.length, lines.length])).toEqual([
    [21, 8, 0],
    [9, 7, 0],
    [17, 3, 0],
  ]);
});

test("MERGE-1: of many failures the worst three are whole, and each other has its line, before what went well", () => {
  const checks = Array.from({ length: 9 }, (_, index) =>
    waiting(index + 1, {
      ...pull,
      stateOf: `octo/app#12 check ${index}`,
      ...(index === 2 ? success : index === 7 ? failure : { status: "cancelled" }),
    }),
  );
  expect(toTold(checks)).toEqual([
    { lead: 8, whole: [1, 2], lines: [4, 5, 6, 7, 9, 3], superseded: [] },
  ]);
});

test("MERGE-1: of much other news only the latest is whole", () => {
  const push = { ...pull, kind: "push" };
  const told = toTold(Array.from({ length: 12 }, (_, index) => waiting(index + 1, push)));
  expect(told[0]?.lead).toBe(12);
  expect([told[0]?.whole, told[0]?.lines.length]).toEqual([[], 11]);
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

test("MERGE-4: the latest state is the latest by the sender's own times, where all have one", () => {
  const late = merge([
    waiting(1, { ...tests, occurredAt: 900 }),
    waiting(2, { ...tests, occurredAt: 100 }),
  ]);
  expect(late[0]?.shown.seq).toBe(1);
  const mixed = merge([waiting(1, { ...tests, occurredAt: 900 }), waiting(2, tests)]);
  expect(mixed[0]?.shown.seq).toBe(2);
  const same = merge([
    waiting(1, { ...tests, occurredAt: 900 }),
    waiting(2, { ...tests, occurredAt: 900 }),
  ]);
  expect(same[0]?.shown.seq).toBe(2);
});

test("MERGE-3: a bundle is as pressing as what is most pressing and not over in it, and stands where its first one stood", () => {
  const bundles = merge([
    waiting(9, { ...pull, priority: "urgent" }),
    waiting(1, { entity: "a" }),
    waiting(2, {}),
    waiting(3, { entity: "a" }),
    waiting(4, { priority: "low" }),
    waiting(10, { ...pull, priority: "low" }),
    waiting(11, { entity: "db", stateOf: "db", status: "firing", priority: "urgent" }),
    waiting(12, { entity: "db", stateOf: "db", status: "resolved" }),
  ]);
  expect(bundles.map(({ shown, priority }) => [shown.seq, priority])).toEqual([
    [9, "urgent"],
    [1, "normal"],
    [2, "normal"],
    [12, "normal"],
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
  stateOf: fc.constantFrom(null, "s", "t"),
  kind: fc.constantFrom("push", "comment.created", "run.completed"),
  status: fc.constantFrom(null, "failure", "success", "firing", "resolved", "odd"),
  severity: fc.constantFrom(null, "info", "warning", "error", "odd"),
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
      for (const { shown, merged, whole, lines, superseded } of bundles) {
        expect(merged.every(({ ack, chatId }) => ack === "auto" && chatId === null)).toBe(true);
        const ended = [...superseded.values()].flat();
        // MERGE-4, and each is told in exactly one way.
        const told = [...whole, ...lines, ...ended];
        expect(seqs(told).toSorted((a, b) => a - b)).toEqual(seqs(merged));
        for (const [by, earlier] of superseded) {
          const one = [shown, ...merged].find(({ id }) => id === by);
          expect(earlier.every(({ stateOf }) => stateOf !== null && stateOf === one?.stateOf)).toBe(
            true,
          );
        }
      }
      const ranks = bundles.map(({ priority }) => ["urgent", "normal", "low"].indexOf(priority));
      expect(ranks).toEqual(ranks.toSorted());
    }),
  );
});
