import { loginAt, refAt, toLogin, toWords, wordAt } from "../../catalogue/fields.js";
import { toStateKey } from "../../catalogue/state.js";
import { cut, MAX_META_CHARS, toUrlField } from "../../sdk/field.js";
import { at, countAt, idAt, listAt, textAt } from "../../sdk/json.js";
export function readContext(event, payload) {
    const fullName = textAt(payload, "repository.full_name");
    const isName = fullName !== undefined && /^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(fullName);
    const organization = toLogin(textAt(payload, "organization.login"));
    return {
        event,
        action: wordAt(payload, "action"),
        repository: isName ? fullName.toLowerCase() : undefined,
        place: isName ? fullName : (organization ?? "GitHub"),
        login: loginAt(payload, "sender.login") ?? "unknown",
        defaultBranch: refAt(payload, "repository.default_branch"),
    };
}
/** Actions that GitHub names as orders; the others say what was done. */
const DONE = {
    create: "created",
    dismiss: "dismissed",
    resolve: "resolved",
    reopen: "reopened",
    suspend: "suspended",
    unsuspend: "in use again",
};
function toDone(action) {
    if (action === undefined)
        return "changed";
    return (Object.hasOwn(DONE, action) ? DONE[action] : undefined) ?? toWords(action);
}
/** Where it happened, where a row's links are not there. */
const HOME = ["repository.html_url", "~/{login:organization.login}", "sender.html_url"];
/** Actions that leave the long text as it was: repeating it would only cost the reader. */
const REPEATING = /^(?:(?:un)?(?:labeled|locked|pinned|answered|assigned)|category_changed|transferred|closed|reordered|restored|archived)$/;
/** What a row is described within. Bases: `/` is the repository's page, `~` the server's. */
export function toScope(payload, context) {
    const { event, action, place, login, repository } = context;
    return {
        event,
        action,
        words: { did: toDone(action), place },
        suffix: `in ${place}${login === "unknown" ? "" : ` by ${login}`}`,
        entityPrefix: repository,
        statePrefix: `${repository ?? place}/`,
        bases: {
            "/": () => toUrlField(textAt(payload, "repository.html_url") ?? ""),
            "~": () => toServer(payload),
        },
        home: HOME,
        repeats: REPEATING,
        priority: "low",
    };
}
function toServer(payload) {
    const known = toUrlField(textAt(payload, "sender.html_url") ?? "");
    return known === undefined ? "https://github.com" : new URL(known).origin;
}
/** `octo/app#12/workflow_run/3f…`; undefined where a part is not known: then nothing supersedes it. */
export function toStateOf(context, thing, parts, { pull, isWithoutOutcome = false, } = {}) {
    const where = `${context.repository ?? context.place}${pull === undefined ? "" : `#${pull}`}`;
    const stateOf = toStateKey(`${where}/${thing}`, parts, isWithoutOutcome);
    return stateOf === undefined ? {} : { stateOf };
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
const OWN = /^(?:OWNER|MEMBER|COLLABORATOR)$/;
/** Events whose sender writes to the repository, or which GitHub makes by itself. */
const OF_WRITERS = /^(?:ping|push|create|delete|release|status|deployment|deployment_status|milestone|label|repository|(?:dependabot|code_scanning|secret_scanning)_alert)$/;
/** The thing that an event is about, which has an author: the innermost comes first. */
const AUTHORED = ["comment", "review", "discussion", "issue", "pull_request"];
/**
 * Somebody has written or caused it who is no owner, member or collaborator as GitHub tells, or it does not tell. A run on a pull request from
 * a fork is its author's, whoever they are.
 */
export function isByStranger(payload, { event, repository }) {
    const thing = AUTHORED.find((name) => isPresent(payload, name));
    if (thing !== undefined)
        return !OWN.test(textAt(payload, `${thing}.author_association`) ?? "");
    if (OF_WRITERS.test(event))
        return false;
    if (event === "workflow_run") {
        const from = textAt(payload, "workflow_run.head_repository.full_name")?.toLowerCase();
        if (from !== undefined)
            return from !== repository;
        return textAt(payload, "workflow_run.event") !== "push";
    }
    if (event === "check_run" || event === "check_suite") {
        // Null for a fork's branch.
        const path = event === "check_run" ? "check_run.check_suite" : "check_suite";
        return textAt(payload, `${path}.head_branch`) === undefined;
    }
    return true;
}
