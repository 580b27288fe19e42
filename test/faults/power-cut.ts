/**
 * Power cuts: a process stores events on a simulated disk with a volatile cache, loses its power, and the disk is read again.
 *
 * Owns: the cuts and what is left on the disk after each. Never: a hub; the disk itself is disk-cache.c.
 *
 * A cut keeps what was synced, and in every other round a random part of the rest too: a disk writes its cache in any order, by sectors.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseSync } from "node:sqlite";
import { toMessage } from "../../src/sdk/errors.ts";
import { Database } from "../../src/store/file/database.ts";

const WRITER = join(import.meta.dirname, "power-writer.ts");
const SOURCE = join(import.meta.dirname, "disk-cache.c");
const SECTOR_BYTES = 512;

export type PowerCutOptions = {
  cuts: number;
  synchronous: "FULL" | "OFF";
  /** Every now and then the disk fails to sync (EIO), and forgets what it should have. */
  failsToSync?: boolean;
};

export type PowerCutResult = {
  cuts: number;
  accepted: number;
  /** Refused because the disk failed. */
  refused: number;
  /** Accepted, and not on the disk. */
  lost: number;
  /** Disks that could not be opened. */
  unreadable: string[];
};

/** Why the rig cannot run on this machine; undefined where it can. */
export function findObstacle(): string | undefined {
  if (process.platform !== "linux") return "LD_PRELOAD as it is used here is Linux only";
  try {
    execFileSync("cc", ["--version"], { stdio: "ignore" });
    return undefined;
  } catch {
    return "no C compiler (cc) to build the simulated disk with";
  }
}

/** Cuts the power `cuts` times, each time going on with what the disk held. */
export async function cutPower({
  cuts,
  synchronous,
  failsToSync = false,
}: PowerCutOptions): Promise<PowerCutResult> {
  const folder = mkdtempSync(join(tmpdir(), "sluice-power-"));
  try {
    const library = join(folder, "disk-cache.so");
    execFileSync("cc", ["-shared", "-fPIC", "-O1", "-o", library, SOURCE, "-ldl", "-lpthread"]);
    const home = join(folder, "home");
    const shadow = join(folder, "shadow");
    const result: PowerCutResult = { cuts, accepted: 0, refused: 0, lost: 0, unreadable: [] };
    let held = new Set<string>();
    mkdirSync(home);
    // Without syncs not even the file would be left to look into.
    if (synchronous === "OFF") new Database(join(home, "sluice.db")).close();
    for (let cut = 0; cut < cuts; cut++) {
      // Every third starts anew: a file that is being made is either not there or whole.
      const isCreation = synchronous === "FULL" && !failsToSync && cut % 3 === 2;
      if (isCreation) {
        empty(home);
        held = new Set();
      }
      copyToShadow(home, shadow);
      const fault = failsToSync ? join(folder, "fault") : undefined;
      const said = await writeUntilCut({ library, home, shadow, synchronous, isCreation, fault });
      const accepted = said.filter((line) => line !== "refused");
      result.refused += said.length - accepted.length;
      replaceByDisk(home, shadow, cut % 2 === 1);
      const { ids, fault: damage } = readDisk(home);
      const due = [...held, ...accepted];
      held = new Set(due.filter((id) => ids.has(id)));
      result.accepted += accepted.length;
      result.lost += due.length - held.size;
      if (damage === undefined) continue;
      result.unreadable.push(damage);
      empty(home);
    }
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Run = {
  library: string;
  home: string;
  shadow: string;
  synchronous: "FULL" | "OFF";
  /** Cut while the file is being made, not while events come. */
  isCreation: boolean;
  /** While a file of this name is there, syncs fail. */
  fault: string | undefined;
};

/** Returns the ids that the writer was told are safe, and a line for each time that it was refused. */
async function writeUntilCut({
  library,
  home,
  shadow,
  synchronous,
  isCreation,
  fault,
}: Run): Promise<string[]> {
  const child = spawn(process.execPath, [WRITER, join(home, "sluice.db"), synchronous], {
    env: {
      LD_PRELOAD: library,
      DISK_FOLDER: home,
      DISK_SHADOW: shadow,
      ...(fault === undefined ? {} : { DISK_FAULT: fault }),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  let stderr = "";
  const gone = once(child, "close");
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const first = new Promise<void>((resolve) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      resolve();
    });
  });
  if (isCreation) {
    // The first file of any name: the draft, or what it became.
    while (readdirSync(home).length === 0 && child.exitCode === null) await sleep(1);
    await sleep(Math.random() * 20);
  } else {
    await Promise.race([first, gone]);
    for (let times = 0; fault !== undefined && times < 3; times++) {
      await sleep(Math.random() * 80);
      writeFileSync(fault, "");
      await sleep(20 + Math.random() * 60);
      rmSync(fault);
    }
    // The squares make early cuts frequent: first commits lie there.
    await sleep(Math.random() ** 2 * 250);
  }
  child.kill("SIGKILL");
  const [, signal] = (await gone) as [number | null, string | null];
  if (signal !== "SIGKILL") throw new Error(`the writer ended by itself: ${stderr}`);
  // The last line may have been cut.
  return said.split("\n").slice(0, -1);
}

/** The state before the power went on: all of it durable. */
function copyToShadow(home: string, shadow: string): void {
  rmSync(shadow, { recursive: true, force: true });
  mkdirSync(join(shadow, "inodes"), { recursive: true });
  mkdirSync(join(shadow, "names"));
  for (const name of readdirSync(home)) {
    const inode = join(shadow, "inodes", String(statSync(join(home, name)).ino));
    copyFileSync(join(home, name), inode);
    linkSync(inode, join(shadow, "names", name));
  }
}

/** The power is back: the home holds what the disk holds, and perhaps some of what was on its way. */
function replaceByDisk(home: string, shadow: string, withPart: boolean): void {
  const names = join(shadow, "names");
  const disk = readdirSync(names).filter((name) => !name.endsWith("-shm"));
  const files = disk.map((name) => {
    const durable = readFileSync(join(names, name));
    const live = join(home, name);
    const isSame =
      existsSync(live) && existsSync(join(shadow, "inodes", String(statSync(live).ino)));
    return { name, bytes: withPart && isSame ? mix(durable, readFileSync(live)) : durable };
  });
  empty(home);
  for (const { name, bytes } of files) writeFileSync(join(home, name), bytes);
}

function empty(folder: string): void {
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
}

/** Each sector is either the durable one or the latest. */
function mix(durable: Buffer, live: Buffer): Buffer {
  const mixed = Buffer.alloc(Math.max(durable.length, live.length));
  let end = durable.length;
  for (let at = 0; at < mixed.length; at += SECTOR_BYTES) {
    const isLive = at < live.length && Math.random() < 0.5;
    const source = isLive ? live : durable;
    if (at < source.length) source.copy(mixed, at, at, Math.min(at + SECTOR_BYTES, source.length));
    if (isLive) end = Math.max(end, Math.min(at + SECTOR_BYTES, live.length));
  }
  return mixed.subarray(0, end);
}

function readDisk(home: string): { ids: Set<string>; fault: string | undefined } {
  const path = join(home, "sluice.db");
  if (!existsSync(path) && !existsSync(`${path}-wal`)) return { ids: new Set(), fault: undefined };
  try {
    // Opens it as the product does: with its checks, and replaying the log.
    new Database(path).close();
    const db = new DatabaseSync(path, { readOnly: true });
    const rows = db.prepare("SELECT id FROM events").all();
    const verdict = db.prepare("PRAGMA integrity_check").get()?.["integrity_check"];
    db.close();
    return {
      ids: new Set(rows.map(({ id }) => String(id))),
      fault: verdict === "ok" ? undefined : String(verdict),
    };
  } catch (thrown) {
    return { ids: new Set(), fault: toMessage(thrown) };
  }
}
