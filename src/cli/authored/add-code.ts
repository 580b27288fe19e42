/**
 * `sluice add ./file.ts` and `sluice add npm:package`: shows what the code is and can do, asks, and hands it to the hub.
 *
 * Owns: that conversation. Never: decides who may add code (the hub does), or keeps a secret.
 *
 * ADDCODE-1 Nothing is added that a person at a terminal has not seen and confirmed; of a download nothing runs before that.
 * ADDCODE-2 Where it ends early, nothing is left of it.
 */
import type { AddedChannel } from "../../api/wire/wire.ts";
import { locateHome } from "../../local/home.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { askYes, isAtTerminal, readCallerFacts } from "../access-terminal.ts";
import { toUsageFault } from "../exit.ts";
import { ask } from "../hub.ts";
import { printNote } from "../output/print.ts";
import { readSecret } from "../read-input.ts";
import { type Before, prepareNpm } from "./npm.ts";
import { type NewCode, prepareLocal } from "./prepare.ts";
import { renderNewCode } from "./show.ts";

const MAX_SECRET_BYTES = 16_384;
const NPM = "npm:";

export type CodeRequest = {
  name?: string | undefined;
  listener?: string | undefined;
  rate?: number | undefined;
  ttlMs?: number | undefined;
  quota?: number | undefined;
  settings?: Record<string, string> | undefined;
};

/** True for what names code, and no kind: a path, or a package with its prefix. */
export function isCode(typed: string): boolean {
  return typed.startsWith(NPM) || /[/\\]/.test(typed) || /^\.{1,2}$|\.[cm]?[jt]s$/.test(typed);
}

export function requireTerminal(what: string): void {
  // What is shown goes there: answered without it, the question was not read.
  if (isAtTerminal(readCallerFacts()) && process.stderr.isTTY) return;
  throw new SluiceError(
    "unauthorized",
    `${what} by a person at a terminal only, who reads first what it will be able to do; nothing was changed`,
  );
}

export async function addCode(from: string, request: CodeRequest): Promise<AddedChannel> {
  requireTerminal("code of a channel is added");
  const code = await prepareCode(from);
  try {
    const { outline } = code.manifest;
    const name = request.name ?? outline.kind;
    for (const line of renderNewCode(code, name)) printNote(line);
    await askYes(`Adds this code as channel ${name}; it then runs whenever Sluice does.`);
    const secrets = await readSecrets(outline.secrets);
    const { folder, digest } = code;
    const json = { caller: readCallerFacts(), ...request, folder, digest, secrets };
    return await ask((api) => api.channels.code.$post({ json }));
  } finally {
    // Where the hub has taken it, it is not there any more.
    code.discard();
  }
}

export function prepareCode(from: string, before?: Before): Promise<NewCode> {
  const { env } = process;
  const home = locateHome(env);
  return from.startsWith(NPM)
    ? prepareNpm(from.slice(NPM.length), home, env, before)
    : prepareLocal(from.replace(/^~(?=\/)/, env["HOME"] ?? "~"), home, env);
}

/** Of the environment, or typed. Those that are left empty are missing, which the hub says where they are needed. */
export async function readSecrets(names: readonly string[]): Promise<Record<string, string>> {
  const secrets: Record<string, string> = {};
  for (const name of names) {
    // Not what every object has, such as `constructor`.
    const known = Object.hasOwn(process.env, name) ? process.env[name] : undefined;
    if (known !== undefined && known !== "") printNote(`${name} is taken from the environment`);
    const value = known || (await readSecret(MAX_SECRET_BYTES, name));
    if (value.length > MAX_SECRET_BYTES) throw toUsageFault(`${name} is too long for a secret`);
    if (value !== "") secrets[name] = value;
  }
  return secrets;
}
