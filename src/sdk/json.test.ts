import fc from "fast-check";
import { expect, test } from "vitest";
import {
  at,
  countAt,
  decodeUtf8,
  idAt,
  isTrueAt,
  listAt,
  parseJson,
  textAt,
  timeAt,
  toStorableText,
} from "./json.ts";

const bytes = (text: string): Buffer => Buffer.from(text);
const deep = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);

test("what JSON.parse accepts within the limits comes back as JSON.parse gives it", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), (text) => {
      const expected: unknown = JSON.parse(
        text,
        (_key, value: unknown, context?: { source?: string }) =>
          typeof value === "number" &&
          !Number.isSafeInteger(value) &&
          /^-?\d+$/.test(context?.source ?? "")
            ? context?.source
            : value,
      );
      expect(parseJson(bytes(text))).toEqual({ kind: "ok", value: expected, leftOut: 0 });
    }),
    { numRuns: 300 },
  );
});

test("JSONTEXT-1: 64 levels are read; what lies deeper, up to 1,000,000 levels, is left out and counted", () => {
  expect(parseJson(bytes(deep(64)))).toEqual({
    kind: "ok",
    value: JSON.parse(deep(64)) as unknown,
    leftOut: 0,
  });
  for (const levels of [65, 10_000, 1_000_000]) {
    const parsed = parseJson(bytes(deep(levels)));
    expect(parsed).toMatchObject({ kind: "ok", leftOut: 2 * (levels - 64) });
    if (parsed.kind === "ok")
      expect(JSON.stringify(parsed.value)).toBe("[".repeat(64) + '"…"' + "]".repeat(64));
    const objects = '{"a":'.repeat(levels) + "1" + "}".repeat(levels);
    expect(parseJson(objects)).toMatchObject({ kind: "ok", leftOut: 6 * (levels - 64) + 1 });
  }
});

test("JSONTEXT-1: what stands beside a deep value is read whole, numbers and tricky strings too", () => {
  const tricky = String.raw`[[[{{{::::\"[[[\\`;
  const well = deep(100);
  const text = `{"a":"${tricky}","b":[${well},${well}],"id":12345678901234567890,"c":{"d":${well}}}`;
  const parsed = parseJson(text);
  expect(parsed).toMatchObject({ kind: "ok", leftOut: 2 * (2 * 38) + 2 * 38 });
  const value = parsed.kind === "ok" ? parsed.value : undefined;
  expect(at(value, "a")).toBe((JSON.parse(`{"a":"${tricky}"}`) as { a: string }).a);
  expect(idAt(value, "id")).toBe("12345678901234567890");
  expect(listAt(value, "b")).toHaveLength(2);
});

test("JSONTEXT-1: brackets that nobody closes, or closes too often, are no JSON", () => {
  for (const text of [
    "[".repeat(65),
    "[".repeat(1_000_000),
    '{"a":'.repeat(1_000_000),
    `${deep(100)}]`,
    `${"]".repeat(1_000)}${"[".repeat(1_000)}`,
    `[${"[".repeat(100)}"${"]".repeat(101)}`,
    `${deep(100)}${deep(100)}`,
  ])
    expect(parseJson(text)).toEqual({ kind: "bad", reason: "the body is not valid JSON" });
});

test("any number of keys is read", () => {
  const keys = (count: number): string =>
    `{${Array.from({ length: count }, (_, i) => `"k${i}":0`).join(",")}}`;
  const parsed = parseJson(bytes(keys(200_000)));
  expect(at(parsed.kind === "ok" ? parsed.value : undefined, "k199999")).toBe(0);
  const same = `{${'"a":1,'.repeat(200_000)}"a":2}`;
  expect(parseJson(same)).toEqual({ kind: "ok", value: { a: 2 }, leftOut: 0 });
  const reaching = `{${'"__proto__":{"x":1},'.repeat(50_000)}"b":1}`;
  expect(parseJson(reaching).kind).toBe("ok");
  expect(({} as { x?: number }).x).toBeUndefined();
});

test("broken JSON and broken UTF-8 are refused, and the reason quotes nothing of them", () => {
  for (const text of [
    "",
    "{",
    '"',
    '"\\',
    '{"secret-word":}',
    "[1,]",
    "{'a':1}",
    '{"a":"\u0001"}',
    "NaN",
  ]) {
    expect(parseJson(bytes(text))).toEqual({ kind: "bad", reason: "the body is not valid JSON" });
  }
  expect(parseJson(Buffer.from([0x22, 0xff, 0x22]))).toEqual({
    kind: "bad",
    reason: "the body is not valid UTF-8",
  });
});

test("a byte order mark is dropped", () => {
  expect(parseJson(bytes('\uFEFF{"a":1}'))).toEqual({ kind: "ok", value: { a: 1 }, leftOut: 0 });
});

test("JSONTEXT-3: an integer beyond 2^53 keeps its digits; other numbers and text stay as they are", () => {
  const read = (text: string): unknown => {
    const parsed = parseJson(text);
    return parsed.kind === "ok" ? parsed.value : parsed.reason;
  };
  expect(read("12345678901234567890")).toBe("12345678901234567890");
  expect(read('[-12345678901234567890,{"id":98765432109876543210}]')).toEqual([
    "-12345678901234567890",
    { id: "98765432109876543210" },
  ]);
  expect(read("[9007199254740991,-9007199254740991,9007199254740992]")).toEqual([
    2 ** 53 - 1,
    1 - 2 ** 53,
    "9007199254740992",
  ]);
  expect(
    read("[3.14159265358979312,12345678901234567.5,1e-0000000000000000001,1E+0000000000000000001]"),
  ).toEqual([3.141592653589793, 12345678901234568, 0.1, 10]);
  const inText = { 'a"12345678901234567890': "12345678901234567890" };
  expect(read(JSON.stringify(inText))).toEqual(inText);
  expect(read("{12345678901234567890:1}")).toBe("the body is not valid JSON");
  expect(idAt(read('{"id":12345678901234567890}'), "id")).toBe("12345678901234567890");
});

test("JSONTEXT-2: prototype keys are plain keys, and inherited ones are not there", () => {
  const parsed = parseJson(
    bytes('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
  );
  const value = parsed.kind === "ok" ? parsed.value : undefined;
  expect(isTrueAt(value, "__proto__.polluted")).toBe(true);
  expect(at({}, "__proto__")).toBeUndefined();
  expect(at({}, "constructor.name")).toBeUndefined();
  expect(textAt([], "toString")).toBeUndefined();
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test("readers give undefined, or nothing in a list, for any other shape", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(["string", "undefined"]).toContain(typeof textAt({ a: value }, "a"));
      expect(["number", "undefined"]).toContain(typeof countAt({ a: value }, "a"));
      expect(Array.isArray(listAt(value, "a.b"))).toBe(true);
    }),
  );
  expect(countAt({ a: -1 }, "a")).toBeUndefined();
  expect(countAt({ a: 1.5 }, "a")).toBeUndefined();
  expect(idAt({ a: "x1" }, "a")).toBeUndefined();
});

test("times are ISO text or epoch seconds", () => {
  expect(timeAt({ t: "2026-05-04T10:05:00Z" }, "t")).toBe(1_777_889_100_000);
  expect(timeAt({ t: "2026-05-04T12:05:00.000+02:00" }, "t")).toBe(1_777_889_100_000);
  expect(timeAt({ t: 1_777_889_100 }, "t")).toBe(1_777_889_100_000);
  for (const t of ["yesterday", "2026-13-40T99:99:99Z", 1e300, -5, null])
    expect(timeAt({ t }, "t")).toBeUndefined();
});

test("stored text has no NUL and survives UTF-8 unchanged", () => {
  expect(toStorableText("a\0b\uD800c😀")).toBe("ab\uFFFDc😀");
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const stored = toStorableText(text);
      expect(Buffer.from(stored, "utf8").toString("utf8")).toBe(stored);
    }),
  );
});

test("bytes that were refused leave nothing behind for the next text", () => {
  const mark = [0xef, 0xbb, 0xbf];
  for (const bad of [[0xff], [...mark, 0xc3], [0xe2, 0x82]]) {
    expect(decodeUtf8(Uint8Array.from(bad))).toBeUndefined();
    expect(decodeUtf8(Uint8Array.from([...mark, 0x61]))).toBe("a");
    expect(decodeUtf8(Uint8Array.from([0x61, ...mark]))).toBe("a\ufeff");
  }
});
