/** The text that collectors read. */
import { expect, test } from "vitest";
import { renderMetrics } from "./metrics.ts";
import type { StatusView } from "../wire/wire.ts";

const STATUS: StatusView = {
  hub: {
    pid: 1,
    version: "0.1.0",
    uptimeMs: 2_500,
    home: "/home",
    socket: "/home/hub.sock",
    ingress: { state: "up", host: "127.0.0.1", port: 8788 },
    web: { state: "off", host: "127.0.0.1", port: 8787 },
  },
  channels: [
    { name: "ci", kind: "github", state: "ok", scheme: "github", twoWay: false, refused: {} },
  ],
  sessions: [
    {
      id: "s1",
      label: 'my "odd\\\nfolder',
      cwd: "/work",
      lane: "monitor",
      state: "proven",
      busy: false,
      wakesToday: 3,
      charsToday: 1_200,
      waiting: 2,
      client: { name: "claude-code", version: "2", pid: 1, plugin: true, interactive: true },
      bell: true,
      target: true,
    },
  ],
  events: { stored: 2, done: 7 },
  outbox: { sent: 4, maybe: 1 },
  oldestUnseen: { id: "evt_1", channel: "ci", state: "stored", ageMs: 90_000 },
  refused: [
    { channel: "ci", reason: "bad_signature", count: 4 },
    { channel: "-", reason: "unknown_channel", count: 1 },
  ],
  policy: { state: "open", detail: "" },
  next: [],
};

test("figures are told in the form that collectors read", () => {
  const lines = renderMetrics(STATUS, 1_000).split("\n");
  for (const line of [
    'sluice_info{version="0.1.0"} 1',
    "sluice_uptime_seconds 2.5",
    'sluice_events{state="stored"} 2',
    "sluice_oldest_unseen_seconds 90",
    'sluice_refused_total{channel="ci",reason="bad_signature"} 4',
    'sluice_refused_total{channel="-",reason="unknown_channel"} 1',
    'sluice_channel_up{channel="ci",kind="github"} 1',
    'sluice_outbox_messages{state="maybe"} 1',
  ])
    expect(lines).toContain(line);
  expect(lines.at(-1)).toBe("");
});

test("a label that comes from a folder's name stays one line and one label", () => {
  const lines = renderMetrics(STATUS, 1_000).split("\n");
  expect(lines).toContain(
    'sluice_session_wakes_today{session="s1",label="my \\"odd\\\\\\nfolder"} 3',
  );
  for (const line of lines)
    expect(line).toMatch(
      /^(?:|# (?:HELP|TYPE) \w+ .*|\w+(?:\{(?:\w+="(?:[^"\\]|\\.)*",?)+\})? [\d.]+)$/,
    );
});

test("a conversation that is open in two clients is one series, and each metric says what it is once", () => {
  const [first] = STATUS.sessions;
  if (first === undefined) throw new Error("no session");
  const twice = { ...first, lane: "pull", state: "none" as const, label: "other", waiting: 5 };
  const lines = renderMetrics({ ...STATUS, sessions: [first, twice] }, 1_000).split("\n");
  const series = lines.filter((line) => line !== "" && !line.startsWith("#"));
  const names = series.map((line) => line.slice(0, line.lastIndexOf(" ")));
  expect(new Set(names).size).toBe(names.length);
  expect(lines.filter((line) => line.startsWith("sluice_session_waiting{"))).toEqual([
    expect.stringMatching(/ 5$/),
  ]);
  const types = lines.filter((line) => line.startsWith("# TYPE"));
  expect(new Set(types).size).toBe(types.length);
});
