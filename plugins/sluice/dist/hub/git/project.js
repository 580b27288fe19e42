/** A repository may have thousands of remotes; an event asks for one of the first. */
const REMOTES_MAX = 32;
export const NO_PROJECT = { repository: undefined, branch: undefined };
/** `head` is what HEAD stands for: `refs/heads/main`; undefined where it stands for no branch. */
export function toProject(remotes, head) {
    const names = toOrdered(remotes).flatMap(({ addresses }) => addresses.flatMap((address) => toOwnerAndName(address) ?? []));
    const [repository, ...others] = new Set(names);
    return { repository, remotes: others, branch: toBranch(head) };
}
/** Origin first, then as they stand in the configuration. */
export function toOrdered(remotes) {
    return remotes
        .toSorted((a, b) => Number(b.name === "origin") - Number(a.name === "origin"))
        .slice(0, REMOTES_MAX);
}
/** `owner/name` of a remote's address: the last two parts of its path, without `.git`; lower case. */
export function toOwnerAndName(address) {
    const path = address
        .trim()
        .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*\//i, "/")
        .replace(/\/+$/, "")
        .replace(/\.git$/i, "")
        .replace(/\/+$/, "");
    const [, owner, name] = /([^/:@\s]+)\/([^/:@\s]+)$/.exec(path) ?? [];
    // A control character would not stand in the name of any event's repository.
    if (owner === undefined || name === undefined || /\p{Cc}/u.test(owner + name))
        return undefined;
    return `${owner}/${name}`.toLowerCase();
}
/** With reftable, git writes `refs/heads/.invalid` into HEAD for programs that read the file; no branch can be called so. */
function toBranch(head) {
    const [, branch] = /^refs\/heads\/([^\p{Cc}]+)$/u.exec(head ?? "") ?? [];
    return branch === undefined || branch === ".invalid" ? undefined : branch;
}
