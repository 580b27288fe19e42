import { expect, test } from "vitest";
import { toFields, toInput, toWholeInput } from "./fields.ts";

const SCHEMA = {
  type: "object",
  required: ["text", "count"],
  properties: {
    text: { type: "string", description: "what to say" },
    count: { type: "integer" },
    loud: { type: "boolean" },
    to: { enum: ["a", "b"] },
    files: { type: "array" },
  },
};

test("a field for each property, and an input of the right types; what is empty and not needed is left out", () => {
  const fields = toFields(SCHEMA) ?? [];
  expect(fields.map(({ name, kind, isRequired }) => [name, kind, isRequired])).toEqual([
    ["text", "text", true],
    ["count", "number", true],
    ["loud", "flag", false],
    ["to", "choice", false],
    ["files", "json", false],
  ]);
  const values = new Map([
    ["text", "hi"],
    ["count", "3"],
    ["loud", "true"],
    ["files", '["a"]'],
  ]);
  expect(toInput(fields, values)).toEqual({
    kind: "ok",
    input: { text: "hi", count: 3, loud: true, files: ["a"] },
  });
  expect(toInput(fields, new Map())).toEqual({ kind: "ok", input: { text: "" } });
  expect(toInput(fields, new Map([["count", "x"]]))).toMatchObject({ kind: "bad", field: "count" });
  expect(toInput(fields, new Map([["files", "["]]))).toMatchObject({ kind: "bad", field: "files" });
});

test("a schema that is none, or too much, makes no form that breaks", () => {
  for (const schema of [undefined, null, 3, [], {}, { properties: [] }, { properties: 3 }])
    expect(toFields(schema)).toEqual([]);
  expect(
    toFields({ properties: { a: null, b: 3, ["__proto__x"]: {} }, required: "a" }),
  ).toHaveLength(3);
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`f${i}`, {}]));
  expect(toFields({ properties: many })).toBeUndefined();
  const proto = toFields(JSON.parse('{"properties":{"__proto__":{"type":"string"}}}')) ?? [];
  const filled = toInput(proto, new Map([["__proto__", "x"]]));
  expect(filled.kind === "ok" && Object.hasOwn(filled.input, "__proto__")).toBe(true);
  expect(toWholeInput("[]")).toMatchObject({ kind: "bad" });
  expect(toWholeInput("")).toEqual({ kind: "ok", input: {} });
});
