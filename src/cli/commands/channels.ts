/**
 * `sluice channels`, `pause`, `resume`, `ignore` and `remove`.
 *
 * Owns: the list of channels, and these four commands. Never: the effect of a change on running requests.
 */
import { defineCommand, flag, JSON_ARG, positional } from "../command.ts";
import { toUsageFault } from "../exit.ts";
import { ask } from "../hub.ts";
import { renderChannels, renderRefused } from "../output/hub-lines.ts";
import { printJson, printLine, printLines, printNote, toLine } from "../output/print.ts";
import { readCallerFacts } from "../access-terminal.ts";

const NAMED = {
  name: positional("The channel's name"),
  json: JSON_ARG,
} as const;

export const channels = defineCommand({
  description: "Lists the channels with their state and URL. Starts the hub if none runs.",
  args: { json: JSON_ARG },
  examples: ["sluice channels", "sluice channels --json"],
  async run({ args }) {
    const list = await ask((api) => api.channels.$get());
    if (args.json === true) printJson(list);
    else if (list.length === 0) printLine('no channels; "sluice add webhook" makes one');
    else printLines([...renderChannels(list, Date.now()), ...renderRefused(list, Date.now())]);
  },
});

export const pause = defineCommand({
  description:
    "Stops accepting events on a channel until it is resumed: senders are told to try again later. Stored events stay.",
  args: NAMED,
  examples: ["sluice pause alerts"],
  async run({ args }) {
    const answer = await ask((api) => api.channels[":name"].pause.$post(toCall(args.name)));
    printChanged("paused", answer, args.json);
  },
});

export const resume = defineCommand({
  description: "Accepts events on a paused channel again.",
  args: NAMED,
  examples: ["sluice resume alerts"],
  async run({ args }) {
    const answer = await ask((api) => api.channels[":name"].resume.$post(toCall(args.name)));
    printChanged("resumed", answer, args.json);
  },
});

export const remove = defineCommand({
  description:
    "Removes a channel and its secret, and on the platform the webhook that Sluice has made. Stored events stay in the inbox; its senders are refused from then on.",
  args: NAMED,
  examples: ["sluice remove alerts"],
  async run({ args }) {
    const answer = await ask((api) => api.channels[":name"].remove.$post(toCall(args.name)));
    printChanged("removed", answer, args.json);
    for (const { target, id, reason } of answer.hooks) {
      if (reason !== undefined)
        printNote(`its webhook in ${target} (id ${id}) is still there: ${reason}; remove it there`);
      else if (args.json !== true) printLine(`removed its webhook in ${toLine(target)}`);
    }
    if (answer.endsNotices)
      printNote('notices went to it; "sluice notices <channel>" names another place');
  },
});

export const ignore = defineCommand({
  description:
    "Leaves out what an account does by hand on a GitHub channel: its comments, reviews, pushes, labels. For the account that your session writes with, so that its own comments do not wake it. What machines find out about its work (runs, checks, deployments, alerts) still comes. Ignored deliveries are answered 202 and counted.",
  args: {
    name: positional("The channel's name"),
    remove: flag("Stop ignoring these accounts"),
    json: JSON_ARG,
  },
  rest: "<login>...",
  examples: ["sluice ignore github octocat", "sluice ignore github octocat --remove"],
  async run({ args, positionals }) {
    const logins = positionals.slice(1).map((login) => login.replace(/^@/, ""));
    if (logins.length === 0 && args.remove === true)
      throw toUsageFault("--remove needs the logins that are not to be ignored any more");
    const change = args.remove === true ? { add: [], remove: logins } : { add: logins, remove: [] };
    const { param, json } = toCall(args.name);
    const answer = await ask((api) =>
      api.channels[":name"].ignore.$post({ param, json: { ...json, ...change } }),
    );
    if (args.json === true) printJson(answer);
    else {
      const list = answer.ignoreSenders.map(toLine).join(", ");
      printLine(`${toLine(answer.name)} ignores ${list === "" ? "no account" : list}`);
    }
  },
});

function toCall(name: string) {
  return { param: { name }, json: { caller: readCallerFacts() } };
}

function printChanged(what: string, answer: { name: string }, isJson: boolean | undefined): void {
  if (isJson === true) printJson(answer);
  else printLine(`${what} ${answer.name}`);
}
