/**
 * Events of builds whose state belongs to a pull request or a branch: check_run, check_suite, workflow_run, status.
 *
 * Owns: their wording, severity and priority, and what each is a state of (state.ts). Never: the envelope.
 */
import { joinLine, nameAt, quotesAt, refAt, shaAt, toShortSha, toWords, urlAt, wordAt, } from "../../catalogue/fields.js";
import { toSeverity } from "../../catalogue/severity.js";
import { readLink } from "../../catalogue/template.js";
import { headAt, onlyPullNumber, toEntity, toStateOf, toScope } from "./context.js";
import { at, countAt, idAt, listAt, textAt, timeAt } from "../../sdk/json.js";
/**
 * What starts runs of which a later one tells the state of the same branch. Those that a person, a comment or another run starts stand
 * side by side on the default branch: of them only the attempts of one run are states of one thing.
 */
const SERIES = [
    "push",
    "pull_request",
    "pull_request_target",
    "merge_group",
    "schedule",
];
/** Conclusions of what did not run to its end: they say nothing of what failed before (STATE-2). */
const WITHOUT_OUTCOME = ["skipped", "stale"];
export function describeWorkflowRun(payload, context) {
    const name = nameAt(payload, "workflow_run.name") ?? nameAt(payload, "workflow.name") ?? "?";
    const conclusion = wordAt(payload, "workflow_run.conclusion");
    const runNumber = countAt(payload, "workflow_run.run_number");
    const attempt = countAt(payload, "workflow_run.run_attempt");
    const trigger = wordAt(payload, "workflow_run.event");
    const pull = onlyPullNumber(payload, "workflow_run.pull_requests");
    // Two pull requests of one branch have a run each, and GitHub names both with either.
    const isOfOnePull = pull !== undefined || listAt(payload, "workflow_run.pull_requests").length === 0;
    const isSeries = SERIES.includes(trigger ?? "") && (trigger === "push" || isOfOnePull);
    const run = {
        what: "Workflow",
        name,
        outcome: conclusion ?? wordAt(payload, "workflow_run.status") ?? "changed",
        branch: headAt(payload, "workflow_run.head_branch", "workflow_run.head_repository"),
        sha: shaAt(payload, "workflow_run.head_sha"),
        pull,
        // One workflow runs for a push and for its pull request: one of them does not end the other.
        parts: [
            idAt(payload, "workflow_run.workflow_id") ?? idAt(payload, "workflow.id"),
            trigger ?? "",
            idAt(payload, "workflow_run.head_repository.id") ?? "",
            textAt(payload, "workflow_run.head_branch") ?? textAt(payload, "workflow_run.head_sha"),
            isSeries ? "" : idAt(payload, "workflow_run.id"),
        ],
    };
    const numbers = joinLine(runNumber !== undefined && `run ${runNumber}`, attempt !== undefined && attempt > 1 && `attempt ${attempt}`);
    return {
        ...describeRun(run, conclusion, context, [
            numbers,
            joinLine(trigger !== undefined && `on ${trigger}`),
        ]),
        quotes: quotesAt(payload, { commit: "workflow_run.head_commit.message" }),
        meta: {
            ...toRunMeta(run),
            workflow: name,
            conclusion,
            run_id: countAt(payload, "workflow_run.id"),
            run_number: runNumber,
            run_attempt: attempt,
        },
        severity: toSeverity(conclusion),
        priority: context.action === "completed" && conclusion !== "skipped" ? "normal" : "low",
        url: urlAt(payload, "workflow_run.html_url"),
        // By its start: the slow run of an earlier commit ends after the one of a later commit, and is not news of it.
        occurredAt: timeAt(payload, "workflow_run.run_started_at") ?? timeAt(payload, "workflow_run.updated_at"),
    };
}
export function describeCheckRun(payload, context) {
    const name = nameAt(payload, "check_run.name") ?? "?";
    const conclusion = toConclusion(payload, context, "check_run.conclusion");
    const app = nameAt(payload, "check_run.app.name");
    // The button that somebody pressed on the check's page.
    const wanted = nameAt(payload, "requested_action.identifier");
    const run = {
        what: "Check",
        name,
        outcome: toOutcome(context, conclusion ?? wordAt(payload, "check_run.status")),
        branch: refAt(payload, "check_run.check_suite.head_branch"),
        sha: shaAt(payload, "check_run.head_sha"),
        pull: onlyPullNumber(payload, "check_run.pull_requests"),
        parts: [...toAppParts(payload, "check_run"), textAt(payload, "check_run.name")],
    };
    return {
        ...describeRun(run, conclusion, context, [
            joinLine(app !== undefined && `by ${app}`),
            joinLine(wanted !== undefined && `requested action: ${wanted}`),
        ]),
        quotes: quotesAt(payload, {
            title: "check_run.output.title",
            summary: "check_run.output.summary",
        }),
        meta: {
            ...toRunMeta(run),
            check: name,
            app,
            conclusion,
            requested_action: wanted,
            check_run_id: countAt(payload, "check_run.id"),
        },
        // What somebody asks for is no state.
        ...(wanted !== undefined && { stateOf: undefined }),
        severity: toSeverity(conclusion),
        priority: wanted === undefined ? toCheckPriority(toSeverity(conclusion)) : "normal",
        url: urlAt(payload, "check_run.html_url", "check_run.details_url"),
        occurredAt: timeAt(payload, "check_run.started_at") ?? timeAt(payload, "check_run.completed_at"),
    };
}
export function describeCheckSuite(payload, context) {
    const app = nameAt(payload, "check_suite.app.name");
    const conclusion = toConclusion(payload, context, "check_suite.conclusion");
    const run = {
        what: "Check suite",
        name: app ?? "?",
        outcome: toOutcome(context, conclusion ?? wordAt(payload, "check_suite.status")),
        branch: refAt(payload, "check_suite.head_branch"),
        sha: shaAt(payload, "check_suite.head_sha"),
        pull: onlyPullNumber(payload, "check_suite.pull_requests"),
        parts: toAppParts(payload, "check_suite"),
    };
    return {
        ...describeRun(run, conclusion, context, []),
        quotes: quotesAt(payload, { commit: "check_suite.head_commit.message" }),
        meta: { ...toRunMeta(run), app, conclusion },
        severity: toSeverity(conclusion),
        priority: toCheckPriority(toSeverity(conclusion)),
        // A suite has no page of its own; its commit's page lists its checks.
        url: readLink(["/commit/{wholesha:check_suite.head_sha}", "repository.html_url"], payload, toScope(payload, context)),
        occurredAt: timeAt(payload, "check_suite.updated_at"),
    };
}
/** What other systems report of a commit. */
export function describeStatus(payload, context) {
    const sha = shaAt(payload, "sha");
    const state = wordAt(payload, "state");
    const short = toShortSha(sha);
    // A branch that merely contains the commit is another one's place.
    const branches = listAt(payload, "branches").filter((one) => textAt(one, "commit.sha") === textAt(payload, "sha"));
    const [only] = branches.length === 1 ? branches : [];
    const branch = refAt(only, "name");
    const name = nameAt(payload, "context") ?? "?";
    const parts = [textAt(payload, "context"), textAt(only, "name") ?? sha];
    return {
        summary: joinLine(`Status "${name}": ${toWords(state ?? "changed")}`, branch !== undefined && `on ${branch}`, short !== undefined && `at ${short}`, `in ${context.place} by ${context.login}`),
        quotes: quotesAt(payload, { description: "description", commit: "commit.commit.message" }),
        meta: {
            check: name,
            conclusion: state === "pending" ? undefined : state,
            state,
            sha,
            ref: branch,
        },
        ...toEntity(context, `@${branch ?? short ?? "?"}:${name}`),
        ...toStateOf(context, "status", parts, { isWithoutOutcome: state === "pending" }),
        severity: toSeverity(state),
        priority: toCheckPriority(toSeverity(state)),
        url: readLink(["target_url", "commit.html_url", "/commit/{wholesha:sha}", "repository.html_url"], payload, toScope(payload, context)),
        occurredAt: timeAt(payload, "updated_at") ?? timeAt(payload, "created_at"),
    };
}
/**
 * Which app checks what. GitHub Actions is one app for all workflows, and two of them may have a job of the same name: there only what
 * happens in one suite, which is one run, is known to be of one thing.
 */
function toAppParts(payload, key) {
    const suite = key === "check_suite" ? key : "check_run.check_suite";
    const isActions = at(payload, `${key}.app.slug`) === "github-actions" ||
        at(payload, `${key}.app.name`) === "GitHub Actions";
    return [
        idAt(payload, `${key}.app.id`) ?? textAt(payload, `${key}.app.name`),
        isActions
            ? idAt(payload, `${suite}.id`)
            : (textAt(payload, `${suite}.head_branch`) ?? textAt(payload, `${key}.head_sha`)),
    ];
}
/** Somebody wants it to run again: what the payload still holds is the outcome from before. */
function toConclusion(payload, context, path) {
    return context.action === "rerequested" ? undefined : wordAt(payload, path);
}
function toOutcome({ action }, found) {
    return action === "rerequested" ? "asked to run again" : (found ?? "changed");
}
function describeRun(run, conclusion, context, more) {
    const short = toShortSha(run.sha);
    const where = joinLine(run.branch !== undefined && `on ${run.branch}`, short !== undefined && `at ${short}`, run.pull !== undefined && `for #${run.pull}`);
    return {
        summary: joinLine(`${run.what} "${run.name}": ${toWords(run.outcome)}`, where, `in ${context.place} by ${context.login}`),
        facts: [more.filter(Boolean).join(", ")],
        ...toEntity(context, run.pull === undefined ? `@${run.branch ?? short ?? "?"}:${run.name}` : `#${run.pull}`),
        ...toStateOf(context, context.event, run.parts, {
            pull: run.pull,
            isWithoutOutcome: conclusion === undefined || WITHOUT_OUTCOME.includes(conclusion),
        }),
    };
}
function toRunMeta(run) {
    return { ref: run.branch, sha: run.sha, number: run.pull };
}
/**
 * One workflow makes many checks: what went well waits for company, what is wrong is worth a turn. A failed check may be a required one of
 * a pull request whose number GitHub does not say, as with forks.
 */
function toCheckPriority(severity) {
    return severity === "info" ? "low" : "normal";
}
