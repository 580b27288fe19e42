/**
 * Grafana's webhook contact point, as data.
 */
import { BODY_HEX, WINDOW_MS } from "../../schemes.js";
import { defineSender } from "../../sender.js";
const HMAC = {
    ...BODY_HEX,
    proof: { header: "x-grafana-alerting-signature", configurable: true, prefix: "", separator: "" },
    deliveryId: "none",
};
const LINE = "{annotations.description|annotations.summary|labels.alertname}[ (on {labels.instance|labels.host|labels.pod|labels.zone})][ {valueString}]";
export const sender = defineSender({
    kind: "grafana",
    title: "Grafana",
    description: "alerts of Grafana Alerting, and of dashboards in Grafana 7 and 8",
    schemes: ["grafana", "grafana-timed", "bearer", "basic"],
    ownSchemes: {
        grafana: { ...HMAC, title: "Grafana" },
        "grafana-timed": {
            ...HMAC,
            title: "Grafana with a timestamp header",
            signed: "{timestamp}:{body}",
            timestamp: {
                place: { header: "x-grafana-alerting-timestamp", prefix: "", separator: "" },
                unit: "s",
                windowMs: WINDOW_MS,
            },
        },
    },
    methods: ["PUT"],
    event: ["=alert", "status|state"],
    events: {
        alert: {
            line: "Alert {did}: {name:groupLabels.alertname|commonLabels.alertname|alerts.*.labels.alertname|ruleName|title}[, severity {lower:commonLabels.severity|alerts.*.labels.severity}][, folder {name:commonLabels.grafana_folder}][ ({size:alerts} in the group)]",
            facts: [
                "[on {name:commonLabels.instance|commonLabels.host|alerts.*.labels.instance|alerts.*.labels.host|evalMatches.*.tags.instance}][, {pairs:alerts.0.values}][, since {time:alerts.0.startsAt}]",
                "values: {name:evalMatches.*.metric} = {number:evalMatches.*.value}",
                "group: {pairs:groupLabels}",
                "runbook: {link:commonAnnotations.runbook_url|alerts.*.annotations.runbook_url}",
                "dashboard: {link:alerts.0.panelURL|alerts.0.dashboardURL}",
            ],
            quotes: {
                title: "title",
                summary: "commonAnnotations.summary|commonAnnotations.description",
                alerts: { of: "alerts.*(status!=resolved)", line: LINE },
                resolved: { of: "alerts.*(status=resolved)", line: LINE },
                message: "message",
            },
            meta: { alertname: "name:groupLabels.alertname|commonLabels.alertname|ruleName" },
            entity: "alert {pairs:groupLabels|name:ruleName|name:receiver|name:title}",
            stateOf: ["receiver|ruleUrl|orgId", "groupKey|ruleId|title"],
            status: { at: "status|state", open: ["firing", "alerting"], closed: ["resolved", "ok"] },
            severity: ["commonLabels.severity", "alerts.0.labels.severity", "status|state"],
            low: ["resolved", "ok", "pending", "paused"],
            links: ["alerts.0.generatorURL", "ruleUrl", "alerts.0.dashboardURL", "externalURL"],
        },
    },
    setUp: [
        "Where Grafana runs elsewhere, expose the port: cloudflared tunnel --url {origin} (on this machine use {url})",
        "Grafana > Alerting > Contact points > Add: Integration Webhook, URL https://<your tunnel>{path}",
        "Grafana 12 and newer: Optional Webhook settings > HMAC Signature > Secret: the secret above, and leave the header names empty (for a time in the signature add the channel with --verify grafana-timed and name the timestamp header X-Grafana-Alerting-Timestamp)",
        "Older: add the channel with --verify bearer, and set Authorization Header: Scheme Bearer, Credentials the token",
        "Press Test: sluice tail shows it. Then choose the contact point in a notification policy",
    ],
    retries: "not documented; a group that still fires is sent again after its repeat interval",
    sources: [
        "https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/",
    ],
});
