/**
 * `sluice quiet`.
 *
 * Owns: reading the typed hours. Never: which events they hold back.
 */
import { readCallerFacts } from "../access-terminal.ts";
import { defineCommand, JSON_ARG, optionalPositional } from "../command.ts";
import { toUsageFault } from "../exit.ts";
import { ask } from "../hub.ts";
import { printJson, printLine } from "../output/print.ts";

export const quiet = defineCommand({
  description:
    "Sets the hours of the day, in local time, during which only urgent events wake a session; other events wait, and a session can read them with the inbox tool. The range may go past midnight.",
  args: {
    hours: optionalPositional("Such as 22:00-07:00, or off (default: shows the current setting)"),
    json: JSON_ARG,
  },
  examples: ["sluice quiet", "sluice quiet 22:00-07:00", "sluice quiet off"],
  async run({ args }) {
    const { hours } = args;
    const json =
      hours === undefined
        ? ((await ask((api) => api.status.$get())).quiet ?? null)
        : hours === "off"
          ? null
          : parseHours(hours);
    if (hours !== undefined)
      await ask((api) => api.quiet.$put({ json: { caller: readCallerFacts(), quiet: json } }));
    if (args.json === true) printJson({ quiet: json });
    else if (json === null) printLine("no quiet hours: events wake sessions at any time");
    else printLine(`from ${json.from} to ${json.to} only urgent events wake sessions`);
  },
});

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
