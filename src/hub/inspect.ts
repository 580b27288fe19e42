/**
 * A look at the inbox's file and its backups from outside of a hub: for doctor.
 *
 * Owns: reading what is there. Never: opens the inbox for writing, makes or changes anything.
 */
import { existsSync, statSync } from "node:fs";
import type { Home } from "../api/home.ts";
import { listBackups, toRestoreCommand } from "../store/backup.ts";
import { checkDatabase } from "../store/database.ts";

export type BackupState = { path: string; madeAt: number; restore: string };

/** The newest backup and what to type to go back to it; undefined where there is none. `madeAt` is epoch ms. */
export function readBackupState({ database }: Home): BackupState | undefined {
  const [path] = listBackups(database);
  const restore = toRestoreCommand(database);
  if (path === undefined || restore === undefined) return undefined;
  return { path, madeAt: statSync(path).mtimeMs, restore };
}

/** Reads the whole file. False where there is none yet. @throws SluiceError `store_corrupt` and others that say what to do. */
export function checkInbox({ database }: Home): boolean {
  if (!existsSync(database)) return false;
  checkDatabase(database);
  return true;
}
