/**
 * `sluice away`.
 *
 * Owns: setting from the command line whether the user is away. Never: when somebody is notified.
 */
import { readCallerFacts } from "../access-terminal.ts";
import { defineCommand, JSON_ARG, optionalPositional } from "../command.ts";
import { toUsageFault } from "../exit.ts";
import { ask } from "../hub.ts";
import { printJson, printLine, toAgo, toLine } from "../output/print.ts";
import { toHint } from "../suggest.ts";

const MODES = ["on", "off", "auto"] as const;

export const away = defineCommand({
  description:
    'Says whether you are away: "on": chats and phones are asked at once, until you type in a session again. "off": the terminal and page are always asked first. "auto" (the default): Sluice decides by how long nobody has typed. Without an argument, shows the current setting.',
  args: {
    mode: optionalPositional("on, off or auto"),
    json: JSON_ARG,
  },
  examples: ["sluice away", "sluice away on", "sluice away auto"],
  async run({ args }) {
    const mode = MODES.find((one) => one === args.mode);
    if (args.mode !== undefined && mode === undefined)
      throw toUsageFault(
        `sluice away takes on, off or auto, not "${args.mode}"${toHint(args.mode, MODES)}`,
      );
    const view = await ask((api) =>
      mode === undefined
        ? api.away.$get()
        : api.away.$post({ json: { mode, caller: readCallerFacts() } }),
    );
    if (args.json === true) return printJson(view);
    const set =
      view.mode === "auto" || view.by === undefined || view.since === undefined
        ? ""
        : `, set by ${toLine(view.by)} ${toAgo(view.since, Date.now())}`;
    printLine(`${view.isAway ? "away" : "at desk"} (${view.mode}${set})`);
    printLine(
      view.isAway
        ? "chats and phones are asked at once"
        : "the terminal and page are asked first; chats and phones are notified of prompts that wait longer",
    );
  },
});
