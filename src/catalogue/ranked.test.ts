import fc from "fast-check";
import { expect, test } from "vitest";
import { rank } from "./ranked.ts";

test("RANKED-1: title, message, state and severity come first, links last; the page of the thing is the link", () => {
  const { text, link, isWhole } = rank({
    id: "8d9b1f0c-31a2-4c2e-9a5e-8d3f1e0c9a11",
    avatar_url: "https://cdn.example.com/a.png",
    docs: "https://example.com/docs",
    region: "eu-1",
    nothing: null,
    empty: [],
    alert: {
      severity: "critical",
      title: "Disk is full",
      token: "hunter2",
      html_url: "https://example.com/alerts/7",
    },
    message: "db-1 has\n3 % left",
    status: "open",
  });
  expect(text.split("\n")).toEqual([
    "alert.title: Disk is full",
    "message: db-1 has 3 % left",
    "status: open",
    "alert.severity: critical",
    "region: eu-1",
    "docs: https://example.com/docs",
  ]);
  expect(link).toBe("https://example.com/alerts/7");
  expect(isWhole).toBe(false);
});

test("JSON in a text is read, one entry of a list of names and values keeps its name, and a list says how many it has", () => {
  const { text } = rank({
    Message: JSON.stringify({ AlarmName: "HighCPU", NewStateValue: "ALARM" }),
    headers: [
      { name: "host", value: "db-1" },
      { name: "zone", value: "eu" },
    ],
    tags: ["a", "b", null, ""],
    runs: [{ job: "a" }, { job: "b" }, { job: "c" }, { job: "d" }],
  });
  expect(text).toContain("Message.AlarmName: HighCPU");
  expect(text).toContain("Message.NewStateValue: ALARM");
  expect(text).toContain("headers.0.host: db-1");
  expect(text).toContain("tags: a, b");
  expect(text).toContain("runs.count: 4");
  expect(text).toContain("runs.2.job: c");
  expect(text).not.toContain("runs.3");
});

test("a credential is told nowhere: not by its name, its form, or in a link", () => {
  const { text, link } = rank({
    text: "use ghp_a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1",
    api_key: "hunter2",
    response_url: "https://hooks.example.com/hunter2",
    url: "https://example.com/reset?token=hunter2",
  });
  expect(text).not.toMatch(/hunter2|ghp_a1/);
  expect(link).toBeUndefined();
});

test("ids that nobody reads are left out, and those that people use stay", () => {
  const { text } = rank({
    id: "evt_1MhUT7E0b6fckueSTtEJC9R4",
    issue_id: "T-43",
    number: 12,
    uuid: "8d9b1f0c-31a2-4c2e-9a5e-8d3f1e0c9a11",
    teamId: "9e383f5126294f1997ff451cc2f0a0ad",
    sha: "6dcb09b5b57875f334f61aebed695e2e4193db5e",
  });
  expect(text.split("\n").toSorted()).toEqual(["issue_id: T-43", "number: 12", "sha: 6dcb09b5b"]);
});

test("what stands there twice is told once, and a long value is cut", () => {
  const { text, isWhole } = rank({
    title: "same words",
    name: "same words",
    notes: "x".repeat(500),
  });
  expect(text.match(/same words/g)).toHaveLength(1);
  expect(text).toContain(`notes: ${"x".repeat(139)}…`);
  expect(isWhole).toBe(false);
});

// RANKED-2
test("no payload makes more than 60 lines, or one line out of several", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const { text } = rank(value);
      expect(text.split("\n").length).toBeLessThanOrEqual(60);
      expect(text).not.toMatch(/[\0\r\u2028]/);
      expect(text.isWellFormed()).toBe(true);
    }),
    { numRuns: 100 },
  );
  const wide = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`k${n}`, n]));
  expect(rank(wide)).toMatchObject({ isWhole: false });
  expect(rank("[".repeat(60) + "]".repeat(60)).text).toBe("");
});
