/**
 * `sluice resume`.
 *
 * Owns: the command. Never: what it means for requests on their way.
 */
import { read } from "../../api/client/client.ts";
import { readCallerFacts } from "../access-terminal.ts";
import { defineCommand, JSON_ARG } from "../command.ts";
import { withHub } from "../hub.ts";
import { printJson, printLine } from "../output/print.ts";

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
