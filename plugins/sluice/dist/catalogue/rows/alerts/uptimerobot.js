/**
 * UptimeRobot's webhook, as data.
 */
import { defineSender } from "../../sender.js";
/** The names of its own default, and those that people give the variables. */
const NAME = "monitorFriendlyName|monitor_friendly_name|monitor_name|$part.address";
const TYPE = "alertTypeFriendlyName|alert_type_friendly_name";
const URL = "monitorURL|monitor_url";
const ID = "monitorID|monitor_id";
/** `1` and `2`, or their names. */
const DOWN_OR_UP = "$part.down|$part.up";
const DOWN = /^(?<down>1|down)$/i;
const UP = /^(?<up>2|up)$/i;
const STATE = {
    stateOf: [`${ID}|${URL}|${NAME}`],
    stateName: "monitor",
    status: { at: DOWN_OR_UP, open: ["down", "1"], closed: ["up", "2"] },
    severity: [DOWN_OR_UP],
    severities: { "1": "error" },
};
export const sender = defineSender({
    kind: "uptimerobot",
    title: "UptimeRobot",
    description: "monitors that go down, come up, and certificates that run out",
    // Headers of its own are for its paid plans.
    schemes: ["path", "query", "bearer"],
    methods: ["GET", "PUT"],
    isUnique: "alertDateTime|alert_datetime|alert_date_time",
    event: ["=monitor", `=Down?$part.down|=Up?$part.up|${TYPE}`],
    parts: {
        alertType: [DOWN, UP],
        alert_type: [DOWN, UP],
        alertTypeFriendlyName: [DOWN, UP],
        alert_type_friendly_name: [DOWN, UP],
        monitorURL: [/^(?:https?:\/\/)?(?<address>[^/?#]{1,100})/],
        monitor_url: [/^(?:https?:\/\/)?(?<address>[^/?#]{1,100})/],
        // A variable that has no value yet comes as it was written.
        alertFriendlyDuration: [/^(?<duration>[^*]{1,80})$/],
        alert_friendly_duration: [/^(?<duration>[^*]{1,80})$/],
    },
    common: {
        facts: [
            `[address {link:${URL}|name:$part.address}][, certificate ends {time:sslExpiryDate|ssl_expiry_date}][, in {number:sslExpiryDaysLeft|ssl_expiry_days_left} days]`,
        ],
        quotes: { details: "alertDetails|alert_details|message|text" },
        meta: { monitor: `id:${ID}` },
        entity: `monitor {name:${NAME}}`,
        links: [
            `https://dashboard.uptimerobot.com/monitors/{exact:${ID}}`,
            "monitorURL",
            "monitor_url",
        ],
        at: ["alertDateTime", "alert_datetime", "alert_date_time"],
    },
    events: {
        "monitor.Down": { line: `Monitor down: {name:${NAME}}`, ...STATE },
        "monitor.Up": {
            line: `Monitor up: {name:${NAME}}[, after {name:$part.duration}]`,
            ...STATE,
            low: ["*"],
        },
        monitor: { line: `Monitor {name:${NAME}}: {name:${TYPE}|=an alert}`, severity: "warning" },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "UptimeRobot > Integrations & API > Webhook > Add: URL to notify https://<your tunnel> and the path with the secret above, ending in ?",
        'Tick Send as JSON, POST value: {"monitorID":"*monitorID*","monitorURL":"*monitorURL*","monitorFriendlyName":"*monitorFriendlyName*","alertType":"*alertType*","alertTypeFriendlyName":"*alertTypeFriendlyName*","alertDetails":"*alertDetails*","alertFriendlyDuration":"*alertFriendlyDuration*","alertDateTime":"*alertDateTime*"} (its default variables, as query or as POST parameters, are read too)',
        "Choose the integration in a monitor, then Test notification: sluice tail shows monitor.Down",
    ],
    retries: "not documented",
    sources: [
        "https://help.uptimerobot.com/en/articles/11358364-how-to-use-webhooks-with-uptimerobot",
        "https://uptimerobot.com/integrations/webhook/",
    ],
});
