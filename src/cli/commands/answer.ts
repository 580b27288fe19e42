/**
 * `sluice answer`.
 *
 * Owns: denying from the command line. Never: allows: the hub cannot tell for certain whether a person or a session typed the command.
 */
import { toVisible } from "../../api/wire/visible.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { readCallerFacts } from "../access-terminal.ts";
import { defineCommand, JSON_ARG, option, positional } from "../command.ts";
import { EXIT_FAILED, toUsageFault } from "../exit.ts";
import { ask } from "../hub.ts";
import { printJson, printLine, toDuration, toLine } from "../output/print.ts";
import { toHint } from "../suggest.ts";

const YES = /^(?:allow|yes|y|ok|approve|accept)$/i;
const NO = /^(?:deny|no|n|reject)$/i;

export const answer = defineCommand({
  description:
    "Denies a prompt, named by the code or id that \"sluice prompts\" shows; the session's model reads the reason. Approve in the session's own dialog, on the page (sluice open), or in an approver's chat.",
  args: {
    id: positional("Code or id of the prompt"),
    verdict: positional("deny"),
    reason: option("text", "The reason that the model reads"),
    json: JSON_ARG,
  },
  examples: ["sluice answer abxyz deny", 'sluice answer abxyz deny --reason "use the test server"'],
  async run({ args }) {
    const { id: ref, verdict: word, reason } = args;
    if (YES.test(word))
      throw new SluiceError(
        "unauthorized",
        `the command line can only deny (a session could run it to approve itself); approve in the session's own dialog, on the page (sluice open), or in an approver's chat: yes ${toLine(ref)}`,
      );
    if (!NO.test(word))
      throw toUsageFault(`sluice answer takes deny, not "${word}"${toHint(word, ["deny"])}`);
    const outcome = await deny(ref, reason);
    if (args.json === true) printJson(outcome);
    else printLine(toLine(toVisible(toWords(outcome, ref))));
    if (outcome.kind !== "done") process.exitCode = EXIT_FAILED;
  },
});

function deny(ref: string, reason: string | undefined) {
  const verdict = { kind: "deny" as const, reason };
  const json = { verdict, caller: readCallerFacts() };
  return ask((api) => api.prompts[":ref"].verdict.$post({ param: { ref }, json }));
}

function toWords(outcome: Awaited<ReturnType<typeof deny>>, ref: string): string {
  switch (outcome.kind) {
    case "done":
      return `denied: ${outcome.prompt.tool} in ${outcome.prompt.sessionName}`;
    case "late": {
      const { state, outcome: first, reason } = outcome.prompt;
      if (first === undefined)
        return `too late: it is ${state}${reason === undefined ? "" : `: ${reason}`}`;
      return `too late: ${first.by} was first (${first.verdict.kind})`;
    }
    case "unknown":
      return `no prompt ${ref} waits; "sluice prompts" lists them`;
    case "locked":
      return `too many wrong codes: wait ${toDuration(Math.max(0, outcome.untilMs - Date.now()))}`;
    case "needs-code":
      return `type its code instead of its id: ${outcome.prompt.code}`;
    case "refused":
      return `refused: ${outcome.reason}`;
    default:
      return outcome satisfies never;
  }
}
