/**
 * The hub's figures as Prometheus text, for `GET /metrics` on its socket.
 *
 * Owns: names, types and escaping. Never: counts anything. Names stay: dashboards are built on them.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
import type { StatusView } from "../wire/wire.ts";

export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

type Labels = Record<string, string>;
type Sample = [labels: Labels, value: number];

export function renderMetrics(status: StatusView, rssBytes: number): string {
  const { hub, events, channels, sessions, outbox = {}, refused, oldestUnseen } = status;
  // One conversation may be open in two clients, and a series may stand there once only.
  const named = Map.groupBy(sessions, ({ id }) => id);
  const perSession = (value: (session: StatusView["sessions"][number]) => number): Sample[] =>
    [...named].map(([session, [first, ...others]]) => [
      { session, label: first?.label ?? session },
      Math.max(...(first === undefined ? [] : [first, ...others]).map(value)),
    ]);
  return [
    ...toMetric("sluice_info", "gauge", "The hub that answers.", [[{ version: hub.version }, 1]]),
    ...toMetric("sluice_uptime_seconds", "gauge", "Since the hub started.", [
      [{}, hub.uptimeMs / 1_000],
    ]),
    ...toMetric("sluice_memory_bytes", "gauge", "Resident memory of the hub.", [[{}, rssBytes]]),
    ...toMetric("sluice_ingress_up", "gauge", "1 while ingress listens.", [
      [{}, hub.ingress.state === "up" ? 1 : 0],
    ]),
    ...toMetric(
      "sluice_events",
      "gauge",
      "Events that are kept, by state.",
      Object.entries(events).map(([state, count]): Sample => [{ state }, count]),
    ),
    ...toMetric(
      "sluice_outbox_messages",
      "gauge",
      "Messages on their way out, by state; maybe: nobody knows whether they arrived.",
      Object.entries(outbox).map(([state, count]): Sample => [{ state }, count]),
    ),
    ...toMetric(
      "sluice_oldest_unseen_seconds",
      "gauge",
      "Age of the oldest event that no session has seen; 0 for none.",
      [[{}, (oldestUnseen?.ageMs ?? 0) / 1_000]],
    ),
    ...toMetric(
      "sluice_refused_total",
      "counter",
      "Arrivals refused or dropped, by reason; channel - for unknown names.",
      refused.map(({ channel, reason, count }): Sample => [{ channel, reason }, count]),
    ),
    ...toMetric(
      "sluice_channel_up",
      "gauge",
      "1 for a channel that takes events.",
      channels.map(
        ({ name, kind, state }): Sample => [{ channel: name, kind }, state === "ok" ? 1 : 0],
      ),
    ),
    ...toMetric(
      "sluice_session_proven",
      "gauge",
      "1 for a session whose receipts prove that it gets events.",
      perSession(({ state }) => (state === "proven" ? 1 : 0)),
    ),
    ...toMetric(
      "sluice_session_waiting",
      "gauge",
      "Events that wait for a session.",
      perSession(({ waiting }) => waiting),
    ),
    ...toMetric(
      "sluice_session_wakes_today",
      "gauge",
      "Wakes of a session since midnight; each is a request to the model.",
      perSession(({ wakesToday }) => wakesToday),
    ),
    ...toMetric(
      "sluice_session_characters_today",
      "gauge",
      "Characters that wakes brought a session since midnight.",
      perSession(({ charsToday }) => charsToday),
    ),
    "",
  ].join("\n");
}

function toMetric(
  name: string,
  type: "gauge" | "counter",
  help: string,
  samples: readonly Sample[],
): string[] {
  if (samples.length === 0) return [];
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...samples.map(([labels, value]) => `${name}${toLabels(labels)} ${value}`),
  ];
}

function toLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

/** A folder's name may hold anything; a line break in it would begin a line of its own making. */
function escape(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
