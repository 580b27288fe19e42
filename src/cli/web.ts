/**
 * `sluice web`.
 *
 * Owns: which browsers are signed in, and ending that. Never: signs one in (open.ts).
 */
import { read } from "../api/client.ts";
import { defineCommand, JSON_ARG } from "./command.ts";
import { toUsageFault } from "./exit.ts";
import { withHub } from "./hub.ts";
import { printJson, printLine, readColumns, renderTable, toAgo, toLine } from "./print.ts";

export const web = defineCommand({
  meta: {
    name: "web",
    description:
      "Lists the browsers that are signed in to the page, or signs them out: one by its id, or all.",
  },
  args: {
    action: { type: "positional", description: "sessions or revoke" },
    id: { type: "positional", required: false, description: "Which one to revoke; none: all" },
    json: JSON_ARG,
  },
  examples: ["sluice web sessions", "sluice web revoke 3f2a91c0", "sluice web revoke"],
  async run({ args }) {
    if (args.action === "sessions" && args.id === undefined) return list(args.json === true);
    if (args.action === "revoke") return revoke(args.id, args.json === true);
    throw toUsageFault(`sluice web takes sessions or revoke, not "${args.action}"`);
  },
});

async function list(json: boolean): Promise<void> {
  const sessions = await withHub((api) => read(api.web.sessions.$get()));
  if (json) return printJson(sessions);
  if (sessions.length === 0) return printLine("no browser is signed in");
  const now = Date.now();
  const rows = sessions.map((one) => [one.id, toAgo(one.createdAt, now), toLine(one.label)]);
  for (const line of renderTable(["ID", "SIGNED IN", "BROWSER"], rows, readColumns()))
    printLine(line);
}

async function revoke(id: string | undefined, json: boolean): Promise<void> {
  const { ended } = await withHub((api) =>
    read(
      id === undefined
        ? api.web.sessions.$delete()
        : api.web.sessions[":id"].$delete({ param: { id } }),
    ),
  );
  if (json) return printJson({ ended });
  printLine(ended === 1 ? "1 browser signed out" : `${ended} browsers signed out`);
}
