/**
 * Learns how a sender's requests are to be told, from the first that arrives.
 *
 * Owns: waiting for it, showing it, and asking. Never: decides which values are worth telling (catalogue/propose.ts).
 */
import { setTimeout as sleep } from "node:timers/promises";
import { ask } from "../hub.ts";
import { keepTemplate, previewRequest, toBlock } from "./replay-request.ts";
import { printLine, printLines, printNote, toLine } from "../output/print.ts";
import { openQuestions } from "../questions.ts";
import { toTemplateFlags } from "./request-flags.ts";

const LOOK_EVERY_MS = 500;

/** Resolves once the first request was told, or was not worth a template. */
export async function learnRequest(channel: string): Promise<void> {
  printNote(`waiting for the first request on ${channel}; Ctrl-C ends this, and the channel stays`);
  const event = await waitForFirst(channel);
  const { before, proposed } = await previewRequest(event);
  printLines(["", ...toBlock("the first request", before)]);
  const flags = toTemplateFlags(proposed);
  if (flags === "") return printLine("it has no fields that a template could name");
  const { after } = await previewRequest(event, proposed);
  printLines(toBlock("with this template", after));
  printLine(`template: ${toLine(flags)}`);
  if (!process.stdin.isTTY)
    return printLine(`use it: sluice replay-request ${event} ${toLine(flags)} --keep`);
  if (!(await isWanted()))
    return printLine(`not used; change it: sluice replay-request ${event} ${toLine(flags)}`);
  await keepTemplate(channel, proposed);
  printLine(`kept: ${toLine(channel)} tells its requests so from now on`);
}

async function waitForFirst(channel: string): Promise<string> {
  for (;;) {
    const [event] = await ask((api) => api.events.$get({ query: { channel, limit: "1" } }));
    if (event !== undefined) return event.id;
    await sleep(LOOK_EVERY_MS);
  }
}

async function isWanted(): Promise<boolean> {
  const questions = openQuestions({ hidden: false });
  try {
    return /^y(es)?$/i.test((await questions.ask("Use this template? [y/N] ")).trim());
  } finally {
    questions.close();
  }
}
