/**
 * `sluice replay-request`.
 *
 * Owns: showing how a stored request is told, and would be told, and keeping a template that suits. Never: delivers anything.
 */
import type { OwnTemplateView, PreviewView } from "../../api/wire/request-wire.ts";
import { readCallerFacts } from "../access-terminal.ts";
import { defineCommand, flag, JSON_ARG, positional } from "../command.ts";
import { toUsageFault } from "../exit.ts";
import { ask } from "../hub.ts";
import { paint, printJson, printLine, printLines, sanitize, toLine } from "../output/print.ts";
import { readTemplate, TEMPLATE_FLAGS, toTemplateFlags } from "./request-flags.ts";

export const replayRequest = defineCommand({
  description:
    "Shows how the request behind a stored event of a webhook would read under another template, or as its channel tells it now. Nothing is delivered. With --keep the channel uses the template from now on.",
  args: {
    event: positional("The event's id"),
    ...TEMPLATE_FLAGS,
    keep: flag("Use this template for the channel from now on"),
    json: JSON_ARG,
  },
  repeatable: ["meta"],
  examples: ['sluice replay-request evt_01hzy4 --text "{{event.title}} is {{event.level}}" --keep'],
  async run({ args, repeated }) {
    const template = readTemplate(args, repeated("meta"));
    if (args.keep === true && template === undefined)
      throw toUsageFault(
        "--keep goes with a template: --text, --meta, --entity, --severity or --id",
      );
    const shown = await previewRequest(args.event, template);
    if (args.keep === true && template !== undefined) await keepTemplate(shown.channel, template);
    if (args.json === true) return printJson({ ...shown, kept: args.keep === true });
    printLines([
      ...toBlock("before", shown.before),
      ...toBlock(template === undefined ? "now" : "with this template", shown.after),
    ]);
    if (shown.missing.length > 0)
      printLine(
        `${paint("yellow", "not in this request:")} ${shown.missing.map(toLine).join(", ")}`,
      );
    if (template === undefined)
      printLine(`a template that suits: ${toLine(toTemplateFlags(shown.proposed))}`);
    else if (args.keep === true)
      printLine(`kept: ${toLine(shown.channel)} tells its requests so from now on`);
    else printLine("--keep uses it for the channel from now on");
  },
});

export function previewRequest(event: string, template?: OwnTemplateView): Promise<PreviewView> {
  const json = { event, ...(template === undefined ? {} : { template }) };
  return ask((api) => api.requests.preview.$post({ json }));
}

export async function keepTemplate(name: string, template: OwnTemplateView): Promise<void> {
  const json = { caller: readCallerFacts(), template };
  await ask((api) => api.channels[":name"].template.$put({ param: { name }, json }));
}

/** Lines of a stranger, each marked. */
export function toBlock(title: string, text: string): string[] {
  return [paint("bold", title), ...text.split("\n").map((line) => `  ${sanitize(line)}`), ""];
}
