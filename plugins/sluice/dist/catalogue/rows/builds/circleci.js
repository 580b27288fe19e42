/**
 * CircleCI's outbound webhooks, as data.
 */
import { BODY_HEX } from "../../schemes.js";
import { defineSender } from "../../sender.js";
// `vcs` of GitHub OAuth and Bitbucket Cloud; `trigger_parameters` of GitHub App, GitLab and Bitbucket Data Center.
const PARAMETERS = "pipeline.trigger_parameters";
const BRANCH = `pipeline.vcs.branch|${PARAMETERS}.git.branch|${PARAMETERS}.gitlab.branch|${PARAMETERS}.github_app.branch`;
const REF = `${BRANCH}|pipeline.vcs.tag|${PARAMETERS}.git.tag|${PARAMETERS}.github_app.ref`;
const SHA = `pipeline.vcs.revision|${PARAMETERS}.git.checkout_sha|${PARAMETERS}.gitlab.commit_sha|${PARAMETERS}.github_app.commit_sha`;
const AUTHOR = `${PARAMETERS}.gitlab.user_username|${PARAMETERS}.github_app.user_username|pipeline.vcs.commit.author.name|${PARAMETERS}.gitlab.commit_author_name`;
const PLACE = `[ on {ref:${REF}}][ at {sha:${SHA}}][ in {name:project.name}]`;
const ENTITY = [
    `{repository}@{ref:${REF}}`,
    `{name:project.name}@{ref:${REF}}`,
    "{name:project.name} pipeline {count:pipeline.number}",
];
const QUOTES = {
    commit: `pipeline.vcs.commit.subject|${PARAMETERS}.gitlab.commit_title|${PARAMETERS}.github_app.commit_title|${PARAMETERS}.gitlab.commit_message|${PARAMETERS}.github_app.commit_message`,
    details: "pipeline.vcs.commit.body",
};
const META = { ref: `ref:${REF}`, sha: `wholesha:${SHA}`, pipeline: "count:pipeline.number" };
export const sender = defineSender({
    kind: "circleci",
    title: "CircleCI",
    description: "workflows and jobs as they end",
    schemes: ["circleci"],
    ownSchemes: {
        circleci: {
            ...BODY_HEX,
            title: "CircleCI",
            // "Only check the latest signature type": v1 is the only one so far.
            proof: { header: "circleci-signature", prefix: "v1=", separator: "," },
            deliveryId: "none",
        },
    },
    id: "id",
    event: ["type"],
    action: "job.status|workflow.status",
    actor: { id: `${PARAMETERS}.circleci.actor_id`, name: AUTHOR },
    repository: [
        `{pipeline.vcs.target_repository_url|${PARAMETERS}.gitlab.web_url|${PARAMETERS}.github_app.web_url|${PARAMETERS}.git.checkout_url|${PARAMETERS}.github_app.repo_url}`,
    ],
    common: { at: ["happened_at"], entity: ENTITY, quotes: QUOTES },
    events: {
        "workflow-completed": {
            line: `Workflow "{name:workflow.name}": {lower:workflow.status|=completed}${PLACE}`,
            facts: [`[pipeline #{count:pipeline.number}][, commit by {name:${AUTHOR}}]`],
            meta: { workflow: "name:workflow.name", ...META },
            // A tag has no branch: there a run of the same commit is a later state.
            stateOf: ["project.id", `${BRANCH}|${SHA}`, "workflow.name"],
            status: { at: "workflow.status" },
            severity: ["workflow.status"],
            links: ["workflow.url"],
        },
        "job-completed": {
            line: `Job "{name:job.name}": {lower:job.status|=completed}${PLACE}[, workflow "{name:workflow.name}"]`,
            facts: [
                `[pipeline #{count:pipeline.number}][, job {count:job.number}][, commit by {name:${AUTHOR}}]`,
            ],
            meta: { job: "name:job.name", workflow: "name:workflow.name", ...META },
            stateOf: ["project.id", `${BRANCH}|${SHA}`, "workflow.name|pipeline.number", "job.name"],
            status: { at: "job.status" },
            severity: ["job.status"],
            normal: ["bad"],
            low: ["*"],
            links: ["{base:workflow.url}/jobs/{count:job.number}", "workflow.url"],
        },
        ping: {
            line: "CircleCI's test event arrived",
            facts: ["webhook {name:webhook.name}"],
            low: ["*"],
        },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "CircleCI > Projects > your project > ... > Project Settings > Webhooks > Add Webhook: URL https://<your tunnel>{path}, Secret token as above",
        'Events: "Workflow Completed" (and "Job Completed" to hear which job failed); leave Certificate verification on',
        "Press Test Ping Event: sluice tail shows ping",
    ],
    retries: "10 s for an answer; without a 2xx it is sent again later with the same id, on a schedule that is not documented",
    sources: [
        "https://circleci.com/docs/guides/integration/outbound-webhooks/",
        "https://circleci.com/docs/reference/outbound-webhooks-reference/",
    ],
});
