/**
 * `sluice tail`.
 *
 * Owns: following events over restarts of the hub, without gaps or repeats. Never: starts a hub that `down` has stopped.
 * What was printed is remembered with its state, and the list counts from the start of the command: only news is printed.
 *
 * TAIL-1 The stream is opened before the list is read, so an event that comes between the two is in one of them.
 */
import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { readStream } from "../../api/client/client.ts";
import { locateSocket } from "../../local/home.ts";
import { readRecent } from "../../api/client/read-recent.ts";
import { isHubUp } from "../../api/client/start-hub.ts";
import type { EventView } from "../../api/wire/wire.ts";
import { isSluiceError } from "../../sdk/errors.ts";
import { CHANNEL_ARG, defineCommand, JSON_ARG } from "../command.ts";
import { renderEventLine } from "../output/event-lines.ts";
import { callHub, startHub } from "../hub.ts";
import { printJson, printLine, printNote } from "../output/print.ts";
import { noteUnknownChannel } from "../pick-session.ts";

const RETRY_MS = 300;
/** While the first stream opens, a moment. */
const FIRST_LIMIT = 100;
const CATCH_UP_LIMIT = 10_000;
const MAX_REMEMBERED = 20_000;

type Show = (event: EventView) => void;

export const tail = defineCommand({
  description:
    "Follows events as they arrive; with --json, one event per line. Starts the hub if none runs, and waits while it restarts. Ctrl-C ends it (exit code 130).",
  args: { channel: CHANNEL_ARG, json: JSON_ARG },
  examples: ["sluice tail", "sluice tail --channel ci", "sluice tail --json | jq -r .text"],
  async run({ args }) {
    const { channel } = args;
    await startHub();
    // An empty screen would leave a person wondering whether it works.
    if (process.stdout.isTTY) printNote("following events as they arrive; Ctrl-C ends it");
    if (channel !== undefined) await passOver(callHub((api) => noteUnknownChannel(api, channel)));
    const stopped = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        process.exitCode = 128 + constants.signals[signal];
        stopped.abort();
      });
    }
    const known = new Map<string, string>();
    const show: Show = (event) => {
      if (channel !== undefined && event.channel !== channel) return;
      const mark = toMark(event);
      const isKnown = known.get(event.id) === mark;
      rememberMark(known, event.id, mark);
      if (isKnown) return;
      if (args.json === true) printJson(event);
      else printLine(renderEventLine(event));
    };
    const startedAt = Date.now();
    await follow(show, startedAt, stopped.signal);
  },
});

async function follow(show: Show, startedAt: number, signal: AbortSignal): Promise<void> {
  for (let limit = FIRST_LIMIT; ; limit = CATCH_UP_LIMIT) {
    await Promise.all([readEvents(show, signal), catchUp(show, startedAt, limit)]);
    if (signal.aborted) return;
    printNote("the hub went away; waiting for it");
    if (!(await waitForHub(signal))) return;
    printNote("the hub is back");
  }
}

/** One stream from its beginning to its end, whatever ends it. */
async function readEvents(show: Show, signal: AbortSignal): Promise<void> {
  const socket = locateSocket(process.env);
  // The hub sends event views on this path.
  const onMessage = (data: unknown): void => show(data as EventView);
  await passOver(readStream({ socket, path: "/v1/events/stream", onMessage, signal }));
}

/** Prints the events that came or changed while the stream was not open (TAIL-1). */
async function catchUp(show: Show, startedAt: number, limit: number): Promise<void> {
  const wanted = { query: {}, limit, from: startedAt };
  const list = await passOver(callHub((api) => readRecent(api, wanted)));
  for (const event of list ?? []) show(event);
}

/** A hub that leaves in the middle of a call is what this command waits out. */
async function passOver<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (thrown) {
    if (isSluiceError(thrown, "hub_unreachable") || isSluiceError(thrown, "hub_stopping"))
      return undefined;
    throw thrown;
  }
}

async function waitForHub(signal: AbortSignal): Promise<boolean> {
  for (;;) {
    // First of all a pause: a hub that leaves may still answer. It is cut short when the command is stopped.
    await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return false;
    if (await isHubUp(process.env)) return true;
  }
}

function toMark({ state, answer, deliveries }: EventView): string {
  return JSON.stringify([state, answer, deliveries]);
}

function rememberMark(known: Map<string, string>, id: string, mark: string): void {
  known.delete(id);
  known.set(id, mark);
  const [oldest] = known.keys();
  if (known.size > MAX_REMEMBERED && oldest !== undefined) known.delete(oldest);
}
