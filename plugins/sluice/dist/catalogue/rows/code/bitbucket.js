import { BODY_HEX } from "../../schemes.js";
import { defineSender } from "../../sender.js";
// Cloud writes `pullrequest`, Data Center `pullRequest`; their members differ too.
const REPO = "repository.full_name|repository.slug|pullRequest.toRef.repository.slug|pullrequest.destination.repository.full_name|repository.name|new.slug|new.name";
const BY = "[ by {name:actor.display_name|actor.displayName|actor.nickname|actor.name|actor.username}]";
const PR = "pullrequest.id|pullRequest.id";
const FROM = "pullrequest.source.branch.name|pullRequest.fromRef.displayId|pullRequest.fromRef.id";
const TO = "pullrequest.destination.branch.name|pullRequest.toRef.displayId|pullRequest.toRef.id";
const PR_NAME = `{name:${REPO}} pull request #{count:${PR}}`;
const ISSUE_NAME = `{name:${REPO}} issue #{count:issue.id}`;
const STATE = "pullrequest.state|pullRequest.state";
const COMMENT = "comment.content.raw|comment.text";
const PR_LINKS = ["pullrequest.links.html.href", "pullRequest.links.self.0.href"];
const PULL_REQUEST = {
    line: {
        fulfilled: `Pull request #{count:${PR}} merged in {name:${REPO}}${BY}: {ref:${FROM}} into {ref:${TO}}`,
        rejected: `Pull request #{count:${PR}} declined in {name:${REPO}}${BY}: {ref:${FROM}} into {ref:${TO}}`,
        from_ref_updated: `New commits on pull request #{count:${PR}} in {name:${REPO}}${BY}: {ref:${FROM}} into {ref:${TO}}`,
        push: `New commits on pull request #{count:${PR}} in {name:${REPO}}${BY}: {ref:${FROM}} into {ref:${TO}}`,
        "reviewer:approved": `Pull request #{count:${PR}} approved in {name:${REPO}}${BY}: {ref:${FROM}} into {ref:${TO}}`,
        "reviewer:unapproved": `Approval of pull request #{count:${PR}} taken back in {name:${REPO}}${BY}: {ref:${FROM}} into {ref:${TO}}`,
        "reviewer:updated": `Reviewers of pull request #{count:${PR}} changed in {name:${REPO}}${BY}: {ref:${FROM}} into {ref:${TO}}`,
        unapproved: `Approval of pull request #{count:${PR}} taken back in {name:${REPO}}${BY}: {ref:${FROM}} into {ref:${TO}}`,
        "*": `Pull request #{count:${PR}} {did} in {name:${REPO}}${BY}: {ref:${FROM}} into {ref:${TO}}`,
    },
    facts: [
        `[state {lower:${STATE}}][, author {name:pullrequest.author.display_name|pullRequest.author.user.displayName}][, reviewers {name:pullrequest.reviewers.*.display_name|pullRequest.reviewers.*.user.displayName}]`,
        "approved by {name:pullRequest.reviewers.*(status=APPROVED).user.displayName|pullrequest.participants.*(approved=true).user.display_name}",
        "new commits since {short:previousFromHash}",
        "into another branch: before {ref:previousTarget.displayId}",
    ],
    quotes: {
        title: "pullrequest.title|pullRequest.title",
        reason: "pullrequest.reason",
        description: "pullrequest.description|pullRequest.description|pullrequest.summary.raw",
        "title before": "previousTitle",
    },
    meta: { number: `count:${PR}`, ref: `ref:${FROM}`, base: `ref:${TO}` },
    entity: PR_NAME,
    low: ["updated", "modified", "push", "from_ref_updated", "reviewer:updated"],
    links: PR_LINKS,
    at: ["pullrequest.updated_on", "date", "pullRequest.updatedDate"],
};
const PR_COMMENT = {
    line: `Comment on pull request #{count:${PR}} {did} in {name:${REPO}}${BY}`,
    facts: [
        "[{path:comment.inline.path|comment.anchor.path}][, line {count:comment.inline.to|comment.inline.from|comment.anchor.line}][, state {lower:comment.state}]",
    ],
    quotes: {
        comment: COMMENT,
        "comment before": "previousComment",
        on: "pullrequest.title|pullRequest.title",
    },
    meta: { number: `count:${PR}` },
    entity: PR_NAME,
    low: ["deleted"],
    links: ["comment.links.html.href", ...PR_LINKS],
    at: ["comment.updated_on", "comment.created_on", "date"],
};
const COMMIT_COMMENT = {
    line: `Comment on commit {short:commit.hash|commit} in {name:${REPO}}${BY}`,
    facts: ["[{path:comment.inline.path}][, line {count:comment.inline.to|comment.inline.from}]"],
    quotes: { comment: COMMENT, "comment before": "previousComment" },
    entity: `{name:${REPO}}@{short:commit.hash|commit}`,
    links: ["comment.links.html.href"],
    at: ["comment.created_on", "date"],
};
const STATUS = {
    line: `Status "{name:commit_status.name|commit_status.key}": {lower:commit_status.state}[ on {ref:commit_status.refname}][ at {short:commit_status.commit.hash}] in {name:${REPO}}`,
    facts: ["[key {name:commit_status.key}][, commit {tail:commit_status.links.commit.href}]"],
    quotes: {
        description: "commit_status.description",
        commit: "commit_status.commit.message",
    },
    meta: { status_key: "name:commit_status.key", ref: "ref:commit_status.refname" },
    entity: [
        `{name:${REPO}}@{ref:commit_status.refname}`,
        `{name:${REPO}} {name:commit_status.name|commit_status.key}`,
    ],
    stateOf: [
        "repository.uuid|repository.full_name",
        "commit_status.refname|commit_status.links.commit.href",
        "commit_status.key",
    ],
    stateName: "status",
    status: { at: "commit_status.state" },
    running: { path: "commit_status.state", words: ["INPROGRESS"] },
    severity: ["commit_status.state"],
    severities: { stopped: "warning" },
    normal: ["bad"],
    low: ["*"],
    links: ["commit_status.url"],
    at: ["commit_status.updated_on", "commit_status.created_on"],
};
export const sender = defineSender({
    kind: "bitbucket",
    title: "Bitbucket",
    description: "pull requests, comments, pushes, build statuses and issues of Bitbucket Cloud and Data Center",
    schemes: ["bitbucket"],
    ownSchemes: {
        bitbucket: {
            ...BODY_HEX,
            title: "Bitbucket",
            // SHA-256 in this header; X-Hook-UUID names the hook.
            proof: { header: "x-hub-signature", prefix: "sha256=", separator: "" },
            deliveryId: { header: "x-request-uuid" },
        },
    },
    id: "$header.x-request-uuid|$header.x-request-id",
    event: ["eventKey|$header.x-event-key"],
    actor: {
        id: "actor.account_id|actor.uuid|actor.id",
        name: "actor.nickname|actor.display_name|actor.displayName|actor.name",
    },
    repository: [
        "{repository.full_name}",
        "{pullrequest.destination.repository.full_name}",
        "{repository.project.key}/{repository.slug}",
        "{pullRequest.toRef.repository.project.key}/{pullRequest.toRef.repository.slug}",
    ],
    common: { links: ["repository.links.html.href", "repository.links.self.0.href"] },
    events: {
        pullrequest: PULL_REQUEST,
        pr: PULL_REQUEST,
        "pullrequest:changes_request_created": {
            ...PULL_REQUEST,
            line: `Changes requested on pull request #{count:${PR}} in {name:${REPO}}${BY}: {ref:${FROM}} into {ref:${TO}}`,
            severity: "warning",
        },
        "pr:reviewer:needs_work": {
            ...PULL_REQUEST,
            line: `Changes requested on pull request #{count:${PR}} in {name:${REPO}}${BY}: {ref:${FROM}} into {ref:${TO}}`,
            severity: "warning",
        },
        "pullrequest:comment_created": {
            ...PR_COMMENT,
            line: `Comment on pull request #{count:${PR}} in {name:${REPO}}${BY}`,
        },
        "pullrequest:comment_updated": {
            ...PR_COMMENT,
            line: `Comment on pull request #{count:${PR}} edited in {name:${REPO}}${BY}`,
        },
        "pullrequest:comment_deleted": {
            ...PR_COMMENT,
            line: `Comment on pull request #{count:${PR}} deleted in {name:${REPO}}${BY}`,
            low: ["*"],
        },
        "pullrequest:comment_resolved": {
            ...PR_COMMENT,
            line: `Comment on pull request #{count:${PR}} resolved in {name:${REPO}}${BY}`,
            low: ["*"],
        },
        "pullrequest:comment_reopened": {
            ...PR_COMMENT,
            line: `Comment on pull request #{count:${PR}} reopened in {name:${REPO}}${BY}`,
        },
        "pr:comment": PR_COMMENT,
        "repo:push": {
            line: `Push to [{lower:push.changes.0.new.type|push.changes.0.old.type} ]{ref:push.changes.*.new.name|push.changes.*.old.name} of {name:${REPO}}${BY}`,
            facts: [
                "deleted: {ref:push.changes.*(closed=true).old.name}",
                "created: {ref:push.changes.*(created=true).new.name}",
                "forced: {ref:push.changes.*(forced=true).new.name}",
                "[from {short:push.changes.0.old.target.hash} ]to {short:push.changes.0.new.target.hash}",
            ],
            quotes: {
                commits: { of: "push.changes.*.commits.*", line: "{message}" },
                head: "push.changes.0.new.target.message",
            },
            meta: {
                ref: "ref:push.changes.0.new.name|push.changes.0.old.name",
                sha: "wholesha:push.changes.0.new.target.hash",
            },
            entity: `{name:${REPO}}@{ref:push.changes.0.new.name|push.changes.0.old.name}`,
            low: ["*"],
            links: ["push.changes.0.links.html.href", "push.changes.0.new.links.html.href"],
            at: ["push.changes.0.new.target.date"],
        },
        "repo:refs_changed": {
            line: `Push to [{lower:changes.0.ref.type} ]{ref:changes.*.ref.displayId|changes.*.refId} of {name:${REPO}}${BY}`,
            facts: [
                "deleted: {ref:changes.*(type=DELETE).ref.displayId}",
                "created: {ref:changes.*(type=ADD).ref.displayId}",
                "[from {short:changes.0.fromHash} ]to {short:changes.0.toHash}",
            ],
            quotes: { commits: { of: "commits", line: "{message}" } },
            meta: { ref: "ref:changes.0.ref.displayId", sha: "wholesha:changes.0.toHash" },
            entity: `{name:${REPO}}@{ref:changes.0.ref.displayId|changes.0.refId}`,
            low: ["*"],
            at: ["date"],
        },
        "repo:commit_status_created": STATUS,
        "repo:commit_status_updated": STATUS,
        "repo:commit_comment_created": COMMIT_COMMENT,
        "repo:comment": {
            ...COMMIT_COMMENT,
            line: `Comment on commit {short:commit} {did} in {name:${REPO}}${BY}`,
            low: ["deleted"],
        },
        repo: {
            line: `Repository {name:${REPO}} {did}${BY}`,
            facts: [
                "fork: {name:fork.full_name|fork.name}",
                "renamed from {name:changes.full_name.old|changes.name.old|old.name} to {name:changes.full_name.new|changes.name.new|new.name}",
                "project {name:repository.project.name|repository.project.key|new.project.name|repository.owner.display_name}",
            ],
            quotes: { description: "changes.description.new|new.description" },
            low: ["*"],
        },
        issue: {
            line: `Issue #{count:issue.id} {did} in {name:${REPO}}${BY}`,
            facts: [
                "[state {lower:issue.state}][, priority {lower:issue.priority}][, {lower:issue.kind|issue.type}][, assigned to {name:issue.assignee.display_name}]",
                "status {name:changes.status.old} to {name:changes.status.new}",
            ],
            quotes: {
                title: "issue.title",
                comment: COMMENT,
                description: "issue.content.raw",
            },
            meta: { number: "count:issue.id" },
            entity: ISSUE_NAME,
            low: ["updated"],
            links: ["issue.links.html.href"],
            at: ["issue.updated_on"],
        },
        "issue:comment_created": {
            line: `Comment on issue #{count:issue.id} in {name:${REPO}}${BY}`,
            quotes: { comment: COMMENT, on: "issue.title" },
            entity: ISSUE_NAME,
            links: ["comment.links.html.href", "issue.links.html.href"],
            at: ["comment.created_on"],
        },
        "diagnostics:ping": { line: "Bitbucket's test event arrived", low: ["*"] },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "Bitbucket > your repository > Repository settings > Webhooks > Add webhook: URL https://<your tunnel>{path}, Secret as above, Status Active",
        "Triggers > Choose from a full list: Pull Request (Created, Updated, Approved, Changes request created, Merged, Declined, Comment created), Build status updated",
        "Data Center: Repository settings > Webhooks > Create webhook with the same URL and secret, then Test connection: sluice tail shows diagnostics:ping",
        "Comment on a pull request: sluice tail shows it",
    ],
    retries: "10 s for an answer; Cloud tries a failed request twice more at once, with the same X-Request-UUID; Data Center does not, and pauses a hook that fails often",
    sources: [
        "https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/",
        "https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/",
        "https://confluence.atlassian.com/bitbucketserver/event-payload-938025882.html",
    ],
});
