import { expect, test } from "vitest";
import { suggest } from "./suggest.ts";

const NAMES = ["status", "sessions", "inbox", "tail", "trace", "pause", "up"];

test.each([
  ["statu", "status"],
  ["stauts", "status"],
  ["Inbox", "inbox"],
  ["tial", "tail"],
  ["sess", "sessions"],
  ["pu", "up"],
])("%s was meant to be %s", (typed, name) => {
  expect(suggest(typed, NAMES)).toBe(name);
});

test.each(["deploy", "xyz", "", "tostring"])("%j is near to nothing", (typed) => {
  expect(suggest(typed, NAMES)).toBeUndefined();
});
