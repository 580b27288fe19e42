/**
 * `sluice emit`.
 *
 * Owns: an event made of a command line and stdin. Never: whether it is admitted.
 */
import { PRIORITIES } from "../../sdk/event.ts";
import { defineCommand, JSON_ARG, option, positional } from "../command.ts";
import { toUsageFault } from "../exit.ts";
import { ask } from "../hub.ts";
import { printJson, printLine } from "../output/print.ts";
import { readStdin } from "../read-input.ts";

const MAX_TEXT_BYTES = 1_048_576;
const META_KEY = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

export const emit = defineCommand({
  description:
    "Sends an event to a channel from a script. Several words are joined into one text; without a text, or with -, the text is read from stdin.",
  args: {
    channel: positional("The channel's name"),
    meta: option("key=value", "A fact about the event"),
    entity: option(
      "what",
      "What the event is about, such as octo/app#12; events about the same thing may be delivered together",
    ),
    "state-of": option(
      "what",
      "What the event is a state of, such as octo/app#12/tests; a later event of the same replaces one that still waits",
    ),
    priority: { type: "enum", options: [...PRIORITIES], description: "How urgent it is" },
    session: option(
      "id or label",
      "Only for this session; the event waits while the session is closed",
    ),
    id: option("id", "An id of your own; a second event with the same id is a duplicate"),
    json: JSON_ARG,
  },
  rest: "[text]",
  repeatable: ["meta"],
  examples: [
    'sluice emit alerts "disk of db-1 is 95 % full" --priority urgent',
    "sluice emit ci build failed --meta status=failure --entity octo/app#12 --state-of octo/app#12/build",
    "make 2>&1 | tail -50 | sluice emit ci --session reports",
  ],
  async run({ args, positionals, repeated }) {
    const text = await readText(positionals.slice(1));
    const request = {
      channel: args.channel,
      text,
      meta: parseMeta(repeated("meta")),
      entity: args.entity,
      stateOf: args["state-of"],
      priority: args.priority ?? "normal",
      session: args.session,
      deliveryId: args.id,
    };
    const answer = await ask((api) => api.emit.$post({ json: request }));
    if (args.json === true) printJson(answer);
    else printLine(`${answer.id} ${answer.state}`);
  },
});

async function readText(words: readonly string[]): Promise<string> {
  const fromStdin = words.length === 0 || (words.length === 1 && words[0] === "-");
  if (fromStdin && words.length === 0 && process.stdin.isTTY) {
    throw toUsageFault(
      'there is no text; give it as an argument or pipe it, "sluice emit --help" shows both',
    );
  }
  const text = fromStdin ? await readStdin(MAX_TEXT_BYTES) : words.join(" ");
  if (text.trim() === "") throw toUsageFault("the text is empty");
  return text;
}

function parseMeta(pairs: readonly string[]): Record<string, string> {
  const meta: Record<string, string> = {};
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    const key = pair.slice(0, Math.max(0, at));
    if (!META_KEY.test(key)) {
      throw toUsageFault(`--meta ${pair} is not key=value with a key of letters, digits and "_"`);
    }
    if (Object.hasOwn(meta, key)) throw toUsageFault(`--meta ${key} is given twice`);
    // Not by assignment: "__proto__" is a name like any other.
    Object.defineProperty(meta, key, {
      value: pair.slice(at + 1),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return meta;
}
