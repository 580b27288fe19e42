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
const OF_WRITERS = /^(?:ping|push|create|delete|release|milestone|label|repository|(?:dependabot|secret_scanning)_alert)$/;
/** What begins a run that only who writes to the repository can cause, or the clock. A run by `issues`, say, is anybody's. */
const RUN_OF_WRITERS = /^(?:push|schedule|workflow_dispatch|release|merge_group|repository_dispatch|pull_request)$/;
/** The things that have an author: an event tells of all that it holds, not of the innermost alone. */
const AUTHORED = ["comment", "review", "answer", "discussion", "issue", "pull_request"];
/**
 * Owners, members and collaborators alone have written and caused it, as GitHub tells. False where it does not tell. A run, a check, a status and
 * a deployment of what is not the repository's own are those of whoever wrote that.
 */
export function isByOwn(payload, context) {
    const { event } = context;
    const things = [
        ...AUTHORED.filter((name) => isPresent(payload, name)).map((name) => at(payload, name)),
        ...listAt(payload, "thread.comments"),
    ];
    if (things.length > 0)
        return things.every(hasOwnAuthor) && listAuthors(payload).every(isOwn);
    if (OF_WRITERS.test(event))
        return listAuthors(payload).every(isOwn);
    switch (event) {
        case "workflow_run":
            return isOwnRun(payload, context);
        case "check_run":
            return isOwnCheck(payload, "check_run.check_suite", context);
        case "check_suite":
            return isOwnCheck(payload, "check_suite", context);
        case "status":
            return listAt(payload, "branches").some((one) => isDefault(textAt(one, "name"), context));
        case "deployment":
        case "deployment_status":
            return (isDefault(textAt(payload, "deployment.ref"), context) &&
                (!isPresent(payload, "workflow_run") || isOwnRun(payload, context)));
        case "code_scanning_alert":
            return ["ref", "alert.most_recent_instance.ref"].every((path) => /^(?:refs\/heads\/.*)?$/.test(textAt(payload, path) ?? ""));
        default:
            return false;
    }
}
function isOwn(association) {
    return typeof association === "string" && OWN.test(association);
}
function hasOwnAuthor(thing) {
    return isOwn(at(thing, "author_association"));
}
/** Of every author that is named anywhere: a parent issue, say, is told as well. */
function listAuthors(payload) {
    const found = [];
    const rest = [payload];
    while (rest.length > 0) {
        const one = rest.pop();
        if (typeof one !== "object" || one === null)
            continue;
        for (const [key, value] of Object.entries(one)) {
            if (key === "author_association")
                found.push(value);
            else
                rest.push(value);
        }
    }
    return found;
}
function isOwnRun(payload, { repository }) {
    const from = textAt(payload, "workflow_run.head_repository.full_name")?.toLowerCase();
    const by = textAt(payload, "workflow_run.event") ?? "";
    return from !== undefined && from === repository && RUN_OF_WRITERS.test(by);
}
/** Of a branch that no pull request here is of, nobody tells whose it is: a fork's may be named alike. */
function isOwnCheck(payload, suite, context) {
    const here = idAt(payload, "repository.id");
    const pulls = [
        ...listAt(payload, `${suite}.pull_requests`),
        ...listAt(payload, "check_run.pull_requests"),
    ];
    if (pulls.length === 0)
        return isDefault(textAt(payload, `${suite}.head_branch`), context);
    return here !== undefined && pulls.every((pull) => idAt(pull, "head.repo.id") === here);
}
function isDefault(ref, { defaultBranch }) {
    return defaultBranch !== undefined && ref?.replace(/^refs\/heads\//, "") === defaultBranch;
}
