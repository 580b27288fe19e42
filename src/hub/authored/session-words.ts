/**
 * What sessions read of the configured channels before anything happens: lines in a file of the home, which a shim reads as it starts.
 *
 * Owns: that file, and that it says what is configured now. Never: what a client cuts (shim/words.ts).
 * A file, since a session's first words are asked for before its shim may look for a hub, and also where none runs yet.
 *
 * WORDS-1 The channel that was used last stands first: where not all of them fit, those that are not used are left out.
 */
import { toChannelLines } from "../../author/instructions.ts";
import { toMark, replaceUnseen } from "../../sdk/unseen.ts";
import { readLastEventTimes } from "../../store/events/figures.ts";
import type { Channels } from "../channels/channels.ts";
import type { ListedChannel } from "../channels/channel-list.ts";
import type { Core } from "../core.ts";
import { readPrivateFile, writePrivateFile } from "../settings/private-file.ts";
import { keepHourly } from "../upkeep/hourly.ts";

const MAX_NAMES = 12;
/** Several changes at once, as at a hub's start, are one. */
const SETTLE_MS = 100;
const MAX_FILE_CHARS = 256 * 1024;

export type SessionWords = {
  /** All of it. */
  read(): string;
  close(): void;
};

/** Once the channels are loaded. */
export function openSessionWords(
  core: Core,
  { channels }: { channels: Pick<Channels, "list" | "onChanged"> },
): SessionWords {
  const { db, clock, home } = core;
  const read = (): string =>
    toSessionLines(channels.list(), readLastEventTimes(db)).join("\n").slice(0, MAX_FILE_CHARS);
  const write = async (): Promise<void> => {
    const text = read();
    if ((readPrivateFile(home.instructions) ?? "") !== text)
      writePrivateFile(home.instructions, text);
  };
  let again = keepHourly(core, "the instructions of sessions", write);
  let cancel = (): void => {};
  const stopHearing = channels.onChanged(() => {
    cancel();
    cancel = clock.after(SETTLE_MS, () => {
      again();
      again = keepHourly(core, "the instructions of sessions", write);
    });
  });
  return {
    read,
    close() {
      stopHearing();
      cancel();
      again();
    },
  };
}

type Words = Pick<ListedChannel, "outline"> & { config: { name: string } };

/** `lastEvents`: epoch ms by name. Pure. */
export function toSessionLines(
  channels: readonly Words[],
  lastEvents: Readonly<Record<string, number>>,
): string[] {
  if (channels.length === 0) return [];
  const at = ({ config }: Words): number => lastEvents[config.name] ?? 0;
  const inOrder = channels.toSorted((one, other) => at(other) - at(one));
  const names = inOrder.slice(0, MAX_NAMES).map(({ config }) => config.name);
  const more = inOrder.length > MAX_NAMES ? ` and ${inOrder.length - MAX_NAMES} more` : "";
  return [
    `Channels here: ${names.join(", ")}${more}.`,
    ...inOrder.flatMap(({ config, outline }) =>
      outline === undefined
        ? []
        : toChannelLines(
            { ...outline, kind: config.name },
            outline.reply === "none" ? " (one-way)" : " (reply answers)",
          ).map(toLine),
    ),
  ];
}

/** A channel's own words, as they were shown to the owner. */
function toLine(text: string): string {
  return replaceUnseen(text, toMark).replaceAll(/\s+/g, " ").trim();
}
