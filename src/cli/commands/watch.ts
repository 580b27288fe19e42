/**
 * `sluice watch` and `unwatch`.
 *
 * Owns: adding, ending and listing subscriptions of a session. Never: decides who gets an event.
 */
import { read } from "../../api/client/client.ts";
import type { SubscriptionView } from "../../api/wire/subscription-wire.ts";
import {
  defineCommand,
  flag,
  JSON_ARG,
  option,
  optionalPositional,
  positional,
} from "../command.ts";
import { toUsageFault } from "../exit.ts";
import { ask, withHub } from "../hub.ts";
import { noteUnknownChannel, pickSession } from "../pick-session.ts";
import { printJson, printLine, printList, renderTable, toLine } from "../output/print.ts";

const NOTHING_WATCHED =
  "nothing is watched: events go by repository, else to the session last active";

export const watch = defineCommand({
  description:
    "Sends a channel's events, or some of them, to one session, whichever other sessions are open; without a channel, lists the subscriptions. The events wait while the session is closed. A subscription follows the session through a resume and /clear. It ends by unwatch, by --until, or a week after the session was last open.",
  args: {
    channel: optionalPositional("The channel's name"),
    entity: option("what", "Only events about this, such as octo/app#12"),
    pattern: option(
      "text",
      "Only events whose entity or kind matches; * stands for any text, the rest is literal",
    ),
    until: {
      type: "enum",
      options: ["merged", "closed", "done"],
      description: "End the subscription when an event reports this",
    },
    copy: flag(
      "Give this session a copy of its own, with its own receipt, whichever other sessions get the event",
    ),
    session: option(
      "id or label",
      "The session (default: the one this command runs in, or the only one)",
    ),
    json: JSON_ARG,
  },
  examples: [
    "sluice watch github --entity octo/app#12 --until merged",
    'sluice watch ci --pattern "check_run*" --copy --session "app (main)"',
    "sluice watch",
  ],
  async run({ args }) {
    const { channel, entity, pattern, until, copy } = args;
    if (channel === undefined) {
      if (copy === true || (entity ?? pattern ?? until ?? args.session))
        throw toUsageFault("name a channel; without one, watch only lists the subscriptions");
      const list = await ask((api) => api.subscriptions.$get());
      return printList(list, args.json, NOTHING_WATCHED, renderSubscriptions);
    }
    const added = await withHub(async (api) => {
      const session = args.session ?? (await pickSession(api));
      const json = { session, channel, entity, pattern, until, copy };
      const view = await read(api.subscriptions.$post({ json }));
      await noteUnknownChannel(api, channel);
      return view;
    });
    if (args.json === true) printJson(added);
    else printLine(`${added.id}  ${toWords(added)} goes to ${toLine(added.label)}`);
  },
});

/** What is watched, as one piece of text. */
export function toWords({ channel, entity, pattern, until, copy }: SubscriptionView): string {
  const what = [entity, pattern].filter((one) => one !== null).map((one) => ` ${toLine(one)}`);
  const end = until === null ? "" : ` until ${until}`;
  return `${toLine(channel)}${what.join(",")}${end}${copy ? ", a copy" : ""}`;
}

function renderSubscriptions(list: readonly SubscriptionView[]): string[] {
  const rows = list.map((one) => [String(one.id), toWords(one), toLine(one.label)]);
  return renderTable(["ID", "WATCHED", "SESSION"], rows);
}

export const unwatch = defineCommand({
  description:
    "Ends a subscription, named by its id or by its channel and filters. Events that still wait for it then go to a session that works on their repository, or else to the session active last.",
  args: {
    what: positional("The subscription's id, or the channel's name"),
    entity: option("what", "The entity of the subscription"),
    pattern: option("text", "The pattern of the subscription"),
    session: option("id or label", "Only subscriptions of this session (default: of any)"),
    json: JSON_ARG,
  },
  examples: ["sluice unwatch 3", "sluice unwatch github --entity octo/app#12"],
  async run({ args }) {
    const { what, entity, pattern, session } = args;
    const isId = /^\d{1,9}$/.test(what);
    if (isId && (entity ?? pattern ?? session) !== undefined)
      throw toUsageFault("an id already names the subscription; leave the flags out");
    const json = isId ? { id: Number(what) } : { channel: what, entity, pattern, session };
    const ended = await ask((api) => api.subscriptions.end.$post({ json }));
    for (const one of ended) {
      if (args.json === true) printJson(one);
      else printLine(`no longer watched: ${toWords(one)} for ${toLine(one.label)}`);
    }
  },
});
