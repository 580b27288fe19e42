import { BODY_HEX, WINDOW_MS } from "../../schemes.js";
import { defineSender } from "../../sender.js";
const BY = "[ by {name:actor.name|data.user.name|data.creator.name}]";
/** Of the issue that something else is about. Older payloads give its number only in the address. */
const toIssue = (at) => [
    `{name:${at}.identifier}`,
    `{name:${at}.team.key}-{count:${at}.number}`,
];
const ISSUE_STATE = "[state {name:data.state.name}][, priority {name:data.priorityLabel}][, assigned to {name:data.assignee.name}][, labels {name:data.labels.*.name}][, project {name:data.project.name}][, cycle {count:data.cycle.number}][, due {day:data.dueDate}][, team {name:data.team.name}]";
const PROJECT = {
    line: `Project {name:data.name} {did}${BY}`,
    facts: [
        "[status {name:data.status.name|data.state}][, health {lower:data.health}][, lead {name:data.lead.name}][, priority {name:data.priorityLabel}][, target {day:data.targetDate}][, teams {name:data.teams.*.name}]",
    ],
    quotes: { description: "data.description", content: "data.content" },
    entity: "project {name:data.name}",
    low: ["*"],
};
const UPDATE = {
    line: `Update on {name:data.project.name|data.initiative.name} {did}${BY}[: {name:data.health}]`,
    facts: ["health {name:data.health}"],
    quotes: { update: "data.body" },
    entity: ["project {name:data.project.name}", "initiative {name:data.initiative.name}"],
    severity: ["data.health"],
    severities: { atrisk: "warning", offtrack: "error", ontrack: "info" },
    calm: ["remove"],
    low: ["remove"],
};
const AGENT = {
    line: "Agent session {did}[ on {name:agentSession.issue.identifier}]",
    facts: [
        "[by {name:agentSession.creator.name|agentActivity.user.name}][, {lower:agentSession.status}]",
    ],
    quotes: {
        prompt: "agentActivity.content.body|agentActivity.body|agentSession.comment.body",
        issue: "agentSession.issue.title",
        context: "promptContext",
    },
    entity: "{name:agentSession.issue.identifier}",
    links: ["agentSession.issue.url", "agentSession.url"],
};
export const sender = defineSender({
    kind: "linear",
    title: "Linear",
    description: "issues, comments, projects, updates, deadlines and what people ask of an agent",
    schemes: ["linear"],
    ownSchemes: {
        linear: {
            ...BODY_HEX,
            title: "Linear",
            proof: { header: "linear-signature", prefix: "", separator: "" },
            timestamp: { body: "webhookTimestamp", unit: "ms", windowMs: WINDOW_MS, isOptional: true },
            deliveryId: { header: "linear-delivery" },
        },
    },
    secretPrompt: "the webhook's signing secret (Linear > Settings > API > Webhooks > New webhook shows it; its URL is https://<your tunnel>/in/linear)",
    id: "$header.linear-delivery",
    event: ["type", "action"],
    actor: {
        id: "actor.id|data.userId|data.creatorId|agentSession.creatorId",
        name: "actor.name|data.user.name|data.creator.name|agentSession.creator.name",
    },
    common: { links: ["url", "data.url"], at: ["createdAt", "data.updatedAt", "webhookTimestamp"] },
    events: {
        Issue: {
            line: `Issue [{name:data.team.key}-][{count:data.number}] {did}${BY}`,
            facts: [ISSUE_STATE],
            quotes: {
                title: "data.title",
                "title before": "updatedFrom.title",
                description: "data.description",
            },
            meta: {
                issue: "name:data.identifier",
                team: "name:data.team.key",
                issue_state: "name:data.state.name",
            },
            entity: [...toIssue("data"), "{tail:data.url}"],
            // A priority says how bad it is only while it is news.
            severity: ["data.priorityLabel"],
            severities: { urgent: "error", high: "warning", medium: "info", low: "info" },
            calm: ["update", "remove"],
            low: ["update"],
        },
        IssueSLA: {
            line: "Deadline of issue {name:issueData.identifier} {did}",
            facts: [
                "[state {name:issueData.state.name}][, priority {name:issueData.priorityLabel}][, assigned to {name:issueData.assignee.name}][, breaches at {time:issueData.slaBreachesAt}]",
            ],
            quotes: { title: "issueData.title" },
            entity: toIssue("issueData"),
            severity: ["action"],
            severities: { breached: "error", highrisk: "warning" },
            low: ["set"],
            links: ["url", "issueData.url"],
        },
        Comment: {
            line: `Comment {did}[ on {name:data.issue.identifier|tail:url}][ on project {name:data.project.name}][ on document {name:data.document.title|data.documentContent.document.title}]${BY}`,
            quotes: {
                comment: "data.body",
                on: "data.issue.title|data.document.title|data.documentContent.document.title|data.projectUpdate.project.name",
                "comment before": "updatedFrom.body",
            },
            meta: { issue: "name:data.issue.identifier" },
            entity: [...toIssue("data.issue"), "{tail:url}"],
            low: ["remove"],
        },
        Project: PROJECT,
        ProjectUpdate: UPDATE,
        Initiative: {
            ...PROJECT,
            line: `Initiative {name:data.name} {did}${BY}`,
            entity: "initiative {name:data.name}",
        },
        InitiativeUpdate: UPDATE,
        Document: {
            line: `Document {did}${BY}[ in {name:data.project.name}]`,
            quotes: { title: "data.title", content: "data.content" },
            low: ["*"],
        },
        Cycle: {
            line: `Cycle {count:data.number} {did}${BY}`,
            facts: [
                "[{name:data.name}][, from {day:data.startsAt}][, to {day:data.endsAt}][, team {name:data.team.name}]",
            ],
            low: ["*"],
        },
        IssueLabel: {
            line: `Label {name:data.name} {did}${BY}`,
            facts: ["[team {name:data.team.name}]"],
            low: ["*"],
        },
        Reaction: {
            line: `Reaction {name:data.emoji} {did}${BY}`,
            quotes: { on: "data.comment.body|data.issue.title" },
            low: ["*"],
        },
        Attachment: {
            line: `Attachment {did}${BY}`,
            quotes: { title: "data.title", subtitle: "data.subtitle" },
            links: ["data.url", "url"],
            low: ["*"],
        },
        AgentSessionEvent: AGENT,
        AppUserNotification: {
            line: "Notification for the app: {name:action}[ on {name:notification.issue.identifier}][ by {name:notification.actor.name}]",
            quotes: {
                comment: "notification.comment.body",
                issue: "notification.issue.title",
                document: "notification.document.title",
            },
            entity: toIssue("notification.issue"),
            links: ["notification.issue.url", "notification.url"],
        },
        OAuthApp: {
            line: "The OAuth application was {did}",
            facts: ["[client {name:oauthClientId}]"],
            severity: "warning",
        },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "Linear > Settings > API > Webhooks > New webhook (an administrator): URL https://<your tunnel>{path}, copy the Signing secret and give it to sluice add",
        "Data change events: Issues, Comments, Project updates (and Issue SLA); choose a team or all public teams",
        "Create, then edit any issue: sluice tail shows Issue.update",
    ],
    retries: "5 s for an answer; three more attempts after a minute, an hour and six hours, with the same Linear-Delivery; then the webhook may be disabled",
    sources: ["https://linear.app/developers/webhooks", "https://linear.app/developers/agents"],
});
