/**
 * The command line's way to the hub.
 *
 * Owns: starting a hub where a command needs it, and naming the process that holds a home whose hub does not answer. Never: decides
 * what to ask.
 */
import { fileURLToPath } from "node:url";
import { type HubClient, openClient, read } from "../api/client/client.ts";
import { locateHome, locateSocket } from "../local/home.ts";
import { readProcess } from "../local/process.ts";
import {
  ensureHub,
  findSafeSocket,
  type HubEntry,
  isHubAnswering,
} from "../api/client/start-hub.ts";
import { isSluiceError } from "../sdk/errors.ts";

export const START_TIMEOUT_MS = 10_000;
const LOOK_AGAIN_MS = 1_000;

/** Where a hub is started from: the entry file of this installation, or main.ts itself in a checkout that runs from source. */
export function toHubEntry(): HubEntry {
  const isSource = import.meta.url.endsWith(".ts");
  const cli = new URL(isSource ? "main.ts" : "../../bin/sluice.js", import.meta.url);
  return { node: process.execPath, cli: fileURLToPath(cli) };
}

/** Resolves when a hub answers; starts one if need be. */
export async function startHub(): Promise<void> {
  await ensureHub({ entry: toHubEntry(), env: process.env, timeoutMs: START_TIMEOUT_MS });
}

/** Calls a hub that is started if need be. */
export async function withHub<T>(use: (api: HubClient["api"]) => Promise<T>): Promise<T> {
  await startHub();
  return callHub(use);
}

/** Calls a hub that is known to run. */
export async function callHub<T>(use: (api: HubClient["api"]) => Promise<T>): Promise<T> {
  const client = openClient(() => locateSocket(process.env));
  try {
    return await use(client.api);
  } finally {
    client.close();
  }
}

type Answer<T> = Parameters<typeof read<T>>[0];

/** One call of a hub that is started if need be, and its answer. */
export function ask<T>(call: (api: HubClient["api"]) => Answer<T>) {
  return withHub((api) => read(call(api)));
}

/** One call of a hub, without asking first whether it runs; undefined where none answers. Starts none. */
export async function askIfUp<T>(call: (api: HubClient["api"]) => Answer<T>) {
  const socket = findSafeSocket(process.env);
  if (socket === undefined) return undefined;
  const client = openClient(() => socket);
  // One that is only slow is waited for; one that is frozen answers nothing at all.
  const watch = setInterval(() => {
    void isHubAnswering(socket).then((isUp) => isUp || client.close());
  }, LOOK_AGAIN_MS);
  try {
    return await read(call(client.api));
  } catch (thrown) {
    if (isSluiceError(thrown, "hub_unreachable")) return undefined;
    throw thrown;
  } finally {
    clearInterval(watch);
    client.close();
  }
}

/** One call of a hub that is known to run. */
export function askRunning<T>(call: (api: HubClient["api"]) => Answer<T>) {
  return callHub((api) => read(call(api)));
}

/**
 * The process of a hub that does not answer. `startTime`: absent where nothing proves that this pid is it. `isOutOfSight`: the pid is of
 * another container, or not the hub's.
 */
export type SilentHub = { pid: number; startTime?: string; isOutOfSight?: true };

/** One that hangs, starts, drains, or lost its socket. Undefined when there is none. */
export async function findSilentHub(): Promise<SilentHub | undefined> {
  // Loads SQLite; nearly no command gets here.
  const { isLocked, readHolder } = await import("../hub/process/lock.ts");
  const home = locateHome(process.env);
  const holder = readHolder(home);
  // The name may be left by a hub that was killed, or come with a copied home.
  if (holder === undefined || !isLocked(home)) return undefined;
  const { pid, startTime } = holder;
  const facts = readProcess(pid);
  const isIt =
    startTime === undefined
      ? // An earlier version wrote none.
        facts?.argv.includes("--foreground") === true
      : facts?.startTime === startTime;
  if (!isIt) return { pid, isOutOfSight: true };
  return startTime === undefined ? { pid } : { pid, startTime };
}
