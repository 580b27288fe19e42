/**
 * `sluice channels`.
 *
 * Owns: the list of channels. Never: changes one.
 */
import { read } from "../../api/client/client.ts";
import { defineCommand, JSON_ARG } from "../command.ts";
import { withHub } from "../hub.ts";
import { renderChannels } from "../output/hub-lines.ts";
import { printJson, printLine } from "../output/print.ts";

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
