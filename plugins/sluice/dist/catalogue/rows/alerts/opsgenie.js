/**
 * Opsgenie's webhook integration, as data.
 */
import { defineSender } from "../../sender.js";
/** Actions that say how the alert stands; all others only add to it. */
const STATE = {
    facts: [
        "[on {name:alert.entity}][, source {who:alert.source}][, tags {name:alert.tags.*}][, responders {who:alert.responders.*.name|alert.responders.*.username}]",
    ],
    stateOf: ["alert.alertId"],
    stateName: "alert",
    status: { at: "action", open: ["create"], closed: ["close", "delete"] },
    severity: ["alert.priority", "action"],
    severities: {
        "1": "error",
        "2": "error",
        "3": "warning",
        p4: "info",
        p5: "info",
        create: "warning",
        unacknowledge: "warning",
    },
};
export const sender = defineSender({
    kind: "opsgenie",
    title: "Opsgenie",
    description: "alerts as they are created, acknowledged, escalated, annotated and closed",
    // A webhook there has no signature, but headers of its own.
    schemes: ["bearer", "basic"],
    event: ["=alert", "action"],
    action: "action",
    actor: { id: "alert.userId", name: "$part.user" },
    parts: { "alert.username": [/^(?<user>[^@]{1,100})/] },
    // The time of the change, in nanoseconds; an escalation has a number instead.
    isUnique: "alert.updatedAt|escalationId",
    common: {
        entity: ["alert {name:alert.alias}", "alert #{id:alert.tinyId}", "alert {id:alert.alertId}"],
        quotes: {
            message: "alert.message",
            note: "alert.note",
            description: "alert.description",
        },
        objects: { details: "alert.details" },
        meta: { alert: "id:alert.alertId", number: "id:alert.tinyId" },
        links: ["https://app.opsgenie.com/alert/detail/{exact:alert.alertId}/details"],
        at: ["alert.updatedAt", "alert.createdAt"],
    },
    events: {
        "alert.Create": {
            line: "Alert #{id:alert.tinyId|alert.alertId} created[, priority {name:alert.priority}][, alias {name:alert.alias}]",
            ...STATE,
            // What a person is called for.
            urgent: ["error.create"],
        },
        "alert.Acknowledge": {
            line: "Alert #{id:alert.tinyId|alert.alertId} acknowledged[ by {who:alert.username}][, priority {name:alert.priority}]",
            ...STATE,
            calm: ["acknowledge"],
            low: ["*"],
        },
        "alert.UnAcknowledge": {
            line: "Alert #{id:alert.tinyId|alert.alertId} is nobody's again: unacknowledged[ by {who:alert.username}][, priority {name:alert.priority}]",
            ...STATE,
        },
        "alert.Close": {
            line: "Alert #{id:alert.tinyId|alert.alertId} closed[ by {who:alert.username}][, priority {name:alert.priority}]",
            ...STATE,
            low: ["*"],
        },
        "alert.Delete": {
            line: "Alert #{id:alert.tinyId|alert.alertId} deleted[ by {who:alert.username}]",
            ...STATE,
            low: ["*"],
        },
        "alert.Escalate": {
            line: "Alert {name:alert.alias|id:alert.tinyId|alert.alertId} escalated[ to {who:escalationNotify.name}][ by {name:escalationName}][, priority {name:alert.priority}]",
            facts: ["[rule of {name:integrationName}][, repeated {some:repeatCount} times]"],
            severity: "error",
        },
        "alert.EscalateNext": {
            line: "Alert #{id:alert.tinyId|alert.alertId} escalated to the next[ by {who:alert.username}]",
            severity: "error",
        },
        "alert.AddNote": {
            line: "Note on alert #{id:alert.tinyId|alert.alertId}[ by {who:alert.username}]",
            quotes: { note: "alert.note", message: "alert.message" },
        },
        "alert.AssignOwnership": {
            line: "Alert #{id:alert.tinyId|alert.alertId} assigned to {who:alert.owner|=somebody}[ by {who:alert.username}]",
            low: ["*"],
        },
        "alert.TakeOwnership": {
            line: "Alert #{id:alert.tinyId|alert.alertId} taken by {who:alert.username|=somebody}",
            low: ["*"],
        },
        "alert.UpdatePriority": {
            line: "Alert #{id:alert.tinyId|alert.alertId}: priority {name:alert.priority}[, was {name:alert.oldPriority}][, set by {who:alert.username}]",
            severity: ["alert.priority"],
            severities: STATE.severities,
        },
        alert: {
            line: {
                AddTeam: "Alert #{id:alert.tinyId|alert.alertId}: team {name:alert.team} added",
                AddRecipient: "Alert #{id:alert.tinyId|alert.alertId}: {who:alert.recipient} added",
                AddResponder: "Alert #{id:alert.tinyId|alert.alertId}: responder {who:alert.responder.name|alert.responder.username|alert.responder} added",
                AddTags: "Alert #{id:alert.tinyId|alert.alertId}: tags {name:alert.addedTags|alert.tags.*} added",
                RemoveTags: "Alert #{id:alert.tinyId|alert.alertId}: tags {name:alert.removedTags|=some} removed",
                Snooze: "Alert #{id:alert.tinyId|alert.alertId} snoozed[ until {time:alert.snoozeEndDate|alert.snoozedUntil}]",
                SnoozeEnded: "Alert #{id:alert.tinyId|alert.alertId}: its snooze ended",
                "*": "Alert #{id:alert.tinyId|alert.alertId}: {name:action}[ by {who:alert.username}]",
            },
            low: ["AddTeam", "AddRecipient", "AddResponder", "AddTags", "RemoveTags", "Snooze"],
        },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "Opsgenie > Settings > Integrations > Add integration > Webhook: Webhook URL https://<your tunnel>{path}",
        "Add custom header: Authorization, value Bearer <the token above>; tick Add Alert Description and Add Alert Details",
        "Alert actions: create, acknowledge, unacknowledge, close, escalate, add note and custom; Save Integration, then Turn on",
        "Create an alert: sluice tail shows alert.Create",
    ],
    retries: "tries again after an error for a while; its schedule is not documented",
    sources: [
        "https://support.atlassian.com/opsgenie/docs/integrate-opsgenie-with-outgoing-webhooks/",
        "https://support.atlassian.com/opsgenie/docs/opsgenie-edge-connector-alert-action-data/",
    ],
});
