/**
 * Events of builds, deployments and automation, as data (row.ts).
 *
 * Owns: their wording. Never: check_run, check_suite and workflow_run, which belong to a pull request (describe-checks.ts).
 */
import type { EventRow } from "../../catalogue/event-row.ts";

const RUNNING = ["queued", "pending", "in_progress", "waiting", "requested", "building"];

export const BUILD_ROWS: Readonly<Record<string, EventRow>> = {
  workflow_job: {
    line: 'Job "{name:workflow_job.name}"[ of workflow "{name:workflow_job.workflow_name}"]: {word:workflow_job.conclusion|workflow_job.status|action}[ on {ref:workflow_job.head_branch}][ at {sha:workflow_job.head_sha}]',
    facts: [
      "run {count:workflow_job.run_id}[, attempt {count:workflow_job.run_attempt}][, on runner {name:workflow_job.runner_name}]",
    ],
    meta: {
      job: "name:workflow_job.name",
      workflow: "name:workflow_job.workflow_name",
      conclusion: "code:workflow_job.conclusion",
      job_id: "count:workflow_job.id",
      run_id: "count:workflow_job.run_id",
      ref: "ref:workflow_job.head_branch",
      sha: "wholesha:workflow_job.head_sha",
    },
    entity:
      "@{ref:workflow_job.head_branch|workflow_job.head_sha}:{name:workflow_job.workflow_name|workflow_job.name}",
    // A fork's branch looks like ours here: only what happens in one run is known to be of one thing.
    stateOf: ["workflow_job.run_id", "workflow_job.name"],
    running: {
      path: "workflow_job.conclusion|workflow_job.status",
      words: [...RUNNING, "skipped"],
    },
    severity: ["workflow_job.conclusion"],
    normal: ["bad"],
    links: ["workflow_job.html_url", "/actions/runs/{count:workflow_job.run_id}"],
    at: ["workflow_job.completed_at", "workflow_job.started_at", "workflow_job.created_at"],
  },
  deployment: {
    line: "Deployment to {name:deployment.environment} created",
    facts: ["ref {ref:deployment.ref}[ at {sha:deployment.sha}][, task {name:deployment.task}]"],
    quotes: { description: "deployment.description" },
    meta: {
      environment: "name:deployment.environment",
      ref: "ref:deployment.ref",
      sha: "wholesha:deployment.sha",
      deployment_id: "count:deployment.id",
    },
    entity: ":env/{name:deployment.environment}",
    links: ["workflow_run.html_url", "/deployments/{exact:deployment.environment}"],
    at: ["deployment.created_at"],
  },
  deployment_review: {
    line: {
      requested:
        "Deployment to {name:environment|workflow_job_run.environment|workflow_job_runs.*.environment} waits for a review[ of {name:reviewers.*.reviewer.login|reviewers.*.reviewer.name}]",
      "*": "Deployment to {name:environment|workflow_job_run.environment|workflow_job_runs.*.environment}: {did}[ by {login:approver.login}]",
    },
    facts: [
      '[workflow "{name:workflow_run.name}" ]run {count:workflow_run.run_number|workflow_run.id}[ on {ref:workflow_run.head_branch}][ at {sha:workflow_run.head_sha}]',
    ],
    quotes: { comment: "comment", commit: "workflow_run.head_commit.message" },
    meta: {
      environment: "name:environment|workflow_job_run.environment",
      run_id: "count:workflow_run.id",
      ref: "ref:workflow_run.head_branch",
      sha: "wholesha:workflow_run.head_sha",
    },
    entity: ":env/{name:environment|workflow_job_run.environment|workflow_job_runs.*.environment}",
    stateOf: ["workflow_run.id", "environment|workflow_job_run.environment"],
    severity: ["action"],
    normal: ["*"],
    links: ["workflow_run.html_url", "workflow_job_run.html_url"],
    at: ["since", "workflow_run.updated_at"],
  },
  deployment_protection_rule: {
    line: "Deployment to {name:environment} waits for a protection rule[ on {ref:ref|deployment.ref}][ at {sha:sha|deployment.sha}]",
    facts: ["triggered by {word:event}"],
    meta: {
      environment: "name:environment",
      ref: "ref:ref|deployment.ref",
      sha: "wholesha:sha|deployment.sha",
      deployment_id: "count:deployment.id",
    },
    entity: ":env/{name:environment}",
    normal: ["*"],
    links: ["/deployments/{exact:environment}"],
    at: ["deployment.created_at"],
  },
  merge_group: {
    line: {
      checks_requested: "Merge queue: checks requested for {ref:merge_group.head_ref}",
      destroyed: "Merge queue: {ref:merge_group.head_ref} removed[ ({word:reason})]",
      "*": "Merge queue: {did} {ref:merge_group.head_ref}",
    },
    facts: ["into {ref:merge_group.base_ref}[, head {sha:merge_group.head_sha}]"],
    quotes: { commit: "merge_group.head_commit.message" },
    meta: {
      ref: "ref:merge_group.head_ref",
      base: "ref:merge_group.base_ref",
      sha: "wholesha:merge_group.head_sha",
      reason: "code:reason",
    },
    entity: "@{ref:merge_group.head_ref}",
    stateOf: ["merge_group.head_ref"],
    severity: ["reason"],
    normal: ["destroyed"],
    links: ["/queue/{exact:merge_group.base_ref}"],
    at: ["merge_group.head_commit.timestamp"],
  },
  page_build: {
    line: "Pages build: {word:build.status}[ at {sha:build.commit}]",
    quotes: { error: "build.error.message" },
    meta: { conclusion: "code:build.status", sha: "wholesha:build.commit" },
    entity: ":pages",
    stateOf: ["repository.id"],
    running: { path: "build.status", words: RUNNING },
    severity: ["build.status"],
    normal: ["bad"],
    links: ["/deployments/github-pages"],
    at: ["build.updated_at", "build.created_at"],
  },
  repository_dispatch: {
    line: 'Repository dispatch "{name:action}"[ on {ref:branch}]',
    objects: { payload: "client_payload" },
    meta: { dispatch: "name:action", ref: "ref:branch" },
    normal: ["*"],
    links: ["/actions?query=event:repository_dispatch"],
  },
  workflow_dispatch: {
    line: "Workflow {path:workflow} started by hand[ on {ref:ref}]",
    objects: { inputs: "inputs" },
    meta: { workflow: "path:workflow", ref: "ref:ref" },
    links: ["/actions?query=event:workflow_dispatch"],
  },
  repository_import: {
    line: "Import: {word:status}",
    meta: { conclusion: "code:status" },
    severity: ["status"],
    normal: ["bad"],
    links: [],
  },
  cache_sync: {
    line: "Cache replica {name:cache_location} synced[ for {ref:ref}]",
    meta: { ref: "ref:ref" },
    links: [],
  },
};
