import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import type { ChannelConnection } from "../../sdk/channel.ts";
import type { IncomingFile } from "../../sdk/event.ts";
import { newEventId } from "../../sdk/id.ts";
import { addFiles } from "../../store/events/files.ts";
import { addEvent } from "../../store/events/add-event.ts";
import { findEvent } from "../../store/events/inbox.ts";
import { makeFolder, openDatabase, toArrival } from "../../store/sample.fixture.ts";
import { type FileLimits, IncomingFiles } from "./incoming-file.ts";
import { systemClock } from "../../sdk/clock.ts";

function openScene(limits: Partial<FileLimits> = {}) {
  const db = openDatabase();
  const folder = makeFolder();
  const asked: [string, number][] = [];
  const content = new Map<string, Buffer>();
  let live = true;
  const connection: ChannelConnection = {
    send: async () => ({ messageIds: [] }),
    download: async (reference, maxBytes) => {
      asked.push([reference, maxBytes]);
      return content.get(reference) ?? Buffer.from("content");
    },
    close: async () => undefined,
  };
  const ignore = (): void => {};
  const files = new IncomingFiles({
    db,
    clock: systemClock,
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    folder,
    connection: () => (live ? connection : undefined),
    limits,
  });
  const add = (...list: IncomingFile[]): Promise<string> =>
    db.write(() => {
      const { id } = addEvent(db, toArrival(), "chatter", 1, 1);
      addFiles(db, id, list);
      return id;
    });
  /** As a channel hands it over: images first, then the event. */
  const receive = async (...list: IncomingFile[]): Promise<string> => {
    const arrival = toArrival({ files: list });
    const fetched = await files.fetchImages("alerts", [arrival]);
    const id = await db.write(() => {
      const added = addEvent(db, arrival, "chatter", 1, 1);
      addFiles(db, added.id, list);
      files.adopt(added.id, arrival, fetched);
      return added.id;
    });
    files.discard(fetched);
    return id;
  };
  const cut = (): void => void (live = false);
  return { db, folder, files, asked, content, add, receive, cut };
}

test("INFILE-2: a file is fetched once, and lies privately under a safe name in its event's folder", async () => {
  const { folder, files, asked, add } = openScene();
  const id = await add({ reference: "r", name: "../../../etc/cron.d/x y.txt" });
  const [path, again] = await Promise.all([files.fetch(id, 1), files.fetch(id, 1)]);
  expect(path).toBe(join(folder, id, "1-x y.txt"));
  expect(again).toBe(path);
  expect(await files.fetch(id, 1)).toBe(path);
  expect(asked).toEqual([["r", 20 * 1024 ** 2]]);
  expect(statSync(path ?? "").mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, id)).mode & 0o777).toBe(0o700);
});

test("INFILE-1: nothing is asked for that is too large, and more than announced is not kept", async () => {
  const { folder, files, asked, content, add } = openScene({ maxBytes: 10 });
  const id = await add(
    { reference: "announced", name: "a", bytes: 11 },
    { reference: "lied", name: "b", bytes: 5 },
  );
  content.set("lied", Buffer.alloc(11));
  await expect(files.fetch(id, 1)).rejects.toThrow(/larger/);
  await expect(files.fetch(id, 2)).rejects.toThrow(/larger/);
  expect(asked.map(([reference]) => reference)).toEqual(["lied"]);
  expect(existsSync(join(folder, id))).toBe(false);
});

test("images are there with their event, the first one's path in meta; other files wait", async () => {
  const { db, folder, asked, receive } = openScene();
  const id = await receive(
    { reference: "text", name: "a.txt", mime: "text/plain" },
    { reference: "one", name: "one.png", mime: "image/png" },
    { reference: "two", name: "two.jpg" },
    { reference: "svg", name: "x.svg", mime: "image/svg+xml" },
  );
  const path = findEvent(db, id)?.meta["image_path"] ?? "";
  expect(basename(path)).toBe("2-one.png");
  expect(readFileSync(path, "utf8")).toBe("content");
  expect(asked.map(([reference]) => reference).toSorted()).toEqual(["one", "two"]);
  expect(readdirSync(folder)).toEqual([id]);
});

test("an image that cannot be fetched stops nothing", async () => {
  const { db, folder, files, receive, cut } = openScene();
  cut();
  const id = await receive({ reference: "one", name: "one.png", mime: "image/png" });
  expect(readdirSync(folder)).toEqual([]);
  expect(findEvent(db, id)?.meta["image_path"]).toBeUndefined();
  await expect(files.fetch(id, 1)).rejects.toThrow(/not connected/);
  await expect(files.fetch(id, 2)).rejects.toThrow(/no file 2/);
  await expect(files.fetch(newEventId(1), 1)).rejects.toThrow(/no file/);
});

test("INFILE-3: files go with their event, by age, and the oldest where there is too much", async () => {
  const { db, folder, files, receive } = openScene({ maxTotalBytes: 15, lifeMs: 3_600_000 });
  const ids = [];
  for (let i = 0; i < 5; i++) {
    const id = await receive({ reference: `r${i}`, name: "a.png", mime: "image/png" });
    const at = Date.now() / 1_000 - 100 * (5 - i);
    utimesSync(join(folder, id), at, at);
    ids.push(id);
  }
  const [purged = "", old = "", large = "", ...kept] = ids;
  await db.write(() => db.run("DELETE FROM events WHERE id = ?", purged));
  utimesSync(join(folder, old), 1, 1);
  mkdirSync(join(folder, "not-ours"));
  writeFileSync(join(folder, "not-ours", "x"), "kept");
  // Two of seven bytes fit into fifteen.
  expect(await files.prune()).toBe(3);
  expect(ids.map((id) => existsSync(join(folder, id)))).toEqual([false, false, false, true, true]);
  expect(existsSync(join(folder, "not-ours", "x"))).toBe(true);
  expect(findEvent(db, large)?.meta["image_path"]).toBeUndefined();
  expect(findEvent(db, kept[0] ?? "")?.meta["image_path"]).toContain(kept[0]);
  // Wanted again, it is fetched again.
  expect(existsSync(await files.fetch(large, 1))).toBe(true);
});

test("an image that is too large, or slow, comes by reference only", async () => {
  const { db, asked, content, receive } = openScene({ maxImageBytes: 10 });
  content.set("lied", Buffer.alloc(11));
  const id = await receive(
    { reference: "announced", name: "a.png", bytes: 11 },
    { reference: "lied", name: "b.png" },
  );
  expect(asked.map(([reference]) => reference)).toEqual(["lied"]);
  expect(findEvent(db, id)?.meta["image_path"]).toBeUndefined();
});
