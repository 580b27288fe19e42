import { Hono } from "../../vendor/hono.js";
export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
export function renderMetrics(status, rssBytes) {
    const { hub, events, channels, sessions, outbox = {}, refused, oldestUnseen } = status;
    // One conversation may be open in two clients, and a series may stand there once only.
    const named = Map.groupBy(sessions, ({ id }) => id);
    const perSession = (value) => [...named].map(([session, [first, ...others]]) => [
        { session, label: first?.label ?? session },
        Math.max(...(first === undefined ? [] : [first, ...others]).map(value)),
    ]);
    return [
        ...toGauge("sluice_info", "The hub that answers.", [[{ version: hub.version }, 1]]),
        ...toGauge("sluice_uptime_seconds", "Since the hub started.", [[{}, hub.uptimeMs / 1_000]]),
        ...toGauge("sluice_memory_bytes", "Resident memory of the hub.", [[{}, rssBytes]]),
        ...toGauge("sluice_ingress_up", "1 while ingress listens.", [
            [{}, hub.ingress.state === "up" ? 1 : 0],
        ]),
        ...toGauge("sluice_events", "Events that are kept, by state.", Object.entries(events).map(([state, count]) => [{ state }, count])),
        ...toGauge("sluice_outbox_messages", "Messages on their way out, by state; maybe: nobody knows whether they arrived.", Object.entries(outbox).map(([state, count]) => [{ state }, count])),
        ...toGauge("sluice_oldest_unseen_seconds", "Age of the oldest event that no session has seen; 0 for none.", [[{}, (oldestUnseen?.ageMs ?? 0) / 1_000]]),
        ...toMetric("sluice_refused_total", "counter", "Arrivals refused or dropped, by reason; channel - for unknown names.", refused.map(({ channel, reason, count }) => [{ channel, reason }, count])),
        ...toGauge("sluice_channel_up", "1 for a channel that takes events.", channels.map(({ name, kind, state }) => [{ channel: name, kind }, state === "ok" ? 1 : 0])),
        ...toGauge("sluice_session_proven", "1 for a session whose receipts prove that it gets events.", perSession(({ state }) => (state === "proven" ? 1 : 0))),
        ...toGauge("sluice_session_waiting", "Events that wait for a session.", perSession(({ waiting }) => waiting)),
        ...toGauge("sluice_session_wakes_today", "Wakes of a session since midnight; each is a request to the model.", perSession(({ wakesToday }) => wakesToday)),
        ...toGauge("sluice_session_characters_today", "Characters that wakes brought a session since midnight.", perSession(({ charsToday }) => charsToday)),
        "",
    ].join("\n");
}
function toGauge(name, help, samples) {
    return toMetric(name, "gauge", help, samples);
}
function toMetric(name, type, help, samples) {
    if (samples.length === 0)
        return [];
    return [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} ${type}`,
        ...samples.map(([labels, value]) => `${name}${toLabels(labels)} ${value}`),
    ];
}
function toLabels(labels) {
    const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`);
    return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}
/** A folder's name may hold anything; a line break in it would begin a line of its own making. */
function escape(value) {
    return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
export function createMetricsRoutes({ status }) {
    return new Hono().get("/metrics", (c) => c.body(renderMetrics(status.describe(), process.memoryUsage.rss()), 200, {
        "content-type": METRICS_TYPE,
    }));
}
