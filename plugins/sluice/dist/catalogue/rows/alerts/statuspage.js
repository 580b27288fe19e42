/**
 * Statuspage's webhook subscriptions, as data.
 */
import { defineSender } from "../../sender.js";
export const sender = defineSender({
    kind: "statuspage",
    title: "Statuspage",
    description: "incidents, maintenance and components of a status page, of your own or of a service that you use",
    // Nothing of it is signed, and its form has nothing but an address.
    schemes: ["path", "query"],
    isUnique: "meta.generated_at",
    event: [
        "=incident?incident.id|=component?component_update.component_id|=component?component.id",
        "incident.status|component_update.new_status|component.status",
    ],
    // The link that unsubscribes has the page's address in front.
    parts: { "meta.unsubscribe": [/^(?<page>https?:\/\/[\w.-]{1,200})/] },
    events: {
        incident: {
            line: {
                scheduled: "Maintenance scheduled[ from {time:incident.scheduled_for}][ to {time:incident.scheduled_until}][ ({host:$part.page})]",
                in_progress: "Maintenance in progress[ until {time:incident.scheduled_until}][ ({host:$part.page})]",
                verifying: "Maintenance is being verified[ ({host:$part.page})]",
                completed: "Maintenance completed[ ({host:$part.page})]",
                postmortem: "Postmortem of an incident[ ({host:$part.page})]",
                "*": "Incident {did}[, impact {lower:incident.impact}][ ({host:$part.page})]",
            },
            facts: [
                "[affects {name:incident.components.*.name|incident.incident_updates.0.affected_components.*.name}][, page: {lower:page.status_description}][, since {time:incident.started_at|incident.created_at}][, resolved {time:incident.resolved_at}]",
            ],
            quotes: {
                title: "incident.name",
                update: "incident.incident_updates.0.body",
                postmortem: "incident.postmortem_body",
            },
            meta: { incident: "id:incident.id", impact: "code:incident.impact" },
            entity: "incident {id:incident.id}",
            stateOf: ["incident.id"],
            status: {
                at: "incident.status",
                open: ["investigating", "identified"],
                closed: ["resolved", "completed", "postmortem"],
            },
            severity: ["incident.impact"],
            severities: { maintenance: "info", none: "info" },
            low: ["resolved", "completed", "postmortem"],
            links: ["incident.shortlink", "$part.page"],
            at: ["incident.incident_updates.0.created_at", "incident.updated_at"],
        },
        component: {
            line: "Component {name:component.name|id:component_update.component_id} is now {lower:component_update.new_status|component.status}[, was {lower:component_update.old_status}][ ({host:$part.page})]",
            facts: ["page: {lower:page.status_description}"],
            quotes: { description: "component.description" },
            meta: { component: "id:component.id" },
            entity: "component {name:component.name|id:component_update.component_id}",
            stateOf: ["component_update.component_id|component.id"],
            status: {
                at: "component_update.new_status|component.status",
                open: ["major_outage", "partial_outage", "degraded_performance"],
                closed: ["operational"],
            },
            severity: ["component_update.new_status|component.status"],
            low: ["operational", "under_maintenance"],
            links: ["$part.page"],
            at: ["component_update.created_at", "component.updated_at"],
        },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "On the status page: Subscribe to updates > the tab with the <> sign (Webhook): https://<your tunnel> and the path with the secret above, and an address for mail about failed deliveries",
        "Of a page of your own, first: Statuspage > Audience > Subscribers > Options > Settings > Webhook",
        "A page without that tab has none: add a feed channel for https://<page>/history.atom instead",
        "The next update shows in sluice tail as incident.investigating or component.partial_outage",
    ],
    retries: "30 s for an answer; tries again for a while, then mails the address above",
    sources: ["https://support.atlassian.com/statuspage/docs/enable-webhook-notifications/"],
});
