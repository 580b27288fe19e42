/**
 * `sluice transcribe`, and the value of `sluice add --transcribe`.
 *
 * Owns: reading a command or an address as it was typed. Never: runs it, or checks a key.
 */
import type { Transcribe } from "../../api/wire/transcribe-wire.ts";
import { TRANSCRIBE_SECRET } from "../../api/wire/transcribe-wire.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { toShellCommand } from "../../sdk/shell-word.ts";
import { askYes, isAtTerminal, readCallerFacts } from "../access-terminal.ts";
import {
  defineCommand,
  flag,
  JSON_ARG,
  option,
  optionalPositional,
  positional,
} from "../command.ts";
import { toUsageFault } from "../exit.ts";
import { ask } from "../hub.ts";
import { printJson, printLine, toLine } from "../output/print.ts";
import { readGivenSecrets } from "../read-input.ts";

export const transcribe = defineCommand({
  description:
    "Makes text of the voice notes that people send in a chat, by a program of yours or by an endpoint. The message is kept first; a session reads it once its text is there, marked as transcribed, with the file beside it. A program gets the file's path as its last argument and prints the text; no shell reads the line. An endpoint is https, or http of this machine, and takes a file as OpenAI's does (POST of a form, JSON with `text` back); `?model=` and `?language=` in its address go into the form.",
  args: {
    name: positional("The channel's name"),
    by: optionalPositional("A program with its arguments in quotes, or an address"),
    off: flag("Leave voice notes as they are"),
    "secret-env": option("variable", "The key of the endpoint, from this environment variable"),
    json: JSON_ARG,
  },
  examples: [
    'sluice transcribe telegram "whisper-cli -m /opt/models/base.bin -nt -np -f"',
    "sluice transcribe telegram https://api.openai.com/v1/audio/transcriptions --secret-env OPENAI_API_KEY",
    "sluice transcribe telegram --off",
  ],
  async run({ args }) {
    const { name, by } = args;
    if ((by === undefined) !== (args.off === true))
      throw toUsageFault("give a program in quotes or an address, or --off");
    const wanted = by === undefined ? null : await readTranscribe(by);
    const variable = args["secret-env"]?.replace(`${TRANSCRIBE_SECRET}=`, "");
    const { secret } = await readGivenSecrets(variable === undefined ? [] : [variable], false);
    const json = { caller: readCallerFacts(), transcribe: wanted, ...(secret && { secret }) };
    const answer = await ask((api) =>
      api.channels[":name"].transcribe.$put({ param: { name }, json }),
    );
    if (args.json === true) printJson(answer);
    else
      printLine(
        by === undefined
          ? `voice notes of ${toLine(name)} stay files`
          : `voice notes of ${toLine(name)} become text by ${toLine(by)}`,
      );
  },
});

/** A command of this machine is shown and asked for, where somebody answers. @throws SluiceError `bad_input`. */
export async function readTranscribe(typed: string): Promise<Transcribe> {
  if (/^https?:\/\//i.test(typed.trim())) return { url: typed.trim() };
  const command = splitWords(typed);
  if (!isAtTerminal(readCallerFacts()))
    throw new SluiceError(
      "unauthorized",
      "a command that runs by itself is added by a person at a terminal; nothing was changed",
    );
  await askYes(
    `Whenever somebody who may write sends a voice note, this runs as you:\n  ${toLine(toShellCommand(command))} <file>`,
  );
  return { command };
}

/** As a shell would split it, without what only a shell can do. @throws SluiceError `bad_input`. */
export function splitWords(typed: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let i = 0; i < typed.length; i++) {
    const char = typed.charAt(i);
    const next = typed.charAt(i + 1);
    if (quote !== "") {
      if (char === quote) quote = "";
      else if (quote === '"' && char === "\\" && /["\\]/.test(next)) word += typed.charAt(++i);
      else word += char;
    } else if (char === "'" || char === '"') {
      quote = char;
      word ??= "";
    } else if (char === "\\" && next !== "") word = (word ?? "") + typed.charAt(++i);
    else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (/[|&;<>()$`*?#]/.test(char)) throw toShellFault(char);
    else word = (word ?? "") + char;
  }
  if (quote !== "") throw toUsageFault(`the quote ${quote} in the command does not end`);
  if (word !== undefined) words.push(word);
  if ((words[0] ?? "") === "") throw toUsageFault("the command is empty");
  return words;
}

function toShellFault(char: string): Error {
  return toUsageFault(
    `no shell reads the command, so "${char}" in it would do nothing: put it in quotes, or the whole into a script`,
  );
}
