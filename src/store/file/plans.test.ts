/** How SQLite finds what it is asked for: nothing that is asked again and again goes through all that is kept. */
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { DELIVERY_STATES } from "../../sdk/event.ts";
import { OUTBOX_STATES } from "../../sdk/message.ts";
import {
  listWaiting,
  listWaitingAddresses,
  readAddress,
  readDue,
  summariseWaiting,
} from "../events/waiting.ts";
import type { Database } from "./database.ts";
import { COPIED } from "../events/copied-state.ts";
import { findGivenCopy, listCopiesOf, toCopyFor } from "../events/copies.ts";
import {
  listCopyDeliveries,
  listOpen,
  listOpenAttachments,
  markDone,
} from "../events/deliveries.ts";
import { Hours } from "../events/hours.ts";
import { countTerminalEvents, listUnreported } from "../events/terminal-events.ts";
import { searchEvents } from "../events/event-search.ts";
import { countByState, readLastEventTimes, readOldestUnseen } from "../events/figures.ts";
import { addEvent } from "../events/add-event.ts";
import { countFitting, listEventIds, listEvents, moveEvent } from "../events/inbox.ts";
import { InboxLimit } from "../events/add-event.ts";
import { listOpenMessages } from "../outbox/open-chats.ts";
import {
  addEffect,
  countOutbox,
  expireQueued,
  failQueued,
  listAnswerTimes,
  listCopies,
  listHeads,
  listOutbox,
  listReplies,
  markSending,
  markSent,
  purgeOutbox,
  readQueuedFrom,
  recoverSending,
} from "../outbox/outbox.ts";
import { listOpenPosts, listOpenEscalations, purgeSummaries } from "../prompts/prompt-posts.ts";
import { listPrompts, purgePrompts } from "../prompts/prompts.ts";
import { purgeDeliveryIds } from "../events/sweep.ts";
import { listReplayable, replayEvent } from "../events/replay.ts";
import { openDatabase, toArrival } from "../sample.fixture.ts";
import { isRung } from "../sessions/sessions.ts";
import { listNewestWaiting, moveSubscriptions } from "../events/subscriptions.ts";
import {
  expireUnanswered,
  expireWaiting,
  listUnansweredChannels,
  listEnded,
  listWaitingChannels,
  purgeHistory,
  purgeSessions,
} from "../events/sweep.ts";

/** Tables of which there may be a million rows. */
const LARGE =
  "events|deliveries|steps|delivery_ids|delivery_bodies|wakes|outbox|prompts|prompt_posts|prompt_pushes";

/** What `use` asks, and how SQLite would find it. */
async function listPlans(
  db: Database,
  use: () => Promise<unknown>,
): Promise<Map<string, string[]>> {
  const asked = new Set<string>();
  const { prepare } = DatabaseSync.prototype;
  const stop = (): void => void (DatabaseSync.prototype.prepare = prepare);
  DatabaseSync.prototype.prepare = function (sql) {
    asked.add(sql);
    return prepare.call(this, sql);
  };
  onTestFinished(stop);
  await use();
  stop();
  return new Map(
    [...asked].map((sql) => {
      const rows = db.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`);
      return [sql, rows.map(({ detail }) => detail)];
    }),
  );
}

test("no list, count, purge or search goes through all that is kept", async () => {
  const db = openDatabase();
  const limit = 10;
  const claim = { addresses: ["a", "b"] };
  const range = { since: 0, until: 9, startedAt: 9, limit };
  const old = { before: 5, reason: "", limit };
  const plans = await listPlans(db, async () => {
    for (const state of [undefined, ...DELIVERY_STATES]) {
      for (const channel of [undefined, "ci"]) {
        const filter = { limit, ...(state && { state }), ...(channel && { channel }) };
        listEvents(db, { ...filter, beforeSeq: 5 });
        countFitting(db, filter, 1);
        listEventIds(db, filter);
        await searchEvents(db, filter, "x");
      }
    }
    for (const state of [undefined, ...OUTBOX_STATES])
      for (const channel of [undefined, "ci"])
        listOutbox(db, { limit, ...(state && { state }), ...(channel && { channel }) });
    listWaitingAddresses(db);
    readAddress(db, "a", limit);
    listWaiting(db, claim, limit);
    readDue(db, claim);
    summariseWaiting(db, claim, limit);
    listOpen(db, "a");
    listOpenAttachments(db);
    listNewestWaiting(db, "ci", limit);
    countTerminalEvents(db, "dead", 1);
    listUnreported(db, limit);
    readLastEventTimes(db);
    readOldestUnseen(db);
    listReplayable(db, range);
    listCopiesOf(db, "a");
    findGivenCopy(db, "a", "s");
    listCopyDeliveries(db, "a");
    new Hours(db).read(1, 1);
    listWaitingChannels(db);
    listEnded(db, { endsAt: 1, seq: 1 }, limit, 9);
    listUnansweredChannels(db);
    listOpenMessages(db, ["ci"], limit);
    isRung(db, "a", "s", "b");
    for (const filter of [{}, { attachment: "a" }, { session: "s" }])
      listPrompts(db, { state: "pending", ...filter });
    listPrompts(db, { session: "s", limit });
    listOpenPosts(db);
    listOpenEscalations(db);
    listCopies(db);
    listHeads(db, "ci", limit);
    listReplies(db, "ci", 0, limit);
    listAnswerTimes(db, { channel: "ci", chatId: "1" }, 0);
    readQueuedFrom(db, "ci");
    const clock = { now: () => Date.now(), after: () => () => {} };
    const full = new InboxLimit(db, clock, { maxBytes: 0 });
    expect(() => full.check("ci")).toThrow("the inbox is full");
    await db.write(() => {
      const effect = { event: null, channel: "ci", chatId: "1", session: "s", text: "x" };
      addEffect(db, { ...effect, kind: "edit", target: "9" }, 1);
      addEffect(db, { ...effect, kind: "send" }, 1);
      addEvent(db, toArrival({ deliveryId: "d", bodyDigest: "b" }), "source", 1, 1);
      const copies = [toCopyFor("s"), { watchers: "1" }];
      const assign = () => ({ watchers: COPIED, copies });
      const { id } = addEvent(db, toArrival(), "source", 1, 1, { assign });
      for (const copy of listCopiesOf(db, id)) markDone(db, copy.id, "", undefined, 1);
      replayEvent(db, { id, state: "done", copied: true }, "t", 1);
      moveSubscriptions(db, "s", "t");
      recoverSending(db);
      expireQueued(db, ["ci"], 5, "");
      failQueued(db, "ci", "");
      purgeOutbox(db, 5);
      expireWaiting(db, "ci", old, 9);
      expireUnanswered(db, "ci", old, 9);
      purgeHistory(db, 5, limit);
      purgeSessions(db, 5, limit, []);
      purgeDeliveryIds(db, 5, limit);
      purgePrompts(db, 5, limit);
      purgeSummaries(db, 5, limit);
    });
  });
  const scan = new RegExp(
    `^SCAN (?:${LARGE}|e|d|s|o)(?: USING INDEX (\\w+)| USING COVERING INDEX (\\w+))?$`,
  );
  // These hold only what is open; and the newest are read from the end, as many as are wanted: nearly all messages were sent,
  // and of an event there are 33 copies at most.
  const open = /_(?:waiting|open|unsent|pending|waiting_on)$/;
  const found = [...plans].flatMap(([sql, details]) =>
    details
      .filter((detail) => {
        const [whole, index, covering] = scan.exec(detail) ?? [];
        const isNewest =
          /^SELECT [^?]* FROM (?:events|outbox) +(?:WHERE (?:\+state = 'sent'|copy_of IS NULL) )?ORDER BY (?:seq|id) DESC LIMIT \?$/.test(
            sql,
          );
        return whole !== undefined && !open.test(index ?? covering ?? "") && !isNewest;
      })
      .map((detail) => [sql.replaceAll(/\s+/g, " "), detail]),
  );
  expect(found).toEqual([]);
  expect(plans.size).toBeGreaterThan(70);
});

test("figures count an index, not the rows", async () => {
  const db = openDatabase();
  const plans = await listPlans(db, async () => {
    countByState(db);
    countOutbox(db);
  });
  for (const [sql, details] of plans)
    for (const detail of details)
      expect([sql, detail]).toEqual([sql, expect.stringContaining("COVERING INDEX")]);
});

test("an index's condition costs a change of an event or a message no table of its own", async () => {
  const db = openDatabase();
  const plans = await listPlans(db, () =>
    db.write(() => {
      const { id } = addEvent(db, toArrival(), "source", 1, 1);
      moveEvent(db, id, "offered", { at: 2, stage: "offered" });
      moveEvent(db, id, "done", { at: 3, stage: "done" });
      const message = { event: null, channel: "ci", chatId: "1", session: "s", text: "x" };
      const { row } = addEffect(db, { ...message, kind: "send" }, 1);
      markSending(db, row.id);
      markSent(db, row.id, 2);
    }),
  );
  const changes = [...plans.keys()].filter((sql) =>
    /^(INSERT INTO|UPDATE) (events|outbox) /.test(sql),
  );
  expect(changes).toHaveLength(7);
  for (const sql of changes) {
    const opcodes = db.all<{ opcode: string }>(`EXPLAIN ${sql}`).map(({ opcode }) => opcode);
    expect([sql, opcodes.filter((opcode) => opcode === "OpenEphemeral")]).toEqual([sql, []]);
  }
});
