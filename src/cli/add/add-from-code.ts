/**
 * `sluice add ./channel.ts`: the flags that code of one's own takes.
 *
 * Owns: which those are. Never: gathers or shows the code (authored/).
 */
import type { AddedChannel } from "../../api/wire/wire.ts";
import { addCode } from "../authored/add-code.ts";
import { parseDuration } from "../duration.ts";
import { toUsageFault } from "../exit.ts";
import { type AddArgs, parseQuota, parseRate, parseSettings } from "./add-args.ts";

const FOR_KINDS = [
  "secret-env",
  "secret-stdin",
  "verify",
  "header",
  "two-way",
  "allow-target",
  "dangerously-allow-unsigned",
  "import",
  "manifest",
  "hmac",
  "basic",
  "query-secret",
  "path-secret",
  "text",
  "meta",
  "entity",
  "severity",
  "id",
  "learn",
  "tunnel",
  "tunnel-name",
  "tunnel-url",
  "repo",
  "poll",
  "token",
  "hook",
  "events",
  "hook-token-env",
  "no-hook",
] as const;

/** What the code says of itself is not said again here. */
export async function addFromCode(
  kind: string,
  args: AddArgs,
  set: readonly string[],
): Promise<AddedChannel> {
  const stray = FOR_KINDS.find((name) => args[name] !== undefined && args[name] !== false);
  if (stray !== undefined)
    throw toUsageFault(`--${stray} is for built-in kinds: the code of ${kind} says it itself`);
  const { name, listener, rate, ttl, quota } = args;
  const settings = parseSettings(set);
  return addCode(kind, {
    ...(name === undefined ? {} : { name }),
    ...(listener === undefined ? {} : { listener }),
    ...(rate === undefined ? {} : { rate: parseRate(rate) }),
    ...(ttl === undefined ? {} : { ttlMs: parseDuration("--ttl", ttl) }),
    ...(quota === undefined ? {} : { quota: parseQuota(quota) }),
    ...(settings === undefined ? {} : { settings }),
  });
}
