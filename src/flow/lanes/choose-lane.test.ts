import { expect, test } from "vitest";
import type { ClientFacts } from "../session/client.ts";
import { toClient } from "../sample.fixture.ts";
import { chooseLane, explainRefusal } from "./choose-lane.ts";
import { hasMonitors } from "./monitor.ts";

const FLAG = ["claude", "--channels", "plugin:sluice@sluice"];

test.each<[string, Partial<ClientFacts>, string]>([
  ["the plugin in a terminal", {}, "monitor"],
  ["the plugin in a script", { interactive: false }, "pull"],
  ["a bare server entry", { plugin: false }, "pull"],
  ["an old client", { version: "2.1.300" }, "pull"],
  ["our channel in argv", { argv: FLAG }, "channel"],
  ["our channel in argv, without the plugin", { argv: FLAG, plugin: false }, "channel"],
  ["the reference session", { name: "sluice-reference-session", plugin: false }, "channel"],
  ["an MCP client that nobody knows", { name: "codex-mcp-client", plugin: false }, "pull"],
  ["one with Claude Code's flag", { name: "codex-mcp-client", plugin: false, argv: FLAG }, "pull"],
  ["one that says it is our plugin", { name: "someone" }, "pull"],
  ["SLUICE_LANE=pull", { forcedLane: "pull", argv: FLAG }, "pull"],
  ["SLUICE_LANE=channel", { forcedLane: "channel" }, "channel"],
  ["SLUICE_LANE=channel, in another host", { forcedLane: "channel", name: "someone" }, "channel"],
  ["SLUICE_LANE=monitor, over the flag", { forcedLane: "monitor", argv: FLAG }, "monitor"],
  ["SLUICE_LANE=monitor, without the plugin", { forcedLane: "monitor", plugin: false }, "pull"],
  [
    "SLUICE_LANE=monitor, in another host",
    { forcedLane: "monitor", name: "sluice-reference-session" },
    "channel",
  ],
])("%s starts on the right lane", (_, changes, lane) => {
  expect(chooseLane(toClient(changes)).name).toBe(lane);
});

test("what SLUICE_LANE may not force is told in one line, with what happens instead", () => {
  const refused = toClient({ forcedLane: "monitor", name: "codex-mcp-client", version: "0.171.0" });
  expect(explainRefusal(refused)).toBe(
    "SLUICE_LANE=monitor is refused: the bell takes the plugin in an interactive Claude Code 2.1.310 or newer, and this is codex-mcp-client 0.171.0; it goes on by pull",
  );
  for (const forcedLane of [undefined, "monitor", "channel", "pull"] as const)
    expect(explainRefusal(toClient({ forcedLane }))).toBeUndefined();
});

test.each([
  ["2.1.309", false],
  ["2.1.310", true],
  ["2.2.0", true],
  ["3.0", true],
  ["1.9.999", false],
  ["", false],
])("version %j has monitors: %s", (version, expected) => {
  expect(hasMonitors(version)).toBe(expected);
});
