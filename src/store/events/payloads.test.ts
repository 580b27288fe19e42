import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { openDatabase, toArrival } from "../sample.fixture.ts";
import { addEvent } from "./add-event.ts";
import { addAnswering, addPayload, findAnswering, findPayload } from "./payloads.ts";
import { purgeHistory } from "./sweep.ts";

async function keep(payload: string) {
  const db = openDatabase();
  const id = await db.write(() => {
    const added = addEvent(db, toArrival(), "source", 1, 1);
    addPayload(db, added.id, payload);
    return added.id;
  });
  const row = db.get<{ bytes: number }>("SELECT octet_length(body) AS bytes FROM payloads");
  return { db, id, bytes: row?.bytes ?? 0, found: findPayload(db, id) };
}

test("a payload comes back letter for letter, and goes with its event", async () => {
  const text = `{"name": "审查 🤖 ${"a".repeat(10_000)}"}`;
  const { db, id, found } = await keep(text);
  expect(found).toEqual({ text, omitted: 0 });
  expect(findPayload(db, "evt_of_nobody")).toBeUndefined();
  await db.write(() => {
    db.run("UPDATE events SET state = 'done', changed_at = 1");
    purgeHistory(db, 5, 10);
  });
  expect(findPayload(db, id)).toBeUndefined();
});

test.each([
  ["what packs badly", randomBytes(300_000).toString("base64")],
  ["what packs well", "ab ".repeat(1_000_000)],
  [
    "what packs well first and badly then",
    "a".repeat(300_000) + randomBytes(150_000).toString("base64"),
  ],
  ["characters of four bytes", "🤖𝕏".repeat(200_000)],
])("KEPT-1: of %s at most 64 KiB are kept, and the rest is counted", async (_, text) => {
  const { bytes, found } = await keep(text);
  expect(bytes).toBeLessThanOrEqual(64 * 1024);
  expect(found?.text.length).toBeGreaterThan(10_000);
  expect(text.startsWith(found?.text ?? "x")).toBe(true);
  expect(found?.omitted).toBe(text.length - (found?.text.length ?? 0));
  expect(found?.text.isWellFormed()).toBe(true);
});

test("what a channel needs for an answer comes back for the event and its copies, and goes with it", async () => {
  const db = openDatabase();
  const id = await db.write(() => {
    const added = addEvent(db, toArrival(), "source", 1, 1);
    addAnswering(db, added.id, "a thread");
    return added.id;
  });
  expect(findAnswering(db, id)).toBe("a thread");
  expect(findAnswering(db, "evt_of_nobody")).toBeUndefined();
  await db.write(() => {
    db.run("UPDATE events SET state = 'done', changed_at = 1");
    purgeHistory(db, 5, 10);
  });
  expect(findAnswering(db, id)).toBeUndefined();
});
