/**
 * What `sluice add` takes, and the request that it becomes.
 *
 * Owns: the flags and the checks of their form. Never: keeps or checks a secret; argv never holds one.
 */
import type { z } from "zod";
import type { addChannelSchema } from "../../api/wire/wire.ts";
import { type Args, flag, JSON_ARG, option, optionalPositional } from "../command.ts";
import { parseDuration } from "../duration.ts";
import { toUsageFault } from "../exit.ts";
import { GITHUB_ARGS } from "../github-args.ts";
import { HOOK_ARGS } from "../reach/hook-flags.ts";
import { TUNNEL_ARGS } from "../reach/tunnel-flags.ts";
import { PROOF_FLAGS, readProof, readTemplate, TEMPLATE_FLAGS } from "../requests/request-flags.ts";
import { readWatcher, WATCHER_ARGS } from "../watchers/watcher-args.ts";

export const ADD_ARGS = {
  kind: optionalPositional(
    "One of the kinds above, such as github, telegram or webhook; or code of your own: ./channel.ts, npm:package@version",
  ),
  name: option("name", "What to call it (default: its kind)"),
  "secret-env": option(
    "variable",
    "Take the secret from this environment variable; name=variable for a second one, as token=GITHUB_TOKEN",
  ),
  "secret-stdin": flag("Read the secret from stdin"),
  manifest: flag("For slack: print the app's manifest, ready to paste, and add nothing"),
  verify: {
    type: "string",
    alias: "scheme",
    valueHint: "scheme",
    description:
      "How requests prove themselves: bearer, token-header, standard, standard-v1a, github; for a sender, the schemes that it has",
  },
  header: option("name", "The header that holds the token, such as X-Sentry-Token"),
  ...PROOF_FLAGS,
  ...TEMPLATE_FLAGS,
  learn: flag("For webhook: wait for the first request, propose how it is told, and ask"),
  "two-way": flag(
    "Send replies back on a stream that has its own listen token; senders prove themselves with a token, not a signature",
  ),
  listener: option(
    "id",
    "With --two-way: the sender allowed to listen; if they are an approver, prompts are sent on this stream",
  ),
  rate: option("n", "Accepted events per second; 0 means no limit (default: 50)"),
  ttl: option(
    "time",
    "How long an event may wait before it expires, such as 90m, 36h or 2d; 0 means for ever (default: 24h, chats 7d)",
  ),
  quota: option(
    "n",
    "How many events may wait at once; further ones are answered 429 (default: 10000)",
  ),
  "allow-target": flag("Let senders name the session that gets an event (X-Sluice-Session)"),
  "ignore-sender": option(
    "login",
    "For github: leave out what this account does by hand, such as the one your session comments with",
  ),
  "dangerously-allow-unsigned": flag(
    "Accept requests without any proof: every program on this machine can then write to your session",
  ),
  set: option(
    "name=value",
    "A setting of the channel, such as api-root=http://127.0.0.1:8081 for telegram",
  ),
  transcribe: option(
    "command|address",
    "For chats: make text of voice notes, by a program (the file's path comes last) or an endpoint; its key by --secret-env transcribe=VARIABLE",
  ),
  import: flag(
    "For telegram and discord: take over the bot token and the allowed people from Claude Code's own plugin",
  ),
  ...TUNNEL_ARGS,
  ...HOOK_ARGS,
  wait: option(
    "time",
    "Wait so long for the first event, such as 5m, and say whether it came; exits 1 where it did not",
  ),
  ...WATCHER_ARGS,
  ...GITHUB_ARGS,
  json: JSON_ARG,
} as const;

export type AddArgs = Args<typeof ADD_ARGS>;

/** What may be typed more than once, and what stands behind the kind. */
export type AddWords = {
  words: readonly string[];
  set: Record<string, string> | undefined;
  meta: readonly string[];
  ignore: readonly string[];
  ignoreSenders: readonly string[];
};

/** @throws SluiceError `bad_input`. */
export async function toAddRequest(
  kind: string,
  args: AddArgs,
  { secret, secrets }: { secret: string | undefined; secrets: Record<string, string> },
  { words, set, meta, ignore, ignoreSenders }: AddWords,
): Promise<z.output<typeof addChannelSchema>> {
  const asked = { kind, name: args.name, flags: args, words, ignore, settings: set };
  const { name, settings } = (await readWatcher(asked)) ?? { name: args.name, settings: set };
  const template = readTemplate(args, meta);
  const ignored = ignoreSenders.map((login) => login.replace(/^@/, ""));
  return {
    kind,
    twoWay: args["two-way"] === true,
    allowUnsigned: args["dangerously-allow-unsigned"] === true,
    ...(args["allow-target"] === true ? { allowTarget: true } : {}),
    name,
    secret,
    ...(Object.keys(secrets).length === 0 ? {} : { secrets }),
    ...readProof(args),
    ...(template === undefined ? {} : { template }),
    ...(args.transcribe === undefined
      ? {}
      : { transcribe: await (await import("./transcribe.ts")).readTranscribe(args.transcribe) }),
    listener: args.listener,
    ...(args.rate === undefined ? {} : { rate: parseRate(args.rate) }),
    settings,
    ...(ignored.length === 0 ? {} : { ignoreSenders: ignored }),
    ...(args.ttl === undefined ? {} : { ttlMs: parseDuration("--ttl", args.ttl) }),
    ...(args.quota === undefined ? {} : { quota: parseQuota(args.quota) }),
  };
}

export function parseSettings(given: readonly string[]): Record<string, string> | undefined {
  if (given.length === 0) return undefined;
  const pairs = given.map((text) => {
    const at = text.indexOf("=");
    if (at < 1) throw toUsageFault(`--set ${text} is not name=value`);
    return [text.slice(0, at), text.slice(at + 1)] as const;
  });
  return Object.fromEntries(pairs);
}

export function parseRate(text: string): number {
  const rate = Number(text);
  if (!Number.isFinite(rate) || rate < 0)
    throw toUsageFault(`--rate ${text} is not a number from 0`);
  return rate;
}

export function parseQuota(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text))
    throw toUsageFault(`--quota ${text} is not a whole number from 1 to 9999999`);
  return Number(text);
}
