import { expect, test } from "vitest";
import type { TraceView } from "../../api/wire/trace-wire.ts";
import { renderTrace } from "./event-lines.ts";

const VIEW = {
  event: {
    id: "evt_1",
    channel: "ci",
    kind: "webhook",
    ts: "2026-01-05T09:00:00.000Z",
    sender: { id: "webhook:ci", role: "source" },
    text: "red",
    meta: {},
    priority: "normal",
    state: "offered",
    receivedAt: 1_000,
    deliveries: [],
  },
  steps: [
    { at: 1_000, stage: "stored" },
    { at: 1_002, stage: "offered", session: "s-1", lane: "monitor" },
    { at: 1_003, stage: "offered", session: "s-2", lane: "monitor" },
  ],
} as unknown as TraceView;

test("a trace calls an open session by its label, and one that is closed by its id", () => {
  const lines = renderTrace(VIEW, 2_000, new Map([["s-1", "app (main)"]])).join("\n");
  expect(lines).toContain("by monitor, to app (main)");
  expect(lines).toContain("by monitor, to session s-2");
});
