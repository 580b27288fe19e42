/** Lists of one channel are put together of what waits and of all others: each has an index of its own. */
import { DatabaseSync } from "node:sqlite";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DELIVERY_STATES } from "../../sdk/event.ts";
import type { Database } from "../file/database.ts";
import { hasLaterMessage } from "../outbox/open-chats.ts";
import { makeFolder, openDatabase, toArrival } from "../sample.fixture.ts";
import { addEvent } from "./add-event.ts";
import { readFirstEventTimes, readLastEventTimes } from "./figures.ts";
import { countFitting, listEventIds, listEvents, moveEvent } from "./inbox.ts";
import { hasEvents, removeChannelEvents } from "./sweep.ts";

/** Events of two channels, in all states and in no order of them. */
async function fill(db: Database): Promise<{ id: string; channel: string; seq: number }[]> {
  const added: { id: string; channel: string; seq: number }[] = [];
  await db.write(() => {
    for (let i = 0; i < 60; i++) {
      const channel = i % 3 === 0 ? "other" : "ci";
      const { id } = addEvent(db, toArrival({ channel, chatId: `${i % 4}` }), "source", i, i);
      const state = DELIVERY_STATES[(i * 7) % DELIVERY_STATES.length] ?? "stored";
      if (state !== "stored") moveEvent(db, id, state, { at: i, stage: "done" });
      added.push({ id, channel, seq: i + 1 });
    }
  });
  return added;
}

test("a channel's list has what waits and what does not in one order, from either end and between any bounds", async () => {
  const db = openDatabase();
  const all = await fill(db);
  for (const channel of ["ci", "other", "none"]) {
    const own = all.filter((one) => one.channel === channel);
    for (const limit of [1, 2, 7, 100]) {
      const newest = own.slice(-limit).map(({ id }) => id);
      expect(listEvents(db, { channel, limit }).map(({ id }) => id)).toEqual(newest);
      expect(listEventIds(db, { channel, limit })).toEqual(newest);
      expect(countFitting(db, { channel, limit }, 1_000_000)).toBe(newest.length);
      for (const bound of [0, 1, 17, 30, 60, 99]) {
        const after = own.filter(({ seq }) => seq > bound).slice(0, limit);
        const before = own.filter(({ seq }) => seq < bound).slice(-limit);
        expect(listEvents(db, { channel, limit, afterSeq: bound }).map(({ id }) => id)).toEqual(
          after.map(({ id }) => id),
        );
        expect(listEventIds(db, { channel, limit, beforeSeq: bound })).toEqual(
          before.map(({ id }) => id),
        );
      }
    }
  }
});

test("a channel's last event, its later messages and its end are found, whether it waits or not", async () => {
  const db = openDatabase();
  const all = await fill(db);
  const lastOf = (channel: string): number =>
    Math.max(...all.filter((one) => one.channel === channel).map(({ seq }) => seq - 1));
  expect(readLastEventTimes(db)).toEqual({ ci: lastOf("ci"), other: lastOf("other") });
  expect(readFirstEventTimes(db)).toEqual({ ci: 1, other: 0 });
  for (const { channel, seq } of all)
    for (const chat of ["0", "1", "2", "3"])
      expect(hasLaterMessage(db, channel, chat, seq)).toBe(
        all.some(
          (one) => one.channel === channel && one.seq > seq && `${(one.seq - 1) % 4}` === chat,
        ),
      );
  await db.write(() => removeChannelEvents(db, "ci"));
  expect([hasEvents(db, "ci"), hasEvents(db, "other")]).toEqual([false, true]);
  expect(readLastEventTimes(db)).toEqual({ other: lastOf("other") });
});

test("an inbox of the schema before finds its events by their channel as before", async () => {
  const path = join(makeFolder(), "old.db");
  const folder = new URL("../schema/", import.meta.url);
  const old = new DatabaseSync(path);
  for (const file of readdirSync(folder)
    .toSorted()
    .filter((name) => name < "023"))
    old.exec(readFileSync(new URL(file, folder), "utf8"));
  const insert = old.prepare(
    `INSERT INTO events (id, channel, kind, sender_id, sender_role, text, quotes, meta, priority, ack, verified, received_at, stored_at, state, changed_at)
     VALUES (?, 'ci', 'k', 's', 'source', 't', '[]', '{}', 'normal', 'auto', 'github', 1, 1, ?, 1)`,
  );
  const ids = DELIVERY_STATES.map((state) => `evt_${state}`);
  for (const [index, state] of DELIVERY_STATES.entries()) insert.run(ids[index] ?? "", state);
  old.exec("PRAGMA user_version = 22");
  old.close();
  const db = openDatabase(path);
  expect(listEventIds(db, { channel: "ci", limit: 10 })).toEqual(ids);
  for (const state of DELIVERY_STATES)
    expect(listEventIds(db, { channel: "ci", state, limit: 10 })).toEqual([`evt_${state}`]);
});
