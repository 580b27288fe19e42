/**
 * `sluice channels`, `pause`, `resume` and `remove`.
 *
 * Owns: the list of channels, and these three commands. Never: the effect of a change on running requests.
 */
import { read } from "../../api/client/client.ts";
import { defineCommand, JSON_ARG } from "../command.ts";
import { withHub } from "../hub.ts";
import { renderChannels } from "../output/hub-lines.ts";
import { printJson, printLine, printNote } from "../output/print.ts";
import { readCallerFacts } from "../access-terminal.ts";

export const channels = defineCommand({
  meta: {
    name: "channels",
    description: "Lists the channels with their state and URL. Starts the hub if none runs.",
  },
  args: { json: JSON_ARG },
  examples: ["sluice channels", "sluice channels --json"],
  async run({ args }) {
    const list = await withHub((api) => read(api.channels.$get()));
    if (args.json === true) printJson(list);
    else if (list.length === 0) printLine('no channels; "sluice add webhook" makes one');
    else for (const line of renderChannels(list, Date.now())) printLine(line);
  },
});

export const pause = defineCommand({
  meta: {
    name: "pause",
    description:
      "Stops accepting events on a channel until it is resumed: senders are told to try again later. Stored events stay.",
  },
  args: {
    name: { type: "positional", description: "The channel's name" },
    json: JSON_ARG,
  },
  examples: ["sluice pause alerts"],
  async run({ args }) {
    const answer = await withHub((api) =>
      read(
        api.channels[":name"].pause.$post({
          param: { name: args.name },
          json: { caller: readCallerFacts() },
        }),
      ),
    );
    if (args.json === true) printJson(answer);
    else printLine(`paused ${answer.name}`);
  },
});

export const resume = defineCommand({
  meta: {
    name: "resume",
    description: "Accepts events on a paused channel again.",
  },
  args: {
    name: { type: "positional", description: "The channel's name" },
    json: JSON_ARG,
  },
  examples: ["sluice resume alerts"],
  async run({ args }) {
    const answer = await withHub((api) =>
      read(
        api.channels[":name"].resume.$post({
          param: { name: args.name },
          json: { caller: readCallerFacts() },
        }),
      ),
    );
    if (args.json === true) printJson(answer);
    else printLine(`resumed ${answer.name}`);
  },
});

export const remove = defineCommand({
  meta: {
    name: "remove",
    description:
      "Removes a channel and its secret. Stored events stay in the inbox; its senders are refused from then on.",
  },
  args: {
    name: { type: "positional", description: "The channel's name" },
    json: JSON_ARG,
  },
  examples: ["sluice remove alerts"],
  async run({ args }) {
    const answer = await withHub((api) =>
      read(
        api.channels[":name"].remove.$post({
          param: { name: args.name },
          json: { caller: readCallerFacts() },
        }),
      ),
    );
    if (args.json === true) printJson(answer);
    else printLine(`removed ${answer.name}`);
    if (answer.endsNotices)
      printNote('notices went to it; "sluice notices <channel>" names another place');
  },
});
