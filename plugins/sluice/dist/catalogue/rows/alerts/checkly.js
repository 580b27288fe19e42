/**
 * Checkly's webhook alert channel, as data.
 */
import { BODY_HEX } from "../../schemes.js";
import { defineSender } from "../../sender.js";
const NAME = "check_name|CHECK_NAME|checkName";
const TYPE = "alert_type|ALERT_TYPE|alertType";
const GROUP = "[ of group {name:group_name|GROUP_NAME}]";
export const sender = defineSender({
    kind: "checkly",
    title: "Checkly",
    description: "checks and monitors as they fail, degrade and recover, and certificates that run out",
    schemes: ["checkly", "bearer"],
    ownSchemes: {
        checkly: {
            ...BODY_HEX,
            title: "Checkly",
            proof: { header: "x-checkly-signature", prefix: "", separator: "" },
            deliveryId: "none",
        },
    },
    methods: ["PUT"],
    isUnique: "started_at|STARTED_AT",
    event: ["=check", TYPE],
    common: {
        facts: [
            "[location {name:run_location|RUN_LOCATION|region|REGION}][, response {number:api_check_response_status_code}][ {name:api_check_response_status_text}][, took {number:response_time|RESPONSE_TIME} ms][, tags {name:tags.*|tags}][, {lower:check_type|CHECK_TYPE} check]",
            "certificate of {name:ssl_check_domain|SSL_CHECK_DOMAIN}: {number:ssl_days_remaining|SSL_DAYS_REMAINING} days left",
        ],
        quotes: {
            title: "event|alert_title|ALERT_TITLE|title",
            error: "check_error_message|CHECK_ERROR_MESSAGE",
            message: "message",
        },
        meta: { check: "id:check_id|CHECK_ID" },
        entity: `check {name:${NAME}}`,
        links: ["link", "result_link", "RESULT_LINK"],
        at: ["started_at", "STARTED_AT"],
    },
    events: {
        // Of the certificate, not of the check.
        "check.ALERT_SSL": { line: `Certificate runs out: {name:${NAME}}`, severity: "warning" },
        check: {
            line: {
                ALERT_FAILURE: `Check failed: {name:${NAME}}${GROUP}`,
                ALERT_FAILURE_REMAIN: `Check still fails: {name:${NAME}}${GROUP}`,
                ALERT_FAILURE_DEGRADED: `Check no longer fails but is degraded: {name:${NAME}}${GROUP}`,
                ALERT_DEGRADED: `Check degraded: {name:${NAME}}${GROUP}`,
                ALERT_DEGRADED_REMAIN: `Check is still degraded: {name:${NAME}}${GROUP}`,
                ALERT_DEGRADED_FAILURE: `Check failed, was degraded: {name:${NAME}}${GROUP}`,
                ALERT_RECOVERY: `Check recovered: {name:${NAME}}${GROUP}`,
                ALERT_DEGRADED_RECOVERY: `Check recovered, was degraded: {name:${NAME}}${GROUP}`,
                "*": `Check {did}: {name:${NAME}}${GROUP}`,
            },
            stateOf: [`check_id|CHECK_ID|${NAME}`],
            status: {
                at: TYPE,
                open: [
                    "alert_failure",
                    "alert_failure_remain",
                    "alert_failure_degraded",
                    "alert_degraded",
                    "alert_degraded_remain",
                    "alert_degraded_failure",
                ],
                closed: ["alert_recovery", "alert_degraded_recovery"],
            },
            severity: [TYPE],
            severities: {
                alert_failure: "error",
                alert_failure_remain: "error",
                alert_degraded_failure: "error",
                alert_failure_degraded: "warning",
                alert_degraded: "warning",
                alert_degraded_remain: "warning",
            },
            low: ["alert_recovery", "alert_degraded_recovery"],
        },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "Checkly > Alert settings > Add more channels > Webhook: method POST, URL https://<your tunnel>{path}, Webhook secret: the secret above",
        'Body: {"event":"{{ALERT_TITLE}}","alert_type":"{{ALERT_TYPE}}","check_name":"{{CHECK_NAME}}","group_name":"{{GROUP_NAME}}","check_id":"{{CHECK_ID}}","check_type":"{{CHECK_TYPE}}","check_error_message":"{{CHECK_ERROR_MESSAGE}}","response_time":"{{RESPONSE_TIME}}","api_check_response_status_code":"{{API_CHECK_RESPONSE_STATUS_CODE}}","api_check_response_status_text":"{{API_CHECK_RESPONSE_STATUS_TEXT}}","run_location":"{{RUN_LOCATION}}","ssl_days_remaining":"{{SSL_DAYS_REMAINING}}","ssl_check_domain":"{{SSL_CHECK_DOMAIN}}","started_at":"{{STARTED_AT}}","tags":"{{TAGS}}","link":"{{RESULT_LINK}}"} (the body that it proposes has nearly the same)',
        "Subscribe your checks to the channel, then Send test: sluice tail shows check.ALERT_FAILURE",
    ],
    retries: "tries again after an error, up to five times within minutes",
    sources: [
        "https://www.checklyhq.com/docs/integrations/alerts/webhooks/",
        "https://www.checklyhq.com/docs/constructs/webhook-alert-channel/",
    ],
});
