/**
 * The platform's end of a webhook, as `sluice add` is asked for it.
 *
 * Owns: where it is made, and by whom. Never: makes it (the hub does), or reads a credential that was not named.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { HookView } from "../../api/wire/tunnel-wire.ts";
import { loadDefinition } from "../../hub/channels/catalogue.ts";
import { parseRemotes } from "../../hub/git/git-config.ts";
import { findGitPlace } from "../../hub/git/git-files.ts";
import { toOrdered } from "../../hub/git/project.ts";
import { findProgram } from "../../local/find-program.ts";
import { isSluiceError, SluiceError, toMessage } from "../../sdk/errors.ts";
import type { PlatformHooks } from "../../sdk/platform-hooks.ts";
import { readCallerFacts } from "../access-terminal.ts";
import { flag, option } from "../command.ts";
import { toUsageFault } from "../exit.ts";
import { askRunning } from "../hub.ts";
import { toLine } from "../output/print.ts";

export const HOOK_ARGS = {
  hook: option(
    "owner/name",
    "For github, with a tunnel: make the webhook in this repository or organisation, with gh or a token; with --tunnel it is that of --repo, or of this folder, where none is named",
  ),
  events: option(
    "list",
    "Events of that webhook, such as push,pull_request (default: what people act on)",
  ),
  "hook-token-env": option(
    "variable",
    "Make the webhook with the token in this environment variable, in place of gh; it is kept beside the channel's secret",
  ),
  "no-hook": flag("Make no webhook; print the steps"),
};

export type HookFlags = {
  repo?: string | undefined;
  events?: string | undefined;
  "hook-token-env"?: string | undefined;
  "no-hook"?: boolean | undefined;
};

/** What is to be made, and by whom. */
export type HookPlan = {
  targets: string[];
  events: string[];
  program?: string;
  token?: string;
};

/** `hasTunnel`: senders elsewhere reach us. Undefined where no hook is to be made, or none can be. @throws SluiceError `bad_input`. */
export async function planHooks(
  kind: string,
  flags: HookFlags,
  named: readonly string[],
  hasTunnel: boolean,
): Promise<HookPlan | undefined> {
  const { repo, events: list, "hook-token-env": variable, "no-hook": none = false } = flags;
  const stray = named.length > 0 || list !== undefined || variable !== undefined;
  if (none && stray)
    throw toUsageFault("--no-hook goes with no --hook, --events or --hook-token-env");
  const hooks = none ? undefined : await (await loadDefinition(kind)).hooks?.();
  if (hooks === undefined) {
    if (!none && stray)
      throw toUsageFault(`--hook, --events and --hook-token-env are for github, not for ${kind}`);
    return undefined;
  }
  if (!hasTunnel) {
    if (stray)
      throw toUsageFault(
        "a webhook needs an address that GitHub can reach: add --tunnel, or --tunnel-url with your own",
      );
    return undefined;
  }
  const events = parseEvents(list);
  const token = readToken(variable);
  const program = token === undefined ? findProgram(hooks.program, process.env) : undefined;
  const isAsked = named.length > 0;
  if (token === undefined && program === undefined) {
    if (!isAsked) return undefined;
    throw new SluiceError(
      "unsupported",
      `${hooks.program} is not installed, and no token was named, so nothing was changed; install it (https://cli.github.com), or give --hook-token-env <variable>`,
    );
  }
  const targets = isAsked
    ? named.map((target) => hooks.parseTarget(target))
    : repo === undefined
      ? findOwnTarget(hooks)
      : [hooks.parseTarget(repo)];
  if (targets.length === 0) return undefined;
  return {
    targets: [...new Set(targets)],
    events,
    ...(program === undefined ? {} : { program }),
    ...(token === undefined ? {} : { token }),
  };
}

function parseEvents(list: string | undefined): string[] {
  if (list === undefined) return [];
  const events = list.split(",").map((event) => event.trim());
  const wrong = events.find((event) => !/^(?:\*|[a-z_]{1,64})$/.test(event));
  if (wrong !== undefined)
    throw toUsageFault(`--events: "${wrong}" is no event of GitHub; write push,pull_request`);
  return [...new Set(events)];
}

function readToken(variable: string | undefined): string | undefined {
  if (variable === undefined) return undefined;
  const token = process.env[variable]?.trim();
  if (token !== undefined && token !== "") return token;
  throw toUsageFault(
    `--hook-token-env: the variable "${variable}" is not set; give its name, not the token itself`,
  );
}

/** The repository of this folder, as gh takes it: its remote `origin`, else the first one. */
export function findOwnTarget(hooks: PlatformHooks): string[] {
  const place = findGitPlace(process.cwd());
  if (place === undefined) return [];
  let config: string;
  try {
    config = readFileSync(join(place.common, "config"), "utf8");
  } catch {
    // A folder that only looks like a repository: then there is none to take.
    return [];
  }
  const [remote] = toOrdered(parseRemotes(config));
  const [address] = remote?.addresses ?? [];
  if (address === undefined || !/(?:^|[@/.])github\.com[:/]/i.test(address)) return [];
  try {
    return [hooks.parseTarget(address)];
  } catch (thrown) {
    if (isSluiceError(thrown, "bad_input")) return [];
    throw thrown;
  }
}

export type MadeHooks = { made: HookView[]; faults: { target: string; reason: string }[] };

/** Each by itself: of two repositories one may refuse. */
export async function makeHooks(name: string, plan: HookPlan): Promise<MadeHooks> {
  const { targets, events, program, token } = plan;
  const result: MadeHooks = { made: [], faults: [] };
  for (const target of targets) {
    const json = {
      caller: readCallerFacts(),
      target,
      events,
      ...(program === undefined ? {} : { program }),
      ...(token === undefined ? {} : { token }),
    };
    try {
      const made = await askRunning((api) =>
        api.channels[":name"].hooks.$post({ param: { name }, json }),
      );
      result.made.push(made);
    } catch (thrown) {
      result.faults.push({ target, reason: toMessage(thrown) });
    }
  }
  return result;
}

export function renderHooks({ made, faults }: MadeHooks): string[] {
  return [
    ...made.map(
      ({ target, id, events }) =>
        `  webhook       made in ${toLine(target)} (id ${toLine(id)}): ${events.map(toLine).join(", ")}`,
    ),
    ...faults.map(
      ({ target, reason }) => `  webhook       none in ${toLine(target)}: ${toLine(reason)}`,
    ),
  ];
}
