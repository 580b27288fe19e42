import { cut, MAX_META_CHARS, toNameField, toRefField, toUrlField } from "../../sdk/field.js";
import { at, countAt, idAt, listAt, textAt } from "../../sdk/json.js";
/** A word of GitHub's own vocabulary: an event, action, state or conclusion. */
export function isWordy(text) {
    return /^[a-z][a-z0-9_-]{0,63}$/.test(text);
}
/** Such a word for a reader: `timed out`. */
export function toWords(word) {
    return word.replaceAll("_", " ");
}
export function wordAt(payload, path) {
    const found = textAt(payload, path);
    return found !== undefined && isWordy(found) ? found : undefined;
}
export function readContext(event, payload) {
    const fullName = textAt(payload, "repository.full_name");
    const isName = fullName !== undefined && /^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(fullName);
    const organization = textAt(payload, "organization.login");
    return {
        event,
        action: wordAt(payload, "action"),
        repository: isName ? fullName.toLowerCase() : undefined,
        place: isName ? fullName : organization === undefined ? "GitHub" : toLogin(organization),
        login: loginAt(payload, "sender.login") ?? "unknown",
        defaultBranch: refAt(payload, "repository.default_branch"),
    };
}
/** Apps end in `[bot]`. */
export function loginAt(payload, path) {
    const found = textAt(payload, path);
    return found === undefined ? undefined : toLogin(found);
}
/** A branch or tag, without `refs/heads/` or `refs/tags/`. */
export function refAt(payload, path) {
    const found = textAt(payload, path)?.replace(/^refs\/(heads|tags)\//, "");
    return found === undefined || found === "" ? undefined : toRefField(found);
}
/** Where a file lies in its repository: blanks are part of it. */
export function pathAt(payload, path) {
    const found = toNameField(textAt(payload, path) ?? "", 160);
    return found === "" ? undefined : found;
}
export function nameAt(payload, path) {
    const name = toNameField(textAt(payload, path) ?? "");
    return name === "" ? undefined : name;
}
/** The whole commit id, for meta. */
export function shaAt(payload, path) {
    const found = textAt(payload, path);
    return found !== undefined && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(found) ? found : undefined;
}
/** A commit id for people; undefined for the all-zero one, which stands for "none". */
export function toShortSha(sha) {
    return sha === undefined || /^0+$/.test(sha) ? undefined : sha.slice(0, 7);
}
export function urlAt(payload, ...paths) {
    for (const path of paths) {
        const url = toUrlField(textAt(payload, path) ?? "");
        if (url !== undefined)
            return url;
    }
    return undefined;
}
/** A quote for each path that holds text, labelled by the pair's first half. */
export function quotesAt(payload, paths) {
    return Object.entries(paths).flatMap(([label, path]) => {
        const text = textAt(payload, path);
        return text === undefined || text.trim() === "" ? [] : [{ label, text }];
    });
}
/** The parts that are there, with blanks between. */
export function joinLine(...parts) {
    return parts.filter(Boolean).join(" ");
}
/** The parts that are there, with commas between. */
export function joinFacts(...parts) {
    return parts.filter(Boolean).join(", ");
}
/** `octo/app` + suffix; absent where the repository is. */
export function toEntity(context, suffix) {
    return context.repository === undefined
        ? {}
        : { entity: cut(`${context.repository}${suffix}`, MAX_META_CHARS) };
}
/** The pull request or issue that an event belongs to: both share one row of numbers. */
export function toThread(context, number) {
    return number === undefined ? {} : toEntity(context, `#${number}`);
}
/**
 * The one pull request that a run belongs to. Its base is compared: a branch of a fork may have its pull request upstream.
 * Runs of a fork's branch list none: https://docs.github.com/en/rest/checks/runs, https://github.com/github/docs/issues/22501
 */
export function onlyPullNumber(payload, path) {
    const here = idAt(payload, "repository.id");
    const own = listAt(payload, path).filter((pull) => [undefined, here].includes(idAt(pull, "base.repo.id")));
    return own.length === 1 ? countAt(own[0], "number") : undefined;
}
/**
 * How bad a word of GitHub's is: a conclusion, a state, or the severity of an alert.
 * https://docs.github.com/en/rest/checks/runs, https://docs.github.com/en/rest/actions/workflow-runs,
 * https://docs.github.com/en/rest/code-scanning/code-scanning, https://docs.github.com/en/rest/dependabot/alerts
 */
const SEVERITIES = new Map([
    ...["failure", "startup_failure", "error", "errored", "failed", "critical", "high"].map((word) => [word, "error"]),
    ...[
        "cancelled",
        "timed_out",
        "action_required",
        "rejected",
        "invalidated",
        "off_track",
        "medium",
        "moderate",
        "warning",
    ].map((word) => [word, "warning"]),
]);
export function toSeverity(word) {
    return SEVERITIES.get(word ?? "") ?? "info";
}
/** A branch as `ref`, or `owner:ref` when it lives in a fork: a fork's `main` is not our `main`. */
export function headAt(payload, refPath, repositoryPath) {
    const ref = refAt(payload, refPath);
    const id = idAt(payload, `${repositoryPath}.id`);
    if (ref === undefined || id === undefined || id === idAt(payload, "repository.id"))
        return ref;
    return `${loginAt(payload, `${repositoryPath}.owner.login`) ?? "fork"}:${ref}`;
}
/** True where a key is present with any value but null. */
export function isPresent(payload, path) {
    return (at(payload, path) ?? null) !== null;
}
function toLogin(text) {
    const bare = text.replace(/\[bot\]$/, "");
    return `${toRefField(bare, 64)}${bare === text ? "" : "[bot]"}`;
}
