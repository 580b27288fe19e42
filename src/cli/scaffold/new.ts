/**
 * `sluice new`.
 *
 * Owns: the question for the kind, and what is printed. Never: writes (write.ts).
 */
import { SluiceError } from "../../sdk/errors.ts";
import { defineCommand, flag, positional } from "../command.ts";
import { toUsageFault } from "../exit.ts";
import { paint, printLines, printNote } from "../output/print.ts";
import { openQuestions } from "../questions.ts";
import {
  checkName,
  lacksPackage,
  TARBALL,
  TEMPLATE_KINDS,
  type TemplateKind,
  toFolder,
  writeScaffold,
} from "./write.ts";

const ABOUT: Readonly<Record<TemplateKind, string>> = {
  webhook: "another system posts what happens",
  chat: "people write, and the session answers",
  service: "a connection of its own, and a tool for the session",
  observe: "a list is asked again and again for what is new",
};
const USUAL: TemplateKind = "webhook";

const command = defineCommand({
  description:
    "Makes a folder with a channel of your own in TypeScript: the channel, a fake of its platform where it has one, a test that passes, a README with the next steps. Nothing is installed, and nothing that is there is written over. Without --kind, at a terminal, it asks.",
  args: {
    name: positional("What the channel and its folder are called: a-z, 0-9 and -"),
    kind: {
      type: "enum",
      options: [...TEMPLATE_KINDS],
      description: `What it begins with: ${TEMPLATE_KINDS.map((kind) => `${kind} (${ABOUT[kind]})`).join(", ")}`,
    },
    yes: flag(`Ask nothing: without --kind it is ${USUAL}`),
  },
  examples: ["sluice new deploys", "sluice new deploys --kind observe"],
  async run({ args: { name, kind, yes } }) {
    checkName(name);
    const folder = toFolder(name);
    const chosen = kind ?? (yes === true ? USUAL : await askKind());
    const files = writeScaffold(folder, chosen);
    printLines([
      `made ${paint("bold", name)} (${chosen}): ${files.join(", ")}`,
      "",
      "Next:",
      `  cd ${name} && npm install && npm test`,
      `  sluice add ./${name}      in the hub, from the folder above`,
      `  ${name}/README.md says the rest`,
    ]);
    if (lacksPackage())
      printNote(
        `before npm install: this Sluice is Claude Code's plugin, which is no package; put what "npm pack" makes in its repository into ${name} as ${TARBALL}`,
      );
  },
});

// The command's name is a word of the language.
export { command as new };

/** @throws SluiceError `bad_input` where there is nobody to ask, or nothing that it can be was answered. */
async function askKind(): Promise<TemplateKind> {
  const list = TEMPLATE_KINDS.join(", ");
  if (process.stdin.isTTY !== true)
    throw toUsageFault(`--kind is missing: give one of ${list}, or --yes for ${USUAL}`);
  for (const kind of TEMPLATE_KINDS) printNote(`  ${kind.padEnd(8)} ${ABOUT[kind]}`);
  const questions = openQuestions({ hidden: false });
  try {
    for (;;) {
      const typed = (await questions.ask(`Kind (Enter for ${USUAL}): `)).trim().toLowerCase();
      const found = typed === "" ? USUAL : TEMPLATE_KINDS.find((kind) => kind === typed);
      if (found !== undefined) return found;
      printNote(`no kind "${typed}"; the kinds are ${list}`);
    }
  } catch (cause) {
    throw new SluiceError("bad_input", "nothing was answered; nothing was made", { cause });
  } finally {
    questions.close();
  }
}
