/**
 * Cloudflare's notification webhooks, as data.
 */
import { TOKEN } from "../../schemes.js";
import { defineSender } from "../../sender.js";
const POLICY = "policy_name|name";
const AT = "[, zone {name:data.zone_name}]";
export const sender = defineSender({
    kind: "cloudflare",
    title: "Cloudflare",
    description: "notifications: health checks, origins, attacks, certificates, tunnels, Pages, Workers and bills",
    schemes: ["cloudflare"],
    ownSchemes: {
        cloudflare: {
            ...TOKEN,
            title: "Cloudflare",
            proof: { header: "cf-webhook-auth", prefix: "", separator: "" },
            deliveryId: "none",
        },
    },
    isUnique: "ts",
    event: ["=alert", "alert_type"],
    action: "alert_event",
    // Its own words stand in front of a few values.
    parts: {
        "data.event": [/^EVENT_(?<deployment>[A-Z_]{1,60})$/],
        "data.environment": [/^ENVIRONMENT_(?<environment>[A-Z_]{1,60})$/],
        "data.new_status": [/^TUNNEL_STATUS_TYPE_(?<tunnel>[A-Z_]{1,60})$/],
    },
    common: {
        quotes: { text: "text" },
        meta: { policy: `name:${POLICY}` },
        links: [
            "data.dashboard_link",
            "data.rule_link",
            "data.link",
            "data.url",
            "data.deployment_url",
        ],
        at: ["ts"],
        // The words say how it stands; where there are none, whether the alert has begun or ended.
        severity: ["alert_event"],
        severities: { alert_state_event_start: "warning" },
        stateOf: ["alert_correlation_id"],
        stateName: "alert",
        status: {
            at: "alert_event",
            open: ["alert_state_event_start"],
            closed: ["alert_state_event_end"],
        },
        entity: [`alert {name:${POLICY}}`, "alert {name:alert_type}"],
        low: ["alert_state_event_end"],
    },
    events: {
        "alert.health_check_status_notification": {
            line: `Health check {name:data.health_check_name|data.health_check_id}: {lower:data.new_health_status|data.new_status}[, was {lower:data.old_status}]${AT}`,
            facts: [
                "[origin {name:data.origin_ip}][, regions {name:data.failing_regions}][, since {time:data.status_change_time}]",
            ],
            quotes: { reason: "data.reason", text: "text" },
            entity: "health check {name:data.health_check_name|data.health_check_id}",
            stateOf: ["data.health_check_id|data.health_check_name"],
            status: {
                at: "data.new_health_status|data.new_status|alert_event",
                open: ["unhealthy", "down", "failing", "alert_state_event_start"],
                closed: ["healthy", "up", "alert_state_event_end"],
            },
            severity: ["data.new_health_status|data.new_status"],
            low: ["healthy", "up"],
        },
        "alert.load_balancing_health_alert": {
            line: `Load balancing: pool {name:data.pool_name|data.pool_id} {lower:data.new_health|data.new_status|=changed}[, was {lower:data.old_health}]${AT}`,
            facts: [
                "[origin {name:data.origin_name|data.origin_address}][, load balancer {name:data.load_balancer_name}][, reason {name:data.reason|data.failure_reason}]",
            ],
            entity: "pool {name:data.pool_name|data.pool_id}",
            stateOf: [
                "data.pool_id|data.pool_name",
                "data.origin_id|data.origin_name|data.pool_name|alert_type",
            ],
            status: {
                at: "data.new_health|data.new_status|alert_event",
                open: ["unhealthy", "down", "alert_state_event_start"],
                closed: ["healthy", "up", "alert_state_event_end"],
            },
            severity: ["data.new_health|data.new_status"],
            low: ["healthy", "up"],
        },
        "alert.tunnel_health_event": {
            line: "Tunnel {name:data.tunnel_name|data.tunnel_id}: {lower:$part.tunnel|data.new_status|data.status}[, was {lower:data.old_status|data.previous_status}]",
            facts: ["[since {time:data.timestamp|data.status_change_time}]"],
            entity: "tunnel {name:data.tunnel_name|data.tunnel_id}",
            stateOf: ["data.tunnel_id|data.tunnel_name"],
            status: {
                at: "data.new_status|data.status|alert_event",
                open: ["down", "degraded", "tunnel_status_type_down", "tunnel_status_type_degraded"],
                closed: ["healthy", "tunnel_status_type_healthy"],
            },
            severity: ["data.new_status|data.status"],
            severities: { tunnel_status_type_down: "error", tunnel_status_type_degraded: "warning" },
            low: ["healthy", "tunnel_status_type_healthy"],
        },
        "alert.pages_event_alert": {
            line: "Pages {name:data.project_name|data.pages_project_name}: {lower:$part.deployment|data.event|=deployment}[, {lower:$part.environment|data.environment}][ on {ref:data.branch|data.branch_name}][ at {short:data.commit_hash}]",
            facts: ["[deployment {name:data.deployment_id}]"],
            entity: "Pages {name:data.project_name|data.pages_project_name}",
            // Without a branch each deployment is a thing of its own.
            stateOf: [
                "data.project_name|data.pages_project_name",
                "data.environment",
                "data.branch|data.branch_name|data.deployment_id",
            ],
            running: { path: "data.event", words: ["EVENT_DEPLOYMENT_STARTED"] },
            status: {
                at: "data.event",
                closed: ["event_deployment_success"],
            },
            severity: ["data.event"],
            severities: { event_deployment_failed: "error" },
            low: ["event_deployment_success", "event_deployment_started"],
            links: ["data.preview_url", "data.production_url", "data.dashboard_link"],
        },
        "alert.workers_observability_alert": {
            line: "Workers alert {name:data.config.name|policy_name}: {lower:data.status}",
            facts: [
                "[first failed {time:data.episode.first_failed}][, last {time:data.episode.last_failed}][, resolved {time:data.episode.resolved_at}][, account {name:data.account.name}]",
            ],
            quotes: { summary: "data.episode.summary", text: "text" },
            entity: "Workers alert {name:data.config.name|policy_name}",
            stateOf: ["data.config.id|data.config.name", "data.episode.id"],
            status: {
                at: "data.status",
                open: ["firing", "fired", "alerting"],
                closed: ["resolved", "ok"],
            },
            severity: ["data.status"],
            severities: { firing: "error", fired: "error" },
            low: ["resolved", "ok", "pending"],
        },
        alert: {
            line: {
                ALERT_STATE_EVENT_START: `Cloudflare alert began: {name:${POLICY}|=notification}[ ({lower:alert_type})]${AT}`,
                ALERT_STATE_EVENT_END: `Cloudflare alert ended: {name:${POLICY}|=notification}[ ({lower:alert_type})]${AT}`,
                "*": `Cloudflare: {name:${POLICY}|=a notification without a name}[ ({lower:alert_type})]${AT}`,
            },
            facts: [
                "[target {name:data.target_hostname|data.target_ip|data.hostnames|data.hostname|data.fqdn}][:{some:data.target_port}][, {name:data.attack_type|data.attack_vector|data.protocol}][, up to {name:data.max_rate}][, {some:data.requests_per_second} requests a second][, {some:data.packets_per_second} packets a second][, mitigation {lower:data.mitigation|data.action}][, since {time:data.start_time}]",
                "[certificate {lower:data.certificate_status|data.pack_status}][, {lower:data.event_type}][, {number:data.days_til_expiration} days left][, severity {lower:data.severity}][, incident {name:data.incident_name}][, impact {lower:data.incident_impact|data.impact}][, {lower:data.incident_status}]",
                "[rule {name:data.rule_description}][, scripts {name:data.scripts.*.script_name}][, product {name:data.product_name}][, usage {number:data.usage|data.quantity}][ of {number:data.limit|data.threshold}]",
            ],
        },
    },
    setUp: [
        "Expose the port with a tunnel of your own name (Cloudflare calls ports 80 and 443 only): cloudflared tunnel --url {origin}",
        "Cloudflare dashboard > Notifications > Destinations > Webhooks > Create: URL https://<your tunnel>{path}, Secret: the token above; Save and Test: sluice tail shows alert",
        "Notifications > Add: what to be told of, Webhooks: that destination",
    ],
    retries: "not documented",
    sources: [
        "https://developers.cloudflare.com/notifications/get-started/configure-webhooks/",
        "https://developers.cloudflare.com/notifications/reference/webhook-payload-schema/",
    ],
});
