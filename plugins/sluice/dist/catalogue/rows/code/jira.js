import { BODY_HEX } from "../../schemes.js";
import { defineSender } from "../../sender.js";
const BY = "[ by {name:user.displayName|comment.updateAuthor.displayName|comment.author.displayName|worklog.updateAuthor.displayName|attachment.author.displayName|user.name}]";
const FIELDS = "issue.fields";
/** The page of an issue, from its address for programs: also below a folder of a Data Center. */
const PAGE = "{base:issue.self}/../../../../../browse/{exact:issue.key}";
const KEY = "{name:issue.key|issue.id}";
const KIND = `{name:${FIELDS}.issuetype.name|=Issue}`;
const STATE = `[status {name:${FIELDS}.status.name}][, priority {name:${FIELDS}.priority.name}][, assigned to {name:${FIELDS}.assignee.displayName}][, reported by {name:${FIELDS}.reporter.displayName}][, labels {name:${FIELDS}.labels.*}][, fix version {name:${FIELDS}.fixVersions.*.name}][, due {day:${FIELDS}.duedate}][, project {name:${FIELDS}.project.name|${FIELDS}.project.key}]`;
const toChanged = (field) => `[from {name:changelog.items.*(field=${field}).fromString} ]to {name:changelog.items.*(field=${field}).toString}`;
const ISSUE = {
    facts: [STATE],
    quotes: {
        title: `${FIELDS}.summary`,
        comment: "comment.body",
        description: `${FIELDS}.description`,
    },
    meta: {
        issue: "name:issue.key",
        project: `name:${FIELDS}.project.key`,
        issue_status: `name:${FIELDS}.status.name`,
    },
    entity: KEY,
    links: [PAGE],
    at: ["timestamp"],
};
const COMMENT = {
    line: `Comment[ on {name:issue.key}]${BY}`,
    facts: [STATE],
    quotes: { comment: "comment.body", on: `${FIELDS}.summary` },
    meta: { issue: "name:issue.key" },
    entity: "{name:issue.key}",
    links: [`${PAGE}?focusedCommentId={id:comment.id}`, PAGE],
    at: ["timestamp"],
};
const WORKLOG = {
    line: `Work logged[ on {name:issue.key}]${BY}[: {name:worklog.timeSpent}]`,
    facts: ["[issue id {id:worklog.issueId}][, started {time:worklog.started}]"],
    quotes: { comment: "worklog.comment" },
    low: ["*"],
    at: ["timestamp"],
};
const SPRINT = {
    line: 'Sprint "{name:sprint.name}" {lower:sprint.state}',
    facts: ["[from {day:sprint.startDate}][ to {day:sprint.endDate}]"],
    quotes: { goal: "sprint.goal" },
    entity: "sprint {name:sprint.name}",
    at: ["timestamp"],
};
const VERSION = {
    line: "Version {name:version.name} {lower:webhookEvent}",
    facts: ["[released on {day:version.releaseDate}][, project {id:version.projectId}]"],
    quotes: { description: "version.description" },
    entity: "version {name:version.name}",
    at: ["timestamp"],
};
export const sender = defineSender({
    kind: "jira",
    title: "Jira",
    description: "issues as they are created, moved, assigned and commented, sprints and versions",
    schemes: ["jira", "query"],
    ownSchemes: {
        jira: {
            ...BODY_HEX,
            title: "Jira",
            proof: { header: "x-hub-signature", prefix: "sha256=", separator: "" },
            deliveryId: { header: "x-atlassian-webhook-identifier" },
        },
    },
    id: "$header.x-atlassian-webhook-identifier",
    isUnique: true,
    event: ["webhookEvent"],
    action: "issue_event_type_name",
    actor: {
        id: "user.accountId|user.key|comment.updateAuthor.accountId|comment.author.accountId|comment.author.key|worklog.author.accountId",
        name: "user.displayName|user.name|comment.updateAuthor.displayName|comment.author.displayName|worklog.author.displayName",
    },
    events: {
        "jira:issue_created": {
            ...ISSUE,
            line: `${KIND} ${KEY} created${BY}`,
            // A priority says how bad it is only while it is news.
            severity: [`${FIELDS}.priority.name`],
            severities: { high: "warning", major: "info", medium: "info", minor: "info" },
        },
        "jira:issue_updated": {
            ...ISSUE,
            line: `${KIND} ${KEY} updated${BY}[: {name:changelog.items.*.field}]`,
            facts: [
                `status ${toChanged("status")}`,
                `assignee ${toChanged("assignee")}`,
                `priority ${toChanged("priority")}`,
                `resolution ${toChanged("resolution")}`,
                `sprint ${toChanged("Sprint")}`,
                STATE,
            ],
            quotes: {
                title: `${FIELDS}.summary`,
                comment: "comment.body",
                changes: {
                    of: "changelog.items.*(field!=status,assignee,priority,resolution,Sprint,Rank)",
                    line: "{field}[: {toString}]",
                },
                description: `${FIELDS}.description`,
            },
            normal: [
                "issue_generic",
                "issue_assigned",
                "issue_commented",
                "issue_comment_edited",
                "issue_resolved",
                "issue_closed",
                "issue_reopened",
            ],
            low: ["*"],
        },
        "jira:issue_deleted": { ...ISSUE, line: `${KIND} ${KEY} deleted${BY}` },
        comment_created: COMMENT,
        comment_updated: { ...COMMENT, line: `Comment edited[ on {name:issue.key}]${BY}` },
        comment_deleted: { ...COMMENT, line: `Comment deleted[ on {name:issue.key}]${BY}`, low: ["*"] },
        worklog_created: WORKLOG,
        worklog_updated: {
            ...WORKLOG,
            line: `Worklog changed[ on {name:issue.key}]${BY}[: {name:worklog.timeSpent}]`,
        },
        worklog_deleted: {
            ...WORKLOG,
            line: `Worklog deleted[ on {name:issue.key}]${BY}[: {name:worklog.timeSpent}]`,
        },
        attachment_created: {
            line: `Attachment added[ to {name:issue.key}]${BY}: {path:attachment.filename}`,
            facts: ["[{lower:attachment.mimeType}][, {number:attachment.size} bytes]"],
            low: ["*"],
            at: ["timestamp"],
        },
        issuelink_created: {
            line: "Issues linked: {id:issueLink.sourceIssueId} {name:issueLink.issueLinkType.outwardName|issueLink.issueLinkType.name} {id:issueLink.destinationIssueId}",
            facts: ["[link type {name:issueLink.issueLinkType.name}]"],
            low: ["*"],
            at: ["timestamp"],
        },
        sprint_created: { ...SPRINT, low: ["*"] },
        sprint_updated: { ...SPRINT, low: ["*"] },
        sprint_started: { ...SPRINT, line: 'Sprint "{name:sprint.name}" started' },
        sprint_closed: { ...SPRINT, line: 'Sprint "{name:sprint.name}" closed' },
        "jira:version_created": { ...VERSION, line: "Version {name:version.name} created", low: ["*"] },
        "jira:version_released": { ...VERSION, line: "Version {name:version.name} released" },
        "jira:version_unreleased": {
            ...VERSION,
            line: "Version {name:version.name} no longer released",
        },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "Jira > Settings > System > WebHooks (an administrator) > Create a WebHook: URL https://<your tunnel>{path}, Secret as above",
        "Issue related events: a JQL such as project = ABC, then Issue created, updated; Comment created",
        "Older than Jira 9.4: it has no secret; add the channel with --verify query and paste https://<your tunnel>{path}?token=<the secret>",
        "Create, then edit any issue: sluice tail shows jira:issue_updated",
    ],
    retries: "tried up to five times on 408, 409, 425, 429, 5xx and timeouts, 5 to 15 minutes apart, with the same X-Atlassian-Webhook-Identifier",
    sources: [
        "https://developer.atlassian.com/cloud/jira/platform/webhooks/",
        "https://developer.atlassian.com/server/jira/platform/webhooks/",
    ],
});
