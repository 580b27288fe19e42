/**
 * `sluice web remote` and `sluice web passphrase`.
 *
 * Owns: asking for the passphrase, and showing the state of remote access. Never: decides who may change it (the hub checks the caller
 * itself).
 */
import { read } from "../../api/client/client.ts";
import type { CallerFacts } from "../../api/wire/access-wire.ts";
import type { RemoteView } from "../../api/wire/web-remote-wire.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { readCallerFacts } from "../access-terminal.ts";
import { toUsageFault } from "../exit.ts";
import { ask, withHub } from "../hub.ts";
import { printJson, printLine, printLines, toLine } from "../output/print.ts";
import { openQuestions } from "../questions.ts";
import { readStdin } from "../read-input.ts";

const MAX_BYTES = 4_096;

/** `what`: an origin, `off`, or nothing for how things are. */
export async function changeRemote(what: string | undefined, json: boolean): Promise<void> {
  const view = await withHub((api) => {
    if (what === undefined) return read(api.web.remote.$get());
    const change = { caller: readCallerFacts(), ...(what === "off" ? {} : { origin: what }) };
    return read(api.web.remote.$post({ json: change }));
  });
  if (json) printJson(view);
  else printLines(toRemoteLines(view));
}

export async function setPassphrase(isPiped: boolean, json: boolean): Promise<void> {
  if (!isPiped && process.stdin.isTTY !== true)
    throw toUsageFault("the passphrase is typed in a terminal, or piped with --passphrase-stdin");
  const passphrase = isPiped ? await readStdin(MAX_BYTES) : await askTwice();
  const caller = isPiped ? readPipedCallerFacts() : readCallerFacts();
  const view = await ask((api) => api.web.passphrase.$post({ json: { passphrase, caller } }));
  if (json) return printJson(view);
  printLine("the passphrase is set; browsers that signed in with an earlier one are signed out");
  printLines(toRemoteLines(view));
}

export function toRemoteLines({
  origin,
  hasPassphrase,
  lockedUntil,
  target,
}: RemoteView): string[] {
  if (origin === undefined) {
    return [
      "the page can be opened on this machine only",
      hasPassphrase
        ? "open it elsewhere: sluice web remote https://<your tunnel's name>"
        : "open it elsewhere: sluice web passphrase, then sluice web remote https://<your tunnel's name>",
    ];
  }
  return [
    `the page can be opened at ${toLine(origin)}, with the passphrase`,
    target === undefined
      ? "the page is down now: sluice status"
      : `your tunnel has to lead to ${target} and keep the name ${toLine(new URL(origin).host)}`,
    ...(lockedUntil === undefined
      ? []
      : [`locked until ${new Date(lockedUntil).toLocaleTimeString()}: too many wrong passphrases`]),
  ];
}

/** The passphrase comes from another program, the person is at the terminal all the same; the hub looks whether there is one. */
function readPipedCallerFacts(): CallerFacts {
  return { ...readCallerFacts(), tty: process.stderr.isTTY === true };
}

async function askTwice(): Promise<string> {
  // One for both questions: between two of them the terminal would show what is typed.
  const questions = openQuestions({ hidden: true });
  try {
    const first = await questions.ask("Passphrase, 14 characters or more, not shown: ");
    if (first === (await questions.ask("The same once more: "))) return first;
  } catch (cause) {
    throw new SluiceError("bad_input", "no passphrase was given; nothing was changed", { cause });
  } finally {
    questions.close();
  }
  throw new SluiceError("bad_input", "the two passphrases differ; nothing was changed");
}
