import { expect, test } from "vitest";
import { readBodyValue } from "./body.ts";

const read = (body: string | Buffer, type?: string, isJson?: boolean): unknown => {
  const found = readBodyValue(Buffer.from(body), type, isJson);
  return found.kind === "value" ? found.value : found.status;
};

test("a body is read by its content type", () => {
  expect(read('{"a":1}', "application/json; charset=utf-8")).toEqual({ a: 1 });
  expect(read('{"a":1}', "application/cloudevents+json")).toEqual({ a: 1 });
  expect(read("a=1&b=x+y&a=2", "application/x-www-form-urlencoded")).toEqual({
    a: ["1", "2"],
    b: "x y",
  });
  expect(read("build failed", "application/x-www-form-urlencoded")).toEqual({
    text: "build failed",
  });
  expect(read("<a/>", "application/xml")).toEqual({ text: "<a/>" });
  expect(read('{"a":1}', "text/plain", true)).toEqual({ a: 1 });
  expect(read(' {"a":1}')).toEqual({ a: 1 });
  expect(read("hello")).toEqual({ text: "hello" });
  expect(read("", "application/json")).toEqual({});
  expect(
    read(
      '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--',
      "multipart/form-data; boundary=x",
    ),
  ).toEqual({ a: "b" });
});

test("BODY-1: only what is not what it says it is is refused", () => {
  const wide = JSON.stringify(
    Object.fromEntries(Array.from({ length: 30_000 }, (_, n) => [`k${n}`, n])),
  );
  expect(Object.keys(read(wide, "application/json") as object)).toHaveLength(30_000);
  expect(read(`${'{"a":'.repeat(200)}1${"}".repeat(200)}`, "application/json")).toBeTypeOf(
    "object",
  );
  expect(read("{", "application/json")).toBe(400);
  expect(read("x", "multipart/form-data; boundary=y")).toBe(400);
  expect(read("x", "image/png")).toBe(415);
  expect(read(Buffer.from([0x61, 0xff]), "text/plain")).toEqual({ text: "a\uFFFD" });
});
