/**
 * `sluice rotate`.
 *
 * Owns: reading the new secret and the overlap, and the words for what to do then. Never: keeps a secret.
 */
import { readCallerFacts } from "../access-terminal.ts";
import { defineCommand, flag, JSON_ARG, option, positional } from "../command.ts";
import { parseDuration } from "../duration.ts";
import { toUsageFault } from "../exit.ts";
import { ask } from "../hub.ts";
import { paint, printJson, printLine, printLines, toLine } from "../output/print.ts";
import { readGivenSecrets } from "../read-input.ts";

const OVERLAP = "24h";
const MAX_OVERLAP_MS = 14 * 86_400_000;

export const rotate = defineCommand({
  description:
    "Gives a channel a new secret. The old secret stays valid for a day, so that you can change it at the sender without losing events. Sluice makes the new one and prints it once, unless you give it; where the sender makes it, give that one. A channel that signs in at a platform uses the new one at once.",
  args: {
    channel: positional("The channel's name"),
    "secret-env": option(
      "variable",
      "Take the new secret from this environment variable; name=variable for a second one, as token=GITHUB_TOKEN",
    ),
    "secret-stdin": flag("Read the new secret from stdin"),
    overlap: option(
      "time",
      `How long the old secret stays valid, up to 14d; 0 ends it at once (default: ${OVERLAP})`,
    ),
    json: JSON_ARG,
  },
  repeatable: ["secret-env"],
  examples: ["sluice rotate ci", "sluice rotate sentry --secret-env SENTRY_SECRET --overlap 2h"],
  async run({ args, repeated }) {
    const overlapMs = parseDuration("--overlap", args.overlap ?? OVERLAP);
    if (overlapMs > MAX_OVERLAP_MS)
      throw toUsageFault(
        `--overlap ${args.overlap} is longer than 14d; a secret that is replaced should go`,
      );
    const given = await readGivenSecrets(repeated("secret-env"), args["secret-stdin"] === true);
    const json = {
      caller: readCallerFacts(),
      overlapMs,
      ...given,
    };
    const rotated = await ask((api) =>
      api.channels[":name"].rotate.$post({ param: { name: args.channel }, json }),
    );
    if (args.json === true) return printJson(rotated);
    const { name, url, token, overlapUntil, warning } = rotated;
    if (rotated.replaced === true)
      return printLine(`${toLine(name)} uses the new secret from now on`);
    if (given.secrets !== undefined)
      return printLine(
        `${toLine(name)} uses the new ${Object.keys(given.secrets).join(", ")} from now on`,
      );
    printLines([
      `${paint("bold", toLine(name))} has a new secret`,
      `  url     ${toLine(url)}`,
      ...(token === undefined
        ? []
        : [`  secret  ${toLine(token)}  ${paint("yellow", "(shown only now)")}`]),
      ...(warning === undefined ? [] : [paint("yellow", `  warning: ${toLine(warning)}`)]),
      "",
      overlapUntil === undefined
        ? "The old secret is no longer valid. Next: set the new one at the sender."
        : `Next: set it at the sender. The old one stays valid until ${new Date(overlapUntil).toLocaleString()}.`,
    ]);
  },
});
