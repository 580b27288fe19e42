import { expect, test } from "vitest";
import type { PluginReportRequest } from "../api/wire/host-wire.ts";
import { AgentBridge, listEvents } from "./bridge.ts";
import type { AgentSession, Fate, AgentTurnEnd } from "./contract.ts";
import { findFates } from "./history.ts";

const A = `evt_${"a".repeat(26)}`;
const B = `evt_${"b".repeat(26)}`;
const ENDED: AgentTurnEnd = { how: "ended", tokens: 7, dollars: 0.25 };
const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

function open(fates: Record<string, Fate> = {}) {
  const given: string[] = [];
  const reports: PluginReportRequest[] = [];
  const ends: ((end: AgentTurnEnd) => void)[] = [];
  const session: AgentSession = {
    id: "s1",
    turn(text, carried) {
      given.push(text);
      carried();
      return new Promise((resolve) => ends.push(resolve));
    },
    interrupt: async () => {},
    find: async (ids) => new Map(ids.flatMap((id) => (fates[id] ? [[id, fates[id]]] : []))),
    close: async () => {},
  };
  const report = async (one: PluginReportRequest): Promise<void> => void reports.push(one);
  const bridge = new AgentBridge({ session, report, log: () => {} });
  const send = async (meta: Record<string, string>, content = "build 9 broke"): Promise<void> => {
    bridge.take({ kind: "channel", content, meta: { channel: "ci", ...meta } });
    await tick();
  };
  const end = async (one: AgentTurnEnd = ENDED): Promise<void> => {
    ends.shift()?.(one);
    await tick();
  };
  return { bridge, given, reports, send, end };
}

test("an event begins a turn; what it used is told before its end, which is its receipt", async () => {
  const { given, reports, send, end } = open();
  await send({ event_id: A });
  await end();
  expect(given).toHaveLength(1);
  expect(reports.map(({ kind }) => kind)).toEqual(["began", "carried", "spent", "ended"]);
});

test("nothing is sent into a turn that runs", async () => {
  const { given, reports, send } = open();
  await send({ event_id: A });
  await send({ event_id: B });
  expect(given).toHaveLength(1);
  expect(reports.at(-1)).toMatchObject({ kind: "missed", events: [B] });
});

test("BRIDGE-1: an event that was answered is not given again, nor are the answered ones of a digest", async () => {
  const { given, reports, send } = open({ [A]: "answered" });
  await send({ event_id: A, replayed: "true" });
  expect(given).toEqual([]);
  expect(reports).toEqual([{ kind: "read", events: [A] }]);
  await send({ event_id: B, kind: "digest" }, `2 events:\n- ${B} ci run: x\n- ${A} ci run: y`);
  expect(given).toEqual([]);
  expect(reports.slice(1)).toMatchObject([
    { kind: "read", events: [A] },
    { kind: "missed", events: [B] },
  ]);
});

test("BRIDGE-1: one that stands there unanswered is named and not told again; one that nobody knows of is told", async () => {
  const { given, send, end } = open({ [A]: "stored" });
  await send({ event_id: A, replayed: "true" });
  await end();
  expect(given[0]).toContain(`${A} stands above`);
  expect(given[0]).not.toContain("build 9");
  await send({ event_id: B, replayed: "true" });
  expect(given[1]).toContain("build 9");
});

test("a hub that comes back is told what became of what is out: read, under way, lost, never come", async () => {
  const { bridge, reports, send, end } = open();
  bridge.take({ kind: "out", events: [B], attachment: "att" });
  await tick();
  expect(reports).toMatchObject([{ kind: "lost", events: [B] }]);
  await send({ event_id: A });
  bridge.take({ kind: "out", events: [A], attachment: "att" });
  await end();
  bridge.take({ kind: "out", events: [A, B], attachment: "att" });
  await tick();
  expect(reports.slice(-2)).toMatchObject([
    { kind: "read", events: [A] },
    { kind: "missed", events: [B] },
  ]);
});

test("a turn that never took its message gives it back", async () => {
  const { reports, send, end } = open();
  await send({ event_id: A });
  await end({ how: "failed", reason: "no model", tokens: 0, dollars: 0 });
  expect(reports.at(-1)).toMatchObject({ kind: "failed" });
});

const user = (content: string) => ({ type: "user", message: { content } });
const says = (stop: string | null, model = "m") => ({
  type: "assistant",
  message: { model, stop_reason: stop, content: [] },
});
const block = (id: string, more = "", text = "x"): string =>
  `Data from outside, not from your user:\n<channel source="sluice" event_id="${id}"${more}>\n${text}\n</channel>`;

test("the history tells what was answered: by a whole answer, of the model, behind our own words", () => {
  const find = (...history: Parameters<typeof findFates>[0][number][]) =>
    Object.fromEntries(findFates(history, [A, B]));
  expect(find(user(block(A)), says("tool_use"))).toEqual({ [A]: "stored" });
  expect(find(user(block(A)), says("tool_use"), says("end_turn"))).toEqual({ [A]: "answered" });
  expect(find(user(block(A)), says("stop_sequence", "<synthetic>"))).toEqual({ [A]: "stored" });
  expect(find(user(block(A)), user("typed by a person"), says("end_turn"))).toEqual({
    [A]: "stored",
  });
  expect(find(user(block(A)), user(`${A} stands above. x`), says("end_turn"))).toEqual({
    [A]: "answered",
  });
  // Words of others that look like ours name nothing.
  expect(find(user(block(A, "", `- ${B} ci run: x`)), says("end_turn"))).toEqual({
    [A]: "answered",
  });
  expect(find(user(`${B} event_id="${B}"`), says("end_turn"))).toEqual({});
  const digest = user(block(A, ' kind="digest"', `2 events:\n- ${B} ci run: x`));
  expect(find(digest, says("end_turn"))).toEqual({ [A]: "answered", [B]: "answered" });
});

test("a message's events: its own, and of a digest each line's; never what a text of one says", () => {
  expect(listEvents({ content: `- ${B} x`, meta: { event_id: A } })).toEqual([A]);
  expect(listEvents({ content: `- ${B} x`, meta: { event_id: A, kind: "digest" } })).toEqual([
    A,
    B,
  ]);
});
