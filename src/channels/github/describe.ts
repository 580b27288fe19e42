/**
 * Which description an event gets.
 *
 * Owns: the table of events with a function of their own, that of events as data, and the line for events that are in neither.
 * Never: details of a kind. Payloads: https://docs.github.com/en/webhooks/webhook-events-and-payloads
 */
import { isWordy, joinLine, quotesAt } from "../../catalogue/fields.ts";
import type { Description, EventRow } from "../../catalogue/event-row.ts";
import { describeRow } from "../../catalogue/describe.ts";
import { toOutlines } from "../../catalogue/kind.ts";
import type { EventOutline } from "../../sdk/channel.ts";
import { type Context, type Describe, toScope } from "./context.ts";
import { toNameField } from "../../sdk/field.ts";
import { countAt, listAt } from "../../sdk/json.ts";
import {
  describeCheckRun,
  describeCheckSuite,
  describeStatus,
  describeWorkflowRun,
} from "./describe-checks.ts";
import {
  describePullRequest,
  describePush,
  describeRelease,
  describeReview,
} from "./describe-code.ts";
import { describeDeploymentStatus } from "./describe-deployments.ts";
import { describeOther } from "./describe-other.ts";
import { describeIssue, describeIssueComment, describeReviewComment } from "./describe-talk.ts";
import { ALERT_ROWS, REQUEST_ROWS } from "./rows-alerts.ts";
import { BUILD_ROWS } from "./rows-builds.ts";
import { PEOPLE_ROWS } from "./rows-people.ts";
import { REPOSITORY_ROWS } from "./rows-repository.ts";
import { TALK_ROWS } from "./rows-talk.ts";

const DESCRIBE = new Map<string, Describe>([
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

const ROWS = new Map<string, EventRow>(
  [BUILD_ROWS, ALERT_ROWS, REQUEST_ROWS, TALK_ROWS, REPOSITORY_ROWS, PEOPLE_ROWS].flatMap(
    Object.entries<EventRow>,
  ),
);

/** The events that are told in words of their own, in the order of names. */
export function listGithubEvents(): EventOutline[] {
  const plain = [...DESCRIBE.keys()].filter((name) => !ROWS.has(name)).map((name) => ({ name }));
  const rows = toOutlines(Object.fromEntries(ROWS));
  return [...plain, ...rows].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** True where an event is told in words of its own; of others the payload is kept. */
export function isDescribed(event: string): boolean {
  return DESCRIBE.has(event) || ROWS.has(event);
}

export function describe(payload: unknown, context: Context): Description {
  const row = ROWS.get(context.event);
  if (row !== undefined)
    return describeRow({ name: context.event, row }, payload, toScope(payload, context));
  return (DESCRIBE.get(context.event) ?? describeOther)(payload, context);
}

function describePing(payload: unknown, context: Context): Description {
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
