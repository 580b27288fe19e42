/**
 * What the tests of store and flow start from: a folder of their own, a database file in it, arrivals.
 *
 * Owns: samples. Never: behaviour.
 */
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Arrival } from "../sdk/event.ts";
import { Database } from "./file/database.ts";

/** An empty folder that goes when the test ends. */
export function makeFolder(): string {
  // By its own name: where the system's folder is a link, what is made of a path is compared with it.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "sluice-test-")));
  // A process that is just ending may still write there.
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

let empty: Buffer | undefined;

/** A file as a first start leaves it. All schema steps are gone through once for each process: for each file they take ten times as long. */
export function makeFile(path: string): string {
  if (empty === undefined) {
    const folder = mkdtempSync(join(tmpdir(), "sluice-empty-"));
    const first = join(folder, "inbox.db");
    new Database(first).close();
    empty = readFileSync(first);
    rmSync(folder, { recursive: true });
  }
  // Where anything is left of a file, what a start makes of that is the claim.
  if (!["", "-wal", ".new"].some((end) => existsSync(path + end)))
    writeFileSync(path, empty, { mode: 0o600 });
  return path;
}

/** A database that is closed when the test ends. */
export function openDatabase(path: string = join(makeFolder(), "inbox.db")): Database {
  const db = new Database(makeFile(path));
  onTestFinished(() => {
    try {
      db.close();
    } catch {
      // Closed by the test itself.
    }
  });
  return db;
}

/** Makes the COMMIT of this event-loop turn fail, and with it every write of the turn. Rejects as they do. */
export function failTurn(db: Database): Promise<unknown> {
  return db.write(() => {
    // Looked at by COMMIT and not before, as a disk that fails only then.
    db.all("PRAGMA defer_foreign_keys = ON");
    db.run("INSERT INTO steps (event, at, stage) VALUES ('evt_of_nobody', 1, 'done')");
  });
}

export function toArrival(changes: Partial<Arrival> = {}): Arrival {
  return {
    channel: "alerts",
    kind: "message",
    sender: { id: "s1", name: "Sentry" },
    text: "The build failed",
    quotes: [],
    meta: {},
    priority: "normal",
    ack: "auto",
    verified: "github",
    ...changes,
  };
}
