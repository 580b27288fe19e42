import { expect, test } from "vitest";
import {
  type Attachment,
  beginTurn,
  BUSY_LIFE_MS,
  describeSilence,
  endTurn,
  isBusy,
  noteHook,
  noteSign,
  openAttachment,
} from "./attachment.ts";
import { type ClientFacts, toAttachmentId } from "./client.ts";
import { chooseLane } from "../lanes/choose-lane.ts";
import { isChannelNamed } from "../../sdk/channel-flag.ts";
import { toAttachment, toClient } from "../sample.fixture.ts";

test("an attachment is a process: its pid and start time, nothing of the shim", () => {
  const id = toAttachmentId({ pid: 1, startTime: "a" });
  expect(toAttachmentId(toClient({ pid: 1, startTime: "a", plugin: false, session: "x" }))).toBe(
    id,
  );
  expect(toAttachmentId({ pid: 1, startTime: "b" })).not.toBe(id);
  expect(toAttachmentId({ pid: 2, startTime: "a" })).not.toBe(id);
});

test("sessions of a host share its process and are told apart by their ids", () => {
  const client = { host: "codex", pid: 1, startTime: "" };
  const id = toAttachmentId({ ...client, session: "a" });
  expect(id).toMatch(/^att_codex_[0-9a-f]{10}$/);
  expect(toAttachmentId({ ...client, pid: 2, session: "a" })).toBe(id);
  expect(toAttachmentId({ ...client, session: "b" })).not.toBe(id);
});

test.each([
  [["claude", "--channels", "plugin:sluice"], false],
  [["claude", "--channels=plugin:sluice@sluice"], true],
  [["claude", "--channels", "plugin:other@x", "server:sluice"], true],
  [["claude", "--dangerously-load-development-channels", "server:sluice"], true],
  [["claude", "--channels=plugin:a@x,plugin:sluice@sluice"], false],
  [["claude", "--channels", "plugin:a@x plugin:sluice@sluice"], false],
  [["claude", "--channels", "plugin:sluice@sluice,plugin:a@x"], false],
  [["claude", "--channels=plugin:a@x", "plugin:sluice@sluice"], false],
  [["claude", "--channels", "--continue", "plugin:sluice@sluice"], true],
  [["claude", "--channels", "plugin:a@x", "--", "plugin:sluice@sluice"], false],
  [["claude", "plugin:sluice@sluice"], false],
  [["claude", "plugin:sluicery"], false],
  [["claude", "--channels", "server:sluice2"], false],
  [["claude", "tell me of plugin:sluice"], false],
  [["claude"], false],
])("argv %j names our channel: %s", (argv, expected) => {
  expect(isChannelNamed(argv)).toBe(expected);
});

test("a client that was only spawned is no target until it shows a sign; one that nobody sits at never is", () => {
  const open = (changes: Partial<ClientFacts> = {}): Attachment => {
    const client = toClient(changes);
    return openAttachment(
      client,
      chooseLane(client),
      { repository: undefined, branch: undefined },
      5,
    );
  };
  const attachment = open();
  expect(attachment.target).toBe(false);
  noteSign(attachment, 9);
  expect([attachment.target, attachment.lastActiveAt]).toEqual([true, 9]);
  const script = open({ interactive: false });
  noteSign(script, 9);
  expect(script.target).toBe(false);
  expect(open({ interactive: false, forcedLane: "pull" }).target).toBe(true);
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

test("a turn without a hook for a minute is told, until one comes, it ends, or it counts as over", () => {
  const attachment = toAttachment();
  const at = (now: number): string | undefined => describeSilence(attachment, now);
  expect(at(600_000)).toBeUndefined();
  beginTurn(attachment, "p1", 0);
  expect(at(59_999)).toBeUndefined();
  expect(at(190_000)).toMatch(/^no sign of it for 3 min in this turn: .* dialog of the client/);
  noteHook(attachment, 200_000);
  expect(at(259_999)).toBeUndefined();
  expect(at(260_000)).toMatch(/^no sign of it for 1 min/);
  expect(at(200_000 + BUSY_LIFE_MS)).toBeUndefined();
  endTurn(attachment, 260_000);
  expect(at(400_000)).toBeUndefined();
  // Without the plugin no hook ever comes.
  const bare = toAttachment({ client: toClient({ plugin: false }) });
  beginTurn(bare, "p1", 0);
  expect(describeSilence(bare, 190_000)).toBeUndefined();
});
