/**
 * GitLab's webhooks of projects and groups, as data.
 */
import { TOKEN } from "../../schemes.js";
import { defineSender } from "../../sender.js";
const THING = "object_attributes";
const BY = "[ by {login:user.username|user_username|name:user.name|user_name}]";
/** What an update has changed. */
const CHANGED = "[labels before {name:changes.labels.previous.*.title}][, assigned before to {login:changes.assignees.previous.*.username}][, assigned now to {login:changes.assignees.current.*.username}][, reviewers before {login:changes.reviewers.previous.*.username}][, reviewers now {login:changes.reviewers.current.*.username}][, draft: {lower:changes.draft.current}]";
/** A pipeline or a job that has not ended, or never ran. */
const RUNNING = "created waiting_for_resource preparing pending running manual scheduled skipped canceling".split(" ");
export const sender = defineSender({
    kind: "gitlab",
    title: "GitLab",
    description: "pipelines, jobs, merge requests, issues, comments, pushes, deployments and releases of projects and groups",
    schemes: ["gitlab", "standard"],
    ownSchemes: {
        gitlab: {
            ...TOKEN,
            title: "GitLab",
            blanks: true,
            proof: { header: "x-gitlab-token", prefix: "", separator: "" },
            deliveryId: { header: "idempotency-key" },
        },
    },
    id: "$header.idempotency-key",
    event: [
        "object_kind|event_name|event_type",
        `${THING}.action|${THING}.status|build_status|status|action`,
    ],
    // A ref of nothing but zeros is none: a branch or a tag that was deleted, or is new.
    parts: {
        after: [/^(?<deleted>0{40,64})$/],
        before: [/^(?<created>0{40,64})$/],
        // A job that has not failed has a reason too: unknown_failure.
        build_status: [/^(?<failed>failed|canceled)$/],
    },
    action: `${THING}.action|${THING}.status|build_status|status|action|=deleted?$part.deleted|=created?$part.created`,
    actor: { id: "user.id|user_id", name: "user.username|user_username|user.name|user_name" },
    repository: ["{project.path_with_namespace}", "{repository.homepage}"],
    common: {
        links: [`${THING}.url`, "url", "project.web_url", "repository.homepage"],
        at: [`${THING}.updated_at`],
    },
    events: {
        pipeline: {
            line: `Pipeline #{count:${THING}.id}[ "{name:${THING}.name}"] {did} on {ref:${THING}.ref}[ at {sha:${THING}.sha}] in {repository}${BY}`,
            facts: [
                "failed jobs: {name:builds.*(status=failed).name}",
                `[merge request !{count:merge_request.iid}][, stages {name:${THING}.stages.*}][, took {seconds:${THING}.duration}]`,
            ],
            quotes: { commit: "commit.title|commit.message", "merge request": "merge_request.title" },
            meta: {
                ref: `ref:${THING}.ref`,
                sha: `wholesha:${THING}.sha`,
                pipeline: `count:${THING}.id`,
            },
            entity: ["{repository}!{count:merge_request.iid}", `{repository}@{ref:${THING}.ref}`],
            stateOf: ["project.id", `${THING}.ref`, `${THING}.source`],
            status: { at: `${THING}.status` },
            running: { path: `${THING}.status`, words: RUNNING },
            severity: [`${THING}.status`],
            low: RUNNING,
            links: [`${THING}.url`, `{base:project.web_url}/-/pipelines/{count:${THING}.id}`],
            at: [`${THING}.finished_at`, `${THING}.created_at`],
        },
        build: {
            line: `Job "{name:build_name}" {did}[, stage {name:build_stage}] on {ref:ref}[ at {sha:sha}] in {repository}[ by {login:user.username|name:user.name}]`,
            facts: [
                "[{lower:$part.failed} because of {lower:build_failure_reason}][, took {seconds:build_duration}][, pipeline {count:pipeline_id}][, runner {name:runner.description}]",
            ],
            quotes: { commit: "commit.title|commit.message" },
            meta: { job: "name:build_name", ref: "ref:ref", sha: "wholesha:sha" },
            entity: "{repository}@{ref:ref}",
            stateOf: ["project_id", "ref", "build_name"],
            status: { at: "build_status" },
            running: { path: "build_status", words: RUNNING },
            severity: ["build_status"],
            normal: ["bad"],
            low: ["*"],
            links: ["{base:project.web_url|repository.homepage}/-/jobs/{count:build_id}"],
            at: ["build_finished_at", "build_started_at", "build_created_at"],
        },
        merge_request: {
            line: `Merge request !{count:${THING}.iid} {did} in {repository}${BY}: {ref:${THING}.source_branch} into {ref:${THING}.target_branch}`,
            facts: [
                `[state {lower:${THING}.state}][, {lower:${THING}.detailed_merge_status|${THING}.merge_status}][, labels {name:labels.*.title}][, assigned to {login:assignees.*.username}][, reviewers {login:reviewers.*.username}]`,
                `[new commits since {short:${THING}.oldrev}]`,
                CHANGED,
            ],
            quotes: {
                title: `${THING}.title`,
                description: `${THING}.description`,
                "title before": "changes.title.previous",
                commit: `${THING}.last_commit.message`,
            },
            meta: {
                number: `count:${THING}.iid`,
                ref: `ref:${THING}.source_branch`,
                base: `ref:${THING}.target_branch`,
            },
            entity: `{repository}!{count:${THING}.iid}`,
            low: ["update"],
        },
        issue: {
            line: `{name:${THING}.type|=Issue} #{count:${THING}.iid} {did} in {repository}${BY}`,
            facts: [
                `[state {lower:${THING}.state}][, severity {lower:${THING}.severity}][, labels {name:labels.*.title}][, assigned to {login:assignees.*.username|assignee.username}][, due {day:${THING}.due_date}]`,
                CHANGED,
            ],
            quotes: {
                title: `${THING}.title`,
                description: `${THING}.description`,
                "title before": "changes.title.previous",
            },
            meta: { number: `count:${THING}.iid` },
            entity: `{repository}#{count:${THING}.iid}`,
            low: ["update"],
        },
        note: {
            line: `Comment on [merge request !{count:merge_request.iid}][issue #{count:issue.iid}][snippet {count:snippet.id}][commit {sha:commit.id}] in {repository}${BY}`,
            facts: [
                `[{path:${THING}.position.new_path|${THING}.st_diff.new_path}][, line {count:${THING}.position.new_line}]`,
            ],
            quotes: {
                comment: `${THING}.note`,
                on: "merge_request.title|issue.title|snippet.title|commit.title|commit.message",
            },
            entity: "{repository}[!{count:merge_request.iid}][#{count:issue.iid}][@{sha:commit.id}]",
        },
        push: {
            line: {
                deleted: "Branch {ref:ref} of {repository} deleted[ by {login:user_username|name:user_name}]",
                created: "Branch {ref:ref} of {repository} created[ with {some:total_commits_count} commits][ by {login:user_username|name:user_name}]",
                "*": "Push to {ref:ref} of {repository}: {count:total_commits_count} commits[ by {login:user_username|name:user_name}]",
            },
            facts: ["[{short:before}][ to {short:after}]"],
            quotes: { commits: { of: "commits", line: "{title|message}" } },
            meta: { ref: "ref:ref", sha: "wholesha:after" },
            entity: "{repository}@{ref:ref}",
            low: ["*"],
            links: ["commits.-1.url"],
        },
        tag_push: {
            line: {
                deleted: "Tag {ref:ref} of {repository} deleted[ by {login:user_username|name:user_name}]",
                "*": "Tag {ref:ref} pushed to {repository}[ at {sha:checkout_sha}][ by {login:user_username|name:user_name}]",
            },
            facts: ["[{short:before}][ to {short:after}]"],
            quotes: { message: "message", commits: { of: "commits", line: "{title|message}" } },
            entity: "{repository}@{ref:ref}",
            links: ["{base:project.web_url}/-/tags/{exact:ref}"],
        },
        deployment: {
            line: `Deployment to {name:environment} {did} in {repository}[ of {ref:ref}][ at {short:short_sha}]${BY}`,
            quotes: { commit: "commit_title" },
            meta: { environment: "name:environment", ref: "ref:ref" },
            entity: "{repository}:env/{name:environment}",
            stateOf: ["project.id", "environment"],
            status: { at: "status" },
            running: { path: "status", words: ["created", "running", "blocked"] },
            severity: ["status"],
            low: ["created", "running"],
            links: ["deployable_url", "environment_external_url"],
            at: ["status_changed_at"],
        },
        release: {
            line: "Release {name:name} ({ref:tag}) {did} in {repository}",
            quotes: { description: "description" },
            entity: "{repository}@{ref:tag}",
            links: ["url"],
            at: ["released_at", "created_at"],
        },
        vulnerability: {
            line: `Vulnerability {lower:${THING}.state}[, severity {lower:${THING}.severity}][, found by {lower:${THING}.report_type}][ in {repository}]`,
            facts: [
                "{name:object_attributes.identifiers.*.name}[, in {path:object_attributes.location.file}]",
            ],
            quotes: { title: `${THING}.title` },
            entity: `vulnerability {first:${THING}.title}`,
            severity: [`${THING}.severity`],
            calm: ["dismissed", "resolved"],
        },
        milestone: {
            line: `Milestone {did} in {repository}`,
            facts: [`[state {lower:${THING}.state}][, due {day:${THING}.due_date}]`],
            quotes: { title: `${THING}.title`, description: `${THING}.description` },
            low: ["*"],
        },
        emoji: {
            line: `Emoji {name:${THING}.name} {did} in {repository}${BY}`,
            quotes: { on: "note.note|merge_request.title|issue.title" },
            links: [`${THING}.awarded_on_url`],
            low: ["*"],
        },
        access_token: {
            line: `Access token "{name:${THING}.name}" of {repository} expires on {day:${THING}.expires_at}`,
            severity: "warning",
        },
        wiki_page: {
            line: `Wiki page {did} in {repository}${BY}`,
            quotes: { title: `${THING}.title`, message: `${THING}.message` },
            low: ["*"],
        },
        feature_flag: {
            line: `Feature flag {name:${THING}.name} changed in {repository}${BY}`,
            facts: [`active: {lower:${THING}.active}`],
            quotes: { description: `${THING}.description` },
            links: ["project.web_url"],
        },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "GitLab > your project (or group) > Settings > Webhooks > Add new webhook: URL https://<your tunnel>{path}, Secret token as above",
        "Trigger: Pipeline events, Job events, Merge request events, Issues events, Comments; leave SSL verification on",
        "Add webhook, then Test > Push events: sluice tail shows a push",
    ],
    retries: "10 s for an answer; four failures in a row pause the hook for a minute and longer each time, up to a day; a retry has the same Idempotency-Key",
    sources: [
        "https://docs.gitlab.com/user/project/integrations/webhooks/",
        "https://docs.gitlab.com/user/project/integrations/webhook_events/",
    ],
});
