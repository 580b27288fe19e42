import { expect, test } from "vitest";
import { toRest } from "./rest.ts";

const BODY = {
  $header: { "x-secret": "of the request" },
  id: 7,
  data: { title: "Disk is full", owner: "ann@example.com", url: "https://app.example/7" },
};

test("what has no known shape is told by its worth, without mail addresses, and its page is the link", () => {
  expect(toRest({ line: "x", rest: { data: "data" } }, BODY)).toEqual({
    quotes: [{ label: "data", text: "title: Disk is full" }],
    link: "https://app.example/7",
  });
});

test("the first path that has anything counts; the empty one is the body, never its headers", () => {
  const { quotes } = toRest({ line: "x", rest: { data: "nothing|" } }, BODY);
  expect(quotes[0]?.text).toContain("data.title: Disk is full");
  expect(JSON.stringify(quotes)).not.toContain("of the request");
  expect(toRest({ line: "x", rest: { data: "nothing" } }, BODY).quotes).toEqual([]);
});
