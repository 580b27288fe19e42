/**
 * `sluice route`.
 *
 * Owns: the owner's routing rules as a command. Never: applies them.
 */
import { join, resolve } from "node:path";
import { type HubClient, read } from "../../api/client/client.ts";
import { requireUserFolder } from "../../local/home.ts";
import type { SubscriptionRuleView } from "../../api/wire/subscription-wire.ts";
import { defineCommand, JSON_ARG, option, optionalPositional } from "../command.ts";
import { toUsageFault } from "../exit.ts";
import { ask, withHub } from "../hub.ts";
import { printJson, printLine, printList, renderTable, toLine } from "../output/print.ts";
import { noteUnknownChannel } from "../pick-session.ts";

const NO_RULES =
  "no rules: events go by subscription, by repository, else to the session last active";

type NewRule = Parameters<HubClient["api"]["routes"]["$post"]>[0]["json"];

export const route = defineCommand({
  description:
    "Rules that send events to a session: list, add, remove. They are kept in config.json; the first rule that matches an event decides. While no session that the rule names is open, the event waits. Subscriptions go before rules, and rules go before the event's repository.",
  args: {
    action: optionalPositional("list (default), add or remove"),
    id: optionalPositional("With remove: the rule's id"),
    channel: option("name", "Events of this channel"),
    repository: option("owner/name", "Of this repository"),
    branch: option("text", "Of this branch; * stands for any text"),
    label: option("text", "With this label"),
    to: option("session", "To the session with this id or label"),
    "to-folder": option("path", "To sessions in this folder"),
    "to-repository": option("owner/name", "To sessions that work on this repository"),
    json: JSON_ARG,
  },
  examples: [
    'sluice route add --channel alerts --to "on call"',
    'sluice route add --repository octo/api --branch "release/*" --to-folder ~/work/release',
    "sluice route remove 2",
  ],
  async run({ args }) {
    const { action = "list", id } = args;
    const flags = [args.channel, args.repository, args.branch, args.label, args.to];
    const isPlain = [...flags, args["to-folder"], args["to-repository"]].every(
      (flag) => flag === undefined,
    );
    if (action !== "add" && !isPlain)
      throw toUsageFault(`these flags belong to "sluice route add"`);
    if (action !== "remove" && id !== undefined) throw toUsageFault(`unexpected argument "${id}"`);
    switch (action) {
      case "list": {
        const rules = await ask((api) => api.routes.$get());
        return printList(rules, args.json, NO_RULES, renderRules);
      }
      case "add": {
        const json = toRule(args);
        const rule = await withHub(async (api) => {
          const view = await read(api.routes.$post({ json }));
          if (view.channel !== undefined) await noteUnknownChannel(api, view.channel);
          return view;
        });
        if (args.json === true) printJson(rule);
        else printLine(`rule ${rule.id}: ${toWords(rule)}`);
        return;
      }
      case "remove": {
        if (id === undefined || !/^\d{1,9}$/.test(id))
          throw toUsageFault('name the rule by its id; "sluice route" lists them');
        const rule = await ask((api) => api.routes[":id"].$delete({ param: { id } }));
        if (args.json === true) printJson(rule);
        else printLine(`removed rule ${rule.id}: ${toWords(rule)}`);
        return;
      }
      default:
        throw toUsageFault(`"${action}" is not one of list, add, remove`);
    }
  },
});

type RuleArgs = Partial<
  Record<
    "channel" | "repository" | "branch" | "label" | "to" | "to-folder" | "to-repository",
    string | undefined
  >
>;

function toRule(args: RuleArgs): NewRule {
  const { channel, repository, branch, label, to: session } = args;
  const folder = args["to-folder"];
  const targets = [
    ...(session === undefined ? [] : [{ session }]),
    ...(folder === undefined ? [] : [{ cwd: toFolder(folder) }]),
    ...(args["to-repository"] === undefined ? [] : [{ repository: args["to-repository"] }]),
  ];
  const [to, ...others] = targets;
  if (to === undefined || others.length > 0)
    throw toUsageFault("name one target: --to, --to-folder or --to-repository");
  if ((channel ?? repository ?? branch ?? label) === undefined)
    throw toUsageFault("say which events: --channel, --repository, --branch or --label");
  return { channel, repository, branch, label, to };
}

/** Shells leave the tilde of `--to-folder=~/work`, or of a quoted one, as it is. */
function toFolder(text: string): string {
  return text === "~" || text.startsWith("~/")
    ? join(requireUserFolder(process.env, "write the folder out"), text.slice(1))
    : resolve(text);
}

function renderRules(rules: readonly SubscriptionRuleView[]): string[] {
  const rows = rules.map((rule) => [String(rule.id), toEvents(rule), toPlace(rule)]);
  return renderTable(["ID", "EVENTS", "GO TO"], rows);
}

function toWords(rule: SubscriptionRuleView): string {
  return `events of ${toEvents(rule)} go to ${toPlace(rule)}`;
}

function toEvents({ channel, repository, branch, label }: SubscriptionRuleView): string {
  const parts = { channel, repository, branch, label };
  return Object.entries(parts)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${toLine(value)}`]))
    .join(", ");
}

function toPlace({ to }: SubscriptionRuleView): string {
  if ("session" in to) return `session ${toLine(to.session)}`;
  return "cwd" in to ? toLine(to.cwd) : `sessions of ${toLine(to.repository)}`;
}
