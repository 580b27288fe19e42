/**
 * `sluice pause`.
 *
 * Owns: the command. Never: what it means for requests on their way.
 */
import { read } from "../../api/client/client.ts";
import { readCallerFacts } from "../access-terminal.ts";
import { defineCommand, JSON_ARG } from "../command.ts";
import { withHub } from "../hub.ts";
import { printJson, printLine } from "../output/print.ts";

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
