import { expect, test } from "vitest";
import {
  BUSY_LIFE_MS,
  hasMonitors,
  isBusy,
  noteSign,
  openAttachment,
  toAttachmentId,
  toLane,
} from "./attachment.ts";
import { isChannelNamed } from "../sdk/channel-flag.ts";
import { toAttachment, toClient } from "./sample.fixture.ts";

test("an attachment is a process: its pid and start time, nothing of the shim", () => {
  const id = toAttachmentId({ pid: 1, startTime: "a" });
  expect(toAttachmentId(toClient({ pid: 1, startTime: "a", plugin: false, session: "x" }))).toBe(
    id,
  );
  expect(toAttachmentId({ pid: 1, startTime: "b" })).not.toBe(id);
  expect(toAttachmentId({ pid: 2, startTime: "a" })).not.toBe(id);
});

test.each([
  [["claude", "--channels", "plugin:sluice"], true],
  [["claude", "--channels=plugin:sluice@sluice"], true],
  [["claude", "--channels", "plugin:other", "server:sluice"], true],
  [["claude", "--dangerously-load-development-channels", "server:sluice"], true],
  [["claude", "--channels=plugin:a,plugin:sluice"], true],
  [["claude", "plugin:sluicery"], false],
  [["claude", "--channels", "server:sluice2"], false],
  [["claude", "tell me of plugin:sluice"], false],
  [["claude"], false],
])("argv %j names our channel: %s", (argv, expected) => {
  expect(isChannelNamed(argv)).toBe(expected);
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

test.each([
  ["the plugin in a terminal", {}, "monitor"],
  ["the plugin in a script", { interactive: false }, "pull"],
  ["a bare server entry", { plugin: false }, "pull"],
  ["an old client", { version: "2.1.300" }, "pull"],
  ["our channel in argv", { argv: ["claude", "--channels", "plugin:sluice"] }, "channel"],
  ["another host", { name: "reference" }, "channel"],
  ["a forced lane", { forcedLane: "pull" as const, name: "reference" }, "pull"],
])("%s starts on the right lane", (_, changes, lane) => {
  expect(toLane(toClient(changes))).toBe(lane);
});

test("a client that was only spawned is no target until it shows a sign; one that nobody sits at never is", () => {
  const project = { repository: undefined, branch: undefined };
  const attachment = openAttachment(toClient(), project, 5);
  expect(attachment.target).toBe(false);
  noteSign(attachment, 9);
  expect([attachment.target, attachment.lastActiveAt]).toEqual([true, 9]);
  const script = openAttachment(toClient({ interactive: false }), project, 5);
  noteSign(script, 9);
  expect(script.target).toBe(false);
  expect(
    openAttachment(toClient({ interactive: false, forcedLane: "pull" }), project, 5).target,
  ).toBe(true);
});

test("a turn that no hook confirms for ten minutes is over", () => {
  const attachment = toAttachment({
    turn: { kind: "busy", since: 0, lastHookAt: 0, promptId: "P" },
  });
  expect([isBusy(attachment, BUSY_LIFE_MS - 1), isBusy(attachment, BUSY_LIFE_MS)]).toEqual([
    true,
    false,
  ]);
});
