import { createHash } from "node:crypto";
import fc from "fast-check";
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

test("a failed required check is never low, whatever its branch; a green one waits for company", () => {
  const { payload } = samples["check run"];
  const failed = { ...payload.check_run, conclusion: "failure" };
  expect(receiveSample("check run", { check_run: failed }).priority).toBe("normal");
  const elsewhere = { ...failed, check_suite: { head_branch: "topic" } };
  expect(receiveSample("check run", { check_run: elsewhere }).priority).toBe("normal");
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

const FORM = "application/x-www-form-urlencoded";

function statusOf(body: string | Buffer, contentType: string, event = "issues"): unknown {
  const received = github.receive(request(event, body, contentType), { name: "gh", twoWay: false });
  return received.kind === "refuse" ? (received.code ?? received.status) : received.kind;
}

/** As GitHub's encoder writes it. */
function toForm(text: string): string {
  return new URLSearchParams({ payload: text }).toString();
}

test("GITHUB-3: a form is one field, whatever else stands beside it", () => {
  const form = toForm(JSON.stringify(samples["issue opened"].payload));
  expect(statusOf(form, FORM)).toBe("arrival");
  expect(statusOf(form, `${FORM}; charset=utf-8`)).toBe("arrival");
  for (const other of [
    `${form}&payload=%7B%7D`,
    `payload=%7B%7D&${form}`,
    `${form}&`,
    `&${form}`,
    `${form}&x`,
    `x=1&${form}`,
    `${form};payload=%7B%7D`,
    `${form}=`,
    `${form}\n`,
    ` ${form}`,
    `${form}\0`,
    `\ufeff${form}`,
    form.replace("payload", "Payload"),
    form.replace("payload", "%70ayload"),
    form.replace("payload", "payload[]"),
    form.replace("%7B", "{"),
    "payload=",
    "payload",
    "",
  ])
    expect([other.slice(0, 40), statusOf(other, FORM)]).toEqual([
      other.slice(0, 40),
      "header_mismatch",
    ]);
  expect(statusOf(`${form}%`, FORM)).toBe(400);
  expect(statusOf(`${form}%ff`, FORM)).toBe(400);
});

test("GITHUB-3: whatever JSON holds, it is refused as a form, and a form as JSON", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
      const text = JSON.stringify({ issue: { title: "a&payload=%7B%7D" }, value });
      expect(statusOf(text, FORM)).toBe("header_mismatch");
      const form = toForm(text.toWellFormed());
      expect(statusOf(form, "application/json")).toBe(400);
      expect(statusOf(form, FORM)).toBe("arrival");
    }),
  );
});

test("GITHUB-3: a delivery has one digest, of what was signed and not of its headers", () => {
  const { event, payload } = samples["issue opened"];
  const text = JSON.stringify(payload);
  const digestOf = (body: string, contentType: string, more: object = {}): unknown => {
    const message = request(event, body, contentType);
    return receive({ ...message, headers: { ...message.headers, ...more } }).bodyDigest;
  };
  const digest = createHash("sha256").update(text).digest("hex");
  expect(digestOf(text, "application/json")).toBe(digest);
  expect(digestOf(text, "application/json", { "x-github-delivery": "another" })).toBe(digest);
  expect(digestOf(toForm(text), FORM)).toBe(digest);
  expect(digestOf(`${text} `, "application/json")).not.toBe(digest);
});

test("events whose names have digits are read", () => {
  const projects = { action: "edited", projects_v2_item: { id: 1 }, organization: { login: "o" } };
  expect(receive(request("projects_v2_item", JSON.stringify(projects)))).toMatchObject({
    kind: "projects_v2_item.edited",
    text: "Project item 1 edited in o\nhttps://github.com/orgs/o/projects",
  });
});

test("a push of 2,048 commits is read", () => {
  const [commit] = samples.push.payload.commits;
  const arrival = receiveSample("push", { commits: Array.from({ length: 2_048 }, () => commit) });
  expect(arrival.meta["commits"]).toBe("2048");
});
