/**
 * The first event of a new channel: it shows that everything stands.
 *
 * Owns: waiting for it. Never: ends a channel that has none yet.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { AddedChannel, ChannelView, EventView } from "../../api/wire/wire.ts";
import { read } from "../../api/client/client.ts";
import { parseDuration } from "../duration.ts";
import { EXIT_FAILED } from "../exit.ts";
import { withHub } from "../hub.ts";
import { paint, printLine, printNote, toLine } from "../output/print.ts";
import type { AddArgs } from "./add-args.ts";

const LOOK_EVERY_MS = 500;

/** The first event, where a flag asks for it. */
export async function awaitFirst(
  added: AddedChannel,
  args: Pick<AddArgs, "wait" | "json">,
): Promise<void> {
  if (args.wait === undefined) return;
  const waitMs = parseDuration("--wait", args.wait);
  const note = args.json === true ? () => {} : printNote;
  note(`waiting for the first event on ${added.name}, up to ${args.wait}`);
  const first = await waitForFirst(added.name, AbortSignal.timeout(waitMs));
  if (first === undefined) {
    printNote(`nothing has arrived on ${added.name} in ${args.wait}; the channel stays`);
    process.exitCode = EXIT_FAILED;
  } else if (args.json !== true) printLine(toItWorks(first));
}

export type First = { event: EventView } | { channel: ChannelView };

/** Also a platform's own question, which is no event: the way stands by it all the same. Undefined once `signal` aborts. */
export async function waitForFirst(name: string, signal: AbortSignal): Promise<First | undefined> {
  return withHub(async (api) => {
    while (!signal.aborted) {
      const query = { channel: name, limit: "1" };
      const [event] = await read(api.events.$get({ query }));
      if (event !== undefined) return { event };
      const channel = (await read(api.channels.$get())).find((one) => one.name === name);
      if (channel?.handshakeAt !== undefined) return { channel };
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
    return undefined;
  });
}

export function toItWorks(first: First): string {
  const what =
    "event" in first
      ? `${toLine(first.event.kind)} from ${toLine(first.event.sender.name ?? first.event.sender.id)}`
      : `${toLine(first.channel.name)} was asked by its platform, and answered`;
  return `${paint("green", "It works")}: ${what}`;
}
