import { expect, test } from "vitest";
import { alwaysListens, mayUseChannel } from "./channel-hosts.ts";
import { parseForcedLane } from "./forced-lane.ts";

test.each([undefined, "", "auto"])("SLUICE_LANE=%s forces nothing", (text) => {
  expect(parseForcedLane(text)).toEqual({});
});

test.each(["monitor", "channel", "pull"])("SLUICE_LANE=%s forces that lane", (text) => {
  expect(parseForcedLane(text)).toEqual({ lane: text });
});

test.each(["chanel", "Pull", " pull", "test-host", "x".repeat(9_000)])(
  "SLUICE_LANE=%j is told in one line, and counts as auto",
  (text) => {
    const { lane, fault = "" } = parseForcedLane(text);
    expect(lane).toBeUndefined();
    expect(fault).toContain("which is none of auto, monitor, channel, pull; it counts as auto");
    expect(fault).not.toContain("\n");
    expect(fault.length).toBeLessThan(200);
  },
);

const FLAG = ["claude", "--channels", "plugin:sluice@sluice"];

test.each([
  ["claude-code", ["claude"], undefined, false],
  ["claude-code", FLAG, undefined, true],
  ["claude-code", FLAG, "monitor" as const, false],
  ["claude-code", FLAG, "pull" as const, false],
  ["claude-code", ["claude"], "channel" as const, true],
  ["sluice-reference-session", [], undefined, true],
  ["sluice-reference-session", [], "pull" as const, false],
  ["codex-mcp-client", FLAG, undefined, false],
  ["Claude-Code", FLAG, undefined, false],
  ["", FLAG, undefined, false],
])("%j, started as %j, with SLUICE_LANE=%s, may use the channel: %s", (name, argv, forced, may) => {
  expect(mayUseChannel({ name, argv, forcedLane: forced })).toBe(may);
});

test("only a host without a flag of its own is known to listen", () => {
  expect(["sluice-reference-session", "claude-code", "someone"].map(alwaysListens)).toEqual([
    true,
    false,
    false,
  ]);
});
