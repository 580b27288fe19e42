/**
 * Webhooks of repositories and organisations, made by the GitHub CLI or with a token.
 *
 * Owns: the calls, and what GitHub's refusals mean for the owner. Never: keeps a credential, or shows a secret: it goes to the CLI by its
 * standard input, since others on this machine may read a command line.
 * https://docs.github.com/en/rest/repos/webhooks, https://docs.github.com/en/rest/orgs/webhooks
 */
import { SluiceError } from "../../sdk/errors.js";
import { askGithub } from "./ask-github.js";
import { parseTarget, toPath } from "./hook-target.js";
/** What people act on; the noise of every check and label stays away. */
const EVENTS = [
    "deployment_status",
    "issue_comment",
    "issues",
    "pull_request",
    "pull_request_review",
    "pull_request_review_comment",
    "push",
    "release",
    "status",
    "workflow_run",
];
export const githubHooks = {
    program: "gh",
    example: "octo-org/octo-app, or octo-org for an organisation",
    events: EVENTS,
    parseTarget,
    async make(place, end, events) {
        const body = { name: "web", active: true, events, config: toConfig(end) };
        const answer = await askGithub(place, { method: "POST", path: toPath(place.target), body });
        if (answer.status === 422 && /already exists/i.test(answer.message))
            return takeOver(place, end, events);
        return toId(requireOk(place, answer).json);
    },
    async change(place, id, end) {
        const path = `${toPath(place.target)}/${toPart(id)}/config`;
        requireOk(place, await askGithub(place, { method: "PATCH", path, body: toConfig(end) }));
    },
    async remove(place, id) {
        const path = `${toPath(place.target)}/${toPart(id)}`;
        const answer = await askGithub(place, { method: "DELETE", path });
        if (!isGone(answer))
            requireOk(place, answer);
    },
};
function toConfig({ url, secret }) {
    return { url, content_type: "json", insecure_ssl: "0", secret: secret.reveal() };
}
/** A hook with this URL can only be ours, of an earlier time: nobody else is reached by it. */
async function takeOver(place, end, events) {
    const path = `${toPath(place.target)}?per_page=100`;
    const { json } = requireOk(place, await askGithub(place, { method: "GET", path }));
    const list = Array.isArray(json) ? json : [];
    const same = list.find((hook) => readUrl(hook) === end.url);
    if (same === undefined)
        throw new SluiceError("conflict", `GitHub says that ${place.target} has this hook already, and does not list it; look at its Settings > Webhooks`);
    const id = toId(same);
    const body = { active: true, events, config: toConfig(end) };
    const change = `${toPath(place.target)}/${id}`;
    requireOk(place, await askGithub(place, { method: "PATCH", path: change, body }));
    return id;
}
function readUrl(hook) {
    const { config } = toObject(hook);
    return toObject(config)["url"];
}
/** @throws SluiceError `send_failed` for an answer that is no hook. */
function toId(hook) {
    const { id } = toObject(hook);
    if (typeof id === "number" && Number.isSafeInteger(id))
        return String(id);
    throw new SluiceError("send_failed", "GitHub's answer names no hook; try again later");
}
function toPart(id) {
    if (/^\d{1,20}$/.test(id))
        return id;
    throw new SluiceError("bad_input", `"${id}" is no id of a hook`);
}
/** With a hint the account lacks the right to see it, and it may be there. */
function isGone({ status, hint }) {
    return status === 410 || (status === 404 && hint === undefined);
}
/** @throws SluiceError for every answer but a 2xx. */
function requireOk(place, answer) {
    const { status, message, hint } = answer;
    if (status >= 200 && status < 300)
        return answer;
    const { target, credential } = place;
    const isOrganisation = !toPath(target).startsWith("repos/");
    const scope = isOrganisation ? "admin:org_hook" : "admin:repo_hook";
    const rights = credential.kind === "program"
        ? (hint ?? `gh auth refresh -s ${scope}`)
        : `a token with the permission "Webhooks: read and write" on it (classic: ${scope})`;
    if (status === 401)
        throw new SluiceError("unauthorized", `GitHub refuses the credential (401); ${credential.kind === "program" ? 'run "gh auth login"' : "give a new token"}`);
    if (status === 429 || (status === 403 && /rate limit/i.test(message)))
        throw new SluiceError("rate_limited", "GitHub's rate limit is used up; try again in an hour", {
            retryable: true,
        });
    if (status === 403)
        throw new SluiceError("unauthorized", `GitHub does not let this account make hooks on ${target} (403: ${message}); an administrator of it can, with ${rights}`);
    if (status === 404)
        throw new SluiceError("not_found", `GitHub shows this account no hooks of ${target} (404); it must exist, and the account must be its administrator, with ${rights}`);
    if (status >= 300 && status < 400)
        throw new SluiceError("not_found", `${target} has another name now; give the new one`);
    throw new SluiceError(status === 422 ? "bad_input" : "send_failed", `GitHub made no hook on ${target} (${status}: ${message}); ${status === 422 ? "correct it and try again" : "try again later"}`, { retryable: status >= 500 });
}
function toObject(value) {
    return typeof value === "object" && value !== null ? { ...value } : {};
}
