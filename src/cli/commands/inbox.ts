/**
 * `sluice inbox`.
 *
 * Owns: the list of events. Never: changes one.
 */
import { readRecent } from "../../api/client/read-recent.ts";
import { DELIVERY_STATES } from "../../sdk/event.ts";
import { CHANNEL_ARG, defineCommand, JSON_ARG, LIMIT_ARG, parseLimit } from "../command.ts";
import { renderEvents } from "../output/event-lines.ts";
import { withHub } from "../hub.ts";
import { printList } from "../output/print.ts";
import { noteUnknownChannel } from "../pick-session.ts";

export const inbox = defineCommand({
  description:
    "Lists the latest events, oldest first; with --json, one event per line. Starts the hub if none runs.",
  args: {
    state: {
      type: "enum",
      options: [...DELIVERY_STATES],
      description: "Only events in this state",
    },
    channel: CHANNEL_ARG,
    limit: LIMIT_ARG,
    json: JSON_ARG,
  },
  examples: [
    "sluice inbox",
    "sluice inbox --state stored --channel ci",
    "sluice inbox --json --limit 500 | jq -r .text",
  ],
  async run({ args }) {
    const query = {
      ...(args.state === undefined ? {} : { state: args.state }),
      ...(args.channel === undefined ? {} : { channel: args.channel }),
    };
    const limit = Number(parseLimit(args.limit ?? "50", 10_000));
    const { channel } = args;
    const events = await withHub(async (api) => {
      const found = await readRecent(api, { query, limit });
      // Events outlive their channel: one that has some is no slip of the pen.
      if (found.length === 0 && channel !== undefined) await noteUnknownChannel(api, channel);
      return found;
    });
    printList(events, args.json, "no events", (list) => renderEvents(list, Date.now()));
  },
});
