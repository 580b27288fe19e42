import { expect, test } from "vitest";
import {
  addWake,
  addWakeChars,
  endSession,
  isRung,
  readWakes,
  saveSession,
  type SessionRecord,
} from "./sessions.ts";
import { openDatabase } from "../sample.fixture.ts";

const SESSION: SessionRecord = {
  id: "s1",
  attachment: "att_1",
  cwd: "/work",
  repository: null,
  lane: "monitor",
  startedAt: 1,
  lastActiveAt: 1,
  name: "work",
};

test("a session that comes back in another client keeps its start and is open again", async () => {
  const db = openDatabase();
  await db.write(() => saveSession(db, SESSION));
  await db.write(() => endSession(db, "s1", 5));
  await db.write(() =>
    saveSession(db, { ...SESSION, attachment: "att_2", startedAt: 9, lastActiveAt: 9 }),
  );
  expect(db.get("SELECT attachment, started_at, last_active_at, ended_at FROM sessions")).toEqual({
    attachment: "att_2",
    started_at: 1,
    last_active_at: 9,
    ended_at: null,
  });
});

test("wakes are read from a moment on, with what each carried", async () => {
  const db = openDatabase();
  await db.write(() => {
    addWake(db, "s1", { at: 10, urgent: false, chars: 50, bell: "aaaaaaaa" });
    addWake(db, "s1", { at: 20, urgent: true, chars: 0, bell: null });
    addWake(db, "s2", { at: 20, urgent: true, chars: 0, bell: null });
    addWakeChars(db, "aaaaaaaa", 900);
  });
  expect(readWakes(db, "s1", 10)).toEqual([
    { at: 10, urgent: false, chars: 950, bell: "aaaaaaaa" },
    { at: 20, urgent: true, chars: 0, bell: null },
  ]);
  expect(readWakes(db, "s1", 11).length).toBe(1);
});

test("a bell is known in its client, whichever conversation is open there, and nowhere else", async () => {
  const db = openDatabase();
  await db.write(() => {
    saveSession(db, SESSION);
    addWake(db, "s1", { at: 10, urgent: false, chars: 50, bell: "aaaaaaaa" });
  });
  expect(isRung(db, "att_1", "s1", "aaaaaaaa")).toBe(true);
  expect(isRung(db, "att_1", "after-clear", "aaaaaaaa")).toBe(true);
  expect(isRung(db, "att_2", "s9", "aaaaaaaa")).toBe(false);
  expect(isRung(db, "att_1", "s1", "bbbbbbbb")).toBe(false);
});
