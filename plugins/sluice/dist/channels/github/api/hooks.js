/**
 * The webhook at GitHub that calls a channel.
 *
 * Owns: finding it by its address. Never: makes or changes one.
 * https://docs.github.com/en/rest/repos/webhooks#list-repository-webhooks https://docs.github.com/en/rest/orgs/webhooks
 */
import { SluiceError } from "../../../sdk/errors.js";
import { at, idAt, listAt, textAt } from "../../../sdk/json.js";
const MAX_PAGES = 20;
const AGAIN_MS = 5 * 60_000;
/** `repos/o/r/hooks` of a repository, `orgs/o/hooks` of an organisation. @throws SluiceError `bad_config`. */
export function toHooksPath(settings) {
    const { repo = "" } = settings;
    const [owner = "", name] = repo.split("/");
    if (owner === "")
        throw new SluiceError("bad_config", "github: the setting repo is missing; it is owner/name, or an organisation");
    return name === undefined ? `orgs/${owner}/hooks` : `repos/${owner}/${name}/hooks`;
}
/** Its id. @throws SluiceError `send_failed`, retryable: it may be made at any moment. */
export async function findHook(api, path, channel) {
    const hooks = await listHooks(api, path);
    const own = hooks.filter(({ url }) => isOurs(url, channel));
    const active = own.filter(({ isActive }) => isActive);
    const [hook, other] = active.length === 0 ? own : active;
    if (hook === undefined)
        throw toWaiting(`no webhook of ${path.replace(/^\w+\/|\/hooks$/g, "")} calls an address that ends in /in/${channel} yet; make it, or name it with --set hook=ID`);
    if (other === undefined)
        return hook.id;
    const ids = active.map(({ id }) => id).join(", ");
    throw toWaiting(`several webhooks call /in/${channel} (${ids}); name one with --set hook=ID`);
}
/** @throws SluiceError `send_failed`, retryable, for a token that may not. */
export async function listHooks(api, path) {
    const hooks = [];
    let next = `${path}?per_page=100`;
    for (let page = 0; next !== undefined && page < MAX_PAGES; page++) {
        const answer = await api.get(next);
        if (answer.kind === "missing")
            throw toRefused(`${path.replace(/\/hooks$/, "")} is not there, or the token may not see its webhooks (404)`);
        if (answer.kind === "refused")
            throw toRefused(answer.why);
        if (answer.kind !== "ok")
            break;
        for (const one of listAt({ list: answer.value }, "list")) {
            const [id, url] = [idAt(one, "id"), textAt(one, "config.url")];
            if (id !== undefined && url !== undefined)
                hooks.push({ id, url, isActive: at(one, "active") !== false });
        }
        next = answer.next;
    }
    return hooks;
}
/** What the token would need. */
export function toRefused(why) {
    return toWaiting(`${why}; webhooks and their deliveries take "Webhooks: read" of a fine-grained token, or admin:repo_hook (of an organisation admin:org_hook) of a classic one`);
}
/** By the end of its address: what stands in front is the tunnel's. */
function isOurs(url, channel) {
    return URL.canParse(url) && new URL(url).pathname.replace(/\/+$/, "").endsWith(`/in/${channel}`);
}
function toWaiting(why) {
    return new SluiceError("send_failed", `github: ${why}`, {
        retryable: true,
        retryAfterMs: AGAIN_MS,
    });
}
