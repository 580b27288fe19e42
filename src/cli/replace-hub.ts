/**
 * Replaces a hub of an older version, or of another build of ours, by ours.
 *
 * Owns: asking it to leave, waiting, and starting ours. Never: signals a process; replaces the same or a newer hub.
 * Only `sluice up` and `sluice connect` do this, and `sluice up` for the plugin that brings its own program, where the hub is older than it: a
 * shim never replaces another build of its version, or two clients would take turns.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { openClient, read } from "../api/client/client.ts";
import { type Env, locateSocket } from "../local/home.ts";
import { ensureHub, type HubEntry, isHubUp } from "../api/client/start-hub.ts";
import type { HubView } from "../api/wire/wire.ts";
import { SluiceError } from "../sdk/errors.ts";
import { compareVersions } from "../local/compare-versions.ts";

export type ReplaceHubOptions = {
  env: Env;
  entry: HubEntry;
  version: string;
  build: string;
  timeoutMs: number;
};

/** `absent`: none runs, and none was started. `newer`: left alone, the caller says so. */
export type ReplaceOutcome =
  | { kind: "absent" }
  | { kind: "same" }
  | { kind: "newer"; running: string }
  | { kind: "replaced"; before: string };

const POLL_MS = 50;

/** @throws SluiceError `unsafe_home`, `hub_stopping` when the old hub does not leave in time, `hub_unreachable` when ours does not start. */
export async function replaceOlderHub(options: ReplaceHubOptions): Promise<ReplaceOutcome> {
  const { env, entry, version, build, timeoutMs } = options;
  if (!(await isHubUp(env))) return { kind: "absent" };
  const client = openClient(() => locateSocket(env));
  let running: Pick<HubView, "pid" | "version" | "build">;
  try {
    running = await read(client.api.hub.$get());
    const order = compareVersions(running.version, version);
    // Which of two builds is newer cannot be said; a person has just asked for this one.
    if (order === 0 && running.build === build) return { kind: "same" };
    if (order > 0) return { kind: "newer", running: running.version };
    await read(client.api.hub.stop.$post());
  } finally {
    client.close();
  }
  const deadlineAt = Date.now() + timeoutMs;
  // It answers while it drains; another starter's hub may answer right after it.
  while ((await readPid(env)) === running.pid) {
    if (Date.now() >= deadlineAt) {
      throw new SluiceError(
        "hub_stopping",
        `the hub of version ${running.version} (pid ${running.pid}) did not leave within ${timeoutMs} ms; run "sluice down" and try again`,
        { retryable: true },
      );
    }
    await sleep(POLL_MS);
  }
  await ensureHub({ env, entry, timeoutMs: Math.max(1, deadlineAt - Date.now()) });
  return { kind: "replaced", before: running.version };
}

async function readPid(env: Env): Promise<number | undefined> {
  const client = openClient(() => locateSocket(env));
  try {
    const { pid } = await read(client.api.hub.$get());
    return pid;
  } catch {
    // Nobody answers: it has left.
    return undefined;
  } finally {
    client.close();
  }
}
