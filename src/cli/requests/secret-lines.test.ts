import { expect, test } from "vitest";
import { spreadLines } from "./secret-lines.ts";

const MORE = [{ name: "app_token" }];

test("a line each, for a kind that has several secrets; else a text of lines is one", () => {
  expect(spreadLines("slack", { secret: "one\r\ntwo\n" }, MORE)).toEqual({
    secret: "one",
    secrets: { app_token: "two" },
  });
  expect(spreadLines("slack", { secret: "one" }, MORE)).toEqual({ secret: "one" });
  expect(spreadLines("slack", {}, MORE)).toEqual({});
  expect(spreadLines("svix", { secret: "-----BEGIN\nkey\nEND" }, [])).toEqual({
    secret: "-----BEGIN\nkey\nEND",
  });
  expect(() => spreadLines("slack", { secret: "one\ntwo\nthree" }, MORE)).toThrow("2 secrets");
});
