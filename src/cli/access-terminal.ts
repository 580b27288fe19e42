/**
 * The facts about this caller for the hub, and the terminal that a change of access needs.
 *
 * Owns: what this process tells the hub about itself, and the question to the person at the terminal. Never: decides by it; the hub
 * checks for itself.
 */
import type { AskingPersonView, CallerFacts } from "../api/wire/access-wire.ts";
import { readProcess } from "../local/process.ts";
import { marksSession } from "../local/session-mark.ts";
import { SluiceError } from "../sdk/errors.ts";
import { paint, printError, printNote, toAgo, toLine } from "./output/print.ts";
import { dropTypedAhead, openQuestions } from "./questions.ts";

export function readCallerFacts(): CallerFacts {
  return {
    pid: process.pid,
    startTime: readProcess(process.pid)?.startTime ?? "unknown",
    tty: process.stdin.isTTY === true,
    session: marksSession(process.env),
  };
}

/** True where a person may be asked; the hub has the last word. */
export function isAtTerminal({ tty, session }: CallerFacts): boolean {
  return tty && !session;
}

/** Shows who asked, and has the person type the end of the id: a name alone can be anybody's. */
export async function askLastFour(
  person: AskingPersonView,
  roles: readonly string[],
): Promise<string> {
  printError(
    `  channel  ${toLine(person.channel)}${person.account === "" ? "" : ` (${toLine(person.account)})`}`,
  );
  printError(`  id       ${paint("bold", toLine(person.id))}`);
  printError(`  name     ${toLine(person.name) || "-"}  (anybody can call themselves that)`);
  printError(`  asked    ${toAgo(person.createdAt, Date.now())}`);
  printError(`  becomes  ${roles.map(toLine).join(", ")}`);
  return ask("Compare the id with the person, then type its last 4 characters: ");
}

/** A `yes` that came before the question is no answer to it. @throws SluiceError `bad_input` unless `yes` is typed. */
export async function askYes(question: string): Promise<void> {
  await dropTypedAhead();
  printNote(question);
  if ((await ask('Type "yes" to do it: ')) !== "yes")
    throw new SluiceError("bad_input", "not confirmed; nothing was changed");
}

async function ask(question: string): Promise<string> {
  const questions = openQuestions({ hidden: false });
  try {
    return (await questions.ask(question)).trim();
  } catch (cause) {
    throw new SluiceError("bad_input", "not confirmed; nothing was changed", { cause });
  } finally {
    questions.close();
  }
}
