import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { copyDatabase } from "./backup-copy.ts";
import { addAttempt, giveBack, findOpen, markSeen } from "../events/deliveries.ts";
import { addEvent } from "../events/add-event.ts";
import { findEvent, readTrace } from "../events/inbox.ts";
import { addEffect, listOutbox, markSending, markSent } from "../outbox/outbox.ts";
import { readRestored, settleRestored } from "./restored.ts";
import { makeFolder, openDatabase, toArrival } from "../sample.fixture.ts";
import { addWebSession, listWebSessions } from "../page/web-sessions.ts";

const NOW = 1_700_000_000_000;

/** An inbox with something in each state that a backup may hold. */
async function makeBackup() {
  const path = join(makeFolder(), "inbox.db");
  const db = openDatabase(path);
  const ids: string[] = [];
  await db.write(() => {
    for (let i = 0; i < 3; i++)
      ids.push(addEvent(db, toArrival({ text: `event ${i}` }), "source", NOW + i, NOW + i).id);
    const [, offered = "", done = ""] = ids;
    const offer = { attachment: "a", session: "s", lane: "monitor", receipt: null } as const;
    for (const id of [offered, done]) addAttempt(db, { id, attempts: 0 }, offer, NOW + 10);
    const open = findOpen(db, done);
    if (open !== undefined) markSeen(db, open, "its turn ended", NOW + 20);
    const effect = { event: null, channel: "chat", chatId: "c", session: "s" };
    for (const text of ["sent", "sending", "queued"])
      addEffect(db, { ...effect, kind: "send", text }, NOW);
    addEffect(db, { ...effect, kind: "edit", target: "7", text: "words" }, NOW);
    const [sent, sending] = listOutbox(db, { limit: 9 }).map(({ id }) => id);
    markSending(db, sent ?? 0);
    markSent(db, sent ?? 0, NOW);
    markSending(db, sending ?? 0);
    addWebSession(
      db,
      {
        id: "w",
        cookie: "hash",
        key: "hash",
        label: "a browser",
        place: "here",
        createdAt: NOW,
        expiresAt: NOW * 2,
        idleAt: null,
        mayAllow: true,
      },
      10,
    );
  });
  const copy = join(makeFolder(), "sluice-2026-01-05.db");
  await copyDatabase(path, copy).done;
  return { db, copy, ids };
}

/** What stands in the inbox's place after the owner typed what we print. */
function putBack(copy: string): ReturnType<typeof openDatabase> {
  const place = join(makeFolder(), "inbox.db");
  copyFileSync(copy, place);
  return openDatabase(place);
}

test("RESTORED-1: what waited in a backup comes again as replayed, with five attempts left, and its trace says why", async () => {
  const { copy, ids } = await makeBackup();
  const db = putBack(copy);
  expect(await settleRestored(db, NOW + 100)).toEqual({
    lastEventAt: NOW + 2,
    open: 2,
    messages: 2,
  });
  const [waiting = "", offered = "", done = ""] = ids;
  const event = findEvent(db, waiting);
  expect(event).toMatchObject({ state: "stored", attempts: 1, attemptsBefore: 1 });
  expect(event && readTrace(db, event).at(-1)).toMatchObject({
    stage: "held",
    reason: expect.stringContaining("put back from a backup") as string,
  });
  expect(findEvent(db, offered)).toMatchObject({ state: "offered", attempts: 1 });
  expect(findEvent(db, done)).toMatchObject({ state: "done", attempts: 1 });
  // Five more, as if it had never been tried.
  for (let attempt = 1; attempt <= 5; attempt++) {
    await db.write(() => {
      const now = findEvent(db, waiting);
      if (now === undefined) return;
      addAttempt(db, now, { attachment: "a", session: "s", lane: "monitor", receipt: null }, NOW);
      const open = findOpen(db, waiting);
      if (open !== undefined) giveBack(db, open, "lost", 5, NOW);
    });
    expect(findEvent(db, waiting)?.state).toBe(attempt < 5 ? "stored" : "dead");
  }
});

test("RESTORED-2: what was on its way out of a backup is maybe; an edit goes again, what was sent stays sent", async () => {
  const { copy } = await makeBackup();
  const db = putBack(copy);
  await settleRestored(db, NOW + 100);
  expect(listOutbox(db, { limit: 9 }).map(({ state }) => state)).toEqual([
    "sent",
    "maybe",
    "maybe",
    "queued",
  ]);
});

test("RESTORED-3: after a backup was put back nobody is signed in", async () => {
  const { db: before, copy } = await makeBackup();
  const db = putBack(copy);
  await settleRestored(db, NOW + 100);
  expect([listWebSessions(before, NOW).length, listWebSessions(db, NOW).length]).toEqual([1, 0]);
});

test("a backup is settled once, and an inbox that goes on is none", async () => {
  const { db: before, copy } = await makeBackup();
  expect(await settleRestored(before, NOW + 100)).toBeUndefined();
  expect(readRestored(before)).toBeUndefined();
  const db = putBack(copy);
  await settleRestored(db, NOW + 100);
  expect(await settleRestored(db, NOW + 200)).toBeUndefined();
  expect(readRestored(db)).toEqual({ at: NOW + 100, lastEventAt: NOW + 2 });
});
