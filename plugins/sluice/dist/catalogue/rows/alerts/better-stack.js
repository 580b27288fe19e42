/**
 * Better Stack's outgoing webhooks, as data.
 */
import { defineSender } from "../../sender.js";
const DATA = "data.attributes";
const NAME = `${DATA}.name|${DATA}.pronounceable_name|incident_name|monitor_name|${DATA}.url`;
export const sender = defineSender({
    kind: "better-stack",
    title: "Better Stack",
    description: "incidents as they start, are acknowledged and end, monitors, who is on call, and errors of applications",
    aliases: ["betterstack", "better-uptime"],
    // Its form has a URL and, under Advanced settings, headers.
    schemes: ["bearer", "basic", "path", "query"],
    secrets: ["email", "phone_numbers"],
    // Who is on call comes without a time, and may be the same person again.
    isUnique: `${DATA}.started_at|${DATA}.updated_at|dt`,
    event: ["data.type", `event|${DATA}.event`],
    common: { at: [`${DATA}.resolved_at`, `${DATA}.acknowledged_at`, `${DATA}.started_at`, "dt"] },
    events: {
        incident: {
            line: `Incident {did}: {name:${NAME}}[ of team {name:${DATA}.team_name}]`,
            facts: [
                `[checks {link:${DATA}.url}][, started {time:${DATA}.started_at}][, acknowledged {time:${DATA}.acknowledged_at}][ by {who:${DATA}.acknowledged_by}][, resolved {time:${DATA}.resolved_at}][ by {who:${DATA}.resolved_by}][, regions {name:${DATA}.regions.*}]`,
            ],
            quotes: { cause: `${DATA}.cause|cause|message`, response: `${DATA}.response_content` },
            meta: { incident: "id:data.id", monitor: "id:data.relationships.monitor.data.id" },
            entity: ["incident {id:data.id}", "incident {id:incident_id}"],
            stateOf: ["data.id|incident_id"],
            status: {
                at: `event|${DATA}.status`,
                open: ["started", "reopened", "created"],
                closed: ["resolved"],
            },
            severity: ["event"],
            severities: { started: "error", reopened: "error", created: "error", acknowledged: "info" },
            // What calls whoever is on call.
            urgent: ["started", "reopened"],
            low: ["resolved", "acknowledged"],
            links: ["https://uptime.betterstack.com/team/0/incidents/{exact:data.id|incident_id}"],
        },
        monitor: {
            line: `Monitor {did}: {name:${NAME}}`,
            facts: [
                `[checks {link:${DATA}.url}][ ({lower:${DATA}.monitor_type})][, every {seconds:${DATA}.check_frequency}][, status {lower:${DATA}.status}][, last checked {time:${DATA}.last_checked_at}]`,
            ],
            entity: ["monitor {id:data.id}", "monitor {id:monitor_id}"],
            links: ["https://uptime.betterstack.com/team/0/monitors/{exact:data.id|monitor_id}"],
            normal: ["paused", "deleted"],
            low: ["*"],
            at: [`${DATA}.updated_at`, "dt"],
        },
        on_call_calendar: {
            line: "Now on call[ in {name:data.attributes.name}]: {who:included.*.attributes.first_name|included.*.attributes.name|=somebody else}",
            facts: ["calendar {id:data.id}"],
            low: ["*"],
        },
        error: {
            line: {
                new_error: `New error: {name:${DATA}.error_type}[ in {name:${DATA}.application_name}]`,
                threshold: `Error reached its threshold: {name:${DATA}.error_type}[ in {name:${DATA}.application_name}]`,
                spike: `Error comes much more often: {name:${DATA}.error_type}[ in {name:${DATA}.application_name}]`,
                reoccurred: `Error came back: {name:${DATA}.error_type}[ in {name:${DATA}.application_name}]`,
                "*": `Error {did}: {name:${DATA}.error_type}[ in {name:${DATA}.application_name}]`,
            },
            facts: [
                `[at {path:${DATA}.call_site_file}][:{count:${DATA}.call_site_line}][, in {name:${DATA}.call_site_function}][, release {name:${DATA}.release|${DATA}.release_name}][, environment {name:${DATA}.environment}]`,
            ],
            quotes: { message: `${DATA}.error_message` },
            entity: "error {id:data.id}",
            stateOf: ["data.id"],
            status: { at: `${DATA}.event`, closed: ["resolved", "ignored"] },
            severity: [`${DATA}.event`],
            severities: {
                new_error: "error",
                threshold: "error",
                spike: "error",
                reoccurred: "error",
                unresolved: "warning",
            },
            low: ["resolved", "ignored"],
            links: [`${DATA}.error_url`],
        },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "Better Stack > Uptime > Integrations > Exporting data > Outgoing webhooks > Configure: type Incident, URL https://<your tunnel>{path}",
        "Advanced settings > Custom headers: Authorization, value Bearer <the token above> (where the form has no headers: add the channel with --verify path and use the address that it prints)",
        "The same for type Monitor and, in Errors > Outgoing webhooks, for errors",
        "Press Send test webhook: sluice tail shows incident.started",
    ],
    retries: "not documented",
    sources: [
        "https://betterstack.com/docs/uptime/webhooks/",
        "https://betterstack.com/docs/errors/integrations/outgoing-webhooks/",
    ],
});
