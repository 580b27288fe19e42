/**
 * Sentry's internal integrations, as data.
 */
import { BODY_HEX } from "../../schemes.js";
import { defineSender } from "../../sender.js";
/** The frame in which it was raised; a trace lists the oldest first. */
function toWhere(event) {
    const frame = `${event}.exception.values.-1.stacktrace.frames.-1`;
    return {
        line: `{${frame}.filename|${event}.location|${event}.metadata.filename}[:{${frame}.lineno}][ in {${frame}.function|${event}.metadata.function}][: {${frame}.context_line}]`,
    };
}
export const sender = defineSender({
    kind: "sentry",
    title: "Sentry",
    description: "issues, alerts, errors and comments of an internal integration",
    schemes: ["sentry"],
    ownSchemes: {
        sentry: {
            ...BODY_HEX,
            title: "Sentry",
            proof: { header: "sentry-hook-signature", prefix: "", separator: "" },
            // Sentry-Hook-Timestamp is not signed, so nothing is judged by it.
            deliveryId: { header: "request-id" },
        },
    },
    secretPrompt: "Client Secret (Sentry > Settings > Developer Settings > your internal integration; its Webhook URL is https://<your tunnel>/in/sentry)",
    id: "$header.request-id",
    event: ["$header.sentry-hook-resource", "action"],
    actor: { id: "actor.id", name: "actor.name" },
    secrets: ["code"],
    events: {
        issue: {
            line: "Issue {name:data.issue.shortId|data.issue.id} {did}[ in {name:data.issue.project.name|data.issue.project.slug}][, level {lower:data.issue.level}][, by {name:actor.name}]",
            facts: [
                "[status {lower:data.issue.status}][, priority {lower:data.issue.priority}][, assigned to {name:data.issue.assignedTo.name|data.issue.assignedTo.email}]",
                "seen {number:data.issue.count|name:data.issue.count} times[ by {some:data.issue.userCount} users][, first {time:data.issue.firstSeen}][, last {time:data.issue.lastSeen}]",
            ],
            quotes: {
                title: "data.issue.title",
                culprit: "data.issue.culprit",
                file: "data.issue.metadata.filename",
            },
            meta: {
                issue: "name:data.issue.shortId|data.issue.id",
                project: "name:data.issue.project.slug",
                level: "lower:data.issue.level",
            },
            entity: "issue {id:data.issue.id}",
            stateOf: ["data.issue.id"],
            status: { at: "data.issue.status", closed: ["resolved", "ignored", "archived"] },
            severity: ["data.issue.level"],
            calm: ["assigned"],
            low: ["resolved", "assigned", "archived", "ignored"],
            links: ["data.issue.permalink", "data.issue.web_url"],
            at: ["data.issue.statusDetails.resolvedAt"],
        },
        event_alert: {
            line: 'Alert "{name:data.triggered_rule|data.issue_alert.title}" {did}[ in {name:data.event.environment}][, level {lower:data.event.level}]',
            facts: [
                "[platform {name:data.event.platform}][, release {name:data.event.release}][, environment {name:data.event.tags.*(0=environment).1}][, server {name:data.event.tags.*(0=server_name).1}]",
            ],
            quotes: {
                title: "data.event.title|data.event.metadata.title",
                culprit: "data.event.culprit",
                error: "data.event.exception.values.-1.value|data.event.metadata.value|data.event.message",
                where: toWhere("data.event"),
            },
            meta: {
                issue_id: "id:data.event.issue_id|tail:data.event.issue_url",
                environment: "name:data.event.environment",
            },
            entity: "issue {id:data.event.issue_id|tail:data.event.issue_url}",
            stateOf: ["data.event.issue_id|tail:data.event.issue_url"],
            stateName: "issue",
            severity: ["data.event.level", "data.event.type", "action"],
            severities: { triggered: "error", default: "error" },
            links: ["data.event.web_url"],
            at: ["data.event.datetime", "data.event.timestamp"],
        },
        metric_alert: {
            line: 'Metric alert "{name:data.metric_alert.alert_rule.name|data.metric_alert.title|data.description_title}": {did}',
            facts: [
                "{long:data.metric_alert.alert_rule.aggregate}[ over {number:data.metric_alert.alert_rule.time_window} min][, environment {name:data.metric_alert.alert_rule.environment}][, projects {name:data.metric_alert.projects.*}]",
            ],
            quotes: {
                title: "data.description_title|data.metric_alert.title",
                text: "data.description_text",
            },
            meta: { alert: "id:data.metric_alert.identifier|data.metric_alert.id" },
            entity: "metric alert {id:data.metric_alert.identifier|data.metric_alert.id}",
            stateOf: ["data.metric_alert.id|data.metric_alert.identifier"],
            status: { at: "action", open: ["critical", "warning"], closed: ["resolved"] },
            severity: ["action"],
            low: ["resolved"],
            links: ["data.web_url"],
            at: ["data.metric_alert.date_closed", "data.metric_alert.date_started"],
        },
        error: {
            line: "Error {did}[, level {lower:data.error.level}][, environment {name:data.error.environment}]",
            facts: ["[platform {name:data.error.platform}][, release {name:data.error.release}]"],
            quotes: {
                title: "data.error.title",
                culprit: "data.error.culprit",
                error: "data.error.exception.values.-1.value|data.error.metadata.value|data.error.message",
                where: toWhere("data.error"),
            },
            entity: "issue {id:data.error.issue_id}",
            severity: ["data.error.level", "action"],
            severities: { created: "error" },
            links: ["data.error.web_url"],
            at: ["data.error.datetime", "data.error.timestamp"],
        },
        comment: {
            line: "Comment {did} on issue {id:data.issue_id}[ in {name:data.project_slug}][ by {name:actor.name}]",
            quotes: { comment: "data.comment" },
            meta: { project: "name:data.project_slug" },
            entity: "issue {id:data.issue_id}",
            low: ["deleted"],
            at: ["data.timestamp"],
        },
        installation: {
            line: "Integration {name:data.installation.app.slug} {did}[ in {name:data.installation.organization.slug}][ by {name:actor.name}]",
            facts: ["status {lower:data.installation.status}"],
            low: ["*"],
        },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "Sentry > Settings > Developer Settings > Create New Integration > Internal: Webhook URL https://<your tunnel>{path}, switch Alert Rule Action on",
        "Permissions: Issue & Event Read, Alerts Read; Webhooks: issue, comment (error needs a Business plan)",
        "For alerts: in the alert rule, Then perform these actions > Send a notification via an integration > yours",
        "Resolve any issue: sluice tail shows issue.resolved",
    ],
    retries: "1 s for an answer and no second attempt that the documents name; a thousand timeouts in a day end the subscription",
    sources: [
        "https://docs.sentry.io/integrations/integration-platform/webhooks/",
        "https://docs.sentry.io/integrations/integration-platform/webhooks/metric-alerts/",
        "https://docs.sentry.io/integrations/integration-platform/webhooks/issue-alerts/",
    ],
});
