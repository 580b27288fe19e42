/**
 * Offers to have the hub there after a reboot.
 *
 * Owns: the question. Never: switches it on unasked.
 */
import { isSluiceError, toMessage } from "../../sdk/errors.ts";
import { isAtTerminal, readCallerFacts } from "../access-terminal.ts";
import { printLine, printLines, printNote, toLine } from "../output/print.ts";
import { openQuestions } from "../questions.ts";
import { readAtLogin, startAtLogin } from "./at-login.ts";

/** Says nothing where it is on, or cannot be. */
export async function offerAtLogin(): Promise<void> {
  const { state, by } = readAtLogin(process.env);
  if (state !== "off") return;
  const hint =
    'A hub that does not run refuses what is sent to it: "sluice up --at-login" has it there after a reboot.';
  if (!isAtTerminal(readCallerFacts())) return printLine(hint);
  printLine();
  if (!(await isWanted(`Start the hub at each login, by ${by}? [y/N] `))) return printLine(hint);
  try {
    const { path = "", notes } = await startAtLogin(process.env);
    printLines([`${by} starts the hub from now on (${toLine(path)})`, ...notes.map(toLine)]);
  } catch (thrown) {
    // Connected it is all the same.
    if (!isSluiceError(thrown)) throw thrown;
    printNote(toMessage(thrown));
  }
}

async function isWanted(question: string): Promise<boolean> {
  const questions = openQuestions({ hidden: false });
  try {
    return /^y(es)?$/i.test((await questions.ask(question)).trim());
  } catch {
    // Ctrl-C or Ctrl-D: an answer like any other, and it is no.
    return false;
  } finally {
    questions.close();
  }
}
