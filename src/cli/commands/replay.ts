/**
 * `sluice replay`.
 *
 * Owns: asking for events to be delivered again, by id or by a range of time. Never: decides who gets them.
 */
import type { ReplayView } from "../../api/wire/wire.ts";
import { isEventId } from "../../sdk/id.ts";
import { CHANNEL_ARG, defineCommand, JSON_ARG, option, optionalPositional } from "../command.ts";
import { parseTime } from "../duration.ts";
import { EXIT_FAILED, toUsageFault } from "../exit.ts";
import { ask } from "../hub.ts";
import { printJson, printLines, toCount } from "../output/print.ts";

type Outcome = ReplayView["events"][number];

export const replay = defineCommand({
  description:
    'Delivers events again: by id, or all ended events of a time range or a channel. An event that a session may have read before is marked replayed="true". Exits 1 when an event cannot be replayed.',
  args: {
    id: optionalPositional("The event's id, evt_..."),
    since: option(
      "time",
      "Events since then: 2h (ago), 2026-01-31 or 2026-01-31T09:00 (default: all stored events)",
    ),
    until: option("time", "Events until then (default: now)"),
    channel: CHANNEL_ARG,
    state: {
      type: "enum",
      options: ["seen", "done", "expired", "dead"],
      description: "Only events in this state",
    },
    session: option("id or label", "Only for this session"),
    json: JSON_ARG,
  },
  rest: "[id...]",
  examples: [
    "sluice replay evt_01hx4y8v7t3m9q2k5n6r8w0zab",
    "sluice replay --channel ci --state dead",
    "sluice replay --since 2026-01-31T09:00 --until 2026-01-31T12:00 --channel ci",
  ],
  async run({ args, positionals }) {
    const now = Date.now();
    const wrong = positionals.find((id) => !isEventId(id));
    if (wrong !== undefined)
      throw toUsageFault(`"${wrong}" is not an event id; "sluice inbox" lists them`);
    const isRange = (args.since ?? args.channel) !== undefined;
    if (!isRange && (args.until ?? args.state) !== undefined)
      throw toUsageFault("--until and --state narrow a range; begin it with --since or --channel");
    if (positionals.length > 0 === isRange)
      throw toUsageFault("give event ids, or a range by --since or --channel");
    const session = args.session === undefined ? {} : { session: args.session };
    const outcomes = !isRange
      ? await replayIds([...new Set(positionals)], session)
      : await replayRange({
          since: args.since === undefined ? 0 : parseTime("--since", args.since, now),
          ...(args.until === undefined ? {} : { until: parseTime("--until", args.until, now) }),
          ...(args.channel === undefined ? {} : { channel: args.channel }),
          ...(args.state === undefined ? {} : { state: args.state }),
          ...session,
          startedAt: now,
        });
    const replayed = outcomes.filter((one) => one.replayed);
    if (args.json === true) printJson({ events: outcomes });
    else printLines(render(outcomes, replayed.length));
    if (!isRange && replayed.length < outcomes.length) process.exitCode = EXIT_FAILED;
  },
});

async function replayIds(ids: string[], session: { session?: string }): Promise<Outcome[]> {
  const json = { ids, ...session };
  return (await ask((api) => api.events.replay.$post({ json }))).events;
}

async function replayRange(json: {
  since: number;
  until?: number;
  channel?: string;
  state?: "seen" | "done" | "expired" | "dead";
  session?: string;
  startedAt: number;
}): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (;;) {
    const page = await ask((api) => api.events.replay.$post({ json }));
    outcomes.push(...page.events);
    if (!page.more) return outcomes;
  }
}

function render(outcomes: readonly Outcome[], replayed: number): string[] {
  const left = outcomes.filter((one) => !one.replayed);
  return [
    replayed === 0
      ? "nothing to deliver again"
      : `${toCount(replayed, "event")} to be delivered again`,
    ...left.map(({ id, reason }) => `${id} left as it is: ${reason ?? ""}`),
  ];
}
