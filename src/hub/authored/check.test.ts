import { expect, test } from "vitest";
import { outlineSchema, parseLine } from "./check.ts";

const outline = {
  kind: "mine",
  title: "t",
  description: "d",
  instructions: "",
  attributes: {},
  sources: [{ type: "schedule", name: "s" }],
  secrets: ["constructor"],
  reply: "none",
  tools: [{ name: "t", description: "d", inputSchema: { type: "object" } }],
  permission: false,
  ack: "auto",
  priority: "normal",
};
const tools = (inputSchema: unknown) => ({
  ...outline,
  tools: [{ name: "t", description: "d", inputSchema }],
});

test("CHECK-1: what each session would read of a tool has an end, and no secret has a name that objects have by themselves", () => {
  expect(outlineSchema.safeParse(outline).success).toBe(true);
  expect(outlineSchema.safeParse(tools({ a: "x".repeat(60_000) })).success).toBe(false);
  expect(outlineSchema.safeParse({ ...outline, secrets: ["__proto__"] }).success).toBe(false);
});

test("CHILD-1: deep, odd and polluting lines are refused, or read as what they are", () => {
  const deep = `${'{"a":'.repeat(200_000)}1${"}".repeat(200_000)}`;
  const ready = JSON.stringify({ kind: "ready", outline: tools("HERE"), files: [] });
  expect(() => parseLine(Buffer.from(ready.replace('"HERE"', deep)))).toThrow();
  const log = `{"kind":"log","level":"info","fields":${deep},"message":"m"}`;
  expect(parseLine(Buffer.from(log)).kind).toBe("log");
  for (const line of [
    "",
    "null",
    "[]",
    "{}",
    '{"kind":"__proto__"}',
    '{"__proto__":{"kind":"closed"}}',
    "\u0000",
  ])
    expect(() => parseLine(Buffer.from(line)), line).toThrow();
  const arrival = `{"kind":"x","sender":{"id":"a"},"text":"t","quotes":[],"meta":{"__proto__":"x","constructor":"y"},"priority":"normal","ack":"auto"}`;
  const read = parseLine(Buffer.from(`{"kind":"take","id":1,"arrivals":[${arrival}]}`));
  if (read.kind !== "take") throw new Error(read.kind);
  expect(Object.getPrototypeOf(read.arrivals[0]?.meta)).toBe(Object.prototype);
  for (const meta of ["source", "a-b", "", "a b"])
    expect(() =>
      parseLine(
        Buffer.from(`{"kind":"take","id":1,"arrivals":[${arrival.replace("constructor", meta)}]}`),
      ),
    ).toThrow();
});
