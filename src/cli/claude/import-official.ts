/**
 * `sluice add telegram --import`: takes over the people who are listed in Claude Code's own plugin.
 *
 * Owns: which of its rules become which changes of access. Never: makes one by itself: without a person at the terminal they wait.
 */
import type { AccessAsk } from "../../api/wire/access-wire.ts";
import { toMessage } from "../../sdk/errors.ts";
import { readCallerFacts } from "../access-terminal.ts";
import { ask } from "../hub.ts";
import type { OfficialFolder } from "./official-folder.ts";

type Change = AccessAsk["change"];

export type ImportedRule = { summary: string; state: "done" | "waits" | "failed" };

export async function importRules(
  channel: string,
  folder: OfficialFolder,
): Promise<ImportedRule[]> {
  const caller = readCallerFacts();
  const rules: ImportedRule[] = [];
  for (const change of toChanges(channel, folder)) {
    try {
      const outcome = await ask((api) => api.access.changes.$post({ json: { change, caller } }));
      rules.push({
        summary: outcome.summary,
        state: outcome.kind === "pending" ? "waits" : "done",
      });
    } catch (thrown) {
      // The bot is added by now: what failed is told, and can be done by hand.
      rules.push({ summary: `${change.kind}: ${toMessage(thrown)}`, state: "failed" });
    }
  }
  return rules;
}

/** Whoever could write there may write here, and nothing more: nobody is made an approver or an owner unseen. */
export function toChanges(channel: string, { people, groups, policy }: OfficialFolder): Change[] {
  return [
    ...people.map(
      (id): Change => ({ kind: "allow", channel, id, account: "", roles: ["chatter"] }),
    ),
    ...groups.map(
      ({ id, senders, requireMention }): Change => ({
        kind: "group",
        channel,
        id,
        senders,
        requireMention,
        patterns: [],
      }),
    ),
    // The policy last, and only where it is stricter than what a new channel has.
    ...(policy === "pairing" ? [] : [{ kind: "policy", channel, policy } satisfies Change]),
  ];
}
