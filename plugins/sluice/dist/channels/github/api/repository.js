/**
 * The repository that is looked at, as far as its events do not say it themselves.
 *
 * Owns: reading it. Never: keeps it.
 */
import { SluiceError } from "../../../sdk/errors.js";
import { at, isTrueAt, textAt, toObject } from "../../../sdk/json.js";
const AGAIN_MS = 10 * 60_000;
/** @throws SluiceError `send_failed`, retryable: a name may be right tomorrow, and a token be given more. */
export async function readRepository(api, path) {
    const answer = await api.get(path);
    if (answer.kind === "ok" && textAt(answer.value, "full_name") !== undefined) {
        const { id, full_name, html_url, default_branch } = toObject(answer.value);
        return {
            id,
            full_name,
            html_url,
            default_branch,
            isPrivate: isTrueAt(answer.value, "private"),
        };
    }
    const name = path.replace("repos/", "");
    const hint = api.hasToken
        ? "or the token may not see it"
        : "or it is private, which takes a token: --secret-env token=VARIABLE";
    const why = answer.kind === "refused" ? answer.why : `there is no repository ${name}, ${hint} (404)`;
    throw new SluiceError("send_failed", `github: ${why}`, {
        retryable: true,
        retryAfterMs: AGAIN_MS,
    });
}
/** Its page: `https://github.com/octo/app`. */
export function toHome(repository) {
    const home = at(repository, "html_url");
    return typeof home === "string" && URL.canParse(home) ? home : undefined;
}
