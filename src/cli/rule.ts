/**
 * `sluice rule`.
 *
 * Owns: the way of the owner's rules for prompts to the hub. Never: decides who may write one; the hub looks for itself.
 */
import { read } from "../api/client.ts";
import { RULE_ACTIONS } from "../api/rule-wire.ts";
import { toVisible } from "../api/visible.ts";
import { readCallerFacts } from "./access-terminal.ts";
import { defineCommand, JSON_ARG } from "./command.ts";
import { toUsageFault } from "./exit.ts";
import { withHub } from "./hub.ts";
import { printJson, printLine, printNote, readColumns, renderTable, toAgo } from "./print.ts";
import { toHint } from "./suggest.ts";

const ACTIONS = ["list", "add", "remove"];

export const rule = defineCommand({
  meta: {
    name: "rule",
    description:
      'Standing answers to what sessions ask. "add allow|ask|deny <tool>" answers calls of a tool, or of all that fit a pattern such as mcp__github__get_*; "ask" has people asked where another rule would allow. Deny goes before ask, ask before allow. A rule that allows is read narrowly: its wildcards match no pipe, quote, redirection or second command, and no rule answers a question or accepts a plan. Rules that allow are added, and rules that ask or deny removed, only by a person at a terminal.',
  },
  args: {
    action: { type: "positional", required: false, description: "list (default), add or remove" },
    path: {
      type: "string",
      valueHint: "glob",
      description:
        "Only files there: absolute, under ~, or in the session's folder; ** crosses folders",
    },
    command: {
      type: "string",
      valueHint: "glob",
      description: "Only such shell commands, the whole line for allow; * and ? are wildcards",
    },
    session: {
      type: "string",
      valueHint: "name",
      description: "Only this session: its name, its id, or its folder",
    },
    json: JSON_ARG,
  },
  rest: "[allow|ask|deny <tool>, or a rule's number]",
  examples: [
    'sluice rule add allow Bash --command "npm test *"',
    "sluice rule add deny '*' --path '~/.ssh/**'",
    "sluice rule remove 3",
  ],
  async run({ args, positionals }) {
    const [action = "list", ...words] = positionals;
    const { path, command, session } = args;
    const isJson = args.json === true;
    const hasPattern = path !== undefined || command !== undefined || session !== undefined;
    if (action !== "add" && hasPattern)
      throw toUsageFault(`--path, --command and --session belong to "sluice rule add"`);
    if (action === "list" && words.length === 0) return list(isJson);
    if (action === "remove") return remove(words, isJson);
    if (action === "add") return add(words, { path, command, session }, isJson);
    throw toUsageFault(
      `sluice rule takes list, add or remove, not "${[action, ...words].join(" ")}"${toHint(action, ACTIONS)}`,
    );
  },
});

async function list(isJson: boolean): Promise<void> {
  const rules = await withHub((api) => read(api.rules.$get()));
  if (isJson) {
    for (const one of rules) printJson(one);
    return;
  }
  if (rules.length === 0) return printLine("no rules: people are asked about every prompt");
  const now = Date.now();
  const rows = rules.map((one) => [
    String(one.id),
    one.action,
    toVisible(one.tool),
    toAgo(one.createdAt, now),
    toLimits(one),
  ]);
  for (const line of renderTable(["RULE", "ANSWER", "TOOL", "ADDED", "ONLY"], rows, readColumns()))
    printLine(line);
}

async function add(
  words: readonly string[],
  only: { path: string | undefined; command: string | undefined; session: string | undefined },
  isJson: boolean,
): Promise<void> {
  const [answer, tool, ...extra] = words;
  const action = RULE_ACTIONS.find((one) => one === answer);
  if (action === undefined || tool === undefined || extra.length > 0)
    throw toUsageFault(
      'say what a tool\'s calls are answered: sluice rule add allow|ask|deny <tool>; quote patterns: "mcp__github__*"',
    );
  const { path, command, session } = only;
  const json = {
    action,
    tool,
    ...(path === undefined ? {} : { path }),
    ...(command === undefined ? {} : { command }),
    ...(session === undefined ? {} : { session }),
    caller: readCallerFacts(),
  };
  const added = await withHub((api) => read(api.rules.$post({ json })));
  if (isJson) return printJson(added);
  printLine(`rule ${added.id}: ${added.action} ${toVisible(added.tool)}${toTail(added)}`);
  if (action === "allow" && command === undefined && /^(?:\*|Bash)$/.test(tool))
    printNote("this allows every simple shell command without asking; --command narrows it");
}

async function remove(words: readonly string[], isJson: boolean): Promise<void> {
  const [number, ...extra] = words;
  if (number === undefined || extra.length > 0 || !/^\d+$/.test(number))
    throw toUsageFault('give the number that "sluice rule list" shows: sluice rule remove <n>');
  const json = { caller: readCallerFacts() };
  const gone = await withHub((api) =>
    read(api.rules[":number"].remove.$post({ param: { number }, json })),
  );
  if (isJson) return printJson(gone);
  printLine(`removed rule ${gone.id}: ${gone.action} ${toVisible(gone.tool)}${toTail(gone)}`);
}

type Limits = {
  path?: string | undefined;
  command?: string | undefined;
  session?: string | undefined;
};

function toTail(one: Limits): string {
  const limits = toLimits(one);
  return limits === "" ? "" : `, ${limits}`;
}

function toLimits({ path, command, session }: Limits): string {
  return toVisible(
    [
      ...(path === undefined ? [] : [`path ${path}`]),
      ...(command === undefined ? [] : [`command ${command}`]),
      ...(session === undefined ? [] : [`session ${session}`]),
    ].join(", "),
  );
}
