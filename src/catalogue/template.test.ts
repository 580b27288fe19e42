import { expect, test } from "vitest";
import type { RowScope } from "./scope.ts";
import { fill, fillFree, fillWhole, readExact, readLink } from "./template.ts";

const SCOPE: RowScope = {
  event: "build.failed",
  action: "failed",
  words: { did: "failed" },
  entityPrefix: "",
  statePrefix: "",
  priority: "normal",
};
const PAYLOAD = {
  build: { number: 7, name: "API <b>tests</b>", branch: "refs/heads/main", state: "timed_out" },
  jobs: [
    { name: "lint", state: "passed", exit: 0 },
    { name: "unit", state: "failed", exit: 1 },
    { name: "e2e", state: "failed", exit: 2 },
  ],
  tags: [
    ["env", "prod"],
    ["zone", "eu"],
  ],
  amount: { total: 1999, currency: "usd" },
  took: 3_725,
  labels: { host: "db-1", severity: "critical", nested: {}, api_token: "c0ffee" },
  url: "https://example.com/builds/7",
  at: "2016-08-12 15:23:28 UTC",
};

const line = (template: string): string => fill(template, PAYLOAD, SCOPE);

test.each([
  ["Build #{count:build.number} {did} on {ref:build.branch}", "Build #7 failed on main"],
  ["{name:build.name}", "API ?b?tests?/b?"],
  ["{word:build.state}", "timed out"],
  ["{name:build.title|build.name}[ by {login:build.user}]", "API ?b?tests?/b?"],
  ["{name:build.title}", "?"],
  ["{name:build.title|=Build}", "Build"],
  ["{name:jobs.*(state=failed).name}", "unit, e2e"],
  ["{name:jobs.*(exit!=0).name}", "unit, e2e"],
  ["{name:jobs.-1.name} of {size:jobs}", "e2e of 3"],
  ["{name:tags.*(0=env).1}", "prod"],
  ["{money:amount.total}", "19.99 USD"],
  ["{seconds:took}", "1 h 2 min"],
  ["{pairs:labels}", "host=db-1, severity=critical"],
  ["{time:at}", "2016-08-12T15:23Z"],
  ["{host:url} {tail:url}", "example.com 7"],
  ["{size:amount.none|number:jobs.1.exit} jobs[, {number:jobs.1.exit} times]", "1 job, 1 time"],
  [
    "{number:jobs.2.exit} jobs, {number:jobs.1.exit} ms, {number:jobs.1.exit} waits",
    "2 jobs, 1 ms, 1 waits",
  ],
])("%s", (template, expected) => {
  expect(line(template)).toBe(expected);
});

test("a fact with a field that is not there is no fact", () => {
  expect(fillWhole("took {seconds:other}", PAYLOAD, SCOPE)).toBeUndefined();
  expect(fillWhole("took {seconds:took}[, {name:other}]", PAYLOAD, SCOPE)).toBe("took 1 h 2 min");
});

test("the first link that is there counts: a path, or a page whose fields are encoded", () => {
  const links = (...given: string[]): string | undefined => readLink(given, PAYLOAD, SCOPE);
  expect(links("other", "url")).toBe("https://example.com/builds/7");
  expect(links("https://ci.example.com/{exact:build.branch}/{exact:build.name}")).toBe(
    "https://ci.example.com/main/API%20%3Cb%3Etests%3C/b%3E",
  );
  expect(links("{base:url}/jobs/{count:build.number}")).toBe("https://example.com/builds/7/jobs/7");
  expect(links("{base:other}/jobs", "https://x.example/{exact:other}")).toBeUndefined();
});

test("a link that opens something by its query is none", () => {
  const payload = {
    reset: "https://example.com/reset?token=hunter2",
    page: "https://example.com/p",
  };
  expect(readLink(["reset", "page"], payload, SCOPE)).toBe("https://example.com/p");
});

test("exact texts keep what a reader is not shown, and free ones stay on one line", () => {
  expect(readExact(PAYLOAD, "build.branch")).toBe("main");
  expect(readExact(PAYLOAD, "build.name")).toBe("API <b>tests</b>");
  expect(readExact({ api: "https://x.example/api/issues/42/?a=1" }, "id|tail:api")).toBe("42");
  expect(fillFree("{name}[ ({state})]", { name: "a\nb" })).toBe("a b");
  expect(fillFree("{name}", { other: 1 })).toBeUndefined();
});
