/**
 * Chooses a lane by the facts of a client.
 *
 * Owns: which lanes there are, in which order they are tried, what `SLUICE_LANE` may force, and where a session goes whose lane is
 * closed. Never: what a lane does.
 */
import type { LaneName } from "../../sdk/event.ts";
import type { Attachment } from "../session/attachment.ts";
import type { Health } from "./contract.ts";
import type { ClientFacts } from "../session/client.ts";
import { channel } from "./channel.ts";
import type { Lane } from "./lane.ts";
import { monitor } from "./monitor.ts";
import { pull } from "./pull.ts";

/** In the order in which a client is asked whether they suit it. The last suits every client. */
export const LANES: readonly Lane[] = [channel, monitor, pull];

/** The lane of a delivery, by its stored name. Undefined: one that this version does not know. */
export type FindLane = (name: LaneName) => Lane | undefined;

/** Which lane a client starts on. */
export function chooseLane(client: ClientFacts): Lane {
  const forced = LANES.find(({ name }) => name === client.forcedLane);
  if (forced !== undefined && forced.refuses(client) === undefined) return forced;
  return LANES.find((lane) => lane.suits(client)) ?? pull;
}

/** One line for people: why `SLUICE_LANE` counts for nothing. Undefined where it counts, or is not set. */
export function explainRefusal(client: ClientFacts): string | undefined {
  const forced = LANES.find(({ name }) => name === client.forcedLane);
  const why = forced?.refuses(client);
  if (forced === undefined || why === undefined) return undefined;
  const { name, version } = client;
  return `SLUICE_LANE=${forced.name} is refused: ${why}, and this is ${name} ${version}; it goes on by ${chooseLane(client).name}`;
}

/** Where a session goes on whose client does not listen to the lane that it was on. */
export function chooseFallback({ hasBell }: Attachment): { lane: Lane; health: Health } {
  return hasBell ? { lane: monitor, health: "none" } : { lane: pull, health: "unproven" };
}

/** The lane of a client that has lost its hooks and its bell. */
export const WITHOUT_PLUGIN = pull;
