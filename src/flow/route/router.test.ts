import fc from "fast-check";
import { expect, test } from "vitest";
import { assignEvent } from "../../store/events/subscriptions.ts";
import { addEvent } from "../../store/events/add-event.ts";
import { moveEvent } from "../../store/events/inbox.ts";
import { failTurn, openDatabase, toArrival } from "../../store/sample.fixture.ts";
import type { Attachment } from "../session/attachment.ts";
import { Router } from "./router.ts";
import { toAttachment } from "../sample.fixture.ts";

const REPOSITORIES = ["a/a", "b/b", undefined];
const WATCHED = {
  subscriber: (id: string) => (id === "9" ? undefined : `s${id}`),
  successor: (session: string) => session,
  rule: (id: string) => (id === "r1" ? { repository: "b/b" } : undefined),
};

/** One event at each kind of address. */
async function open() {
  const db = openDatabase();
  for (const repository of REPOSITORIES) {
    for (const watchers of ["", "1", "1,2", "9", "r1", "r2"]) {
      const more = repository === undefined ? {} : { repository };
      await db.write(() => {
        const { id } = addEvent(db, toArrival(more), "source", 1, 1);
        assignEvent(db, id, { watchers });
      });
    }
  }
  await db.write(() => {
    const { id } = addEvent(db, toArrival(), "source", 1, 1);
    assignEvent(db, id, { target: "s0", watchers: "1" });
  });
  return db;
}

const anySessions = fc
  .array(
    fc.record({
      repository: fc.constantFrom(...REPOSITORIES),
      target: fc.boolean(),
      hasLease: fc.boolean(),
      hasBell: fc.boolean(),
      lastActiveAt: fc.nat(3),
    }),
    { maxLength: 8 },
  )
  .map((list) =>
    list.map((one, index) =>
      toAttachment({ ...one, id: `att_${index}`, session: `s${index % 4}` }),
    ),
  );

test("ROUTER-1: each way to ask who gets what gives the same answer, and each address has at most one owner", async () => {
  const db = await open();
  let sessions: Attachment[] = [];
  const attachments = { [Symbol.iterator]: () => sessions.values() };
  const router = new Router({ db, attachments, watched: WATCHED });
  fc.assert(
    fc.property(anySessions, fc.integer({ min: 0, max: 8 }), (given, asked) => {
      sessions = given;
      router.forget();
      const owners = router.owners();
      const all = [...owners.values()].flat();
      expect(new Set(all).size).toBe(all.length);
      expect(all.length).toBe(19);
      for (const [owner, addresses] of owners)
        for (const address of addresses) expect(router.owner(address).attachment).toBe(owner);
      const ids = new Set(given.slice(0, asked).map(({ id }) => id));
      const concerned = router.concerned(ids, false);
      for (const one of given) {
        expect(router.claim(one).addresses).toEqual(owners.get(one) ?? []);
        if (ids.has(one.id)) expect(concerned.get(one)).toEqual(router.claim(one));
      }
    }),
    { numRuns: 500 },
  );
});

test("ROUTER-1: what waits again is known again, though its address was dropped, and though the drop's transaction failed", async () => {
  const db = openDatabase();
  const session = toAttachment({ id: "one" });
  const router = new Router({ db, attachments: [session], watched: WATCHED });
  db.watch((events) => router.note(events));
  const { id } = await db.write(() => addEvent(db, toArrival(), "source", 1, 1));
  expect([...router.concerned(new Set(), false).keys()]).toEqual([session]);
  expect([...router.concerned(new Set(), false).keys()]).toEqual([]);
  const claim = router.claim(session);
  expect(claim.addresses.length).toBe(1);
  const move = (state: "done" | "stored") => moveEvent(db, id, state, { at: 1, stage: state });
  await db.write(() => move("done"));
  router.drop(claim);
  expect(router.claim(session).addresses).toEqual([]);
  await db.write(() => move("stored"));
  expect(router.claim(session)).toEqual(claim);
  const failed = db.write(() => {
    move("done");
    router.drop(claim);
    throw new Error("the disk is full");
  });
  await expect(failed).rejects.toThrow("the disk is full");
  expect(router.claim(session)).toEqual(claim);
  const moved = db.write(() => {
    move("done");
    router.drop(claim);
  });
  expect(router.claim(session).addresses).toEqual([]);
  await Promise.allSettled([moved, failTurn(db)]);
  expect(router.claim(session)).toEqual(claim);
  // It is looked at again, too.
  expect([...router.concerned(new Set(), false).keys()]).toEqual([session]);
});

// req:field.46
test("ROUTER-2: who may have an address is worked out once, for a hundred events too, and again when sessions change", async () => {
  const db = openDatabase();
  let lookups = 0;
  const watched = { ...WATCHED, subscriber: () => (lookups++, "s0") };
  const session = toAttachment({ id: "one", session: "s0" });
  const router = new Router({ db, attachments: [session], watched });
  db.watch((events) => router.note(events));
  const add = () =>
    db.write(() => {
      const { id } = addEvent(db, toArrival(), "source", 1, 1);
      assignEvent(db, id, { watchers: "1" });
    });
  for (let n = 0; n < 100; n++) {
    await add();
    expect(router.claim(session).addresses).not.toEqual([]);
  }
  expect(lookups).toBe(1);
  router.forget();
  await add();
  expect(router.claim(session).addresses).not.toEqual([]);
  expect(lookups).toBe(2);
});

test("ROUTER-1: an address that was first asked for while its event was being offered is known though that failed", async () => {
  const db = openDatabase();
  const session = toAttachment({ id: "one" });
  const router = new Router({ db, attachments: [session], watched: WATCHED });
  db.watch((events) => router.note(events));
  const { id } = await db.write(() => addEvent(db, toArrival(), "source", 1, 1));
  const offered = db.write(() => {
    moveEvent(db, id, "done", { at: 1, stage: "done" });
    expect(router.claim(session).addresses).toEqual([]);
  });
  await Promise.allSettled([offered, failTurn(db)]);
  expect(router.claim(session).addresses.length).toBe(1);
});
