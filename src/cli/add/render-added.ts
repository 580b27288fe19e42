/**
 * What `sluice add` prints of a new channel.
 *
 * Owns: the layout. Never: its words (a kind's own steps), or asks the hub.
 */
import type { AddedChannel } from "../../api/wire/wire.ts";
import type { ImportedRule } from "../claude/import-official.ts";
import type { OfficialFolder } from "../claude/official-folder.ts";
import { paint, toLine } from "../output/print.ts";
import { findOwnLogin } from "../own-login.ts";
import { type MadeHooks, renderHooks } from "../reach/hook-flags.ts";

export function renderImport(official: OfficialFolder, rules: readonly ImportedRule[]): string[] {
  const words = { done: "taken over", waits: "waits for sluice access confirm", failed: "failed" };
  return [
    "",
    `From ${toLine(official.path)}:`,
    ...rules.map(({ summary, state }) => `  ${words[state]}: ${toLine(summary)}`),
    ...official.left.map((what) => `  not taken over: ${toLine(what)}`),
    "Remove that plugin now: with two programs on one bot, people are not answered, or twice.",
  ];
}

/** `hooks`: the platform's ends that were made; where there are some, its steps are done. */
export function renderAdded(added: AddedChannel, hooks?: MadeHooks): string[] {
  const { name, kind, scheme, account, publicUrl, token, listenToken, warning } = added;
  const url = publicUrl ?? added.url;
  // What is shown in a header is a token; what signs, and is never sent, is called a secret by every platform.
  const what = scheme === "bearer" || scheme === "token-header" ? "token " : "secret";
  const once = paint("yellow", "(shown only now)");
  return [
    `added ${paint("bold", toLine(name))} (${toLine(kind)})`,
    ...(account === undefined ? [] : [`  account       ${toLine(account)}`]),
    ...(url === undefined ? [] : [`  url           ${toLine(url)}`]),
    ...(token === undefined ? [] : [`  ${what}        ${toLine(token)}  ${once}`]),
    ...(listenToken === undefined ? [] : [`  listen token  ${toLine(listenToken)}  ${once}`]),
    ...(warning === undefined ? [] : [paint("yellow", `  warning: ${toLine(warning)}`)]),
    ...(hooks === undefined ? [] : renderHooks(hooks)),
    "",
    ...renderNextStep(toNextStep(added, hooks)),
  ];
}

function toNextStep({ name, nextStep }: AddedChannel, hooks: MadeHooks | undefined): string {
  if (hooks === undefined || hooks.made.length === 0 || hooks.faults.length > 0) return nextStep;
  return `nothing on the platform's side; "sluice tail --channel ${name}" shows what arrives`;
}

/** Only suggested: the session may work with another account than the user's own. */
export async function renderOwnAccount({ name }: AddedChannel): Promise<string[]> {
  const login = await findOwnLogin();
  return [
    "",
    "So that comments of your session do not wake it, leave out the account that it writes with:",
    `  sluice ignore ${toLine(name)} ${login === undefined ? "<login>" : toLine(login)}`,
  ];
}

/** One step stands beside the word; several stand below it. */
function renderNextStep(nextStep: string): string[] {
  const [first = "", ...others] = nextStep.split("\n").map(toLine);
  return others.length === 0
    ? [`Next: ${first}`]
    : ["Next:", ...[first, ...others].map((step) => `  ${step}`)];
}
