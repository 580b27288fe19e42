/**
 * What the disk can do: small writes, each flushed, per second. The yardstick for every durable number.
 */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/** Appends 4 KiB and flushes, again and again for `forMs`, in a new folder under `parent`. @returns flushes per second. */
export function measureFsync(parent: string, forMs = 1_000): number {
  const folder = mkdtempSync(join(parent, "sluice-fsync-"));
  const file = openSync(join(folder, "file"), "w");
  const block = Buffer.alloc(4_096, 1);
  const startedAt = performance.now();
  let count = 0;
  try {
    for (; performance.now() - startedAt < forMs; count++) {
      writeSync(file, block);
      fdatasyncSync(file);
    }
    return (count * 1_000) / (performance.now() - startedAt);
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true });
  }
}
