/**
 * `sluice ack`.
 *
 * Owns: closing events by hand. Never: answers anybody.
 */
import { isEventId } from "../../sdk/id.ts";
import { defineCommand, JSON_ARG, positional } from "../command.ts";
import { toUsageFault } from "../exit.ts";
import { ask } from "../hub.ts";
import { printJson, printLine } from "../output/print.ts";

export const ack = defineCommand({
  description:
    "Closes events by hand: they are done and will not be delivered again. If one id is unknown, none is closed.",
  args: {
    id: positional("The event's id, evt_..."),
    json: JSON_ARG,
  },
  rest: "[id...]",
  examples: [
    "sluice ack evt_01hx4y8v7t3m9q2k5n6r8w0zab",
    "sluice inbox --state stored --channel ci --json | jq -r .id | xargs -r sluice ack",
  ],
  async run({ args, positionals }) {
    const wrong = positionals.find((id) => !isEventId(id));
    if (wrong !== undefined)
      throw toUsageFault(`"${wrong}" is not an event id; "sluice inbox" lists them`);
    const ids = [...new Set(positionals)];
    const answer = await ask((api) => api.events.ack.$post({ json: { ids } }));
    if (args.json === true) printJson(answer);
    else for (const id of answer.ids) printLine(`${id} done`);
  },
});
