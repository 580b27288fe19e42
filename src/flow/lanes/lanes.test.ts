/** What each lane says of itself, as a table. */
import { expect, test } from "vitest";
import type { Attachment } from "../session/attachment.ts";
import { toAttachment, toClient } from "../sample.fixture.ts";
import { channel } from "./channel.ts";
import { monitor } from "./monitor.ts";
import { pull } from "./pull.ts";

const NOW = 1_000_000;
const bare = { plugin: false };
const unproven = { health: "unproven" } as const;
const noBell = { hasBell: false };

test.each<[string, Partial<Attachment>, boolean]>([
  ["monitor with its bell", { lane: monitor }, true],
  ["monitor without its bell", { lane: monitor, ...noBell }, false],
  ["monitor after three bells and no sign", { lane: monitor, ...unproven }, false],
  ["channel", { lane: channel, ...noBell }, true],
  ["channel that gave no sign", { lane: channel, ...unproven }, false],
  ["pull", { lane: pull }, false],
])("%s can be woken: %s", (_, changes, expected) => {
  const attachment = toAttachment(changes);
  expect(attachment.lane.canWake(attachment)).toBe(expected);
});

test.each<[string, Partial<Attachment>, string, string | undefined]>([
  ["monitor", { lane: monitor }, "bell runs", undefined],
  [
    "monitor, just attached",
    { lane: monitor, ...noBell, attachedAt: NOW - 9 },
    "no bell",
    undefined,
  ],
  ["monitor without its bell", { lane: monitor, ...noBell }, "no bell", "monitor is not running"],
  ["channel", { lane: channel }, "does not ask for the channel", undefined],
  [
    "channel with the flag",
    { lane: channel, client: toClient({ argv: ["claude", "--channels", "plugin:sluice@sluice"] }) },
    "its command line asks for the channel",
    undefined,
  ],
  [
    "channel of a host that listens",
    { lane: channel, client: toClient({ name: "sluice-reference-session" }) },
    "always listens",
    undefined,
  ],
  ["pull", { lane: pull, client: toClient({ name: "someone" }) }, "", "tool calls only"],
  ["pull without the plugin", { lane: pull, client: toClient(bare) }, "", "no plugin in it"],
  [
    "pull in an old client",
    { lane: pull, client: toClient({ version: "2.1.200" }) },
    "",
    "2.1.200 has no monitors",
  ],
])("%s, in words", (_, changes, facts, reason) => {
  const attachment = toAttachment(changes);
  const { lane } = attachment;
  expect(lane.describe(attachment).join("; ")).toContain(facts);
  const explained = lane.explain(attachment, NOW);
  if (reason === undefined) expect(explained).toBeUndefined();
  else expect(explained).toContain(reason);
});

test("what a lane may do is said once: who sends what, who relays, whose bell can be missing, where a probe stops", () => {
  expect(
    [monitor, channel, pull].map((lane) => [
      lane.name,
      lane.sends.kind,
      lane.relaysPrompts,
      lane.isStuck(toAttachment(noBell)),
      lane.probeStop !== undefined,
    ]),
  ).toEqual([
    ["monitor", "bell", false, true, false],
    ["channel", "events", true, false, false],
    ["pull", "nothing", false, false, true],
  ]);
});
