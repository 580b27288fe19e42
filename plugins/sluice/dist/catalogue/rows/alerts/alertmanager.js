/**
 * Prometheus Alertmanager's webhook receiver, as data.
 */
import { defineSender } from "../../sender.js";
/** Where labels say that an alert is. */
const PLACE = "labels.instance|labels.host|labels.pod|labels.node|labels.service|labels.job|labels.cluster";
const LINE = `{annotations.description|annotations.message|annotations.summary|labels.alertname}[ (on {${PLACE}})]`;
export const sender = defineSender({
    kind: "alertmanager",
    title: "Prometheus Alertmanager",
    description: "groups of alerts as they fire and resolve",
    aliases: ["prometheus"],
    schemes: ["bearer", "basic"],
    event: ["=alert", "status"],
    events: {
        alert: {
            line: "Alert {did}: {name:groupLabels.alertname|commonLabels.alertname|alerts.*.labels.alertname}[, severity {lower:commonLabels.severity|alerts.*.labels.severity}][ ({size:alerts} in the group)]",
            facts: [
                "[on {name:commonLabels.instance|commonLabels.host|alerts.*.labels.instance|alerts.*.labels.host|alerts.*.labels.pod|alerts.*.labels.node}][, since {time:alerts.0.startsAt}]",
                "group: {pairs:groupLabels}",
                "runbook: {link:commonAnnotations.runbook_url|alerts.*.annotations.runbook_url}",
            ],
            quotes: {
                summary: "commonAnnotations.summary|commonAnnotations.message",
                alerts: { of: "alerts.*(status!=resolved)", line: LINE },
                resolved: { of: "alerts.*(status=resolved)", line: LINE },
            },
            meta: {
                alertname: "name:groupLabels.alertname|commonLabels.alertname",
                receiver: "name:receiver",
            },
            // The group's labels stay while alerts come and go in it.
            entity: "alert {pairs:groupLabels|name:receiver}",
            stateOf: ["receiver", "groupKey"],
            status: { at: "status", open: ["firing"], closed: ["resolved"] },
            severity: ["commonLabels.severity", "alerts.0.labels.severity", "status"],
            low: ["resolved"],
            links: ["alerts.0.generatorURL", "externalURL"],
        },
    },
    setUp: [
        "Where Alertmanager runs elsewhere, expose the port: cloudflared tunnel --url {origin} (on this machine use {url})",
        "In alertmanager.yml, a receiver: webhook_configs: [{ url: 'https://<your tunnel>{path}', http_config: { authorization: { credentials: '<the token above>' } } }]",
        "Name that receiver in a route (continue: true keeps your others), then reload: curl -X POST http://<alertmanager>/-/reload",
        "Try it: amtool alert add alertname=SluiceTest severity=warning --annotation summary=hello; sluice tail shows it after group_wait",
    ],
    retries: "tries again after 5xx and timeouts until the group's next interval; a 4xx is final",
    sources: [
        "https://prometheus.io/docs/alerting/latest/configuration/#webhook_config",
        "https://prometheus.io/docs/alerting/latest/configuration/#http_config",
    ],
});
