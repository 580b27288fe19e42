/**
 * `sluice rule`.
 *
 * Owns: sending the owner's rules for prompts to the hub. Never: decides who may write one; the hub checks the caller itself.
 */
import { explainRule, toVisible } from "../../api/wire/visible.ts";
import { readCallerFacts } from "../access-terminal.ts";
import { defineCommand, JSON_ARG, option, optionalPositional } from "../command.ts";
import { toUsageFault } from "../exit.ts";
import { ask } from "../hub.ts";
import { printJson, printLine, printLines, printNote, readColumns } from "../output/print.ts";
import { renderExplanation, renderRule, renderRules } from "../output/rule-lines.ts";
import { toHint } from "../suggest.ts";

const ACTIONS = ["list", "explain", "add", "remove", "commands"];

export const rule = defineCommand({
  description:
    'Rules that answer prompts of sessions. "list" shows them, including those that somebody made while allowing a call ("exactly this again"); "explain <n>" says what a rule covers, where, until when, and what it does not cover. "add allow|ask|deny <tool>" answers calls of a tool, or of all tools that match a pattern such as mcp__github__get_*; with "ask", people are asked even where another rule would allow. Deny goes before ask, and ask before allow. A rule that denies or asks is read widely: if it might cover a call, only the typed code of that call allows it. A rule that allows is read narrowly: it covers only commands of plain words and only files whose real path matches. No rule answers a question or accepts a plan. Only a person at a terminal can add a rule that allows, or remove one that asks or denies. "commands" lists the project commands that one tap allows.',
  args: {
    action: optionalPositional("list (default), explain, add, remove or commands"),
    path: option(
      "glob",
      "Only files that match, by their name and by their real path: absolute, under ~, or in the session's folder; ** crosses folders. With allow: no shell commands, and hidden files only if the pattern names them",
    ),
    command: option(
      "glob",
      "Only shell commands that match; * and ? are wildcards. With allow: the pattern must match the whole line, and no wildcard stands for an operator, a quote or a $",
    ),
    session: option(
      "name",
      "Only this session: its name, its id, or the folder in which it was opened",
    ),
    json: JSON_ARG,
  },
  rest: "[allow|ask|deny <tool>, or a rule's number]",
  examples: [
    'sluice rule add allow Bash --command "npm run *"',
    "sluice rule add deny '*' --path '~/.ssh/**'",
    "sluice rule explain 3",
  ],
  async run({ args, positionals }) {
    const [action = "list", ...words] = positionals;
    const { path, command, session } = args;
    const isJson = args.json === true;
    const hasPattern = path !== undefined || command !== undefined || session !== undefined;
    if (action !== "add" && hasPattern)
      throw toUsageFault(`--path, --command and --session belong to "sluice rule add"`);
    if (action === "list" && words.length === 0) return list(isJson);
    if (action === "commands" && words.length === 0) return listCommands(isJson);
    if (action === "explain") return explain(words, isJson);
    if (action === "remove") return remove(words, isJson);
    if (action === "add") return add(words, { path, command, session }, isJson);
    throw toUsageFault(
      `sluice rule takes list, explain, add, remove or commands, not "${[action, ...words].join(" ")}"${toHint(action, ACTIONS)}`,
    );
  },
});

async function list(isJson: boolean): Promise<void> {
  const rules = await ask((api) => api.rules.$get());
  if (isJson) {
    for (const one of rules) printJson(one);
    return;
  }
  if (rules.length === 0) return printLine("no rules: people are asked about every prompt");
  printLines(renderRules(rules, Date.now(), readColumns()));
  for (const one of rules)
    if (one.noEffect !== undefined) printNote(`rule ${one.id} allows nothing: ${one.noEffect}`);
}

async function listCommands(isJson: boolean): Promise<void> {
  const view = await ask((api) => api["project-commands"].$get());
  if (isJson) return printJson(view);
  for (const command of view.commands) printLine(toVisible(command));
  printNote(
    view.isDefault
      ? "the default list, word for word; prompts.projectCommands in config.json replaces it"
      : "from prompts.projectCommands in config.json, word for word",
  );
}

async function explain(words: readonly string[], isJson: boolean): Promise<void> {
  const number = toNumber("explain", words);
  const found = await ask((api) => api.rules[":number"].$get({ param: { number } }));
  if (isJson) return printJson({ ...found, explanation: explainRule(found) });
  printLines(renderExplanation(found, Date.now()));
  if (found.noEffect !== undefined) printNote(`it allows nothing: ${found.noEffect}`);
}

async function add(
  words: readonly string[],
  only: { path: string | undefined; command: string | undefined; session: string | undefined },
  isJson: boolean,
): Promise<void> {
  const [answer, tool, ...extra] = words;
  // Not the list in rule-wire.ts: it brings zod along.
  const action = (["allow", "ask", "deny"] as const).find((one) => one === answer);
  if (action === undefined || tool === undefined || extra.length > 0)
    throw toUsageFault(
      'say what a tool\'s calls are answered: sluice rule add allow|ask|deny <tool>; quote patterns: "mcp__github__*"',
    );
  const { path, command, session } = only;
  const json = {
    action,
    tool,
    path,
    command,
    session,
    caller: readCallerFacts(),
  };
  const added = await ask((api) => api.rules.$post({ json }));
  if (isJson) return printJson(added);
  printLine(renderRule(added));
  if (added.noEffect !== undefined) printNote(`it allows nothing: ${added.noEffect}`);
  if (action === "allow" && command === undefined && /^(?:\*|Bash)$/.test(tool))
    printNote(
      "this allows every shell command of plain words without asking; --command narrows it",
    );
}

async function remove(words: readonly string[], isJson: boolean): Promise<void> {
  const number = toNumber("remove", words);
  const json = { caller: readCallerFacts() };
  const gone = await ask((api) => api.rules[":number"].remove.$post({ param: { number }, json }));
  if (isJson) return printJson(gone);
  printLine(`removed ${renderRule(gone)}`);
}

function toNumber(action: string, [number, ...extra]: readonly string[]): string {
  if (number === undefined || extra.length > 0 || !/^\d+$/.test(number))
    throw toUsageFault(`give the number that "sluice rule list" shows: sluice rule ${action} <n>`);
  return number;
}
