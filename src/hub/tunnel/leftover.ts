/**
 * The program of a tunnel that a killed hub left behind.
 *
 * Owns: the note of which process it is, and ending it. Never: signals a process that only has its pid.
 */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Home } from "../../local/home.ts";
import { isAlive, readProcess } from "../../local/process.ts";
import { toMessage } from "../../sdk/errors.ts";
import type { Logger } from "../../sdk/log.ts";
import { readPrivateFile, removePrivateFile, writePrivateFile } from "../settings/private-file.ts";
import { signalGroup } from "./tool-process.ts";

const note = z.strictObject({ pid: z.int().positive(), startTime: z.string().min(1) });
const POLL_MS = 50;
const TERM_MS = 2_000;
const KILL_MS = 1_000;

export function keepProcess(home: Home, pid: number): void {
  const startTime = readProcess(pid)?.startTime;
  // Gone already: nothing is left behind.
  if (startTime !== undefined)
    writePrivateFile(toPath(home), `${JSON.stringify({ pid, startTime })}\n`);
}

export function forgetProcess(home: Home): void {
  removePrivateFile(toPath(home));
}

/** TUNNEL-3. */
export async function endLeftover(home: Home, log: Logger): Promise<void> {
  const left = readNote(home, log);
  if (left === undefined) return;
  const { pid, startTime } = left;
  for (const [signal, waitMs] of [
    ["SIGTERM", TERM_MS],
    ["SIGKILL", KILL_MS],
  ] as const) {
    if (!isAlive(pid, startTime)) break;
    log.info({ pid, signal }, "ending the tunnel that an earlier hub left behind");
    signalGroup(pid, signal);
    for (let waited = 0; waited < waitMs && isAlive(pid, startTime); waited += POLL_MS)
      await sleep(POLL_MS);
  }
  forgetProcess(home);
}

function readNote(home: Home, log: Logger): z.output<typeof note> | undefined {
  try {
    const text = readPrivateFile(toPath(home));
    return text === undefined ? undefined : note.parse(JSON.parse(text));
  } catch (thrown) {
    // It names a process; one that cannot be read names none, and the next one takes its place.
    log.warn({ error: toMessage(thrown) }, "the note of the last tunnel cannot be read");
    return undefined;
  }
}

function toPath(home: Home): string {
  return join(home.path, "tunnel.json");
}
