import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addEvent } from "../events/add-event.ts";
import { addFiles, saveFetched } from "../events/files.ts";
import { findEvent, moveEvent } from "../events/inbox.ts";
import { addPayload } from "../events/payloads.ts";
import type { Database } from "../file/database.ts";
import { makeFolder, openDatabase, toArrival } from "../sample.fixture.ts";
import { countAudit, findPeople, findTraces, forgetPerson } from "./forget-person.ts";

const ANN = { channel: "telegram", id: "4242" };
const WORD = "xyzzy-word-of-ann";

type Change = Parameters<typeof toArrival>[0];

async function add(db: Database, change: Change, isChat = true): Promise<string> {
  const arrival = toArrival({
    channel: "telegram",
    sender: { id: ANN.id, name: "Ann Sample" },
    ...change,
  });
  const { id } = await db.write(() => addEvent(db, arrival, isChat ? "chatter" : "source", 1, 1));
  return id;
}

/** Every text of the file, as any program could read it. */
function readRaw(path: string): string {
  return readFileSync(path, "latin1");
}

test("FORGET-1: what a person wrote, and who they are, is gone from every table; what became of it stays", async () => {
  const db = openDatabase();
  const first = await add(db, { text: WORD, meta: { message_id: "7", user: "Ann Sample" } });
  await db.write(() => {
    addPayload(db, first, `{"text":"${WORD}"}`);
    addFiles(db, first, [{ reference: "ref-of-ann", name: "ann.png", mime: "image/png" }]);
    saveFetched(db, { event: first, position: 1 }, { path: "/tmp/x/ann.png", bytes: 3 }, 1);
  });
  const other = await add(db, {
    sender: { id: "77", name: "Bob" },
    text: "I agree",
    meta: { reply_to_id: "7", reply_to_text: WORD, message_id: "8" },
  });
  const foreign = await add(db, {
    channel: "discord",
    sender: { id: ANN.id, name: "Ann Sample" },
    text: "another account under this number",
  });
  const found = await db.write(() => forgetPerson(db, ANN, 9));
  expect(found).toMatchObject({ events: 1, files: 1, quotes: 1, folders: [first] });

  const event = findEvent(db, first);
  expect(event).toMatchObject({ id: first, text: "(forgotten)", state: "done" });
  expect(JSON.stringify(event)).not.toMatch(/xyzzy|Ann|4242/);
  expect(findEvent(db, other)).toMatchObject({ text: "I agree" });
  expect(findEvent(db, other)?.meta).not.toHaveProperty("reply_to_text");
  expect(findEvent(db, foreign)?.text).toContain("another account");
  for (const table of ["payloads", "files"])
    expect(db.get(`SELECT COUNT(*) AS n FROM ${table}`)).toEqual({ n: 0 });
  expect(findTraces(db, ANN)).toMatchObject({ events: 0, files: 0, messages: 0, quotes: 0 });
});

test("FORGET-3: who answers a forgotten person keeps their own words, and what was forwarded of them is gone", async () => {
  const db = openDatabase();
  await add(db, { text: WORD, meta: { message_id: "7" } });
  const bob = { sender: { id: "77", name: "Bob" } };
  const answer = await add(db, {
    ...bob,
    text: "Message from Bob",
    meta: { reply_to_id: "7", reply_to_text: WORD },
    quotes: [
      { label: "message", text: "please deploy" },
      { label: "in reply to", text: WORD },
    ],
  });
  const forward = await add(db, {
    ...bob,
    text: "Message from Bob, forwarded from Ann Sample",
    meta: { forwarded_from: "Ann Sample" },
    quotes: [{ label: "forwarded", text: WORD }],
  });
  await db.write(() => forgetPerson(db, ANN, 9));
  expect(findEvent(db, answer)).toMatchObject({
    text: "Message from Bob",
    quotes: [{ label: "message", text: "please deploy" }],
    state: "stored",
  });
  expect(JSON.stringify(findEvent(db, forward))).not.toMatch(/xyzzy|Ann/);
});

test("FORGET-2: what a session has been offered stays offered, and its receipt still counts", async () => {
  const db = openDatabase();
  const id = await add(db, { text: WORD });
  await db.write(() => moveEvent(db, id, "offered", { at: 2, stage: "offered", attempt: 1 }));
  await db.write(() => forgetPerson(db, ANN, 9));
  expect(findEvent(db, id)).toMatchObject({ state: "offered", text: "(forgotten)" });
  await db.write(() => moveEvent(db, id, "done", { at: 10, stage: "done" }));
  expect(findEvent(db, id)?.state).toBe("done");
});

test("FORGET-2: an answer that waits is not sent, and one to their own chat goes with it", async () => {
  const db = openDatabase();
  const id = await add(db, { text: WORD, chat: { id: ANN.id, kind: "direct" } as never });
  await db.write(() => {
    db.run("UPDATE events SET chat_id = ? WHERE id = ?", ANN.id, id);
    for (const [key, event, chat, state] of [
      ["a", id, ANN.id, "queued"],
      ["b", null, ANN.id, "sent"],
      ["c", null, "-100", "sent"],
    ] as const)
      db.run(
        `INSERT INTO outbox (key, kind, event, channel, chat_id, session, text, files, state, created_at)
         VALUES (?, 'send', ?, 'telegram', ?, 's', ?, '[{"path":"/home/outgoing/1/x"}]', ?, 1)`,
        key,
        event,
        chat,
        `answer with ${WORD}`,
        state,
      );
  });
  const found = await db.write(() => forgetPerson(db, ANN, 9));
  expect(found).toMatchObject({ messages: 2, chats: [ANN.id] });
  expect(found.copies).toEqual(["/home/outgoing/1/x", "/home/outgoing/1/x"]);
  const rows = db.all("SELECT key, text, state, files FROM outbox ORDER BY id");
  expect(rows).toEqual([
    { key: "forgotten 1", text: "(forgotten)", state: "failed", files: "[]" },
    { key: "forgotten 2", text: "(forgotten)", state: "sent", files: "[]" },
    expect.objectContaining({ key: "c", text: `answer with ${WORD}` }),
  ]);
});

test("a write that fails forgets nothing", async () => {
  const db = openDatabase();
  const id = await add(db, { text: WORD });
  const failed = db.write(() => {
    forgetPerson(db, ANN, 9);
    throw new Error("a test's fault");
  });
  await expect(failed).rejects.toThrow("a test's fault");
  expect(findEvent(db, id)).toMatchObject({ text: WORD, state: "stored" });
});

test("nobody is picked by a name: all who could be meant are listed, on each channel", async () => {
  const db = openDatabase();
  await add(db, { text: "one" });
  await add(db, { text: "two", sender: { id: "99", name: "Ann Sample" } });
  await add(db, { text: "three", channel: "github" }, false);
  expect(findPeople(db, "Ann Sample", undefined)).toEqual([
    { channel: "github", id: "4242", name: "Ann Sample", events: 1 },
    { channel: "telegram", id: "4242", name: "Ann Sample", events: 1 },
    { channel: "telegram", id: "99", name: "Ann Sample", events: 1 },
  ]);
  expect(findPeople(db, "4242", "telegram")).toHaveLength(1);
  await db.write(() => forgetPerson(db, ANN, 9));
  expect(findPeople(db, "4242", "telegram")).toEqual([]);
});

test.each(["%", "_", "\\", "42_2", "%) OR 1=1 --"])(
  "an id such as %j stands for itself alone",
  async (id) => {
    const db = openDatabase();
    const kept = await add(db, { text: "of another" });
    await db.write(() => {
      db.run(`INSERT INTO away (id, mode, by, at) VALUES (1, 'on', 'Ann (telegram 4242)', 1)`);
      forgetPerson(db, { channel: "telegram", id }, 9);
    });
    expect(findEvent(db, kept)?.text).toBe("of another");
    expect(db.get("SELECT by FROM away")).toEqual({ by: "Ann (telegram 4242)" });
    expect(countAudit(db, { channel: "telegram", id })).toBe(0);
  },
);

test("the words are gone from the file itself, and from the log beside it", async () => {
  const path = join(makeFolder(), "inbox.db");
  const db = openDatabase(path);
  await add(db, { text: WORD.repeat(200) });
  await add(db, { text: WORD });
  await db.write(() => {
    db.get("PRAGMA secure_delete = ON");
    forgetPerson(db, ANN, 9);
  });
  db.get("PRAGMA wal_checkpoint(TRUNCATE)");
  db.close();
  expect(readRaw(path)).not.toContain(WORD);
});
