import { expect, test } from "vitest";
import { toPrompt } from "../../flow/prompt/prompt.fixture.ts";
import {
  addPost,
  addEscalation,
  closePost,
  endEscalation,
  findDirectChat,
  findPostByHandle,
  findPostByMessage,
  forgetDirectChats,
  isEscalated,
  listOpenPosts,
  listOpenEscalations,
  listPosts,
  listEscalationTimes,
  purgeSummaries,
  readAway,
  setAway,
  setDirectChat,
  setPostMessage,
  usePost,
} from "./prompt-posts.ts";
import { addPrompt, purgePrompts } from "./prompts.ts";
import { openDatabase } from "../sample.fixture.ts";

const PLACE = { session: "s", channel: "tg", account: "b", sender: "7", chatId: "7" };

async function open() {
  const db = openDatabase();
  const over = { ...toPrompt(), state: "retired" as const, createdAt: 1_000 };
  await db.write(() => {
    addPrompt(db, { prompt: over, attachment: "a" });
    addEscalation(db, "prm_01", "s", 1_000);
    addPost(db, { ...PLACE, prompt: "prm_01", handle: "h1", outbox: 1, digest: "d", at: 1_000 });
    addPost(db, { ...PLACE, prompt: null, handle: "h2", outbox: 2, digest: "", at: 1_000 });
  });
  return db;
}

test("a push is one, on disk, and counts within its window; a clock that was set back counts nothing ahead of it", async () => {
  const db = await open();
  expect(await db.write(() => addEscalation(db, "prm_01", "s", 2_000))).toBe(false);
  expect(isEscalated(db, "prm_01")).toBe(true);
  expect(listEscalationTimes(db, "s", 0, 5_000)).toEqual([1_000]);
  expect(listEscalationTimes(db, "s", 1_000, 5_000)).toEqual([]);
  expect(listEscalationTimes(db, "s", 0, 500)).toEqual([]);
  expect(listEscalationTimes(db, "other", 0, 5_000)).toEqual([]);
  expect(listOpenEscalations(db)).toEqual(["prm_01"]);
  await db.write(() => endEscalation(db, "prm_01"));
  expect(listOpenEscalations(db)).toEqual([]);
});

test("a handle is used once, a message keeps its first id, a post is closed once", async () => {
  const db = await open();
  const id = findPostByHandle(db, "h1")?.id ?? 0;
  await db.write(() => {
    expect([usePost(db, id, 1), usePost(db, id, 2)]).toEqual([true, false]);
    setPostMessage(db, id, "500");
    setPostMessage(db, id, "501");
    expect([closePost(db, id), closePost(db, id)]).toEqual([true, false]);
  });
  expect(findPostByMessage(db, "tg", "7", "500")?.usedAt).toBe(1);
  expect(findPostByMessage(db, "tg", "8", "500")).toBeUndefined();
  expect(listOpenPosts(db).map(({ handle }) => handle)).toEqual(["h2"]);
});

test("what tells of a prompt is forgotten with it, summaries by their age", async () => {
  const db = await open();
  await db.write(() => purgePrompts(db, 2_000, 10));
  expect(listPosts(db, "prm_01")).toEqual([]);
  expect(isEscalated(db, "prm_01")).toBe(false);
  expect(await db.write(() => purgeSummaries(db, 1_000, 10))).toBe(0);
  expect(await db.write(() => purgeSummaries(db, 1_001, 10))).toBe(1);
});

test("where people write is known by account, or for any, until the channel goes; being away is one row", async () => {
  const db = await open();
  await db.write(() => setDirectChat(db, PLACE));
  expect(findDirectChat(db, PLACE)).toBe("7");
  expect(findDirectChat(db, { ...PLACE, account: "" })).toBe("7");
  expect(findDirectChat(db, { ...PLACE, account: "another bot" })).toBeUndefined();
  await db.write(() => forgetDirectChats(db, "tg"));
  expect(findDirectChat(db, PLACE)).toBeUndefined();
  await db.write(() => setAway(db, { mode: "on", by: "x", at: 1 }));
  await db.write(() => setAway(db, { mode: "auto", by: "y", at: 2 }));
  expect(readAway(db)).toEqual({ mode: "auto", by: "y", at: 2 });
});
