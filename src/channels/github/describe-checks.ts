/**
 * Events of builds: check_run, check_suite, workflow_run, deployment_status.
 *
 * Owns: their wording, severity and priority. Never: the envelope.
 */
import type { Priority } from "../../sdk/event.ts";
import { countAt, timeAt } from "../../sdk/json.ts";
import type { Context, Description, Severity } from "./description.ts";
import {
  headAt,
  joinLine,
  nameAt,
  onlyPullNumber,
  quotesAt,
  refAt,
  shaAt,
  toEntity,
  toSeverity,
  toShortSha,
  urlAt,
  wordAt,
} from "./description.ts";

/** What the three kinds of runs have in common. */
type Run = {
  what: string;
  name: string;
  outcome: string;
  branch: string | undefined;
  sha: string | undefined;
  pull: number | undefined;
};

export function describeWorkflowRun(payload: unknown, context: Context): Description {
  const name = nameAt(payload, "workflow_run.name") ?? nameAt(payload, "workflow.name") ?? "?";
  const conclusion = wordAt(payload, "workflow_run.conclusion");
  const runNumber = countAt(payload, "workflow_run.run_number");
  const attempt = countAt(payload, "workflow_run.run_attempt");
  const trigger = wordAt(payload, "workflow_run.event");
  const run: Run = {
    what: "Workflow",
    name,
    outcome: conclusion ?? wordAt(payload, "workflow_run.status") ?? "changed",
    branch: headAt(payload, "workflow_run.head_branch", "workflow_run.head_repository"),
    sha: shaAt(payload, "workflow_run.head_sha"),
    pull: onlyPullNumber(payload, "workflow_run.pull_requests"),
  };
  const numbers = joinLine(
    runNumber !== undefined && `run ${runNumber}`,
    attempt !== undefined && attempt > 1 && `attempt ${attempt}`,
  );
  return {
    ...describeRun(run, context, [numbers, joinLine(trigger !== undefined && `on ${trigger}`)]),
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
    occurredAt: timeAt(payload, "workflow_run.updated_at"),
  };
}

export function describeCheckRun(payload: unknown, context: Context): Description {
  const name = nameAt(payload, "check_run.name") ?? "?";
  const conclusion = wordAt(payload, "check_run.conclusion");
  const app = nameAt(payload, "check_run.app.name");
  const run: Run = {
    what: "Check",
    name,
    outcome: conclusion ?? wordAt(payload, "check_run.status") ?? "changed",
    branch: refAt(payload, "check_run.check_suite.head_branch"),
    sha: shaAt(payload, "check_run.head_sha"),
    pull: onlyPullNumber(payload, "check_run.pull_requests"),
  };
  return {
    ...describeRun(run, context, [joinLine(app !== undefined && `by ${app}`)]),
    quotes: quotesAt(payload, {
      title: "check_run.output.title",
      summary: "check_run.output.summary",
    }),
    meta: {
      ...toRunMeta(run),
      check: name,
      app,
      conclusion,
      check_run_id: countAt(payload, "check_run.id"),
    },
    severity: toSeverity(conclusion),
    priority: toCheckPriority(toSeverity(conclusion), run, context),
    url: urlAt(payload, "check_run.html_url", "check_run.details_url"),
    occurredAt:
      timeAt(payload, "check_run.completed_at") ?? timeAt(payload, "check_run.started_at"),
  };
}

export function describeCheckSuite(payload: unknown, context: Context): Description {
  const app = nameAt(payload, "check_suite.app.name");
  const conclusion = wordAt(payload, "check_suite.conclusion");
  const run: Run = {
    what: "Check suite",
    name: app ?? "?",
    outcome: conclusion ?? wordAt(payload, "check_suite.status") ?? "changed",
    branch: refAt(payload, "check_suite.head_branch"),
    sha: shaAt(payload, "check_suite.head_sha"),
    pull: onlyPullNumber(payload, "check_suite.pull_requests"),
  };
  return {
    ...describeRun(run, context, []),
    quotes: quotesAt(payload, { commit: "check_suite.head_commit.message" }),
    meta: { ...toRunMeta(run), app, conclusion },
    severity: toSeverity(conclusion),
    priority: toCheckPriority(toSeverity(conclusion), run, context),
    // A suite has no page of its own.
    url: urlAt(payload, "repository.html_url"),
    occurredAt: timeAt(payload, "check_suite.updated_at"),
  };
}

export function describeDeploymentStatus(payload: unknown, context: Context): Description {
  const environment =
    nameAt(payload, "deployment_status.environment") ??
    nameAt(payload, "deployment.environment") ??
    "?";
  const state = wordAt(payload, "deployment_status.state") ?? "changed";
  const ref = refAt(payload, "deployment.ref");
  const sha = shaAt(payload, "deployment.sha");
  const short = toShortSha(sha);
  return {
    summary: `Deployment to ${environment}: ${state.replaceAll("_", " ")} in ${context.place} by ${context.login}`,
    facts: [joinLine(ref !== undefined && `ref ${ref}`, short !== undefined && `at ${short}`)],
    quotes: quotesAt(payload, { description: "deployment_status.description" }),
    meta: { environment, state, ref, sha },
    ...toEntity(context, `:env/${environment}`),
    severity: toSeverity(state),
    priority: ["success", "failure", "error"].includes(state) ? "normal" : "low",
    url: urlAt(
      payload,
      "deployment_status.log_url",
      "deployment_status.target_url",
      "deployment_status.environment_url",
      "repository.html_url",
    ),
    occurredAt:
      timeAt(payload, "deployment_status.updated_at") ??
      timeAt(payload, "deployment_status.created_at"),
  };
}

function describeRun(run: Run, context: Context, more: string[]): Description {
  const short = toShortSha(run.sha);
  const where = joinLine(
    run.branch !== undefined && `on ${run.branch}`,
    short !== undefined && `at ${short}`,
    run.pull !== undefined && `for #${run.pull}`,
  );
  return {
    summary: joinLine(
      `${run.what} "${run.name}": ${run.outcome.replaceAll("_", " ")}`,
      where,
      `in ${context.place} by ${context.login}`,
    ),
    facts: [more.filter(Boolean).join(", ")],
    ...toEntity(
      context,
      run.pull === undefined ? `@${run.branch ?? short ?? "?"}:${run.name}` : `#${run.pull}`,
    ),
  };
}

function toRunMeta(run: Run): Description["meta"] & object {
  return { ref: run.branch, sha: run.sha, number: run.pull };
}

/** One workflow makes many checks: only what is wrong on the default branch is worth a turn. */
function toCheckPriority(severity: Severity, run: Run, context: Context): Priority {
  return severity !== "info" && run.branch !== undefined && run.branch === context.defaultBranch
    ? "normal"
    : "low";
}
