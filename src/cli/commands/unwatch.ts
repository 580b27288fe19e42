/**
 * `sluice unwatch`.
 *
 * Owns: ending what `sluice watch` began. Never: decides who gets the events then.
 */
import { read } from "../../api/client/client.ts";
import { defineCommand, JSON_ARG } from "../command.ts";
import { toUsageFault } from "../exit.ts";
import { withHub } from "../hub.ts";
import { printJson, printLine, toLine } from "../output/print.ts";
import { toWords } from "./watch.ts";

export const unwatch = defineCommand({
  meta: {
    name: "unwatch",
    description:
      "Ends a subscription, named by its id or by its channel and filters. Events that still wait for it then go to a session that works on their repository, or else to the session active last.",
  },
  args: {
    what: { type: "positional", description: "The subscription's id, or the channel's name" },
    entity: { type: "string", valueHint: "what", description: "The entity of the subscription" },
    pattern: { type: "string", valueHint: "text", description: "The pattern of the subscription" },
    session: {
      type: "string",
      valueHint: "id or label",
      description: "Only subscriptions of this session (default: of any)",
    },
    json: JSON_ARG,
  },
  examples: ["sluice unwatch 3", "sluice unwatch github --entity octo/app#12"],
  async run({ args }) {
    const { what, entity, pattern, session } = args;
    const isId = /^\d{1,9}$/.test(what);
    if (isId && (entity ?? pattern ?? session) !== undefined)
      throw toUsageFault("an id already names the subscription; leave the flags out");
    const json = isId
      ? { id: Number(what) }
      : {
          channel: what,
          ...(entity === undefined ? {} : { entity }),
          ...(pattern === undefined ? {} : { pattern }),
          ...(session === undefined ? {} : { session }),
        };
    const ended = await withHub((api) => read(api.subscriptions.end.$post({ json })));
    for (const one of ended) {
      if (args.json === true) printJson(one);
      else printLine(`no longer watched: ${toWords(one)} for ${toLine(one.label)}`);
    }
  },
});
