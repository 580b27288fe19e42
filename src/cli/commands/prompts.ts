/**
 * `sluice prompts`.
 *
 * Owns: the list of prompts. Never: answers one (answer.ts).
 */
import { toVisible } from "../../api/wire/visible.ts";
import { SEND_FILES_TOOL } from "../../sdk/own-tool.ts";
import { toWhyCode } from "../../sdk/why-code.ts";
import {
  defineCommand,
  flag,
  JSON_ARG,
  LIMIT_ARG,
  option,
  optionalPositional,
  parseLimit,
} from "../command.ts";
import { ask } from "../hub.ts";
import { printJson, printLines, printList, renderTable, toAgo, toLine } from "../output/print.ts";

export const prompts = defineCommand({
  description:
    "Lists the prompts that wait for an answer; with --all, also those that have ended, and how. With an id or a code, shows that prompt in full. Secrets in arguments are masked, and misleading characters are shown by their number: ⟨U+202E⟩.",
  args: {
    id: optionalPositional("Id or code of one prompt"),
    all: flag("Also prompts that have ended"),
    session: option("id", "Only prompts of this session"),
    limit: LIMIT_ARG,
    json: JSON_ARG,
  },
  examples: ["sluice prompts", "sluice prompts abxyz", "sluice prompts --all --json"],
  async run({ args }) {
    const isJson = args.json === true;
    const { id: ref } = args;
    if (ref !== undefined) {
      const prompt = await readPrompt(ref);
      if (isJson) printJson(prompt);
      else printLines(renderWhole(prompt, Date.now()));
      return;
    }
    const query = {
      limit: parseLimit(args.limit ?? "50", 1_000),
      ...(args.all === true ? {} : { state: "pending" as const }),
      session: args.session,
    };
    const found = await ask((api) => api.prompts.$get({ query }));
    printList(found, isJson, "nothing waits for an answer", (list) =>
      renderPrompts(list, Date.now()),
    );
  },
});

type Shown = Awaited<ReturnType<typeof readPrompt>>;

function readPrompt(ref: string) {
  return ask((api) => api.prompts[":ref"].$get({ param: { ref } }));
}

function renderPrompts(list: readonly Shown[], now: number): string[] {
  const rows = list.map((one) => [
    one.code,
    toAgo(one.createdAt, now),
    toText(one.sessionName),
    toText(one.tool),
    one.state === "pending" ? (one.risk.isRisky ? "needs code" : "waits") : toEnd(one),
    toText(one.arguments),
  ]);
  return renderTable(["CODE", "ASKED", "SESSION", "TOOL", "STATE", "WHAT"], rows);
}

function renderWhole(prompt: Shown, now: number): string[] {
  const { id, code, tool, sessionName, cwd, digest, risk, count, isCut, agent } = prompt;
  return [
    `${toText(tool)} in ${toText(sessionName)}${agent === undefined ? "" : ` (by its helper ${toText(agent)})`}, asked ${toAgo(prompt.createdAt, now)}`,
    `  code    ${code}   (${id})`,
    `  folder  ${cwd === "" ? "unknown" : toText(cwd)}`,
    `  state   ${prompt.state === "pending" ? "waits for an answer" : toEnd(prompt)}`,
    ...(risk.isRisky ? [`  needs   its code: ${toText(toWhyCode(risk))}`] : []),
    ...(risk.note === undefined ? [] : [`  note    ${toText(risk.note)}`]),
    ...(count > 1 ? [`  calls   ${count} identical ones wait`] : []),
    `  digest  ${digest}${isCut ? " (shown only in part)" : ""}`,
    "",
    ...(prompt.description === undefined ? [] : [toText(prompt.description), ""]),
    ...toVisible(prompt.arguments).replaceAll("\t", "  ").split("\n"),
    ...(prompt.state === "pending"
      ? [
          "",
          `Deny it: sluice answer ${code} deny. Allow it ${tool === SEND_FILES_TOOL ? "" : "in the session's dialog, "}on the page (sluice open), or in an approver's chat.`,
        ]
      : []),
  ];
}

function toEnd({ state, outcome, reason }: Shown): string {
  if (outcome === undefined) return reason === undefined ? state : `${state}: ${toText(reason)}`;
  const { verdict, by, via, rule } = outcome;
  const what = { allow: "allowed", deny: "denied", answers: "answered" }[verdict.kind];
  return `${what} by ${toText(by)} (${rule === undefined ? via : `rule ${rule}`})`;
}

function toText(text: string): string {
  return toLine(toVisible(text));
}
