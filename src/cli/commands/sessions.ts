/**
 * `sluice sessions`.
 *
 * Owns: the list of sessions, and naming one. Never: what a name is used for.
 */
import { defineCommand, JSON_ARG, optionalPositional } from "../command.ts";
import { toUsageFault } from "../exit.ts";
import { ask } from "../hub.ts";
import { renderSessions } from "../output/hub-lines.ts";
import { printJson, printLine, printList, toLine } from "../output/print.ts";

export const sessions = defineCommand({
  description:
    'Lists the open sessions with their lane and whether delivery to them is proven; with --json, one session per line. Starts the hub if none runs. "label" gives a session a name of your choice; an empty name removes it.',
  args: {
    action: optionalPositional("list (default) or label"),
    json: JSON_ARG,
  },
  rest: "[session] [label]",
  examples: [
    "sluice sessions",
    'sluice sessions label "app (main)" reports',
    "sluice sessions --json | jq -r .label",
  ],
  async run({ args, positionals }) {
    const [action = "list", session, ...words] = positionals;
    if (action === "label") {
      if (session === undefined || words.length === 0)
        throw toUsageFault("name the session and its new label: sluice sessions label ID LABEL");
      const param = { name: session };
      const json = { label: words.join(" ") };
      const named = await ask((api) => api.sessions[":name"].label.$post({ param, json }));
      if (args.json === true) printJson(named);
      else
        printLine(`${toLine(named.session)} is called ${toLine(named.label ?? "as its folder")}`);
      return;
    }
    if (action !== "list" || session !== undefined)
      throw toUsageFault(
        `"${[action, session].join(" ").trim()}" is not understood; there is list and label`,
      );
    const { sessions: list } = await ask((api) => api.status.$get());
    const none =
      'no session is open; start claude, and if it does not appear here run "sluice connect claude"';
    printList(list, args.json, none, renderSessions);
  },
});
