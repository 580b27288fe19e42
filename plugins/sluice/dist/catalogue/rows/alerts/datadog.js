/**
 * Datadog's webhooks, as data.
 */
import { defineSender } from "../../sender.js";
/** The variables as our payload names them, as people do who keep their names, and as they stand in a title of Datadog's own. */
const TRANSITION = "alert_transition|ALERT_TRANSITION|$part.transition";
const SCOPE = "alert_scope|ALERT_SCOPE|$part.scope";
const MONITOR = "alert_id|ALERT_ID|$part.monitor";
const NAME = "$part.name|alert_title|ALERT_TITLE";
const PRIORITY = "alert_priority|ALERT_PRIORITY|$part.priority";
const WHERE = `[ on {long:${SCOPE}}][, priority {name:${PRIORITY}}]`;
export const sender = defineSender({
    kind: "datadog",
    title: "Datadog",
    description: "monitors as they trigger, warn, lose their data and recover, and events",
    schemes: ["bearer", "basic"],
    // Whoever writes a payload may call anything "id": the time tells one event from the next.
    isUnique: "date|DATE|last_updated|LAST_UPDATED",
    event: [
        "=monitor?alert_transition|=monitor?ALERT_TRANSITION|=monitor?$part.transition|=event",
        `${TRANSITION}|event_type|EVENT_TYPE`,
    ],
    parts: {
        title: [
            /^(?:\[TEST\] )?(?:\[(?<priority>P[1-5])\] )?(?:\[TEST\] )?\[(?<transition>(?:Re-)?(?:Triggered|Warn(?:ed)?|No [Dd]ata|Missing|Renotify|Recovered)(?: Recovered)?)(?: on \{(?<scope>[^}]{1,300})\})?\] (?<name>[^\n]{1,300})/,
            /^\[Monitor Alert\] (?<transition>Triggered|Warn|No data|Recovered)(?: on \{(?<scope>[^}]{1,300})\})?: (?<name>[^\n]{1,300})/,
        ],
        body: [
            /\/monitors[/#](?<monitor>\d{1,20})/,
            /(?<page>https:\/\/[a-z0-9.-]{1,60}\/(?:monitors|event)[/#?][^\s)\]]{1,300})/,
            /^(?:%%%\s{0,9})?(?<text>[^]{1,6000}?)(?:\s{0,4}\n- - -|\s{0,4}%%%|$)/,
        ],
    },
    common: {
        links: ["link", "LINK", "url", "$part.page"],
        at: ["date", "DATE", "last_updated", "LAST_UPDATED"],
    },
    events: {
        monitor: {
            line: {
                Warn: `Monitor warns${WHERE}`,
                "Re-Warn": `Monitor warns again${WHERE}`,
                "Re-Triggered": `Monitor triggered again${WHERE}`,
                Renotify: `Monitor is still triggered${WHERE}`,
                No_Data: `Monitor has no data${WHERE}`,
                No_data: `Monitor has no data${WHERE}`,
                "*": `Monitor {did}${WHERE}`,
            },
            facts: [
                "[metric {name:alert_metric}][, host {name:hostname|host}][, tags {long:tags|tags.*}][, organization {name:org.name|org_name}]",
            ],
            quotes: {
                monitor: `${NAME}|title|event_title`,
                status: "alert_status|ALERT_STATUS",
                message: "text_only_msg|event_msg|$part.text|body",
                logs: "logs_sample",
            },
            meta: { monitor: `id:${MONITOR}`, event_type: "code:event_type" },
            entity: [
                `monitor {name:${NAME}} on {name:${SCOPE}}`,
                `monitor {name:${NAME}}`,
                `monitor {id:${MONITOR}}`,
            ],
            // A monitor without groups has no scope: then its number says all.
            stateOf: [`${MONITOR}|${NAME}`, `${SCOPE}|${MONITOR}|${NAME}`],
            status: {
                at: TRANSITION,
                open: [
                    "triggered",
                    "re-triggered",
                    "warn",
                    "re-warn",
                    "no_data",
                    "re-no_data",
                    "missing",
                    "renotify",
                    "re-notify",
                ],
                closed: ["recovered", "warn_recovered", "no_data_recovered", "resolved", "ok"],
            },
            severity: [TRANSITION],
            severities: {
                "re-triggered": "error",
                renotify: "error",
                "re-notify": "error",
                "re-warn": "warning",
                "re-no_data": "warning",
                missing: "warning",
            },
            low: ["recovered", "warn_recovered", "no_data_recovered", "resolved", "ok"],
        },
        event: {
            line: "Datadog event[ {name:event_type|EVENT_TYPE}][ on {long:alert_scope|hostname|host}][, priority {lower:priority}]",
            facts: ["tags {long:tags|tags.*}"],
            quotes: { title: "title|event_title", message: "text_only_msg|event_msg|$part.text|body" },
            severity: ["alert_type|ALERT_TYPE"],
            low: ["*"],
        },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "Datadog > Integrations > Webhooks > New Webhook: Name sluice, URL https://<your tunnel>{path}",
        'Custom Headers: {"Authorization": "Bearer <the token above>"}',
        'Payload: {"id":"$ID","title":"$EVENT_TITLE","event_type":"$EVENT_TYPE","alert_id":"$ALERT_ID","alert_title":"$ALERT_TITLE","alert_transition":"$ALERT_TRANSITION","alert_status":"$ALERT_STATUS","alert_scope":"$ALERT_SCOPE","alert_metric":"$ALERT_METRIC","alert_priority":"$ALERT_PRIORITY","alert_type":"$ALERT_TYPE","hostname":"$HOSTNAME","tags":"$TAGS","text_only_msg":"$TEXT_ONLY_MSG","link":"$LINK","date":"$DATE"} (the payload that it proposes is read too)',
        "In the message of each monitor: @webhook-sluice; press Test Notifications there: sluice tail shows monitor.Triggered",
    ],
    retries: "15 s for an answer; again after 5xx, and up to five times where no connection comes about",
    sources: ["https://docs.datadoghq.com/integrations/webhooks/"],
});
