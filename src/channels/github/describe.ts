/**
 * Which family describes which event.
 *
 * Owns: the table and the line for events that are not in it. Never: details of a kind.
 * Payloads: https://docs.github.com/en/webhooks/webhook-events-and-payloads
 */
import { toNameField } from "../../sdk/field.ts";
import { countAt, listAt, textAt } from "../../sdk/json.ts";
import {
  describeCheckRun,
  describeCheckSuite,
  describeDeploymentStatus,
  describeWorkflowRun,
} from "./describe-checks.ts";
import {
  describePullRequest,
  describePush,
  describeRelease,
  describeReview,
} from "./describe-code.ts";
import { describeIssue, describeIssueComment, describeReviewComment } from "./describe-talk.ts";
import type { Context, Describe, Description } from "./description.ts";
import { isWordy, joinLine, quotesAt, toThread, urlAt } from "./description.ts";

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
  ["deployment_status", describeDeploymentStatus],
  ["release", describeRelease],
  ["ping", describePing],
]);

export function describe(payload: unknown, context: Context): Description {
  return (DESCRIBE.get(context.event) ?? describeOther)(payload, context);
}

function describePing(payload: unknown, context: Context): Description {
  const events = listAt(payload, "hook.events").filter(
    (name) => typeof name === "string" && (name === "*" || isWordy(name)),
  );
  const hookId = countAt(payload, "hook_id")?.toString();
  return {
    summary: joinLine("Webhook", hookId, `of ${context.place} is connected`),
    facts:
      events.length === 0 ? [] : [`events: ${toNameField(events.slice(0, 40).join(", "), 400)}`],
    quotes: quotesAt(payload, { zen: "zen" }),
    meta: { hook_id: hookId },
    priority: "low",
  };
}

/** Any event that has no row: enough to know that it happened, never its free text. */
function describeOther(payload: unknown, context: Context): Description {
  const { event, action, place, login } = context;
  const number = countAt(payload, "number");
  return {
    summary: joinLine(
      action === undefined ? event : `${event}.${action}`,
      `in ${place} by ${login}`,
    ),
    url:
      textAt(payload, "repository.html_url") === undefined
        ? undefined
        : urlAt(payload, "repository.html_url"),
    priority: "low",
    ...toThread(context, number),
  };
}
