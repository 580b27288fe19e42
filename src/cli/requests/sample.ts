/**
 * `sluice sample`.
 *
 * Owns: the words for what came of a sample. Never: signs or sends it; the hub does.
 */
import { readCallerFacts } from "../access-terminal.ts";
import { defineCommand, JSON_ARG, option, optionalPositional, positional } from "../command.ts";
import { ask } from "../hub.ts";
import { printJson, printLine, printLines, toLine } from "../output/print.ts";

export const sample = defineCommand({
  description:
    "Sends a recorded request of a known sender to a channel of that kind: signed with the channel's secret, verified, stored and delivered like any other. Without an event, lists the samples there are.",
  args: {
    kind: positional("The sender, such as sentry"),
    event: optionalPositional("Which sample, such as issue.created"),
    channel: option("name", "Which channel of that kind (default: the first)"),
    json: JSON_ARG,
  },
  examples: ["sluice sample sentry", "sluice sample sentry issue.created"],
  async run({ args }) {
    const { kind, event, channel } = args;
    if (event === undefined) {
      const list = await ask((api) => api.samples[":kind"].$get({ param: { kind } }));
      if (args.json === true) return printJson(list);
      if (list.length === 0) return printLine(`there are no samples of "${toLine(kind)}"`);
      return printLines(list.map((one) => toLine(one.event)));
    }
    const json = {
      caller: readCallerFacts(),
      kind,
      event,
      ...(channel === undefined ? {} : { channel }),
    };
    const sent = await ask((api) => api.samples.$post({ json }));
    if (args.json === true) return printJson(sent);
    const { status, id } = sent;
    const follow =
      id === undefined ? "sluice status tells more" : `follow it: sluice trace ${toLine(id)}`;
    printLine(`${toLine(sent.event)} to ${toLine(sent.channel)}: answered ${status}; ${follow}`);
  },
});
