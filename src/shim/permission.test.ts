import { expect, test } from "vitest";
import type { HookSignal } from "./link.ts";
import { PERMIT } from "../sdk/own-tool.ts";
import { Handed, toPermission, toToolInput } from "./hook.ts";

const known = `evt_${"a".repeat(26)}`;
const other = `evt_${"b".repeat(26)}`;

function preToolUse(tool: string, input: unknown = {}): HookSignal {
  return {
    event: "PreToolUse",
    session: "s",
    promptId: "p",
    prompt: "",
    events: [],
    tool,
    toolUseId: "toolu_1",
    toolInput: toToolInput(JSON.stringify(input)),
    agentId: "",
    stopHookActive: false,
    notification: "",
    reason: "",
  };
}

test.each(["inbox", "ack", "details", "edit_message"])("%s needs no person", (name) => {
  expect(toPermission(preToolUse(`mcp__plugin_sluice_sluice__${name}`), new Handed())).toBe(PERMIT);
});

test("a reply to an event that was handed over needs no person, however long it is", () => {
  const handed = new Handed();
  handed.note(`<channel source="sluice" event_id="${known}">`);
  const text = "long ".repeat(6_000);
  const signal = preToolUse("mcp__plugin_sluice_sluice__reply", { text, event_id: known });
  expect(toPermission(signal, handed)).toBe(PERMIT);
  expect(signal.toolInput).toBe(JSON.stringify({ event_id: known }));
});

test("a reply to any other event is the hub's to judge", () => {
  const handed = new Handed();
  handed.note(known);
  for (const input of [{ event_id: other }, { event_id: 7 }, { text: known }, {}, null]) {
    const signal = preToolUse("mcp__plugin_sluice_sluice__reply", input);
    expect(toPermission(signal, handed)).toBeUndefined();
  }
});

test.each(["react", "download_attachment"])(
  "%s needs no person for an event that was handed over, and the hub's word for any other",
  (name) => {
    const handed = new Handed();
    handed.note(known);
    const ask = (input: object) =>
      toPermission(preToolUse(`mcp__plugin_sluice_sluice__${name}`, input), handed);
    expect(ask({ event_id: known })).toBe(PERMIT);
    expect(ask({ event_id: other })).toBeUndefined();
  },
);

test.each([
  "Bash",
  "mcp__plugin_sluice_sluice__send",
  "mcp__plugin_sluice_sluice__hook",
  "mcp__other_sluice__inbox",
  "",
])("there is no opinion on %j", (name) =>
  expect(toPermission(preToolUse(name), new Handed())).toBeUndefined(),
);

test("what was handed over first is forgotten first", () => {
  const handed = new Handed();
  handed.note(known);
  const ids = Array.from({ length: 2_000 }, (_, n) => `evt_${String(n).padStart(26, "0")}`);
  handed.note(ids.join(" "));
  expect(handed.has(known)).toBe(false);
  expect(ids.every((id) => handed.has(id))).toBe(true);
});
