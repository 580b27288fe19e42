/**
 * `sluice tail`.
 *
 * Owns: following events over restarts of the hub, without gaps or repeats. Never: brings a stopped hub back: who ran `down` meant it.
 *
 * T1 The stream is opened before the list is read, so an event between the two is in one of them.
 * T2 What was printed is remembered with its state: only news is printed after a reconnection.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { read, readStream } from "../api/client.ts";
import { locateSocket } from "../api/home.ts";
import { isHubAnswering } from "../api/start-hub.ts";
import type { EventView } from "../api/wire.ts";
import { isSluiceError } from "../sdk/errors.ts";
import { defineCommand, JSON_ARG } from "./command.ts";
import { renderEventLine } from "./event-lines.ts";
import { EXIT_INTERRUPTED } from "./exit.ts";
import { callHub, startHub } from "./hub.ts";
import { printJson, printLine, printNote } from "./print.ts";

const RETRY_MS = 300;
const CATCH_UP_LIMIT = "1000";
const MAX_REMEMBERED = 20_000;

export const tail = defineCommand({
  meta: {
    name: "tail",
    description:
      "Follows events as they arrive; with --json one event a line. Starts the hub where none runs, and waits for it when it restarts. Ctrl-C ends it (exit code 130).",
  },
  args: {
    channel: { type: "string", valueHint: "name", description: "Only events of this channel" },
    json: JSON_ARG,
  },
  examples: ["sluice tail", "sluice tail --channel ci", "sluice tail --json | jq -r .text"],
  async run({ args }) {
    const stopped = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => stopped.abort());
    const known = new Map<string, string>();
    const show = (event: EventView, isNews: boolean): void => {
      const mark = toMark(event);
      const isKnown = known.get(event.id) === mark;
      remember(known, event.id, mark);
      if (isKnown || !isNews || (args.channel !== undefined && event.channel !== args.channel))
        return;
      if (args.json === true) printJson(event);
      else printLine(renderEventLine(event));
    };
    await startHub();
    await follow(show, stopped.signal);
    process.exitCode = EXIT_INTERRUPTED;
  },
});

async function follow(
  show: (event: EventView, isNews: boolean) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let connections = 0; !signal.aborted; connections++) {
    if (connections > 0) {
      printNote("the hub went away; waiting for it");
      if (!(await waitForHub(signal))) return;
      printNote("the hub is back");
    }
    await connect(show, connections > 0, signal);
  }
}

/** One stream from its beginning to its end. */
async function connect(
  show: (event: EventView, isNews: boolean) => void,
  isReconnection: boolean,
  signal: AbortSignal,
): Promise<void> {
  const early: EventView[] = [];
  let isCaughtUp = false;
  const stream = readStream({
    socket: locateSocket(process.env),
    path: "/v1/events/stream",
    signal,
    // The hub sends event views on this path.
    onMessage: (data) =>
      isCaughtUp ? show(data as EventView, true) : early.push(data as EventView),
  });
  try {
    // T1. What is there at the first start is history, what is there after a gap is news.
    const list = await callHub((api) =>
      read(api.events.$get({ query: { limit: CATCH_UP_LIMIT } })),
    );
    for (const event of list) {
      if (!early.some(({ id }) => id === event.id)) show(event, isReconnection);
    }
    for (const event of early) show(event, true);
    isCaughtUp = true;
    await stream;
  } catch (thrown) {
    // A rejection of the stream, which the list's fault overtook, is the same fault.
    stream.catch(() => undefined);
    if (!isSluiceError(thrown, "hub_unreachable") && !isSluiceError(thrown, "hub_stopping"))
      throw thrown;
  }
}

async function waitForHub(signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    if (await isHubAnswering(locateSocket(process.env))) return true;
    // Ends early when the command is stopped.
    await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
  }
  return false;
}

function toMark({ state, deliveries }: EventView): string {
  return JSON.stringify([state, deliveries]);
}

function remember(known: Map<string, string>, id: string, mark: string): void {
  known.delete(id);
  known.set(id, mark);
  const [oldest] = known.keys();
  if (known.size > MAX_REMEMBERED && oldest !== undefined) known.delete(oldest);
}
