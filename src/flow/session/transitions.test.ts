/**
 * What each signal changes of an attachment, and that it changes nothing else.
 */
import { expect, test } from "vitest";
import {
  type Attachment,
  beginTurn,
  changeClient,
  changeLabel,
  changeLane,
  changeProject,
  changeSession,
  endTurn,
  forgetPrompt,
  giveUp,
  losePlugin,
  noteActive,
  noteAnswered,
  noteBell,
  noteCarried,
  noteCarriedFrom,
  noteConnected,
  noteDisconnected,
  noteFailure,
  noteHeard,
  noteHook,
  noteOwnPrompt,
  notePrompt,
  noteRing,
  noteSessionEnd,
  noteSign,
  noteStop,
  noteWork,
  prove,
  recall,
  resumeTurn,
} from "./attachment.ts";
import type { Turn } from "../lanes/contract.ts";
import { channel } from "../lanes/channel.ts";
import { monitor } from "../lanes/monitor.ts";
import { pull } from "../lanes/pull.ts";
import { toAttachment, toClient } from "../sample.fixture.ts";

const NOW = 100_000;
const HOUR_MS = 3_600_000;
const busy = (more: Partial<Extract<Turn, { kind: "busy" }>> = {}): Turn => ({
  kind: "busy",
  since: 1,
  lastHookAt: 1,
  promptId: "P",
  ...more,
});
const begun = (promptId: string | undefined): Turn =>
  busy({ since: NOW, lastHookAt: NOW, promptId });
const ended: Turn = { kind: "idle", since: NOW };
const ring = { bell: "b", at: 1, times: 1 };
const unproven = { health: "unproven", reason: "silent" } as const;
const alone = { client: toClient({ interactive: false }), target: false };
const remembered = { session: "s2", promptId: "Q", stops: 4 };
const onChannel = { lane: channel };

type Changes = Partial<Attachment>;
type Row = [string, Changes, (attachment: Attachment) => void, Changes];

test.each<Row>([
  ["a shim connects", { hasLease: false }, noteConnected, { hasLease: true }],
  ["the last shim is gone", {}, noteDisconnected, { hasLease: false }],
  [
    "a bell connects",
    { hasBell: false, target: false },
    (a) => noteBell(a, true),
    { hasBell: true, target: true },
  ],
  [
    "a bell where nobody sits",
    { ...alone, hasBell: false },
    (a) => noteBell(a, true),
    { hasBell: true },
  ],
  ["a bell is gone", {}, (a) => noteBell(a, false), { hasBell: false }],
  [
    "the plugin's shim comes after a bare one",
    { client: toClient({ plugin: false }), lane: pull },
    (a) => changeClient(a, toClient(), monitor),
    { client: toClient(), lane: monitor },
  ],
  [
    "the plugin's shim is gone",
    { ring },
    (a) => losePlugin(a, pull),
    { client: toClient({ plugin: false }), lane: pull, ring: undefined },
  ],
  [
    "it remembers a turn of an earlier life",
    { stops: 2, target: false },
    (a) => recall(a, remembered, NOW),
    { stops: 4, session: "s2", target: true, turn: begun("Q") },
  ],
  [
    "it remembers less than is known",
    { stops: 9 },
    (a) => recall(a, { session: undefined, promptId: undefined, stops: 4 }, NOW),
    {},
  ],
  [
    "its project has another branch",
    {},
    (a) => changeProject(a, { repository: "o/r", branch: "b" }),
    { repository: "o/r", branch: "b" },
  ],
  ["it is named", {}, (a) => changeLabel(a, "reports"), { label: "reports" }],
  ["another conversation", { ring }, (a) => changeSession(a, "s2"), { session: "s2" }],
  [
    "a sign of life",
    { target: false },
    (a) => noteSign(a, NOW),
    { target: true, lastActiveAt: NOW },
  ],
  ["a sign where nobody sits", alone, (a) => noteSign(a, NOW), { lastActiveAt: NOW }],
  ["it was handed a note", { target: false }, (a) => noteActive(a, NOW), { lastActiveAt: NOW }],
  ["a hook, idle", {}, (a) => noteHook(a, NOW), { lastActiveAt: NOW, lastHookAt: NOW }],
  [
    "a hook, in a turn",
    { turn: busy() },
    (a) => noteHook(a, NOW),
    { lastActiveAt: NOW, lastHookAt: NOW, turn: busy({ lastHookAt: NOW }) },
  ],
  [
    "a hook, after it was given up",
    unproven,
    (a) => noteHook(a, NOW),
    { lastActiveAt: NOW, lastHookAt: NOW, health: "none" },
  ],
  [
    "a hook says nothing of a lane that only pulls",
    { ...unproven, lane: pull },
    (a) => noteHook(a, NOW),
    { lastActiveAt: NOW, lastHookAt: NOW },
  ],
  ["a turn begins", { turn: busy() }, (a) => beginTurn(a, "Q", NOW), { turn: begun("Q") }],
  ["a prompt, idle", {}, (a) => notePrompt(a, "P", NOW), { turn: begun("P") }],
  ["a prompt typed into its turn", { turn: busy() }, (a) => notePrompt(a, "P", NOW), {}],
  [
    "a prompt of the next turn",
    { turn: busy() },
    (a) => notePrompt(a, "Q", NOW),
    { turn: begun("Q") },
  ],
  [
    "a prompt without an id",
    { turn: busy({ promptId: "" }) },
    (a) => notePrompt(a, "", NOW),
    { turn: begun("") },
  ],
  ["a prompt of its own", {}, (a) => noteOwnPrompt(a, NOW), { lastPromptAt: NOW }],
  [
    "a prompt is answered",
    {},
    (a) => noteAnswered(a, "P", "b"),
    { lastPrompt: { promptId: "P", bell: "b" } },
  ],
  [
    "a prompt was answered without us",
    { lastPrompt: { promptId: "P", bell: "b" } },
    forgetPrompt,
    { lastPrompt: undefined },
  ],
  [
    "the model uses a tool, on the channel lane",
    onChannel,
    (a) => noteWork(a, NOW),
    { turn: begun(undefined) },
  ],
  ["the model uses a tool in a turn", { ...onChannel, turn: busy() }, (a) => noteWork(a, NOW), {}],
  ["the model uses a tool, where hooks tell of turns", {}, (a) => noteWork(a, NOW), {}],
  ["a turn ends", { turn: busy() }, (a) => endTurn(a, NOW), { turn: ended }],
  ["a turn ends well", { turn: busy() }, (a) => noteStop(a, NOW), { turn: ended, stops: 1 }],
  [
    "a turn ends well after failures",
    { failures: 2, quietUntil: NOW + 9 },
    (a) => noteStop(a, NOW),
    { turn: ended, stops: 1, failures: 0, quietUntil: 0 },
  ],
  [
    "a turn ends well after another conversation ended",
    { quietUntil: NOW + 9 },
    (a) => noteStop(a, NOW),
    { turn: ended, stops: 1 },
  ],
  [
    "a turn that was nudged goes on",
    { turn: ended },
    (a) => resumeTurn(a, busy(), "P", NOW),
    { turn: busy({ lastHookAt: NOW }) },
  ],
  [
    "a turn that nobody knew of goes on",
    {},
    (a) => resumeTurn(a, ended, "P", NOW),
    { turn: begun("P") },
  ],
  [
    "a turn fails",
    { turn: busy() },
    (a) => noteFailure(a, NOW),
    { turn: ended, failures: 1, quietUntil: NOW + 30_000 },
  ],
  [
    "a turn fails again",
    { failures: 2 },
    (a) => noteFailure(a, NOW),
    { turn: ended, failures: 3, quietUntil: NOW + 480_000 },
  ],
  [
    "however often turns fail, it is quiet for an hour at most",
    { failures: 60 },
    (a) => noteFailure(a, NOW),
    { turn: ended, failures: 61, quietUntil: NOW + HOUR_MS },
  ],
  [
    "a conversation ends",
    { turn: busy(), ring },
    (a) => noteSessionEnd(a, NOW),
    { turn: ended, quietUntil: NOW + 5_000, ring: undefined },
  ],
  ["a receipt", unproven, prove, { health: "proven", reason: undefined }],
  [
    "a prompt carried what was pushed",
    unproven,
    noteCarried,
    { showsPrompts: true, health: "proven", reason: undefined },
  ],
  [
    "the turn carries what was offered",
    { turn: busy() },
    (a) => noteCarriedFrom(a, 7),
    { turn: busy({ carriesFrom: 7 }) },
  ],
  [
    "the turn carries what was offered later",
    { turn: busy({ carriesFrom: 5 }) },
    (a) => noteCarriedFrom(a, 7),
    {},
  ],
  ["no turn carries anything", {}, (a) => noteCarriedFrom(a, 7), {}],
  [
    "a bell rings",
    {},
    (a) => void noteRing(a, "b", NOW),
    { ring: { bell: "b", at: NOW, times: 1 }, lastRingAt: NOW },
  ],
  [
    "it rings again",
    { ring },
    (a) => void noteRing(a, "c", NOW),
    { ring: { bell: "c", at: NOW, times: 2 }, lastRingAt: NOW },
  ],
  [
    "a ring that was not printed",
    { ring },
    (a) => noteRing(a, "c", NOW)(),
    { ring, lastRingAt: NOW },
  ],
  [
    "a bell is heard",
    { ...unproven, ring },
    noteHeard,
    { ring: undefined, health: "proven", reason: undefined },
  ],
  [
    "three bells and no sign",
    { ring },
    (a) => giveUp(a, "deaf"),
    { ring: undefined, health: "unproven", reason: "deaf" },
  ],
  [
    "the channel is closed",
    onChannel,
    (a) => changeLane(a, pull, "unproven", "closed"),
    { lane: pull, health: "unproven", reason: "closed" },
  ],
])("%s", (_, before, signal, after) => {
  const attachment = toAttachment(before);
  const expected = { ...attachment, ...after };
  signal(attachment);
  expect(attachment).toEqual(expected);
});

test("a ring that was answered before it could be taken back stays answered", () => {
  const attachment = toAttachment();
  const takeBack = noteRing(attachment, "b", NOW);
  noteHeard(attachment);
  takeBack();
  expect(attachment.ring).toBeUndefined();
});

test("nobody but its own file changes an attachment", () => {
  const attachment = toAttachment();
  // @ts-expect-error: only attachment.ts writes.
  attachment.session = "s2";
  // @ts-expect-error: neither what lies in it.
  attachment.client.plugin = false;
  // @ts-expect-error: nor its turn.
  attachment.turn.since = 9;
  expect(attachment.session).toBe("s2");
});
