/**
 * `sluice forget`.
 *
 * Owns: finding out who is meant, showing what goes and what stays, and asking. Never: picks a person by a name.
 */
import type { ForgottenView } from "../../api/wire/people-wire.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { askYes, isAtTerminal, readCallerFacts } from "../access-terminal.ts";
import { defineCommand, flag, JSON_ARG, positional } from "../command.ts";
import { ask } from "../hub.ts";
import { printJson, printLines, toCount, toLine } from "../output/print.ts";

export const forget = defineCommand({
  description:
    "Deletes what one person wrote: their messages and files, their name and id in events, answers to them, and their right to speak. It shows first what goes and what stays, and asks. Rows without content stay, and so does the audit of who was let in.",
  args: {
    person: positional(
      "channel/id, such as telegram/4242; an id or a name alone shows who could be meant",
    ),
    backups: flag("Delete the daily backups as well; the next one is made within a day"),
    print: flag("Only show what would go"),
    yes: flag("Do not ask: for scripts"),
    json: JSON_ARG,
  },
  examples: ["sluice forget telegram/4242 --print", "sluice forget telegram/4242"],
  async run({ args }) {
    const { channel, id } = await findOne(args.person);
    const caller = readCallerFacts();
    const request = { caller, channel, id, backups: args.backups === true };
    const call = (isDry: boolean) =>
      ask((api) => api.people.forget.$post({ json: { ...request, isDry } }));
    const planned = await call(true);
    if (args.print === true) return args.json === true ? printJson(planned) : show(planned);
    if (args.yes !== true) {
      if (!isAtTerminal(caller) || args.json === true)
        throw new SluiceError(
          "bad_input",
          `${channel}/${id} was not forgotten: nobody is here to ask; --print shows what would go, --yes does it`,
        );
      show(planned);
      await askYes("This cannot be taken back.");
    }
    const done = await call(false);
    if (args.json === true) printJson(done);
    else show(done);
  },
});

/** @throws SluiceError `not_found` with those who could be meant. */
async function findOne(typed: string): Promise<{ channel: string; id: string }> {
  const [, channel, id] = /^([a-z0-9][a-z0-9-]{0,31})\/(.+)$/s.exec(typed) ?? [];
  if (channel !== undefined && id !== undefined) return { channel, id };
  const found = await ask((api) => api.people.find.$post({ json: { text: typed } }));
  const names = found.map(
    (one) =>
      `${one.channel}/${one.id} (${one.name === null ? "no name" : toLine(one.name)}, ${toCount(one.events, "event")})`,
  );
  throw new SluiceError(
    "not_found",
    found.length === 0
      ? `nobody is known by "${typed}"; write channel/id, such as telegram/4242`
      : `names and ids alone may be anybody's; write who is meant: ${names.join(", ")}`,
  );
}

function show(view: ForgottenView): void {
  const { channel, id, places, isDone, isListed, events, files, messages, quotes, prompts, kept } =
    view;
  const others = places.filter((one) => one.channel !== channel || one.id !== id);
  const parts = [
    ...(others.length === 0
      ? []
      : [
          `  in ${places.length} places, also ${others.map((one) => toLine(`${one.channel}/${one.id}`)).join(", ")}`,
        ]),
    `  ${toCount(events, "event")} of theirs: text, facts, name and id`,
    `  ${toCount(files, "file")}`,
    `  ${toCount(messages, "message")} to them: text and files`,
    ...(quotes === 0 ? [] : [`  their words in ${toCount(quotes, "event")} of others`]),
    ...(prompts === 0 ? [] : [`  their name at ${toCount(prompts, "prompt")} that they answered`]),
    ...(isListed ? ["  their right to speak"] : []),
  ];
  printLines([
    `${toLine(channel)}/${toLine(id)}: ${isDone ? "forgotten" : "this goes"}`,
    ...parts,
    isDone ? "What stays:" : "This stays:",
    ...kept.map((one) => `  ${toLine(one)}`),
  ]);
}
