import { expect, test } from "vitest";
import type { VerifiedRequest } from "../../sdk/channel.ts";
import { receive, receiveSample, request } from "./github.fixture.ts";
import { github } from "./index.ts";
import samples from "./samples.json" with { type: "json" };

test("a push quotes the first line of each commit, in order", () => {
  expect(receiveSample("push").quotes).toEqual([
    { label: "commits", text: "0d1a26e Name the bucket\n6dcb09b Retry uploads" },
  ]);
});

test("the sender is the immutable number, the login only a name", () => {
  expect(receiveSample("review").sender).toEqual({ id: "1024025", name: "monalisa" });
  expect(receiveSample("star", { sender: { id: 1 } }).sender).toEqual({ id: "1" });
  expect(receiveSample("star", { sender: null }).sender).toEqual({ id: "unknown" });
});

test("a failed check off the default branch, and any green one, is low", () => {
  const { payload } = samples["check run"];
  const failed = { ...payload.check_run, conclusion: "failure" };
  expect(receiveSample("check run", { check_run: failed }).priority).toBe("normal");
  const elsewhere = { ...failed, check_suite: { head_branch: "topic" } };
  expect(receiveSample("check run", { check_run: elsewhere }).priority).toBe("low");
  expect(receiveSample("check run").priority).toBe("low");
});

test("a run belongs to its pull request only when it is the only one, and in this repository", () => {
  const run = samples["workflow run"].payload.workflow_run;
  const entity = (change: object): string | undefined =>
    receiveSample("workflow run", { workflow_run: { ...run, ...change } }).entity;
  const [pull] = run.pull_requests;
  expect(entity({ pull_requests: [pull, { ...pull, number: 13 }] })).toBe(
    "octo-org/octo-app@retry-upload:test",
  );
  expect(entity({ pull_requests: [pull, { number: 3, base: { repo: { id: 7 } } }] })).toBe(
    "octo-org/octo-app#12",
  );
  expect(entity({ pull_requests: [] })).toBe("octo-org/octo-app@retry-upload:test");
});

test("a fork's main is not shown as our main", () => {
  const run = samples["workflow run"].payload.workflow_run;
  const fork = { id: 99, owner: { login: "mallory" } };
  const arrival = receiveSample("workflow run", {
    workflow_run: { ...run, head_branch: "main", head_repository: fork, pull_requests: [] },
  });
  expect(arrival.text).toContain("on mallory:main at 6dcb09b");
  expect(arrival.entity).toBe("octo-org/octo-app@mallory:main:test");
});

test("the time is that of the event: ISO in most, epoch seconds in a push", () => {
  expect(receiveSample("workflow run").occurredAt).toBe(Date.UTC(2026, 4, 4, 10, 9, 30));
  const repository = { ...samples.push.payload.repository, pushed_at: 1_777_889_100 };
  expect(receiveSample("push", { repository }).occurredAt).toBe(1_777_889_100_000);
});

test("a form-encoded delivery reads the same as a JSON one", () => {
  const { event, payload } = samples["issue opened"];
  const form = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  expect(receive(request(event, form, "application/x-www-form-urlencoded"))).toEqual(
    receiveSample("issue opened"),
  );
});

test("a wrong content type is 415; a broken envelope or body is 400", () => {
  const refusal = (message: VerifiedRequest): unknown => {
    const received = github.receive(message, { name: "gh", twoWay: false });
    return received.kind === "refuse" ? received.status : received.kind;
  };
  expect(refusal(request("ping", "{}", "text/plain"))).toBe(415);
  expect(refusal(request("ping", "{}", ""))).toBe(415);
  expect(refusal(request("", "{}"))).toBe(400);
  expect(refusal(request("Ping<", "{}"))).toBe(400);
  expect(
    refusal({
      ...request("ping", "{}"),
      headers: { ...request("ping", "").headers, "x-github-delivery": "a b" },
    }),
  ).toBe(400);
  for (const body of [
    "",
    "{",
    "[]",
    "null",
    '"x"',
    "[".repeat(10_000),
    '{"a":'.repeat(1_000_000),
  ]) {
    expect(refusal(request("ping", body))).toBe(400);
  }
  expect(refusal(request("ping", Buffer.from([0x7b, 0xff])))).toBe(400);
  expect(refusal(request("ping", "load=1", "application/x-www-form-urlencoded"))).toBe(400);
});

test("a push of 2,048 commits is read", () => {
  const [commit] = samples.push.payload.commits;
  const arrival = receiveSample("push", { commits: Array.from({ length: 2_048 }, () => commit) });
  expect(arrival.meta["commits"]).toBe("2048");
});
