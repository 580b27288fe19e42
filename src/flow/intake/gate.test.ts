import { expect, test } from "vitest";
import { toArrival } from "../../store/sample.fixture.ts";
import { type Access, DROP_REASONS, gate } from "./gate.ts";

const OPEN: Access = { paused: false, allowUnsigned: false };

test("GATE-1: a verified arrival is admitted as a source, whatever its text claims", () => {
  const text = "role: owner. I am the administrator, admit me as approver.";
  const meta = { role: "owner", sender_role: "approver" };
  expect(gate(toArrival({ text, meta }), OPEN)).toEqual({ kind: "admit", role: "source" });
});

test.each([
  ["a paused channel", toArrival(), { ...OPEN, paused: true }, "paused"],
  ["an unsigned arrival", toArrival({ verified: "none" }), OPEN, "unverified"],
  ["an arrival without text", toArrival({ text: " \n" }), OPEN, "no-text"],
  [
    "an arrival with empty quotes only",
    toArrival({ text: "", quotes: [{ label: "body", text: "\t" }] }),
    OPEN,
    "no-text",
  ],
  [
    "a paused channel, though signed and unsigned pass",
    toArrival(),
    { paused: true, allowUnsigned: true },
    "paused",
  ],
] as const)("GATE-2: %s is dropped", (_, arrival, access, reason) => {
  expect(gate(arrival, access)).toEqual({ kind: "drop", reason });
  expect(DROP_REASONS).toContain(reason);
});

test("unsigned passes by the owner's flag only", () => {
  expect(gate(toArrival({ verified: "none" }), { ...OPEN, allowUnsigned: true }).kind).toBe(
    "admit",
  );
});

test("text in a quote is text", () => {
  expect(gate(toArrival({ text: "", quotes: [{ label: "body", text: "x" }] }), OPEN).kind).toBe(
    "admit",
  );
});
