import { expect, test } from "vitest";
import type { OpenDelivery } from "../../store/events/deliveries.ts";
import { toStopReceipt } from "../lanes/channel.ts";
import { type FindLane, LANES } from "../lanes/choose-lane.ts";
import type { Signal } from "../lanes/contract.ts";
import { toReceipts } from "./receipt.ts";
import { toDelivery } from "../sample.fixture.ts";

const findLane: FindLane = (name) => LANES.find((lane) => lane.name === name);
const judge = (changes: Partial<OpenDelivery>, signal: Signal): string | undefined =>
  toReceipts([toDelivery(changes)], signal, findLane)[0]?.to;

const stop = (promptId: string, stops = 1): Signal => ({
  kind: "stop",
  promptId,
  stops,
  turnSince: 0,
  showsPrompts: false,
  proven: true,
  lastPromptAt: 0,
});
const failure = (promptId: string): Signal => ({ kind: "stop-failure", promptId });
const tool = (
  toolUseId: string,
  more: { isSubagent?: boolean; isFailure?: boolean } = {},
): Signal => ({
  kind: "tool-result",
  toolUseId,
  isSubagent: false,
  isFailure: false,
  ...more,
});
const named: Signal = { kind: "named", events: ["evt_1"] };
const end: Signal = { kind: "session-end" };
const pull = { lane: "pull", receipt: "toolu_1" } as const;
const channel = { lane: "channel", receipt: "stop:3" } as const;

test.each<[string, Partial<OpenDelivery>, Signal, string | undefined]>([
  ["MONITOR-1: the end of its own turn", {}, stop("P"), "seen"],
  ["MONITOR-1: the end of a later turn", {}, stop("P2"), "seen"],
  ["MONITOR-1: a turn end says nothing of an inbox page", pull, stop("P"), undefined],
  ["MONITOR-1: a tool result says nothing of a bell's note", {}, tool("P"), undefined],
  ["PULL-1: the result of its call", pull, tool("toolu_1"), "seen"],
  ["PULL-1: the result of another call", pull, tool("toolu_2"), undefined],
  [
    "PULL-1: the result of its call in a subagent",
    pull,
    tool("toolu_1", { isSubagent: true }),
    "back",
  ],
  ["PULL-1: the failure of its call", pull, tool("toolu_1", { isFailure: true }), "back"],
  [
    "PULL-1: a call without an id proves nothing",
    { lane: "pull", receipt: null },
    tool(""),
    undefined,
  ],
  ["CHANNEL-1: a turn end before the counted one", channel, stop("P", 2), undefined],
  ["CHANNEL-1: the counted turn end", channel, stop("P", 3), "seen"],
  ["CHANNEL-1: a later turn end", channel, stop("P", 4), "seen"],
  [
    "CHANNEL-1: a channel delivery without a count",
    { lane: "channel", receipt: null },
    stop("P", 9),
    undefined,
  ],
  ["RECEIPT-1: a tool call that names it", channel, named, "seen"],
  ["RECEIPT-1: a tool call that names another", { event: "evt_2" }, named, undefined],
  ["a host says that it was read", channel, { kind: "read", events: ["evt_1"] }, "seen"],
  ["a host says that another was read", channel, { kind: "read", events: ["evt_2"] }, undefined],
  [
    "it was read with the event into which it was merged",
    { ...channel, mergedInto: "evt_2" },
    { kind: "read", events: ["evt_2"] },
    "seen",
  ],
  ["found missing", channel, { kind: "lost", deliveries: [1], reason: "" }, "back"],
  ["another is missing", channel, { kind: "lost", deliveries: [2], reason: "" }, undefined],
  ["the connection broke, on the channel lane", channel, { kind: "cut", reason: "" }, "back"],
  ["the connection broke, on the monitor lane", {}, { kind: "cut", reason: "" }, undefined],
  ["the connection broke, with an inbox page", pull, { kind: "cut", reason: "" }, undefined],
  ["the hook answer came too late", {}, { kind: "too-late", promptId: "P" }, "back"],
  ["another hook answer came too late", {}, { kind: "too-late", promptId: "Q" }, undefined],
  ["a hook answer says nothing of a push", channel, { kind: "too-late", promptId: "P" }, undefined],
  [
    "a prompt carries it",
    channel,
    { kind: "carried", promptId: "P", events: ["evt_1"] },
    "carried",
  ],
  [
    "a prompt quotes what a bell brought",
    {},
    { kind: "carried", promptId: "P", events: ["evt_1"] },
    undefined,
  ],
  ["CHANNEL-1: a turn that carried it ended", { ...channel, receipt: "Q" }, stop("P"), "seen"],
  ["a lane that this version does not know: a turn end", { lane: "newer" }, stop("P"), undefined],
  [
    "a lane that this version does not know: the end of its session",
    { lane: "newer" },
    end,
    "back",
  ],
  ["RECEIPT-2: the failure of its turn", {}, failure("P"), "back"],
  ["RECEIPT-2: the failure of another turn", {}, failure("P2"), undefined],
  [
    "RECEIPT-2: a failed turn says nothing of an inbox page",
    { ...pull, receipt: "P" },
    failure("P"),
    undefined,
  ],
  ["the end of its session", {}, end, "back"],
  ["the end of its session, where an answer was owed", { state: "seen" }, end, "back"],
  ["seen already: a turn end", { state: "seen" }, stop("P"), undefined],
  ["seen already: a call that names it", { state: "seen" }, named, undefined],
  ["seen already: a failed turn", { state: "seen" }, failure("P"), undefined],
  ["seen already: a tool result", { ...pull, state: "seen" }, tool("toolu_1"), undefined],
])("%s", (_, delivery, signal, expected) => {
  expect(judge(delivery, signal)).toBe(expected);
});

test("CHANNEL-1: offered to an idle session the next turn end proves it, in a turn the one after", () => {
  expect([toStopReceipt(0, false), toStopReceipt(4, true)]).toEqual(["stop:1", "stop:6"]);
});
