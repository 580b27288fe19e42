/**
 * `sluice channels`, `pause`, `resume` and `remove`.
 *
 * Owns: the list of channels, and these three commands. Never: the effect of a change on running requests.
 */
import { defineCommand, JSON_ARG, positional } from "../command.ts";
import { ask } from "../hub.ts";
import { renderChannels } from "../output/hub-lines.ts";
import { printJson, printLine, printLines, printNote } from "../output/print.ts";
import { readCallerFacts } from "../access-terminal.ts";

const NAMED = {
  name: positional("The channel's name"),
  json: JSON_ARG,
} as const;

export const channels = defineCommand({
  description: "Lists the channels with their state and URL. Starts the hub if none runs.",
  args: { json: JSON_ARG },
  examples: ["sluice channels", "sluice channels --json"],
  async run({ args }) {
    const list = await ask((api) => api.channels.$get());
    if (args.json === true) printJson(list);
    else if (list.length === 0) printLine('no channels; "sluice add webhook" makes one');
    else printLines(renderChannels(list, Date.now()));
  },
});

export const pause = defineCommand({
  description:
    "Stops accepting events on a channel until it is resumed: senders are told to try again later. Stored events stay.",
  args: NAMED,
  examples: ["sluice pause alerts"],
  async run({ args }) {
    const answer = await ask((api) => api.channels[":name"].pause.$post(toCall(args.name)));
    printChanged("paused", answer, args.json);
  },
});

export const resume = defineCommand({
  description: "Accepts events on a paused channel again.",
  args: NAMED,
  examples: ["sluice resume alerts"],
  async run({ args }) {
    const answer = await ask((api) => api.channels[":name"].resume.$post(toCall(args.name)));
    printChanged("resumed", answer, args.json);
  },
});

export const remove = defineCommand({
  description:
    "Removes a channel and its secret. Stored events stay in the inbox; its senders are refused from then on.",
  args: NAMED,
  examples: ["sluice remove alerts"],
  async run({ args }) {
    const answer = await ask((api) => api.channels[":name"].remove.$post(toCall(args.name)));
    printChanged("removed", answer, args.json);
    if (answer.endsNotices)
      printNote('notices went to it; "sluice notices <channel>" names another place');
  },
});

function toCall(name: string) {
  return { param: { name }, json: { caller: readCallerFacts() } };
}

function printChanged(what: string, answer: { name: string }, isJson: boolean | undefined): void {
  if (isJson === true) printJson(answer);
  else printLine(`${what} ${answer.name}`);
}
