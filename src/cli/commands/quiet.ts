/**
 * `sluice quiet`.
 *
 * Owns: reading the typed hours. Never: which events they hold back.
 */
import { readCallerFacts } from "../access-terminal.ts";
import { defineCommand, JSON_ARG, option, optionalPositional } from "../command.ts";
import { toUsageFault } from "../exit.ts";
import { ask } from "../hub.ts";
import type { StatusView } from "../../api/wire/wire.ts";
import { isZone, toWallTime } from "../../sdk/wall-clock.ts";
import { toQuietZoneText } from "../output/hub-lines.ts";
import { printJson, printLines, toLine } from "../output/print.ts";

/** Follows the machine again. */
const SYSTEM = "system";

type Hours = { from: string; to: string; zone?: string | undefined };

export const quiet = defineCommand({
  description:
    "Sets the hours of the day during which only urgent events wake a session; other events wait, and a session can read them with the inbox tool. The range may go past midnight. Hours count in the time zone of this machine and follow its changes, unless --zone names another one.",
  args: {
    hours: optionalPositional("Such as 22:00-07:00, or off (default: shows the current setting)"),
    zone: option(
      "zone",
      'Time zone of the hours, such as Europe/Berlin; "system" follows this machine again',
    ),
    json: JSON_ARG,
  },
  examples: [
    "sluice quiet 22:00-07:00",
    "sluice quiet 22:00-07:00 --zone Europe/Berlin",
    "sluice quiet off",
  ],
  async run({ args }) {
    const { hours, zone } = args;
    if (hours === "off" && zone !== undefined) throw toUsageFault("--zone needs hours, not off");
    if (hours !== undefined || zone !== undefined) await change(hours, zone);
    const { quiet: set, clock } = await ask((api) => api.status.$get());
    if (args.json === true) printJson({ quiet: set ?? null });
    else printLines(renderQuietHours(set, clock));
  },
});

/** What is not given stays as it is. */
async function change(hours: string | undefined, zone: string | undefined): Promise<void> {
  if (zone !== undefined && zone !== SYSTEM && !isZone(zone))
    throw toUsageFault(`"${zone}" is not a time zone; write it as Europe/Berlin, or "system"`);
  const range = hours === undefined || hours === "off" ? undefined : parseHours(hours);
  const before = (await ask((api) => api.status.$get())).quiet;
  const next = hours === "off" ? undefined : (range ?? before);
  if (hours !== "off" && next === undefined)
    throw toUsageFault("no quiet hours are set; give them, such as 22:00-07:00, before --zone");
  const kept = zone === undefined ? before?.zone : zone === SYSTEM ? undefined : zone;
  const json: Hours | null =
    next === undefined
      ? null
      : { from: next.from, to: next.to, ...(kept === undefined ? {} : { zone: kept }) };
  await ask((api) => api.quiet.$put({ json: { caller: readCallerFacts(), quiet: json } }));
}

function renderQuietHours(set: StatusView["quiet"], clock: StatusView["clock"]): string[] {
  if (set === undefined) return ["no quiet hours: events wake sessions at any time"];
  const { from, to } = set;
  const line = `from ${toLine(from)} to ${toLine(to)} only urgent events wake sessions`;
  if (clock === undefined) return [line];
  const now = toWallTime(clock.now, set.zone ?? clock.zone.name);
  return [line, `time zone: ${toQuietZoneText(set, clock) ?? ""}, where it is ${now} now`];
}

/** @throws SluiceError `bad_input`. */
function parseHours(text: string): { from: string; to: string } {
  const [, from, to] =
    /^((?:[01]?\d|2[0-3]):[0-5]\d)-((?:[01]?\d|2[0-3]):[0-5]\d)$/.exec(text) ?? [];
  if (from !== undefined && from.padStart(5, "0") === to?.padStart(5, "0"))
    throw toUsageFault(
      `"${text}" starts and ends at the same time; for no quiet hours write "off"`,
    );
  if (from === undefined || to === undefined)
    throw toUsageFault(`"${text}" is not a valid time range; write it as 22:00-07:00, or "off"`);
  return { from: from.padStart(5, "0"), to: to.padStart(5, "0") };
}
