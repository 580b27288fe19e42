/**
 * Healthchecks.io's webhook integration, as data.
 */
import { defineSender } from "../../sender.js";
const NAME = "name|check.name|check.slug|slug";
export const sender = defineSender({
    kind: "healthchecks",
    title: "Healthchecks.io",
    description: "cron jobs and services that stop to report, and report again",
    aliases: ["healthchecks-io"],
    // Its webhooks have headers of their own, for a GET too; a secret in the URL is for copies that have none.
    schemes: ["bearer", "path", "query"],
    methods: ["GET", "PUT"],
    // Who has one of these can report in the check's place, pause it or change it.
    secrets: ["ping_url", "update_url", "pause_url", "resume_url"],
    isUnique: "now|check.last_ping",
    event: ["=check", "status|check.status"],
    events: {
        check: {
            line: {
                down: `Check down: {name:${NAME}} has not reported in time, or reported a failure`,
                up: `Check up: {name:${NAME}} reports again`,
                "*": `Check {did}: {name:${NAME}}`,
            },
            facts: [
                "[tags {name:tags|check.tags}][, last ping {time:check.last_ping|last_ping}][, exit status {number:$part.exit}][, schedule {name:check.schedule}][ {name:check.tz}][, every {seconds:check.timeout}][, grace {seconds:check.grace}]",
            ],
            quotes: { description: "check.desc|desc", output: "body" },
            meta: { slug: "code:check.slug|slug" },
            entity: `check {name:${NAME}}`,
            stateOf: ["check.unique_key|check.uuid|code|check.slug|slug|name|check.name"],
            status: { at: "status|check.status", open: ["down"], closed: ["up"] },
            severity: ["status|check.status"],
            low: ["up"],
            at: ["now"],
        },
    },
    // -1 stands for a ping without one.
    parts: { exit_status: [/^(?<exit>\d{1,3})$/] },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "Healthchecks.io > your project > Integrations > Webhook > Add: HTTP method POST and URL https://<your tunnel>{path}, both under down and under up",
        'Request body, both times: {"name": $NAME_JSON, "status": "$STATUS", "now": "$NOW", "exit_status": "$EXITSTATUS", "body": $BODY_JSON, "check": $JSON}',
        "Request headers, both times: Content-Type: application/json and Authorization: Bearer <the token above>",
        "A GET does too: https://<your tunnel>{path}?name=$NAME&status=$STATUS&tags=$TAGS&now=$NOW",
        "Press Test! beside the integration: sluice tail shows check.down",
    ],
    retries: "10 s for an answer; three tries in a row within 15 s, then none",
    sources: [
        "https://healthchecks.io/docs/configuring_notifications/",
        "https://github.com/healthchecks/healthchecks/blob/master/hc/api/transports.py",
    ],
});
