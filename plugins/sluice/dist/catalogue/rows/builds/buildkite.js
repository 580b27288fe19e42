/**
 * Buildkite's webhooks of pipelines, tests and packages, as data.
 */
import { BODY_HEX, TOKEN, WINDOW_MS } from "../../schemes.js";
import { defineSender } from "../../sender.js";
const PIPELINE = "pipeline.name|build.pipeline.name|pipeline.slug";
const PLACE = "[ on {ref:build.branch}][ at {sha:build.commit}]";
const ENTITY = `{name:${PIPELINE}}@{ref:build.branch}`;
const META = {
    pipeline: "name:pipeline.slug|build.pipeline.slug",
    build: "count:build.number",
    ref: "ref:build.branch",
    sha: "wholesha:build.commit",
};
const FAILED = "failed,timed_out,broken,expired,failing";
export const sender = defineSender({
    kind: "buildkite",
    title: "Buildkite",
    description: "builds and jobs as they run, fail and end, agents that are lost, flaky tests",
    schemes: ["buildkite", "buildkite-token"],
    ownSchemes: {
        buildkite: {
            ...BODY_HEX,
            title: "Buildkite",
            proof: { header: "x-buildkite-signature", prefix: "signature=", separator: "," },
            signed: "{timestamp}.{body}",
            timestamp: {
                place: { header: "x-buildkite-signature", prefix: "timestamp=", separator: "," },
                unit: "s",
                windowMs: WINDOW_MS,
            },
            deliveryId: { header: "x-buildkite-request" },
        },
        "buildkite-token": {
            ...TOKEN,
            title: "Buildkite token",
            proof: { header: "x-buildkite-token", prefix: "", separator: "" },
            deliveryId: { header: "x-buildkite-request" },
        },
    },
    id: "$header.x-buildkite-request",
    isUnique: true,
    event: ["event|$header.x-buildkite-event|type"],
    actor: {
        id: "build.creator.id|build.author.username|sender.id",
        name: "build.creator.name|build.author.name|sender.name",
    },
    repository: ["{pipeline.repository|build.pipeline.repository}"],
    events: {
        build: {
            line: {
                finished: `Build #{count:build.number} of {name:${PIPELINE}} {lower:build.state}${PLACE}`,
                "*": `Build #{count:build.number} of {name:${PIPELINE}} {did}${PLACE}`,
            },
            facts: [
                `failed jobs: {name:build.jobs.*(state=${FAILED}).name}`,
                "blocked: build #{count:*(blocked=true).number} waits for somebody to unblock a step",
                "[by {name:build.creator.name|build.author.name}][, started by {lower:build.source}][, pull request #{id:build.pull_request.id}][, rebuilt from #{count:build.rebuilt_from.number}]",
            ],
            quotes: { commit: "build.message", "cancelled because": "build.cancel_reason" },
            meta: META,
            entity: ENTITY,
            stateOf: ["pipeline.id|build.pipeline.id", "build.branch"],
            status: { at: "build.state" },
            running: {
                path: "build.state",
                words: ["creating", "scheduled", "running", "canceling", "skipped", "not_run"],
            },
            severity: ["build.state"],
            severities: { blocked: "warning", not_run: "info" },
            low: ["scheduled", "running", "skipped"],
            links: ["build.web_url"],
            at: ["build.finished_at", "build.failing_at", "build.started_at", "build.created_at"],
        },
        job: {
            line: {
                finished: `Job "{name:job.name|job.step_key|job.command|job.type}" {lower:job.state}[ (exit {number:job.exit_status})], build #{count:build.number} of {name:${PIPELINE}}${PLACE}`,
                "*": `Job "{name:job.name|job.step_key|job.command|job.type}" {did}[, build #{count:build.number} of {name:${PIPELINE}}]${PLACE}`,
            },
            facts: [
                'soft fail: the build goes on without "{name:*(soft_failed=true).name}"',
                "[signal {name:job.signal}][, {lower:job.signal_reason}][, will exit {number:job.promised_exit_status}][, agent {name:job.agent.name}][, retried {some:job.retries_count} times]",
            ],
            quotes: { command: "job.command", commit: "build.message" },
            meta: { job: "name:job.name|job.step_key", ...META },
            entity: ENTITY,
            // Jobs that run in parallel, and those of a matrix, have the same step.
            stateOf: [
                "pipeline.id|build.pipeline.id",
                "build.branch",
                "job.step_key|job.name|job.command",
                "job.name|job.type",
                "job.parallel_group_index|job.type",
            ],
            status: { at: "job.state" },
            running: {
                path: "job.state",
                words: "pending waiting blocked unblocked limiting limited scheduled assigned accepted running canceling skipped timing_out".split(" "),
            },
            // A job that may fail has its type here, which is no bad word, in place of its state.
            severity: ["*(soft_failed=true).type", "job.state"],
            severities: {
                script: "warning",
                trigger: "warning",
                broken: "warning",
                expired: "warning",
                waiting_failed: "warning",
                blocked_failed: "warning",
            },
            normal: ["error"],
            low: ["*"],
            links: ["job.web_url", "build.web_url"],
            at: ["job.finished_at", "job.started_at", "job.created_at"],
        },
        agent: {
            line: "Agent {name:agent.name} {did}[ on {name:agent.hostname}]",
            facts: [
                "[state {lower:agent.connection_state}][, version {name:agent.version}][, blocked address {name:blocked_ip}]",
            ],
            meta: { agent: "name:agent.name" },
            entity: "agent {name:agent.name}",
            stateOf: ["agent.id"],
            status: {
                at: "agent.connection_state",
                open: ["lost"],
                closed: ["connected", "disconnected", "stopped"],
            },
            severity: ["agent.connection_state"],
            severities: { lost: "warning" },
            normal: ["lost", "blocked"],
            low: ["*"],
            links: ["agent.web_url"],
        },
        cluster_token: {
            line: "Agent token {name:cluster_token.description|cluster_token.id}: {did}",
            facts: ["blocked address {name:blocked_ip}"],
            severity: "warning",
        },
        workflow: {
            line: "Test monitor {did}[: {word:workflow_event.type}]",
            facts: ["{path:subject.test_location}"],
            quotes: { test: "subject.test_full_name" },
            entity: "test {name:subject.test_full_name|subject.test_location}",
            stateOf: ["workflow_id", "subject.test_id"],
            severity: ["event"],
            severities: { "workflow.alarm": "warning" },
            low: ["recover"],
            links: ["subject.test_url", "workflow_url"],
        },
        package: {
            line: "Package {name:package.name} {did}[ in {name:package.registry.slug}]",
            facts: ["[version {name:package.version}][, by {name:sender.name}]"],
            entity: "package {name:package.name}",
            links: ["package.web_url"],
            low: ["*"],
        },
        ping: {
            line: "Buildkite's test event arrived",
            facts: ["[organization {name:organization.name|organization.slug}][, by {name:sender.name}]"],
            low: ["*"],
        },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "Buildkite > Settings > Notification Services > Webhook > Add: Webhook URL https://<your tunnel>{path}, Token as above, and choose to send it as an HMAC signature (X-Buildkite-Signature; for the plain X-Buildkite-Token add the channel with --verify buildkite-token)",
        "Events: build.finished, build.failing, job.finished; choose the pipelines",
        "Add Webhook Notification: sluice tail shows ping",
    ],
    retries: "not documented; the last deliveries stand on the webhook's page",
    sources: [
        "https://buildkite.com/docs/apis/webhooks/pipelines",
        "https://buildkite.com/docs/apis/webhooks/pipelines/build-events",
        "https://buildkite.com/docs/apis/webhooks/pipelines/job-events",
        "https://buildkite.com/docs/pipelines/configure/tests/workflows/actions",
    ],
});
