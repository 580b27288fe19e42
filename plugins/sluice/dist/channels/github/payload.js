/**
 * A payload as it is kept for `details`.
 *
 * Owns: what of GitHub's payloads is dull. Never: what could be used (catalogue/redact.ts), where a payload is kept
 * (store/events/payloads.ts), or a line that a note shows.
 */
import { writePayload } from "../../catalogue/redact.js";
import { toObject } from "../../sdk/json.js";
/** What every payload repeats and nobody reads. */
const DULL = /^(?:node_id|avatar_url|gravatar_id|temp_clone_token|_links)$|(?<!^html)_url$|^url$/;
const DULL_URL = /^https?:\/\/[^/]+\/(?:api\/v3\/)?(?:repos|users|orgs|teams|organizations|projects|enterprises)\/|\{/;
/** As much of who and where as a reader needs. */
const AROUND = {
    sender: ["login", "id", "type", "html_url"],
    repository: [
        "id",
        "full_name",
        "private",
        "html_url",
        "description",
        "default_branch",
        "archived",
    ],
    organization: ["login", "id", "description"],
    enterprise: ["slug", "name", "id", "html_url"],
    installation: ["id", "account", "app_slug"],
};
/** The payload without what is dull or could be used, as text. */
export function toKeptPayload(payload) {
    const kept = Object.entries(payload).map(([key, value]) => {
        const fields = Object.hasOwn(AROUND, key) ? AROUND[key] : undefined;
        if (fields === undefined || typeof value !== "object" || value === null)
            return [key, value];
        const whole = toObject(value);
        return [key, Object.fromEntries(fields.flatMap((f) => (f in whole ? [[f, whole[f]]] : [])))];
    });
    return writePayload(shorten(Object.fromEntries(kept)));
}
function shorten(value) {
    if (Array.isArray(value))
        return value.map(shorten);
    if (typeof value !== "object" || value === null)
        return value;
    return Object.fromEntries(Object.entries(value)
        .filter(([key, one]) => !(DULL.test(key) && (key === "node_id" || isDull(one))))
        .map(([key, one]) => [key, shorten(one)]));
}
function isDull(value) {
    return (typeof value !== "string" || value === "" || DULL_URL.test(value) || /avatars?\./.test(value));
}
