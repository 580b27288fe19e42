/**
 * `sluice remove`.
 *
 * Owns: the command. Never: what it means for requests on their way.
 */
import { read } from "../../api/client/client.ts";
import { readCallerFacts } from "../access-terminal.ts";
import { defineCommand, JSON_ARG } from "../command.ts";
import { withHub } from "../hub.ts";
import { printJson, printLine, printNote } from "../output/print.ts";

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
