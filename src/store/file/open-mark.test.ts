import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Database } from "./database.ts";
import { leaveOpenMark, takeOpenMark } from "./open-mark.ts";
import { addEvent } from "../events/add-event.ts";
import { makeFolder, toArrival } from "../sample.fixture.ts";

// Elsewhere nothing tells one start of the machine from another, so there is no mark.
const isLinux = process.platform === "linux";

/** Opens the file, adds an event and waits: what is killed then. */
const OWNER = `
  import { Database } from ${JSON.stringify(new URL("database.ts", import.meta.url).href)};
  const db = new Database(process.argv[1], { checkpoints: "thread" });
  await db.write(() => db.run("INSERT INTO marks VALUES (?, 1)", process.argv[2]));
  console.log(db.isChecked);
  setInterval(() => {}, 1_000);
`;

/** A life of an owner that ends by kill -9. Returns whether the file had been read whole. */
async function live(path: string, mark: string): Promise<boolean> {
  const args = ["--input-type=module", "--eval", OWNER, path, mark];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [said] = (await once(child.stdout, "data")) as [Buffer];
  child.kill("SIGKILL");
  await once(child, "exit");
  return said.toString().trim() === "true";
}

/** Larger than what is read whole at every start. */
async function makeLargeFile(): Promise<string> {
  const path = join(makeFolder(), "inbox.db");
  const db = new Database(path, { synchronous: "OFF" });
  await db.write(() => {
    const text = "x".repeat(1_000_000);
    for (let i = 0; i < 70; i++) addEvent(db, toArrival({ text }), "source", 1, 1);
  });
  db.close();
  writeFileSync(`${path}.closed`, "");
  return path;
}

test.runIf(isLinux)(
  "after a kill a large file is believed once, with all that stood in the log",
  async () => {
    const path = await makeLargeFile();
    // Read whole, since it had no mark; then believed; and as that life never read it whole, read again.
    expect(await live(path, "one")).toBe(true);
    expect(await live(path, "two")).toBe(false);
    expect(await live(path, "three")).toBe(true);
    const db = new Database(path, { checkpoints: "thread" });
    expect(db.isChecked).toBe(false);
    expect(db.all("SELECT name FROM marks WHERE name IN ('one', 'two', 'three')").length).toBe(3);
    // Read whole behind the start: from then on it is believed again.
    db.noteChecked();
    expect(takeOpenMark(path)).toBe(true);
    db.close();
    expect(existsSync(`${path}.open`)).toBe(false);
  },
);

test.runIf(isLinux)(
  "after a kill a large file that another program changed is read whole, and refused where it is damaged",
  async () => {
    const path = await makeLargeFile();
    expect(await live(path, "one")).toBe(true);
    const fd = openSync(path, "r+");
    writeSync(fd, Buffer.alloc(4_096, 0xff), 0, 4_096, 4_096);
    closeSync(fd);
    expect(() => new Database(path)).toThrow(/is damaged/);
  },
);

test.runIf(isLinux)("after another start of the machine nothing is believed", () => {
  const path = join(makeFolder(), "inbox.db");
  writeFileSync(path, "content");
  leaveOpenMark(path);
  const mark = readFileSync(`${path}.open`, "utf8");
  writeFileSync(`${path}.open`, mark.replace(/[0-9a-f]{12}$/, "000000000000"));
  expect(takeOpenMark(path)).toBe(false);
  writeFileSync(`${path}.open`, mark);
  expect([takeOpenMark(path), takeOpenMark(path)]).toEqual([true, false]);
});
