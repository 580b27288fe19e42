/**
 * The secrets of a channel that is added, as its kind asks for them.
 *
 * Owns: asking for those that are missing. Never: keeps or checks one.
 */
import { loadDefinition } from "../../hub/channels/catalogue.ts";
import { toUsageFault } from "../exit.ts";
import { printLine } from "../output/print.ts";
import { MAX_SECRET_BYTES, readSecret } from "../read-input.ts";

/** What the platform gave the user, where its channel asks for that and there is somebody to ask. */
export async function askForSecret(
  kind: string,
  settings: Record<string, string> | undefined,
): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  const { secretPrompt } = await loadDefinition(kind, settings);
  return secretPrompt === undefined ? undefined : readSecret(MAX_SECRET_BYTES, secretPrompt);
}

/** Those besides the first that it cannot do without. */
export async function askForSecrets(
  kind: string,
  settings: Record<string, string> | undefined,
  given: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const secrets = { ...given };
  if (!process.stdin.isTTY) return secrets;
  const { moreSecrets = [] } = await loadDefinition(kind, settings);
  for (const { name, prompt, isOptional = false } of moreSecrets)
    if (!isOptional && !Object.hasOwn(secrets, name))
      secrets[name] = await readSecret(MAX_SECRET_BYTES, prompt);
  return secrets;
}

export function mergeSettings(
  set: Record<string, string> | undefined,
  more: Record<string, string>,
): Record<string, string> | undefined {
  return set === undefined && Object.keys(more).length === 0 ? undefined : { ...set, ...more };
}

export async function printManifest(
  kind: string,
  settings: Record<string, string> | undefined,
): Promise<void> {
  const { manifest } = await loadDefinition(kind, settings);
  if (manifest === undefined)
    throw toUsageFault(`--manifest is for slack; ${kind} has no form to paste one into`);
  printLine(manifest(settings ?? {}));
}
