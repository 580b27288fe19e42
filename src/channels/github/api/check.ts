/**
 * Tries a token and the settings that go with it, before a channel is added.
 *
 * Owns: those questions, and their answers in words. Never: keeps anything.
 */
import { systemClock } from "../../../sdk/clock.ts";
import { isSluiceError, SluiceError } from "../../../sdk/errors.ts";
import { textAt } from "../../../sdk/json.ts";
import type { Secret } from "../../../sdk/secret.ts";
import { GithubApi } from "./github-api.ts";
import { listHooks, toHooksPath } from "./hooks.ts";
import { readRepository } from "./repository.ts";

const WAIT_MS = 12_000;

/**
 * Resolves to what can be read, for the owner to see.
 * @throws SluiceError `bad_config` for settings that do not go together, `bad_input` for a repository that is not there.
 */
export async function checkSettings(
  settings: Readonly<Record<string, string>>,
  token: Secret,
): Promise<string | undefined> {
  const { repo, poll, hook, api: base } = settings;
  if (repo !== undefined && poll !== undefined)
    throw new SluiceError(
      "bad_config",
      "github: --repo fetches what a webhook sent in vain, --poll does without a webhook; choose one",
    );
  if (hook !== undefined && repo === undefined)
    throw new SluiceError("bad_config", "github: the setting hook goes with --repo owner/name");
  if (repo === undefined && poll === undefined) return undefined;
  const signal = AbortSignal.timeout(WAIT_MS);
  const api = new GithubApi({ base, token, clock: systemClock, signal });
  try {
    return poll === undefined ? await tryHooks(api, settings) : await tryRepository(api, poll);
  } catch (thrown) {
    if (!isSluiceError(thrown) || !thrown.retryable) throw thrown;
    // Nobody waits for the next try here.
    throw new SluiceError("bad_input", thrown.message, { cause: thrown });
  }
}

async function tryHooks(
  api: GithubApi,
  settings: Readonly<Record<string, string>>,
): Promise<string> {
  const hooks = await listHooks(api, toHooksPath(settings));
  const { hook, repo } = settings;
  if (hook !== undefined && hooks.every(({ id }) => id !== hook))
    throw new SluiceError("bad_input", `github: ${repo} has no webhook ${hook}`);
  return `${repo} (its webhooks can be read; it has ${hooks.length})`;
}

async function tryRepository(api: GithubApi, poll: string): Promise<string> {
  const repository = await readRepository(api, `repos/${poll}`);
  const name = textAt(repository, "full_name") ?? poll;
  return repository.isPrivate ? `${name} (private)` : name;
}
