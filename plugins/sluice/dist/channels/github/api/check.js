/**
 * Tries a token and the settings that go with it, before a channel is added.
 *
 * Owns: those questions, and their answers in words. Never: keeps anything.
 */
import { systemClock } from "../../../sdk/clock.js";
import { isSluiceError, SluiceError } from "../../../sdk/errors.js";
import { textAt } from "../../../sdk/json.js";
import { GithubApi } from "./github-api.js";
import { listHooks, toHooksPath } from "./hooks.js";
import { readRepository } from "./repository.js";
const WAIT_MS = 12_000;
/**
 * Resolves to what can be read, for the owner to see.
 * @throws SluiceError `bad_config` for settings that do not go together, `bad_input` for a repository that is not there.
 */
export async function checkSettings(settings, token) {
    const { repo, poll, hook, api: base } = settings;
    if (repo !== undefined && poll !== undefined)
        throw new SluiceError("bad_config", "github: --repo fetches what a webhook sent in vain, --poll does without a webhook; choose one");
    if (hook !== undefined && repo === undefined)
        throw new SluiceError("bad_config", "github: the setting hook goes with --repo owner/name");
    if (repo === undefined && poll === undefined)
        return undefined;
    const signal = AbortSignal.timeout(WAIT_MS);
    const api = new GithubApi({ base, token, clock: systemClock, signal });
    try {
        return poll === undefined ? await tryHooks(api, settings) : await tryRepository(api, poll);
    }
    catch (thrown) {
        if (!isSluiceError(thrown) || !thrown.retryable)
            throw thrown;
        // Nobody waits for the next try here.
        throw new SluiceError("bad_input", thrown.message, { cause: thrown });
    }
}
async function tryHooks(api, settings) {
    const hooks = await listHooks(api, toHooksPath(settings));
    const { hook, repo } = settings;
    if (hook !== undefined && hooks.every(({ id }) => id !== hook))
        throw new SluiceError("bad_input", `github: ${repo} has no webhook ${hook}`);
    return `${repo} (its webhooks can be read; it has ${hooks.length})`;
}
async function tryRepository(api, poll) {
    const repository = await readRepository(api, `repos/${poll}`);
    const name = textAt(repository, "full_name") ?? poll;
    return repository.isPrivate ? `${name} (private)` : name;
}
