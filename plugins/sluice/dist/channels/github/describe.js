/**
 * Which description an event gets.
 *
 * Owns: the table of events with a function of their own, that of events as data, and the line for events that are in neither.
 * Never: details of a kind. Payloads: https://docs.github.com/en/webhooks/webhook-events-and-payloads
 */
import { isWordy, joinLine, quotesAt } from "../../catalogue/fields.js";
import { describeRow } from "../../catalogue/describe.js";
import { toOutlines } from "../../catalogue/kind.js";
import { toScope } from "./context.js";
import { toNameField } from "../../sdk/field.js";
import { countAt, listAt } from "../../sdk/json.js";
import { describeCheckRun, describeCheckSuite, describeStatus, describeWorkflowRun, } from "./describe-checks.js";
import { describePullRequest, describePush, describeRelease, describeReview, } from "./describe-code.js";
import { describeDeploymentStatus } from "./describe-deployments.js";
import { describeOther } from "./describe-other.js";
import { describeIssue, describeIssueComment, describeReviewComment } from "./describe-talk.js";
import { ALERT_ROWS, REQUEST_ROWS } from "./rows-alerts.js";
import { BUILD_ROWS } from "./rows-builds.js";
import { PEOPLE_ROWS } from "./rows-people.js";
import { REPOSITORY_ROWS } from "./rows-repository.js";
import { TALK_ROWS } from "./rows-talk.js";
const DESCRIBE = new Map([
    ["push", describePush],
    ["pull_request", describePullRequest],
    ["pull_request_review", describeReview],
    ["pull_request_review_comment", describeReviewComment],
    ["issues", describeIssue],
    ["issue_comment", describeIssueComment],
    ["check_run", describeCheckRun],
    ["check_suite", describeCheckSuite],
    ["workflow_run", describeWorkflowRun],
    ["status", describeStatus],
    ["deployment_status", describeDeploymentStatus],
    ["release", describeRelease],
    ["ping", describePing],
]);
const ROWS = new Map([BUILD_ROWS, ALERT_ROWS, REQUEST_ROWS, TALK_ROWS, REPOSITORY_ROWS, PEOPLE_ROWS].flatMap(Object.entries));
/** The events that are told in words of their own, in the order of names. */
export function listGithubEvents() {
    const plain = [...DESCRIBE.keys()].filter((name) => !ROWS.has(name)).map((name) => ({ name }));
    const rows = toOutlines(Object.fromEntries(ROWS));
    return [...plain, ...rows].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
/** True where an event is told in words of its own; of others the payload is kept. */
export function isDescribed(event) {
    return DESCRIBE.has(event) || ROWS.has(event);
}
export function describe(payload, context) {
    const row = ROWS.get(context.event);
    if (row !== undefined)
        return describeRow({ name: context.event, row }, payload, toScope(payload, context));
    return (DESCRIBE.get(context.event) ?? describeOther)(payload, context);
}
function describePing(payload, context) {
    const events = listAt(payload, "hook.events").filter((name) => typeof name === "string");
    const names = events.map((name) => (name === "*" ? "all" : isWordy(name) ? name : "?"));
    const hookId = countAt(payload, "hook_id")?.toString();
    return {
        summary: joinLine("Webhook", hookId, `of ${context.place} is connected`),
        facts: names.length === 0 ? [] : [`events: ${toNameField(names.slice(0, 80).join(", "), 600)}`],
        quotes: quotesAt(payload, { zen: "zen" }),
        meta: { hook_id: hookId },
        priority: "low",
    };
}
