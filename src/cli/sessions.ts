/**
 * `sluice sessions`.
 *
 * Owns: the list of sessions. Never: changes one.
 */
import { read } from "../api/client.ts";
import { defineCommand, JSON_ARG } from "./command.ts";
import { withHub } from "./hub.ts";
import { renderSessions } from "./hub-lines.ts";
import { printJson, printLine } from "./print.ts";

export const sessions = defineCommand({
  meta: {
    name: "sessions",
    description:
      "Lists the sessions that are attached: their lane, and whether delivery to them is proven; with --json one a line. Starts the hub where none runs.",
  },
  args: { json: JSON_ARG },
  examples: ["sluice sessions", "sluice sessions --json | jq -r .label"],
  async run({ args }) {
    const { sessions: list } = await withHub((api) => read(api.status.$get()));
    if (args.json === true) for (const session of list) printJson(session);
    else if (list.length === 0)
      printLine('no sessions; "sluice connect claude" makes Claude Code one');
    else for (const line of renderSessions(list)) printLine(line);
  },
});
