/**
 * `sluice outbox`.
 *
 * Owns: the list of messages on their way out, and sending one again. Never: sends a message by itself that may have arrived.
 */
import { OUTBOX_STATES } from "../../sdk/message.ts";
import { readCallerFacts } from "../access-terminal.ts";
import {
  defineCommand,
  JSON_ARG,
  LIMIT_ARG,
  option,
  optionalPositional,
  parseLimit,
} from "../command.ts";
import { toUsageFault } from "../exit.ts";
import { paintState } from "../output/hub-lines.ts";
import { ask } from "../hub.ts";
import { printJson, printLine, printList, renderTable, toAgo, toLine } from "../output/print.ts";

export const outbox = defineCommand({
  description:
    'Lists the messages of sessions: queued, sending, sent, failed or "maybe". "maybe" means that the hub or the connection failed while the message was being sent, so it may or may not have arrived; Sluice never repeats such a message, and "retry" sends it again. A message that could not be sent at all stays queued and is tried again for a day.',
  args: {
    action: optionalPositional("retry (default: lists the messages)"),
    id: optionalPositional("The message to send again"),
    state: {
      type: "enum",
      options: [...OUTBOX_STATES],
      description: "Only messages in this state",
    },
    channel: option("name", "Only messages of this channel"),
    limit: LIMIT_ARG,
    json: JSON_ARG,
  },
  examples: ["sluice outbox --state maybe", "sluice outbox retry 12", "sluice outbox --json"],
  async run({ args }) {
    if (args.action !== undefined && args.action !== "retry")
      throw toUsageFault(`"${args.action}" is not an action; the only one is retry`);
    if (args.action === "retry") {
      const { id } = args;
      if (id === undefined) throw toUsageFault('which message? "sluice outbox" lists them');
      const json = { caller: readCallerFacts() };
      const row = await ask((api) => api.outbox[":id"].retry.$post({ param: { id }, json }));
      if (args.json === true) printJson(row);
      else printLine(`${row.id} ${row.state}`);
      return;
    }
    const query = {
      limit: parseLimit(args.limit ?? "50", 10_000),
      state: args.state,
      channel: args.channel,
    };
    const rows = await ask((api) => api.outbox.$get({ query }));
    printList(rows, args.json, "nothing in the outbox", (list) => renderOutbox(list, Date.now()));
  },
});

type Row = {
  id: number;
  kind: string;
  channel: string;
  state: string;
  text: string;
  reason: string | null;
  createdAt: number;
};

function renderOutbox(rows: readonly Row[], now: number): string[] {
  return renderTable(
    ["ID", "WHEN", "CHANNEL", "WHAT", "STATE", "REASON OR TEXT"],
    rows.map((row) => [
      String(row.id),
      toAgo(row.createdAt, now),
      toLine(row.channel),
      toLine(row.kind),
      paintState(row.state),
      toLine(row.reason ?? row.text),
    ]),
  );
}
