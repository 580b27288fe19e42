/**
 * A repository or an organisation on GitHub, as people write it.
 *
 * Owns: reading it, and the path of its hooks. Never: asks whether it is there.
 */
import { SluiceError } from "../../sdk/errors.js";
const PUBLIC_HOST = "github.com";
/** A host has a dot; an account's name has none, a repository's may. */
const HOST = /^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::\d{1,5})?$/;
const OWNER = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98}[A-Za-z0-9])?$/;
const REPOSITORY = /^(?!\.{1,2}$)[\w.-]{1,100}$/;
/**
 * As it is kept: `octo-org/octo-app`, `octo-org`, and behind its host where that is another GitHub. Also taken: what `git remote -v` shows.
 * @throws SluiceError `bad_input`.
 */
export function parseTarget(text) {
    const { host, owner, repository } = read(text);
    return [host === PUBLIC_HOST ? [] : [host], owner, repository ?? []].flat().join("/");
}
/** Of the API; the same for the command-line program. */
export function toPath(target) {
    const { owner, repository } = read(target);
    return repository === undefined ? `orgs/${owner}/hooks` : `repos/${owner}/${repository}/hooks`;
}
/** Undefined for github.com itself. */
export function toHost(target) {
    const { host } = read(target);
    return host === PUBLIC_HOST ? undefined : host;
}
function read(text) {
    const plain = text
        .trim()
        .replace(/^(?:https?|ssh|git):\/\/(?:[^@/]+@)?/, "")
        .replace(/^[^@/]+@([^:/]+):/, "$1/")
        .replace(/\/+$/, "")
        .replace(/\.git$/, "");
    const parts = plain.split("/");
    const [first = ""] = parts;
    const hasHost = parts.length > 1 && HOST.test(first);
    const [owner = "", repository, ...more] = hasHost ? parts.slice(1) : parts;
    const isRight = more.length === 0 &&
        OWNER.test(owner) &&
        (repository === undefined || REPOSITORY.test(repository));
    if (!isRight)
        throw new SluiceError("bad_input", `"${text}" is no repository; write octo-org/octo-app, or octo-org for an organisation`);
    const host = hasHost ? first.toLowerCase() : PUBLIC_HOST;
    return { host: host === "ssh.github.com" ? PUBLIC_HOST : host, owner, repository };
}
