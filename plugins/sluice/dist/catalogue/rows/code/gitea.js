import { BODY_HEX } from "../../schemes.js";
import { defineSender } from "../../sender.js";
const BY = "[ by {login:sender.login|sender.username|pusher.login|pusher.username}]";
const PULL = "pull_request.number|number|issue.number";
const PULL_FACTS = "[state {lower:pull_request.state}][, labels {name:pull_request.labels.*.name}][, assigned to {login:pull_request.assignees.*.login|pull_request.assignee.login}][, reviewers {login:pull_request.requested_reviewers.*.login}][, milestone {name:pull_request.milestone.title}]";
const RUNNING = [
    "requested",
    "queued",
    "waiting",
    "pending",
    "in_progress",
    "running",
    "blocked",
    "skipped",
];
const PULL_REQUEST = {
    line: {
        synchronized: `New commits on pull request #{count:${PULL}} in {repository}${BY}: {ref:pull_request.head.ref|pull_request.head_branch} into {ref:pull_request.base.ref|pull_request.base_branch}`,
        "*": `Pull request #{count:${PULL}} {did} in {repository}${BY}: {ref:pull_request.head.ref|pull_request.head_branch} into {ref:pull_request.base.ref|pull_request.base_branch}`,
    },
    facts: [
        PULL_FACTS,
        "merged as {sha:pull_request.merge_commit_sha}[ by {login:pull_request.merged_by.login}]",
        "review asked of {login:requested_reviewer.login}",
    ],
    quotes: {
        title: "pull_request.title",
        body: "pull_request.body",
        "title before": "changes.title.from",
    },
    meta: {
        number: `count:${PULL}`,
        ref: "ref:pull_request.head.ref",
        base: "ref:pull_request.base.ref",
    },
    entity: `{repository}#{count:${PULL}}`,
    low: [
        "edited",
        "synchronized",
        "label_updated",
        "label_cleared",
        "milestoned",
        "demilestoned",
        "unassigned",
    ],
    links: ["pull_request.html_url", "pull_request.url"],
    at: ["pull_request.updated_at"],
};
const toReview = (did) => ({
    line: `Pull request #{count:${PULL}} ${did} in {repository}${BY}`,
    facts: [PULL_FACTS],
    quotes: { review: "review.content", on: "pull_request.title" },
    entity: `{repository}#{count:${PULL}}`,
    links: ["pull_request.html_url", "pull_request.url"],
    at: ["pull_request.updated_at"],
});
const ISSUE = {
    line: `Issue #{count:issue.number|number} {did} in {repository}${BY}`,
    facts: [
        "[state {lower:issue.state}][, labels {name:issue.labels.*.name}][, assigned to {login:issue.assignees.*.login|issue.assignee.login}][, milestone {name:issue.milestone.title}][, due {day:issue.due_date}]",
    ],
    quotes: { title: "issue.title", body: "issue.body", "title before": "changes.title.from" },
    meta: { number: "count:issue.number|number" },
    entity: "{repository}#{count:issue.number|number}",
    low: ["edited", "label_updated", "label_cleared", "milestoned", "demilestoned", "unassigned"],
    links: ["issue.html_url", "issue.url"],
    at: ["issue.updated_at"],
};
const COMMENT = {
    line: `Comment on #{count:issue.number|pull_request.number} {did} in {repository}${BY}`,
    quotes: {
        comment: "comment.body",
        "comment before": "changes.body.from",
        on: "issue.title|pull_request.title",
    },
    entity: "{repository}#{count:issue.number|pull_request.number}",
    low: ["deleted"],
    links: ["comment.html_url"],
    at: ["comment.updated_at", "comment.created_at"],
};
/** Forgejo tells of a run three ways: it failed, it works again, it works still. */
const RUN = {
    line: `Workflow "{name:run.workflow_id}": {lower:run.status}[ on {ref:run.prettyref}][ at {sha:run.commit_sha}] in {repository}[ by {login:run.trigger_user.login}]`,
    facts: [
        "[run #{count:run.index_in_repo|run.index}][, before: {lower:last_run.status}][, event {lower:run.event|run.trigger_event}]",
    ],
    quotes: { title: "run.title" },
    entity: "{repository}@{ref:run.prettyref}",
    stateOf: ["repository.id|run.repository.id", "run.prettyref", "run.workflow_id"],
    stateName: "run",
    status: { at: "run.status" },
    severity: ["run.status"],
    links: ["run.html_url"],
    at: ["run.stopped", "run.updated"],
};
export const sender = defineSender({
    kind: "gitea",
    title: "Gitea and Forgejo",
    description: "pushes, pull requests, reviews, issues, comments, releases and workflow runs",
    aliases: ["forgejo", "gogs", "codeberg"],
    schemes: ["gitea"],
    ownSchemes: {
        gitea: {
            ...BODY_HEX,
            title: "Gitea",
            proof: { header: "x-gitea-signature", prefix: "", separator: "" },
            aliases: [
                {
                    "x-gitea-signature": "x-forgejo-signature",
                    "x-gitea-delivery": "x-forgejo-delivery",
                },
            ],
            deliveryId: { header: "x-gitea-delivery" },
        },
    },
    id: "$header.x-gitea-delivery|$header.x-forgejo-delivery",
    unwrap: { payload: "" },
    event: ["$header.x-gitea-event|$header.x-forgejo-event|$header.x-gogs-event", "action"],
    // A ref of nothing but zeros is none: a branch that is new, or was deleted.
    parts: { after: [/^(?<deleted>0{40,64})$/], before: [/^(?<created>0{40,64})$/] },
    action: "action|=deleted?$part.deleted|=created?$part.created",
    actor: { id: "sender.id|pusher.id", name: "sender.login|sender.username|pusher.login" },
    repository: ["{repository.full_name}", "{run.repository.full_name}"],
    common: { links: ["repository.html_url"] },
    events: {
        push: {
            line: {
                deleted: `Branch {ref:ref} of {repository} deleted${BY}`,
                created: `Branch {ref:ref} of {repository} created[ with {some:total_commits} commits]${BY}`,
                "*": "Push to {ref:ref} of {repository}[: {count:total_commits} commits][ by {login:pusher.login|pusher.username|sender.login}]",
            },
            facts: ["[{short:before}][ to {short:after}]"],
            quotes: { commits: { of: "commits", line: "{message}" }, head: "head_commit.message" },
            meta: { ref: "ref:ref", sha: "wholesha:after" },
            entity: "{repository}@{ref:ref}",
            low: ["*"],
            links: ["head_commit.url", "compare_url"],
            at: ["head_commit.timestamp"],
        },
        create: {
            line: `Created {lower:ref_type} {ref:ref} in {repository}${BY}`,
            facts: ["at {sha:sha}"],
            entity: "{repository}@{ref:ref}",
            low: ["*"],
        },
        delete: {
            line: `Deleted {lower:ref_type} {ref:ref} in {repository}${BY}`,
            facts: ["deleted by a {lower:pusher_type}"],
            entity: "{repository}@{ref:ref}",
            low: ["*"],
        },
        fork: {
            line: `Repository {name:forkee.full_name} forked as {repository}${BY}`,
            facts: ["owner {login:repository.owner.login|repository.owner.username}"],
            low: ["*"],
        },
        pull_request: PULL_REQUEST,
        pull_request_assign: PULL_REQUEST,
        pull_request_label: { ...PULL_REQUEST, low: ["*"] },
        pull_request_milestone: { ...PULL_REQUEST, low: ["*"] },
        pull_request_sync: { ...PULL_REQUEST, low: ["*"] },
        pull_request_review_request: PULL_REQUEST,
        pull_request_approved: toReview("approved"),
        pull_request_review_approved: toReview("approved"),
        pull_request_rejected: { ...toReview("got a request for changes"), severity: "warning" },
        pull_request_review_rejected: { ...toReview("got a request for changes"), severity: "warning" },
        pull_request_review: toReview("reviewed"),
        pull_request_review_comment: toReview("reviewed"),
        // A comment of a review, or one below the pull request: both names are in use.
        pull_request_comment: {
            ...COMMENT,
            quotes: {
                comment: "comment.body|review.content",
                on: "pull_request.title|issue.title",
            },
            line: `Comment on pull request #{count:${PULL}} in {repository}${BY}`,
            entity: `{repository}#{count:${PULL}}`,
            links: ["comment.html_url", "pull_request.html_url", "pull_request.url"],
        },
        issues: ISSUE,
        issue_assign: ISSUE,
        issue_label: { ...ISSUE, low: ["*"] },
        issue_milestone: { ...ISSUE, low: ["*"] },
        issue_comment: COMMENT,
        release: {
            line: `Release {name:release.name|release.tag_name} ({ref:release.tag_name}) {did} in {repository}${BY}`,
            facts: ["[of {ref:release.target_commitish}][, by {login:release.author.login}]"],
            quotes: { notes: "release.body" },
            entity: "{repository}@{ref:release.tag_name}",
            links: ["release.html_url"],
            at: ["release.published_at", "release.created_at"],
        },
        repository: {
            line: `Repository {repository} {did}${BY}`,
            facts: [
                "owner {login:repository.owner.login|repository.owner.username}[, default branch {ref:repository.default_branch}]",
            ],
            low: ["*"],
        },
        wiki: {
            line: `Wiki page {did} in {repository}${BY}`,
            quotes: { page: "page", comment: "comment" },
            low: ["*"],
        },
        package: {
            line: `Package {name:package.name} {name:package.version} {did}[ by {login:sender.login}]`,
            facts: ["[type {lower:package.type}][, repository {name:package.repository.full_name}]"],
            entity: "package {name:package.name}",
            links: ["package.html_url"],
            low: ["deleted"],
        },
        status: {
            line: 'Status "{name:context}": {lower:state} at {sha:sha} in {repository}[ by {login:sender.login}]',
            facts: ["branches {ref:branches.*.name}"],
            quotes: { description: "description", commit: "commit.message" },
            entity: "{repository} {name:context}",
            stateOf: ["repository.id", "context", "branches.0.name|sha"],
            status: { at: "state" },
            running: { path: "state", words: ["pending"] },
            severity: ["state"],
            normal: ["bad"],
            low: ["*"],
            links: ["target_url"],
            at: ["updated_at"],
        },
        workflow_run: {
            line: 'Workflow "{name:workflow.name|workflow_run.name|workflow_run.path}": {lower:workflow_run.conclusion|workflow_run.status|action}[ on {ref:workflow_run.head_branch}][ at {sha:workflow_run.head_sha}] in {repository}',
            facts: [
                "[run {count:workflow_run.run_number}][, event {lower:workflow_run.event}][, by {login:workflow_run.actor.login|sender.login}]",
            ],
            quotes: { title: "workflow_run.display_title", commit: "workflow_run.head_commit.message" },
            meta: { ref: "ref:workflow_run.head_branch", sha: "wholesha:workflow_run.head_sha" },
            entity: "{repository}@{ref:workflow_run.head_branch}",
            stateOf: [
                "repository.id",
                "workflow_run.head_branch",
                "workflow_run.workflow_id|workflow_run.path|workflow.name",
                "workflow_run.event",
            ],
            status: { at: "workflow_run.conclusion|workflow_run.status" },
            running: { path: "workflow_run.conclusion|workflow_run.status", words: RUNNING },
            severity: ["workflow_run.conclusion"],
            low: RUNNING,
            links: ["workflow_run.html_url"],
            at: ["workflow_run.completed_at", "workflow_run.updated_at", "workflow_run.started_at"],
        },
        workflow_job: {
            line: 'Job "{name:workflow_job.name}": {lower:workflow_job.conclusion|workflow_job.status|action}[ on {ref:workflow_job.head_branch}][ at {sha:workflow_job.head_sha}] in {repository}',
            facts: [
                "failed steps: {name:workflow_job.steps.*(conclusion=failure).name}",
                "[run {count:workflow_job.run_id}][, runner {name:workflow_job.runner_name}]",
            ],
            meta: { job: "name:workflow_job.name", ref: "ref:workflow_job.head_branch" },
            entity: "{repository}@{ref:workflow_job.head_branch}",
            stateOf: [
                "repository.id",
                "workflow_job.head_branch",
                "workflow_job.name",
                "workflow_job.run_id",
            ],
            status: { at: "workflow_job.conclusion|workflow_job.status" },
            running: { path: "workflow_job.conclusion|workflow_job.status", words: RUNNING },
            severity: ["workflow_job.conclusion"],
            normal: ["bad"],
            low: ["*"],
            links: ["workflow_job.html_url"],
            at: ["workflow_job.completed_at", "workflow_job.started_at"],
        },
        action_run_failure: RUN,
        action_run_recover: RUN,
        action_run_success: { ...RUN, low: ["*"] },
    },
    setUp: [
        "Where it runs elsewhere, expose the port: cloudflared tunnel --url {origin} (on this machine use {url}, and allow it: ALLOWED_HOST_LIST = loopback under [webhook] in app.ini)",
        "Your repository > Settings > Webhooks > Add webhook > Gitea (or Forgejo): Target URL https://<your tunnel>{path}, HTTP method POST, Content type application/json, Secret as above",
        "Trigger on > Custom events: Pull request, Pull request review and comment, Issues, Issue comment, Workflow run, Push",
        "Add webhook, open it, Test push event: sluice tail shows push",
    ],
    retries: "5 s for an answer and no second attempt; Replay of a delivery has a new id",
    sources: [
        "https://docs.gitea.com/usage/webhooks",
        "https://forgejo.org/docs/latest/user/webhooks/",
    ],
});
