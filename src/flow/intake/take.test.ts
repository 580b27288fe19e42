import { expect, test } from "vitest";
import type { Arrival } from "../../sdk/event.ts";
import { isSluiceError } from "../../sdk/errors.ts";
import { readCursor } from "../../store/events/cursors.ts";
import type { Database } from "../../store/file/database.ts";
import { listFiles } from "../../store/events/files.ts";
import { readCounters } from "../../store/events/counters.ts";
import { listEvents } from "../../store/events/inbox.ts";
import { InboxLimit } from "../../store/events/add-event.ts";
import { openDatabase, toArrival } from "../../store/sample.fixture.ts";
import { take, type TakeOptions } from "./take.ts";
import { VirtualClock } from "../virtual-clock.fixture.ts";

function openScene(changes: Partial<TakeOptions> = {}): { db: Database; options: TakeOptions } {
  const db = openDatabase();
  const clock = new VirtualClock();
  const ignore = (): void => {};
  const options: TakeOptions = {
    db,
    clock,
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    access: { get: () => ({ paused: false, allowUnsigned: false }) },
    limit: new InboxLimit(db, clock),
    assign: () => ({ watchers: "" }),
    pressing: () => {},
    ...changes,
  };
  return { db, options };
}

const toMessage = (text: string, more: Partial<Arrival> = {}): Arrival =>
  toArrival({ channel: "tg", text, deliveryId: text, ...more });
const texts = (db: Database): string[] => listEvents(db, { limit: 100 }).map(({ text }) => text);

test("TAKE-1: a batch and its cursor are one commit; received again it is one event", async () => {
  const { db, options } = openScene();
  await take("tg", [toMessage("a"), toMessage("b")], "7", options);
  expect(readCursor(db, "tg")).toBe("7");
  const again = await take("tg", [toMessage("b"), toMessage("c")], "8", options);
  expect(again.map((one) => one.kind === "stored" && one.duplicate)).toEqual([true, false]);
  expect(texts(db)).toEqual(["a", "b", "c"]);
});

test("TAKE-1: where the batch cannot be written, nothing of it is kept and the cursor stays", async () => {
  const { db, options } = openScene();
  await take("tg", [toMessage("a")], "7", options);
  await db.write(() =>
    db.run("CREATE TRIGGER full BEFORE UPDATE ON cursors BEGIN SELECT RAISE(FAIL, 'disk'); END"),
  );
  await expect(take("tg", [toMessage("b")], "8", options)).rejects.toSatisfy((thrown) =>
    isSluiceError(thrown),
  );
  expect(texts(db)).toEqual(["a"]);
  expect(readCursor(db, "tg")).toBe("7");
});

// req:field.16 req:field.64
test.each<[string, object]>([
  ["no text", { text: null }],
  ["a number for its sender", { sender: 7 }],
  ["no sender", { sender: undefined }],
  ["quotes that go in circles", { quotes: toCircle() }],
  ["an object for its id", { deliveryId: { a: 1 } }],
  ["files that are none", { files: [null] }],
  ["files without a name", { files: [{ reference: "r" }] }],
  [
    "meta that cannot be read",
    {
      meta: new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error("no");
          },
        },
      ),
    },
  ],
])(
  "TAKE-2: an arrival with %s is a dead letter, and the next one proceeds",
  async (_name, poison) => {
    const { db, options } = openScene();
    // What a channel with a bug hands over: its type says otherwise.
    const bad = { ...toMessage("bad"), ...poison } as unknown as Arrival;
    const taken = await take("tg", [toMessage("a"), bad, toMessage("b")], "9", options);
    expect(taken.map(({ kind }) => kind)).toEqual(["stored", "dead-letter", "stored"]);
    expect(texts(db)).toEqual(["a", "b"]);
    expect(readCursor(db, "tg")).toBe("9");
    expect(readCounters(db)).toMatchObject([{ channel: "tg", reason: "dead-letter", count: 1 }]);
    // Nothing half: a dead letter's own id does not make a later, sound one a duplicate.
    await take("tg", [toMessage("bad")], "10", options);
    expect(texts(db)).toEqual(["a", "b", "bad"]);
  },
);

test("what the gate drops is counted, and moves the cursor all the same", async () => {
  const { db, options } = openScene({
    access: { get: () => ({ paused: true, allowUnsigned: false }) },
  });
  await take("tg", [toMessage("a")], "7", options);
  expect(texts(db)).toEqual([]);
  expect(readCursor(db, "tg")).toBe("7");
  expect(readCounters(db)).toMatchObject([{ reason: "paused", count: 1 }]);
});

test("an arrival speaks for its own channel only", async () => {
  const { db, options } = openScene();
  await take("tg", [toMessage("a", { channel: "github" })], "7", options);
  expect(listEvents(db, { limit: 1 })[0]?.channel).toBe("tg");
});

test("files are kept by reference; meta says how many and what, in harmless words", async () => {
  const { db, options } = openScene();
  const files = [
    {
      reference: "secret-file-id",
      name: "../../Evil\u202egnp.exe",
      mime: "image/png",
      bytes: 2_048,
    },
    { reference: "r2", name: "" },
  ];
  await take("tg", [toMessage("a", { files })], "7", options);
  const [event] = listEvents(db, { limit: 1 });
  expect(event?.meta).toMatchObject({
    attachment_count: "2",
    attachments: "1. Evilgnp.exe (image/png, 2 kB); 2. file (file)",
  });
  expect(JSON.stringify(event)).not.toContain("secret-file-id");
  expect(listFiles(db, event?.id ?? "")).toMatchObject([
    { position: 1, reference: "secret-file-id", path: null },
    { position: 2, reference: "r2" },
  ]);
});

function toCircle(): unknown[] {
  const circle: unknown[] = [];
  circle.push(circle);
  return circle;
}
