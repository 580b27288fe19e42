/**
 * PagerDuty's webhooks, version 3, as data.
 */
import { BODY_HEX } from "../../schemes.js";
import { defineSender } from "../../sender.js";
const DATA = "event.data";
/** What happens to an incident besides its states; of it only a reference is sent. */
const ASIDE = {
    line: "Incident {id:event.data.incident.id}: {name:event.event_type}[ by {name:event.agent.summary}]",
    facts: ["incident: {name:event.data.incident.summary}"],
    quotes: {
        fields: { of: `${DATA}.custom_fields`, line: "{name}: {value}" },
        bridge: "event.data.conference_url|event.data.conference_number",
    },
    entity: "incident {id:event.data.incident.id}",
    low: ["*"],
};
export const sender = defineSender({
    kind: "pagerduty",
    title: "PagerDuty",
    description: "incidents as they are triggered, acknowledged, escalated, annotated and resolved",
    aliases: ["pd"],
    schemes: ["pagerduty"],
    ownSchemes: {
        pagerduty: {
            ...BODY_HEX,
            title: "PagerDuty",
            proof: { header: "x-pagerduty-signature", prefix: "v1=", separator: "," },
            deliveryId: { header: "x-webhook-id" },
        },
    },
    secretPrompt: "signing secret (PagerDuty shows it once, when the webhook is created; its URL is https://<your tunnel>/in/pagerduty)",
    // The same for each attempt; the event's own id stands in the signed body.
    id: "event.id",
    event: ["event.event_type"],
    actor: { id: "event.agent.id", name: "event.agent.summary" },
    common: { at: ["event.occurred_at"], links: [`${DATA}.html_url`, `${DATA}.incident.html_url`] },
    events: {
        incident: {
            line: "Incident #{count:event.data.number} {did}[: {name:event.data.service.summary}][, urgency {lower:event.data.urgency}][, priority {name:event.data.priority.summary}][, by {name:event.agent.summary}]",
            facts: [
                "status {lower:event.data.status}[, assigned to {name:event.data.assignees.*.summary}][, escalation policy {name:event.data.escalation_policy.summary}][, team {name:event.data.teams.*.summary}]",
            ],
            quotes: {
                title: `${DATA}.title|${DATA}.summary`,
                reason: `${DATA}.resolve_reason.incident.summary`,
            },
            meta: {
                number: "count:event.data.number",
                incident: "id:event.data.id",
                service: "name:event.data.service.summary",
                urgency: "code:event.data.urgency",
            },
            entity: "incident {id:event.data.id}",
            stateOf: [`${DATA}.id`],
            status: { at: `${DATA}.status`, open: ["triggered"], closed: ["resolved"] },
            severity: [`${DATA}.urgency`],
            severities: { high: "error", low: "warning" },
            // What PagerDuty wakes a person for.
            urgent: ["error.triggered", "error.escalated", "error.reopened"],
            low: ["resolved", "priority_updated", "delegated", "reassigned"],
        },
        "incident.annotated": {
            line: "Note on incident {id:event.data.incident.id}[ by {name:event.agent.summary}]",
            facts: ["incident: {name:event.data.incident.summary}"],
            quotes: { note: `${DATA}.content` },
            entity: "incident {id:event.data.incident.id}",
        },
        "incident.status_update_published": {
            line: "Status update of incident {id:event.data.incident.id}[ by {name:event.agent.summary}]",
            facts: ["incident: {name:event.data.incident.summary}"],
            quotes: { update: `${DATA}.message` },
            entity: "incident {id:event.data.incident.id}",
        },
        "incident.responder": {
            line: "Responder {did} for incident {id:event.data.incident.id}: {name:event.data.user.summary|event.data.escalation_policy.summary}[, {lower:event.data.state}]",
            facts: ["incident: {name:event.data.incident.summary}"],
            quotes: { message: `${DATA}.message` },
            entity: "incident {id:event.data.incident.id}",
            low: ["*"],
        },
        "incident.custom_field_values": ASIDE,
        "incident.conference_bridge": ASIDE,
        "incident.action_invocation": ASIDE,
        "incident.workflow": {
            line: "Workflow {name:event.data.incident_workflow.summary} {did} for incident {id:event.data.incident.id}",
            facts: [
                "incident: {name:event.data.incident.summary}[, service {name:event.data.service.summary}]",
            ],
            entity: "incident {id:event.data.incident.id}",
            low: ["*"],
        },
        service: {
            line: "Service {name:event.data.summary|event.data.name} {did}[ by {name:event.agent.summary}]",
            entity: "service {id:event.data.id}",
            low: ["*"],
        },
        pagey: {
            line: "PagerDuty's test event arrived",
            quotes: { message: `${DATA}.message` },
            low: ["*"],
        },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "PagerDuty > Integrations > Generic Webhooks (v3) > New Webhook: Webhook URL https://<your tunnel>{path}, scope a service or the account",
        'Event subscription: "Select all", or all that begin with incident.',
        "Add Webhook, then press Send Test Event on it: sluice tail shows pagey.ping",
    ],
    retries: "5 s for an answer; without one, and after 429 and 5xx, again for 48 h; any other 4xx drops the event, and three drops in a row disable the webhook for a day",
    sources: [
        "https://developer.pagerduty.com/docs/webhooks-overview",
        "https://developer.pagerduty.com/docs/verifying-webhook-signatures",
        "https://developer.pagerduty.com/docs/webhook-behavior",
    ],
});
