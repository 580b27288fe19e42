/**
 * `sluice trace`.
 *
 * Owns: the life of one event on one page. Never: changes it.
 */
import { read } from "../../api/client/client.ts";
import { defineCommand, JSON_ARG, positional } from "../command.ts";
import { renderTrace } from "../output/event-lines.ts";
import { withHub } from "../hub.ts";
import { printJson, printLines } from "../output/print.ts";

export const trace = defineCommand({
  description:
    "Shows every step of one event: how it was verified and accepted, which session it was offered to, and why it waits. Starts the hub if none runs.",
  args: {
    id: positional("The event's id, evt_..."),
    json: JSON_ARG,
  },
  examples: [
    "sluice trace evt_01hx4y8v7t3m9q2k5n6r8w0zab",
    "sluice inbox --json --limit 1 | jq -r .id | xargs -r sluice trace",
  ],
  async run({ args }) {
    const [view, sessions] = await withHub(async (api) => [
      await read(api.events[":id"].trace.$get({ param: { id: args.id } })),
      (await read(api.status.$get())).sessions,
    ]);
    if (args.json === true) return printJson(view);
    const labels = new Map([
      ...Object.entries(view.names ?? {}),
      ...sessions.map(({ id, label }) => [id, label] as const),
    ]);
    printLines(renderTrace(view, Date.now(), labels));
  },
});
