/**
 * The first invitation on a new channel of people.
 *
 * Owns: asking the hub for it, and showing its link. Never: decides who may speak.
 */
import { readCallerFacts } from "../access-terminal.ts";
import { ask } from "../hub.ts";
import { renderOutcome } from "../output/access-lines.ts";
import { printLines } from "../output/print.ts";
import { printInviteCode } from "../output/qr-code.ts";

export async function inviteOnChannel(channel: string): Promise<void> {
  const caller = readCallerFacts();
  const change = { kind: "invite" as const, channel };
  const outcome = await ask((api) => api.access.changes.$post({ json: { change, caller } }));
  printLines(renderOutcome(outcome, Date.now()));
  await printInviteCode(outcome);
}
