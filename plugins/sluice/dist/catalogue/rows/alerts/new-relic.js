/**
 * New Relic's webhook notifications, as data.
 */
import { defineSender } from "../../sender.js";
const ID = "id|issueId|issue_id|incident_id";
const STATE = "state|current_state";
const CONDITION = "alertConditionNames.*|alertConditionNames|accumulations.conditionName.*|condition_name";
const POLICY = "alertPolicyNames.*|alertPolicyNames|accumulations.policyName.*|policy_name";
const ENTITIES = "impactedEntities.*|impactedEntities|entitiesData.names.*|targets.*.name|targets.*.link";
export const sender = defineSender({
    kind: "new-relic",
    title: "New Relic",
    description: "issues of alert policies as they open, are acknowledged and close",
    aliases: ["newrelic"],
    schemes: ["bearer", "basic"],
    // Whoever opens one of these acknowledges or closes the issue.
    secrets: [
        "incident_acknowledge_url",
        "incidentAcknowledgeUrl",
        "issueAckUrl",
        "issueAcknowledgeUrl",
        "issueCloseUrl",
    ],
    parts: { owner: [/^(?!N\/A$)(?<owner>.{1,100})/] },
    isUnique: "updatedAt|timestamp|createdAt",
    event: ["=issue", STATE],
    events: {
        issue: {
            line: `Issue {did}[: {long:${CONDITION}}][, priority {lower:priority|severity}][ (incidents: {some:totalIncidents})]`,
            facts: [
                `[on {name:${ENTITIES}}][, policy {name:${POLICY}}][, owner {who:$part.owner}]`,
                "runbook: {link:runbook_url|runbookUrl|accumulations.runbookUrl.*}",
            ],
            quotes: {
                title: "title|annotations.title.*",
                details: "details|description|annotations.description.*|condition_description",
            },
            meta: { issue: `id:${ID}` },
            entity: [`issue {name:${CONDITION}}`, `issue {id:${ID}}`],
            stateOf: [ID],
            status: {
                at: STATE,
                open: ["created", "activated", "active", "open"],
                closed: ["closed", "deactivated", "resolved"],
            },
            severity: ["priority|severity", STATE],
            severities: { created: "error", activated: "error", active: "error", open: "error" },
            low: ["closed", "deactivated", "resolved", "acknowledged"],
            links: ["issueUrl", "issuePageUrl", "incident_url", "violationChartUrl"],
            at: ["updatedAt", "timestamp", "createdAt"],
        },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "New Relic > Alerts > Destinations > Add a destination > Webhook: Endpoint URL https://<your tunnel>{path}, Authorization: Bearer Token, the token above",
        "New Relic > Alerts > Workflows > Add a workflow: choose the issues, then Add channel > Webhook, that destination, and leave the template as it is",
        "Press Send test notification: sluice tail shows issue.CREATED",
    ],
    retries: "not documented",
    sources: [
        "https://docs.newrelic.com/docs/alerts/get-notified/notification-integrations/#webhook",
        "https://docs.newrelic.com/docs/alerts/get-notified/custom-variables-incident-workflows/",
    ],
});
