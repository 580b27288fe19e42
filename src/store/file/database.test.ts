import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { isSluiceError, SluiceError } from "../../sdk/errors.ts";
import type { Arrival } from "../../sdk/event.ts";
import { Database } from "./database.ts";
import { toStoreFault } from "./fault.ts";
import { countByState } from "../events/figures.ts";
import { addCount } from "../events/counters.ts";
import { addEvent } from "../events/add-event.ts";
import { markDone } from "../events/deliveries.ts";
import { listEvents } from "../events/inbox.ts";
import { failTurn, makeFolder, openDatabase, toArrival } from "../sample.fixture.ts";

const isRoot = process.getuid?.() === 0;

/** Counts committed events as another process would see them. */
function countFrom(path: string): number {
  const other = new DatabaseSync(path, { readOnly: true });
  try {
    return Number(other.prepare("SELECT COUNT(*) AS count FROM events").get()?.["count"]);
  } finally {
    other.close();
  }
}

function add(db: Database, text = "x"): Promise<{ id: string; duplicate: boolean }> {
  return db.write(() => addEvent(db, toArrival({ text }), "source", 1, 1));
}

/** Fills a database, closes it, and returns its path. */
function fill(events = 200): string {
  const path = join(makeFolder(), "inbox.db");
  const db = new Database(path);
  void db.write(() => {
    for (let i = 0; i < events; i++) {
      addEvent(db, toArrival({ text: `event ${i} `.repeat(40) }), "source", i, i);
    }
  });
  db.close();
  return path;
}

function catchFault(open: () => unknown): SluiceError {
  try {
    open();
  } catch (thrown) {
    if (isSluiceError(thrown)) return thrown;
    throw thrown;
  }
  throw new Error("it was opened");
}

test("DATABASE-1: a write resolves only when another connection can see what it wrote", async () => {
  const db = openDatabase();
  let resolved = false;
  const written = add(db).then(() => {
    resolved = true;
    return countFrom(db.path);
  });
  await Promise.resolve();
  expect([resolved, countFrom(db.path)]).toEqual([false, 0]);
  expect(await written).toBe(1);
});

test("DATABASE-1: the file is in WAL mode and every commit is synced in full", () => {
  const db = openDatabase();
  expect(db.get("PRAGMA synchronous")).toEqual({ synchronous: 2 });
  expect(db.get("PRAGMA journal_mode")).toEqual({ journal_mode: "wal" });
  expect(db.get("PRAGMA foreign_keys")).toEqual({ foreign_keys: 1 });
});

test("DATABASE-2: a thousand writes of one turn become visible at once", async () => {
  const db = openDatabase();
  const seen = new Set<number>();
  const writes = Array.from({ length: 1_000 }, (_, i) =>
    (async () => {
      await add(db, String(i));
      if (i % 250 === 0) seen.add(countFrom(db.path));
    })(),
  );
  await Promise.all(writes);
  expect([...seen]).toEqual([1_000]);
});

/** Texts of committed events as another process would see them, in order. */
function readTexts(path: string): unknown[] {
  const other = new DatabaseSync(path, { readOnly: true });
  try {
    return other
      .prepare("SELECT text FROM events ORDER BY seq")
      .all()
      .map(({ text }) => text);
  } finally {
    other.close();
  }
}

/** Adds an event and fails. */
function addAndFail(db: Database, text: string): Promise<unknown> {
  return db.write(() => {
    addEvent(db, toArrival({ text }), "source", 1, 1);
    throw new SluiceError("conflict", `refused: ${text}`);
  });
}

async function toOutcomes(writes: readonly Promise<unknown>[]): Promise<string[]> {
  const settled = await Promise.allSettled(writes);
  return settled.map((one) =>
    one.status === "fulfilled" ? "kept" : isSluiceError(one.reason) ? one.reason.code : "?",
  );
}

test("DATABASE-2: of two writers in one turn, the one that throws is undone and the other kept", async () => {
  for (const turn of [
    (db: Database) => [add(db, "kept"), addAndFail(db, "half")],
    (db: Database) => [addAndFail(db, "half"), add(db, "kept")],
  ]) {
    const db = openDatabase();
    const outcomes = await toOutcomes(turn(db));
    expect(outcomes.toSorted()).toEqual(["conflict", "kept"]);
    expect(readTexts(db.path)).toEqual(["kept"]);
    await add(db, "after");
    expect(readTexts(db.path)).toEqual(["kept", "after"]);
  }
});

test("DATABASE-2: of many writers in one turn each gets its own outcome, and its own words", async () => {
  const db = openDatabase();
  const writes = Array.from({ length: 90 }, (_, i) =>
    i % 3 === 1 ? addAndFail(db, String(i)) : add(db, String(i)),
  );
  const settled = await Promise.allSettled(writes);
  const kept = Array.from({ length: 90 }, (_, i) => i).filter((i) => i % 3 !== 1);
  expect(readTexts(db.path)).toEqual(kept.map(String));
  for (const [i, one] of settled.entries())
    expect(one.status === "fulfilled" ? "kept" : String(one.reason)).toContain(
      i % 3 === 1 ? `refused: ${i}` : "kept",
    );
});

test("DATABASE-2: a write inside one that throws is undone with it; one that throws inside another is undone alone", async () => {
  const db = openDatabase();
  let inner: Promise<unknown> | undefined;
  const outer = db.write(() => {
    inner = add(db, "inside a failed one");
    throw new SluiceError("conflict", "the outer one");
  });
  const other = db.write(() => {
    addEvent(db, toArrival({ text: "around" }), "source", 1, 1);
    // Its fault is told by its own promise.
    const lost = addAndFail(db, "inside, failed");
    return lost.catch((thrown: unknown) => thrown);
  });
  expect(await toOutcomes([outer, inner ?? outer, other])).toEqual([
    "conflict",
    "conflict",
    "kept",
  ]);
  expect(isSluiceError(await other, "conflict")).toBe(true);
  expect(readTexts(db.path)).toEqual(["around"]);
});

test("DATABASE-2: a last change runs at the end of its write, and is undone with it and alone", async () => {
  const db = openDatabase();
  const addLast = (text: string, id = text): void =>
    db.runLast(
      "INSERT INTO chats (id, title, created_at, changed_at) VALUES (?, ?, 1, 1)",
      id,
      text,
    );
  const read = (): string[] =>
    db.all<{ title: string }>("SELECT title FROM chats ORDER BY id").map(({ title }) => title);
  const undone: string[] = [];
  const failed = new SluiceError("conflict", "a test's fault");
  const outcomes = await toOutcomes([
    db.write(() => addLast("alone")),
    db.write(() => {
      addLast("one of two");
      addLast("two of two");
    }),
    db.write(() => {
      db.afterUndo(() => undone.push("same key"));
      addLast("same key", "alone");
    }),
    db.write(() => {
      addLast("never run");
      throw failed;
    }),
    db.write(() => {
      addLast("around");
      expect(() =>
        db.part(() => {
          addLast("inside");
          addLast("inside again", "alone");
        }),
      ).toThrow("UNIQUE");
      expect(read()).toEqual(["alone", "one of two", "two of two"]);
    }),
    db.write(() => {
      // A change all the same, though it is read like a row.
      db.get("DELETE FROM chats WHERE id = ? RETURNING id", "alone");
      throw failed;
    }),
    db.write(() => addLast("after")),
  ]);
  expect(outcomes.map((one) => one === "kept")).toEqual([
    true,
    true,
    false,
    false,
    true,
    false,
    true,
  ]);
  expect(undone).toEqual(["same key"]);
  expect(read().toSorted()).toEqual(["after", "alone", "around", "one of two", "two of two"]);
  expect(() => db.runLast("DELETE FROM chats")).toThrow("outside of a transaction");
});

test("DATABASE-2: where SQLite gives the transaction up in a write's only change, the whole turn fails", async () => {
  const db = openDatabase();
  const outcomes = await toOutcomes([
    db.write(() => db.runLast("INSERT INTO cursors VALUES ('a', 'b', 1)")),
    // What a full disk does.
    db.write(() => db.runLast("INSERT OR ROLLBACK INTO cursors VALUES ('a', 'b', 1)")),
  ]);
  expect(outcomes).not.toContain("kept");
  await db.write(() => db.runLast("INSERT INTO cursors VALUES ('a', 'later', 1)"));
  expect(db.all("SELECT cursor FROM cursors")).toEqual([{ cursor: "later" }]);
});

test("DATABASE-2: a part that throws leaves the rest of its write as it is, and the caller may go on", async () => {
  const db = openDatabase();
  await db.write(() => {
    addEvent(db, toArrival({ text: "before" }), "source", 1, 1);
    expect(() =>
      db.part(() => {
        addEvent(db, toArrival({ text: "half" }), "source", 1, 1);
        db.run("INSERT INTO events (id) VALUES ('no more columns')");
      }),
    ).toThrow("NOT NULL");
    addEvent(db, toArrival({ text: "behind" }), "source", 1, 1);
  });
  expect(readTexts(db.path)).toEqual(["before", "behind"]);
});

test("DATABASE-2: a fault at COMMIT fails every writer of the turn, and the next turn is not harmed", async () => {
  const db = openDatabase();
  const happened: string[] = [];
  const noting = db.write(() => {
    db.afterCommit(() => happened.push("kept"));
    db.afterUndo(() => happened.push("undone"));
  });
  const outcomes = await toOutcomes([add(db, "a"), noting, failTurn(db), add(db, "b")]);
  expect(outcomes).toEqual(["internal", "internal", "internal", "internal"]);
  expect(happened).toEqual(["undone"]);
  expect(readTexts(db.path)).toEqual([]);
  await add(db, "after");
  expect(readTexts(db.path)).toEqual(["after"]);
});

test("DATABASE-2: where SQLite gives the transaction up by itself every writer of the turn fails, and none is kept by half", async () => {
  const db = openDatabase();
  const writes = [
    add(db, "before"),
    db.write(() => {
      const inner = add(db, "inside");
      inner.catch(() => undefined);
      // What a full disk does.
      db.run("ROLLBACK");
      return inner;
    }),
    add(db, "a turn of its own"),
  ];
  expect(await toOutcomes(writes)).toEqual(["internal", "internal", "kept"]);
  expect(readTexts(db.path)).toEqual(["a turn of its own"]);
});

test("DATABASE-4: memory follows what is written: kept after COMMIT and before the writer goes on, undone the last first", async () => {
  const db = openDatabase();
  const happened: string[] = [];
  const note = (name: string): void => {
    db.afterCommit(() => happened.push(`${name} kept, on disk: ${countFrom(db.path)}`));
    db.afterUndo(() => happened.push(`${name} undone`));
  };
  const kept = db.write(() => {
    addEvent(db, toArrival(), "source", 1, 1);
    note("a");
  });
  const failed = db.write(() => {
    note("b");
    note("c");
    throw new SluiceError("conflict", "a test's fault");
  });
  await expect(failed).rejects.toThrow("a test's fault");
  expect(happened).toEqual(["c undone", "b undone"]);
  await kept.then(() => happened.push("a goes on"));
  expect(happened.slice(2)).toEqual(["a kept, on disk: 1", "a goes on"]);
  db.afterCommit(() => happened.push("at once"));
  expect(happened.at(-1)).toBe("at once");
});

test("DATABASE-4: of what is undone nobody hears that it changed", async () => {
  const db = openDatabase();
  const heard: (readonly string[])[] = [];
  db.watch((events) => heard.push(events));
  const [, kept] = await Promise.allSettled([addAndFail(db, "half"), add(db, "kept")]);
  const id = kept.status === "fulfilled" ? kept.value.id : "";
  expect(heard).toEqual([[id]]);
});

test("who watches chats hears of their events alone, of one that is stored and of one that moves", async () => {
  const db = openDatabase();
  const heard: (readonly string[])[] = [];
  db.watch((events) => heard.push(events), "chats");
  const store = (more: Partial<Arrival>): Promise<string> =>
    db.write(() => addEvent(db, toArrival(more), "source", 1, 1).id);
  const [machine, chat] = await Promise.all([store({}), store({ chatId: "7" })]);
  const done = (id: string): Promise<void> => db.write(() => markDone(db, id, "answered", "s", 2));
  await done(machine);
  await done(chat);
  expect(heard).toEqual([[chat], [chat]]);
});

test("a change outside of a write is refused, not made", () => {
  const db = openDatabase();
  expect(() => addCount(db, "a", "b", 1)).toThrow("outside of a transaction");
  expect(() => db.part(() => undefined)).toThrow("outside of a transaction");
});

test("closing commits what is open", async () => {
  const db = openDatabase();
  const written = add(db);
  db.close();
  await written;
  expect(countFrom(db.path)).toBe(1);
  await expect(add(db)).rejects.toSatisfy((fault) => isSluiceError(fault));
});

test("FAULT-12: while another process holds the file a write fails as busy, for the sender to come again", async () => {
  const db = openDatabase();
  const other = new DatabaseSync(db.path);
  onTestFinished(() => other.close());
  other.exec("BEGIN IMMEDIATE");
  const fault: unknown = await add(db).catch((thrown: unknown) => thrown);
  expect(isSluiceError(fault, "store_busy") && fault.retryable).toBe(true);
  other.exec("ROLLBACK");
  await add(db);
  expect(countFrom(db.path)).toBe(1);
});

test("DATABASE-3: a file of a newer Sluice is refused and stays as it is", () => {
  const path = fill(3);
  const raw = new DatabaseSync(path);
  raw.exec("PRAGMA user_version = 999");
  raw.close();
  const before = readFileSync(path);
  expect(catchFault(() => new Database(path)).code).toBe("store_newer");
  expect(readFileSync(path).equals(before)).toBe(true);
});

test.each([
  ["all gone", 0],
  ["half a header", 50],
  ["a header", 100],
  ["one page", 4_096],
  ["nearly half", 40_000],
])("DATABASE-3: a file cut to %s is refused and stays as it is", (_, size) => {
  const path = fill();
  expect(statSync(path).size).toBeGreaterThan(100_000);
  truncateSync(path, size);
  const fault = catchFault(() => new Database(path));
  expect(fault.code).toBe("store_corrupt");
  expect(fault.message).toContain(path);
  expect(statSync(path).size).toBe(size);
});

test.each([
  ["garbage", Buffer.from("this was never a database ".repeat(400))],
  ["zeros", Buffer.alloc(8_192)],
])("DATABASE-3: %s in place of the database is refused and stays as it is", (_, bytes) => {
  const path = join(makeFolder(), "inbox.db");
  writeFileSync(path, bytes);
  expect(catchFault(() => new Database(path)).code).toBe("store_corrupt");
  expect(readFileSync(path).equals(bytes)).toBe(true);
});

test("DATABASE-3: bytes flipped anywhere are refused, or every event is still there word for word", () => {
  const path = fill(60);
  const whole = readFileSync(path);
  const expected = Array.from({ length: 60 }, (_, i) => `event ${i} `.repeat(40));
  let refused = 0;
  for (let at = 0; at < whole.length; at += Math.floor(whole.length / 120)) {
    const damaged = Buffer.from(whole);
    for (let i = at; i < Math.min(at + 24, whole.length); i++)
      damaged[i] = (damaged[i] ?? 0) ^ 0xff;
    writeFileSync(path, damaged);
    let db: Database | undefined;
    try {
      db = new Database(path);
      const texts = listEvents(db, { limit: 1_000 }).map((event) => event.text);
      // SQLite keeps no checksum of a row's text: a flip inside one shows as that text, never as a missing row.
      expect(texts.length).toBe(60);
      expect(texts.filter((text, i) => text !== expected[i]).length).toBeLessThanOrEqual(2);
    } catch (thrown) {
      if (!isSluiceError(thrown)) throw thrown;
      expect(["store_corrupt", "store_newer", "internal"]).toContain(thrown.code);
      // A hub that does not start is told of by one line.
      expect(thrown.message).not.toContain("\n");
      refused++;
      if (db === undefined) expect(readFileSync(path).equals(damaged)).toBe(true);
    } finally {
      db?.close();
    }
  }
  expect(refused).toBeGreaterThan(5);
});

test("DATABASE-3: a damaged row is told as damage, not as a bug", async () => {
  const db = openDatabase();
  await add(db);
  await db.write(() => db.run(`UPDATE events SET quotes = '[{"lab'`));
  expect(catchFault(() => listEvents(db, { limit: 1 })).code).toBe("store_corrupt");
});

test("DATABASE-3: a database whose main file is missing beside its log is not begun anew", () => {
  const path = fill(3);
  writeFileSync(`${path}-wal`, "what was not yet in the main file");
  rmSync(path);
  expect(catchFault(() => new Database(path)).code).toBe("store_corrupt");
  expect(readFileSync(`${path}-wal`, "utf8")).toBe("what was not yet in the main file");
  expect(existsSync(path)).toBe(false);
});

test("DATABASE-3: what a damaged file's log holds is not moved into it", async () => {
  const path = fill();
  const db = openDatabase(path);
  await add(db, "in the log");
  // Copied while open: the copy has a log, as after a power cut.
  const copy = join(makeFolder(), "inbox.db");
  const main = readFileSync(path).fill(0xff, 20_000, 40_000);
  const log = readFileSync(`${path}-wal`);
  writeFileSync(copy, main);
  writeFileSync(`${copy}-wal`, log);
  expect(catchFault(() => new Database(copy)).code).toBe("store_corrupt");
  expect(readFileSync(copy).equals(main)).toBe(true);
  expect(readFileSync(`${copy}-wal`).equals(log)).toBe(true);
});

const OPEN = `
  const { Database } = await import(${JSON.stringify(new URL("./database.ts", import.meta.url).href)});
  const { addEvent } = await import(${JSON.stringify(new URL("../events/add-event.ts", import.meta.url).href)});
  const arrival = { channel: "a", kind: "k", sender: { id: "s" }, text: "t", quotes: [], meta: {}, priority: "normal", ack: "auto", verified: "x" };
`;

/** Runs a script as somebody whom file modes bind: they do not bind root. */
function runUnprivileged(script: string): string {
  const child = spawnSync(process.execPath, ["--input-type=module", "-e", OPEN + script], {
    encoding: "utf8",
    ...(isRoot ? { uid: 65_534, gid: 65_534 } : {}),
    env: { PATH: process.env["PATH"] },
  });
  return child.stdout.trim() || child.stderr;
}

const REPORT = `
  try { new Database(path); console.log("opened"); }
  catch (fault) { console.log(fault.code); }
`;

/** Whether the other user can read this checkout at all. */
function canRunUnprivileged(): boolean {
  return runUnprivileged(`console.log("ran")`) === "ran";
}

test("FAULT-9: a file that may only be read is refused at the start", (context) => {
  if (!canRunUnprivileged()) context.skip("another user cannot read this checkout");
  const path = fill(3);
  const folder = join(path, "..");
  if (isRoot) for (const one of [folder, path]) chownSync(one, 65_534, 65_534);
  chmodSync(path, 0o400);
  expect(runUnprivileged(`const path = ${JSON.stringify(path)};${REPORT}`)).toBe("store_readonly");
  expect(countFrom(path)).toBe(3);
});

test.for(["a new", "an old"])(
  "FAULT-9: %s file in a folder that may only be read is refused at the start",
  (kind, context) => {
    if (!canRunUnprivileged()) context.skip("another user cannot read this checkout");
    const path = kind === "an old" ? fill(3) : join(makeFolder(), "inbox.db");
    const folder = join(path, "..");
    if (isRoot) {
      chownSync(folder, 65_534, 65_534);
      if (existsSync(path)) chownSync(path, 65_534, 65_534);
    }
    chmodSync(folder, 0o500);
    onTestFinished(() => chmodSync(folder, 0o700));
    expect(runUnprivileged(`const path = ${JSON.stringify(path)};${REPORT}`)).toBe(
      "store_readonly",
    );
  },
);

test("FAULT-8: on a full disk nothing is half kept, and when space returns it goes on without a restart", async (context) => {
  const folder = makeFolder();
  const disk = join(folder, "disk");
  mkdirSync(disk);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", disk]);
  if (mounted.status !== 0) context.skip("mounting a small disk is not permitted here");
  onTestFinished(() => {
    spawnSync("umount", ["-l", disk]);
  });
  const db = new Database(join(disk, "inbox.db"));
  onTestFinished(() => db.close());
  const ballast = join(disk, "ballast");
  writeFileSync(ballast, Buffer.alloc(1_300 * 1_024));
  let kept = 0;
  let fault: unknown;
  for (let i = 0; i < 200 && fault === undefined; i++) {
    const turn = [add(db, "a".repeat(8_000)), add(db, "b".repeat(8_000))];
    const outcomes = await Promise.allSettled(turn);
    const stored = outcomes.filter(({ status }) => status === "fulfilled").length;
    expect([0, 2]).toContain(stored);
    kept += stored;
    for (const one of outcomes) if (one.status === "rejected") fault = one.reason;
  }
  expect(isSluiceError(fault) && [fault.code, fault.retryable]).toEqual(["store_full", true]);
  expect(kept).toBeGreaterThan(2);
  expect(countByState(db).stored).toBe(kept);
  truncateSync(ballast, 0);
  await add(db, "c".repeat(8_000));
  expect(countFrom(db.path)).toBe(kept + 1);
});

test("a first start that is killed at any moment leaves no file or a whole one", async () => {
  for (const delayMs of [0, 2, 4, 8]) {
    const path = join(makeFolder(), "inbox.db");
    const script = `${OPEN} console.log("go"); const db = new Database(${JSON.stringify(path)}); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    const db = new Database(path);
    await db.write(() => addCount(db, "a", "b", 1));
    expect(countFrom(path)).toBe(0);
    db.close();
  }
});

test("a migration that was interrupted is made whole the next time", () => {
  const folder = makeFolder();
  const path = join(folder, "inbox.db");
  // What a kill in the middle leaves: a draft with half the tables, and its log.
  const draft = new DatabaseSync(`${path}.new`);
  draft.exec("PRAGMA journal_mode = WAL; CREATE TABLE events (a)");
  draft.close();
  writeFileSync(`${path}.new-wal`, "rest");
  const db = new Database(path);
  expect(countByState(db).stored).toBe(0);
  expect(existsSync(`${path}.new`)).toBe(false);
  db.close();
});

test.each([
  [8, "store_readonly", false],
  [1_032, "store_readonly", false],
  [14, "store_readonly", false],
  [11, "store_corrupt", false],
  [26, "store_corrupt", false],
  [13, "store_full", true],
  [5, "store_busy", true],
  [6, "store_busy", true],
  [10, "store_readonly", true],
  [1, "internal", false],
])("SQLite's code %i means %s", (errcode, code, retryable) => {
  const fault = toStoreFault(Object.assign(new Error("detail"), { errcode }), "/x/inbox.db");
  expect([fault.code, fault.retryable]).toEqual([code, retryable]);
  expect(fault.message).toContain("/x/inbox.db");
  expect(fault.retryAfterMs === undefined).toBe(!retryable);
});
