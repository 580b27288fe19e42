import fc from "fast-check";
import { expect, test } from "vitest";
import type { Lane } from "../sdk/event.ts";
import { addEvent, type Claim, readWaiting } from "../store/inbox.ts";
import { openDatabase, toArrival } from "../store/sample.fixture.ts";
import { route, toClaims, toReaderClaim } from "./route.ts";
import { toAttachment } from "./sample.fixture.ts";

const REPOSITORIES = ["a/a", "b/b", "c/c", undefined];

const anyAttachment = fc
  .record({
    lane: fc.constantFrom<Lane>("monitor", "channel", "pull"),
    proof: fc.constantFrom("proven" as const, "unproven" as const, "none" as const),
    repository: fc.constantFrom(...REPOSITORIES),
    target: fc.boolean(),
    hasLease: fc.boolean(),
    hasBell: fc.boolean(),
    lastActiveAt: fc.nat(5),
  })
  .map((changes) => toAttachment(changes));

const anyAttachments = fc
  .array(anyAttachment, { maxLength: 6 })
  .map((list) => list.map((one, index) => ({ ...one, id: `att_${index}` })));

function covers(claim: Claim, repository: string | undefined): boolean {
  if (repository !== undefined && claim.repositories.includes(repository)) return true;
  return claim.rest && (repository === undefined || !claim.others.includes(repository));
}

test("R1, R2: each event is covered by exactly one claim where there is any target, by none else, and routed there", () => {
  fc.assert(
    fc.property(
      anyAttachments,
      fc.constantFrom(...REPOSITORIES, "z/z"),
      (attachments, repository) => {
        const claims = toClaims(attachments);
        const covering = [...claims]
          .filter(([, claim]) => covers(claim, repository))
          .map(([id]) => id);
        const targets = attachments.filter((one) => one.target && one.hasLease);
        expect(covering.length).toBe(targets.length === 0 ? 0 : 1);
        expect(route(repository === undefined ? {} : { repository }, claims)).toBe(covering[0]);
        expect(claims.size).toBe(targets.length);
      },
    ),
    { numRuns: 2_000 },
  );
});

test("R2: what the store reads for a claim is what the claim covers", async () => {
  const db = openDatabase();
  await db.write(() => {
    for (const repository of [...REPOSITORIES, "z/z"]) {
      const more = repository === undefined ? {} : { repository };
      addEvent(db, toArrival({ text: String(repository), ...more }), "source", 1, 1);
    }
  });
  fc.assert(
    fc.property(anyAttachments, (attachments) => {
      const claims = [...toClaims(attachments).values()];
      const read = claims.flatMap((claim) => readWaiting(db, claim, 10).map((event) => event.id));
      expect(new Set(read).size).toBe(read.length);
      expect(read.length).toBe(claims.length === 0 ? 0 : 5);
    }),
    { numRuns: 200 },
  );
});

const ids = (
  attachments: Parameters<typeof toClaims>[0],
  repository?: string,
): string | undefined =>
  route(repository === undefined ? {} : { repository }, toClaims(attachments));

test("R1: the project of the event comes first, then who was active last", () => {
  const old = toAttachment({ id: "old", repository: "a/a", lastActiveAt: 1 });
  const late = toAttachment({ id: "late", repository: "b/b", lastActiveAt: 2 });
  expect(ids([old, late], "a/a")).toBe("old");
  expect(ids([old, late], "z/z")).toBe("late");
  expect(ids([old, late])).toBe("late");
});

test("R1: of two in one project the one active last has its events", () => {
  const one = toAttachment({ id: "one", repository: "a/a", lastActiveAt: 1 });
  const two = toAttachment({ id: "two", repository: "a/a", lastActiveAt: 2 });
  expect(ids([one, two], "a/a")).toBe("two");
});

test.each([
  ["only pulls", { lane: "pull" as const }],
  ["has no bell", { hasBell: false }],
  ["gave no sign after three bells", { proof: "unproven" as const }],
])("a session that %s gets what nobody else can be given, however active", (_, changes) => {
  const weak = toAttachment({ id: "weak", lastActiveAt: 9, ...changes });
  const strong = toAttachment({ id: "strong", lastActiveAt: 1 });
  expect(ids([weak, strong])).toBe("strong");
  expect(ids([weak])).toBe("weak");
});

test("who is no target, or is not connected, gets nothing", () => {
  expect(ids([toAttachment({ target: false })])).toBeUndefined();
  expect(ids([toAttachment({ hasLease: false })])).toBeUndefined();
  expect(ids([])).toBeUndefined();
});

test("who reads the inbox may take all but other projects' events; their own project's too, though another session has it", () => {
  const reader = toAttachment({ id: "reader", repository: "a/a", lane: "pull" });
  const twin = toAttachment({ id: "twin", repository: "a/a" });
  const other = toAttachment({ id: "other", repository: "b/b" });
  const claim = toReaderClaim(reader, toClaims([reader, twin, other]));
  expect(claim).toEqual({ repositories: ["a/a"], rest: true, others: ["b/b"] });
});
