/** Where a new event waits, as it is known without a look into the table. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { openDatabase, toArrival } from "../sample.fixture.ts";
import { addEvent } from "./add-event.ts";
import { findEvent, moveEvent } from "./inbox.ts";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom("octo/app", 'a"b', "a\\b", "a\nb", "\u007f", "ä/ö", "", "null", "\u0000"),
);

test("the address that is told of a new event is the one that the table has, whatever its parts hold", async () => {
  const db = openDatabase();
  const told = new Map<string, string>();
  db.watch((_events, added) => added.forEach((address, id) => told.set(id, address)));
  await fc.assert(
    fc.asyncProperty(
      fc.option(text, { nil: undefined }),
      fc.option(text, { nil: undefined }),
      text,
      async (repository, target, watchers) => {
        const arrival = toArrival(repository === undefined ? {} : { repository });
        const assign = () => ({ target, watchers });
        const { id } = await db.write(() => addEvent(db, arrival, "source", 1, 1, { assign }));
        const address = findEvent(db, id)?.address;
        expect([undefined, address]).toContain(told.get(id));
        if (/^[\w/]*$/.test(`${repository}${target}${watchers}`))
          expect(told.get(id)).toBe(address);
      },
    ),
    { numRuns: 200 },
  );
});

test("of an event that was added and moved in one write no address is told: it may wait no more", async () => {
  const db = openDatabase();
  const heard: { events: readonly string[]; added: [string, string][] }[] = [];
  db.watch((events, added) => heard.push({ events, added: [...added] }));
  const [kept = "", moved = ""] = await db.write(() => {
    const ids = [1, 2].map((at) => addEvent(db, toArrival(), "source", at, at).id);
    moveEvent(db, ids[1] ?? "", "done", { at: 3, stage: "done" });
    return ids;
  });
  expect(heard).toEqual([{ events: [kept, moved], added: [[kept, '[null,null,null,"alerts"]']] }]);
});

test("of a write that was undone nothing is told", async () => {
  const db = openDatabase();
  const heard: string[] = [];
  db.watch((events, added) => heard.push(...events, ...added.values()));
  const failed = db.write(() => {
    addEvent(db, toArrival(), "source", 1, 1, { isLast: true });
    throw new Error("no");
  });
  await expect(failed).rejects.toThrow("no");
  await db.write(() => db.run("DELETE FROM counters"));
  expect(heard).toEqual([]);
});
