/**
 * What was untold: details of events that people act on. Each row is a failure that was found with real payloads.
 */
import { expect, test } from "vitest";
import type { Arrival } from "../../sdk/event.ts";
import { isByOwn, readContext } from "./context.ts";
import { readExamples } from "./examples.fixture.ts";
import { receive, receiveSample, request } from "./github.fixture.ts";
import samples from "./samples.json" with { type: "json" };

const PULL = samples["pull request opened"].payload.pull_request;
const HERE = {
  repository: samples.push.payload.repository,
  sender: samples.push.payload.sender,
};
const EXAMPLES = ["api.github.com", "ghes-35", "ghes-31"].flatMap(readExamples);

function read(event: string, payload: object): Arrival {
  return receive(request(event, JSON.stringify({ ...HERE, ...payload })));
}

/** A published example with changes. */
function example(event: string, action?: string, change: Record<string, object> = {}): Arrival {
  const found = EXAMPLES.find(
    (one) => one.event === event && (action === undefined || one.payload["action"] === action),
  );
  if (found === undefined) throw new Error(`no example of ${event}.${action}`);
  const payload: Record<string, unknown> = { ...found.payload };
  for (const [key, value] of Object.entries(change))
    payload[key] = { ...(payload[key] as object), ...value };
  return receive(request(event, JSON.stringify(payload)));
}

const pull = (action: string, more: object): string =>
  receiveSample("pull request opened", { action, ...more }).text.split("\n", 1)[0] ?? "";

test.each([
  [
    "review_requested",
    { requested_team: { name: "Kernel team", slug: "kernel" } },
    "review requested (team Kernel team)",
  ],
  [
    "review_request_removed",
    { requested_team: { slug: "kernel" } },
    "review request removed (team kernel)",
  ],
  [
    "edited",
    { changes: { base: { ref: { from: "main" }, sha: { from: "x" } } } },
    "edited (base was main)",
  ],
  ["edited", { changes: { title: { from: "WIP" } } }, "edited (title)"],
  ["dequeued", { reason: "CI_FAILURE" }, "dequeued (reason: CI_FAILURE)"],
  ["dequeued", { reason: "merge_conflict" }, "dequeued (reason: merge conflict)"],
  [
    "auto_merge_disabled",
    { reason: "Head branch was modified" },
    "auto merge disabled (reason: Head branch was modified)",
  ],
  [
    "milestoned",
    { pull_request: { ...PULL, milestone: { title: "v1.0 – 发布" } } },
    "milestoned (v1.0 – 发布)",
  ],
  ["demilestoned", { milestone: { title: "v1.0" } }, "demilestoned (v1.0)"],
  ["synchronize", { before: "a".repeat(40), after: "b".repeat(40) }, "has new commits"],
  ["assigned", { assignee: { login: "monalisa" } }, "assigned (monalisa)"],
  ["labeled", { label: { name: "बग 🐛" } }, "labeled (बग 🐛)"],
])("a pull request's %s %j was untold", (action, more, words) => {
  expect(pull(action, more)).toBe(`Pull request #12 ${words} in octo-org/Octo-App by octocat`);
});

test("what needs somebody is never low: a pull request that left the merge queue, a dismissed review", () => {
  expect(receiveSample("pull request opened", { action: "dequeued" }).priority).toBe("normal");
  const review = samples.review.payload.review;
  const dismissed = receiveSample("review", {
    action: "dismissed",
    review: { ...review, state: "dismissed", user: { login: "hubot" } },
  });
  expect(dismissed.text).toContain("Review by hubot of pull request #12 dismissed in ");
  expect(dismissed.priority).toBe("normal");
});

test("the action that somebody requested of a check was untold", () => {
  const arrival = example("check_run", "requested_action");
  expect(arrival.text).toContain("requested action: lgtm|26764");
  expect([arrival.priority, arrival.stateOf]).toEqual(["normal", undefined]);
});

test('a webhook of all events read "events: ?", and names with digits were dropped', () => {
  const ping = (events: unknown[]): string =>
    receiveSample("ping", { hook: { events } }).text.split("\n")[1] ?? "";
  expect(ping(["*"])).toBe("events: all");
  expect(ping(["projects_v2", "projects_v2_item", "push"])).toBe(
    "events: projects_v2, projects_v2_item, push",
  );
});

test("a review comment's hunk was cut at its end, where the commented line is", () => {
  const lines = Array.from({ length: 200 }, (_, i) => `+line ${i} of the new file`);
  const comment = { ...samples["review comment"].payload.comment, diff_hunk: lines.join("\n") };
  const code = (diff_hunk: string): string =>
    receiveSample("review comment", { comment: { ...comment, diff_hunk } }).quotes.find(
      ({ label }) => label === "code",
    )?.text ?? "";
  const shown = code(lines.join("\n"));
  expect(shown.split("\n").at(-1)).toBe("+line 199 of the new file");
  expect(shown).toMatch(/^\(\d+ lines before\)\n\+line /);
  expect(shown.length).toBeLessThan(500);
  expect(code("@@ -1 +1 @@\n-a\n+b")).toBe("@@ -1 +1 @@\n-a\n+b");
  // One line that is longer than all of it stays: it is the one that is meant.
  expect(code(`@@\n+${"x".repeat(2_000)}`)).toBe(`(1 lines before)\n+${"x".repeat(2_000)}`);
});

test("pushes of tags were told as commits of a branch, and one called main as the default branch", () => {
  const tag = (more: object): Arrival =>
    receiveSample("push", { ref: "refs/tags/v1.0", forced: false, commits: [], ...more });
  const made = tag({ created: true, before: "0".repeat(40), base_ref: "refs/heads/main" });
  expect(made.text.split("\n")).toEqual([
    "Created tag v1.0 in octo-org/Octo-App by octocat",
    "now 6dcb09b, on branch main",
    "https://github.com/octo-org/Octo-App/tree/v1.0",
  ]);
  expect(made.quotes.map(({ label }) => label)).toEqual(["commit"]);
  expect(tag({ forced: true }).text).toContain(
    "Moved tag v1.0 in octo-org/Octo-App by octocat (forced)",
  );
  expect(tag({ ref: "refs/tags/main" }).priority).toBe("low");
  const branch = { ref: "refs/heads/发布/🚀", created: true };
  expect(tag(branch).text).toContain("Created branch 发布/🚀 in ");
});

test("a branch, a workflow, a label and a login of any script are shown as they are", () => {
  const run = {
    ...samples["workflow run"].payload.workflow_run,
    name: "🚀 Deploy",
    head_branch: "функция/测试",
  };
  const { text, meta } = receiveSample("workflow run", {
    workflow_run: run,
    sender: { id: 1, login: "सीता" },
  });
  expect(text).toContain('Workflow "🚀 Deploy": failure on функция/测试 at 6dcb09b for #12');
  expect(text).toContain("by सीता");
  expect(meta).toMatchObject({ workflow: "🚀 Deploy", ref: "функция/测试", user: "सीता" });
});

test("a dispatch by a program tells its name and what it sent, without credentials", () => {
  const sent = {
    action: "Deploy Prod!",
    branch: "main",
    client_payload: {
      version: "1.4.0",
      deploy_token: "hunter2hunter2",
      nested: { url: "https://ci.example.com/x?token=abc" },
    },
  };
  const arrival = read("repository_dispatch", sent);
  expect(arrival.kind).toBe("repository_dispatch");
  expect(arrival.text).toContain('Repository dispatch "Deploy Prod!" on main in ');
  expect(arrival.quotes).toEqual([
    {
      label: "payload",
      text: 'version: 1.4.0\ndeploy_token: [redacted]\nnested: {"url":"https://ci.example.com/x?[redacted]"}',
    },
  ]);
  const started = read("workflow_dispatch", {
    inputs: { environment: "prod", dry_run: "false" },
    ref: "refs/heads/main",
    workflow: ".github/workflows/deploy.yml",
  });
  expect(started.quotes).toEqual([{ label: "inputs", text: "environment: prod\ndry_run: false" }]);
});

test("how bad an alert is stands in its line, its meta and its priority", () => {
  const scan = example("code_scanning_alert", "created", {
    alert: {
      number: 4,
      html_url: "https://github.com/octo-org/octo-app/security/code-scanning/4",
      rule: { id: "js/sql-injection", severity: "warning", security_severity_level: "critical" },
      most_recent_instance: {
        location: { path: "src/a b.ts", start_line: 7 },
        message: { text: "Tainted" },
      },
    },
  });
  expect(scan.text).toContain(
    "Code scanning alert #4 created: js/sql-injection of CodeQL, severity critical on ",
  );
  expect(scan.text).toContain("\nat src/a b.ts:7\n");
  expect(scan.meta).toMatchObject({ severity: "error", alert_severity: "critical" });
  expect(scan.priority).toBe("normal");
  const depends = example("dependabot_alert", "created");
  expect(depends.text).toContain("versions below 7.5.2, fixed in 7.5.2");
  expect(depends.meta["severity"]).toBe("warning");
  const secret = example("secret_scanning_alert", "reopened");
  expect([secret.priority, secret.meta["severity"]]).toEqual(["normal", "error"]);
  expect(example("dependabot_alert", "fixed").meta["severity"]).toBe("info");
});

test("all external CI comes as status: which check, what came out, and where it is explained", () => {
  const arrival = example("status", undefined, {
    repository: {},
  });
  expect(arrival.text).toContain('Status "default": success at 6113728');
  const failed = read("status", {
    id: 1,
    sha: "6dcb09b5b57875f334f61aebed695e2e4193db5e",
    context: "ci/circleci: 测试",
    state: "failure",
    description: "Your tests failed",
    target_url: "https://circleci.com/gh/octo/app/42",
    branches: [{ name: "topic", commit: { sha: "6dcb09b5b57875f334f61aebed695e2e4193db5e" } }],
  });
  expect(failed.text).toBe(
    'Status "ci/circleci: 测试": failure on topic at 6dcb09b in octo-org/Octo-App by octocat\nhttps://circleci.com/gh/octo/app/42',
  );
  expect([failed.priority, failed.meta["severity"], failed.quotes[0]?.text]).toEqual([
    "normal",
    "error",
    "Your tests failed",
  ]);
});

test("reviews of Gitea and Forgejo, which send GitHub's headers, are told as reviews", () => {
  const review = {
    action: "reviewed",
    number: 2,
    pull_request: {
      number: 2,
      title: "Retry",
      html_url: "https://git.example.com/octo/app/pulls/2",
    },
    review: { type: "pull_request_review_rejected", content: "The lock is missing" },
  };
  const arrival = read("pull_request_rejected", review);
  expect(arrival.text.split("\n")).toEqual([
    "Review of pull request #2: changes requested in octo-org/Octo-App by octocat",
    "https://git.example.com/octo/app/pulls/2",
  ]);
  expect(arrival.quotes[1]).toEqual({ label: "body", text: "The lock is missing" });
});

test("a list of a hundred thousand names is a few names and a count", () => {
  const repositories = Array.from({ length: 20_000 }, (_, i) => ({ full_name: `octo/r${i}` }));
  const added = example("installation_repositories", "added", {});
  expect(added.text).toContain("got repositories: Codertocat/Space in ");
  const many = read("installation_repositories", {
    action: "added",
    installation: { app_slug: "my-app", account: { login: "octo" } },
    repositories_added: repositories,
    repositories_removed: [],
  });
  expect(many.text).toContain("octo/r4, octo/r5 and 19994 more in ");
});

const OWN = { author_association: "MEMBER" };
const STRANGE = { author_association: "NONE" };
const OWN_REPOSITORY = { full_name: HERE.repository.full_name };
const FORK = { full_name: "evil/fork" };
const DEFAULT = HERE.repository.default_branch;
const pullOf = (id: number) => ({ number: 1, head: { repo: { id } } });
const run = (event: string, head_repository?: object) => ({
  workflow_run: { event, head_repository },
});
const check = (suite: object) => ({ check_run: { check_suite: suite } });
const deployed = (ref: string) => ({ deployment: { ref } });

test.each<[string, object]>([
  ["issue_comment", { comment: { author_association: "COLLABORATOR" }, issue: OWN }],
  ["pull_request", { pull_request: { author_association: "OWNER" } }],
  ["pull_request_review", { review: OWN, pull_request: OWN }],
  ["pull_request_review_thread", { pull_request: OWN, thread: { comments: [OWN, OWN] } }],
  ["discussion", { discussion: OWN, answer: OWN }],
  ["push", {}],
  ["release", {}],
  ["workflow_run", run("push", OWN_REPOSITORY)],
  ["workflow_run", run("schedule", OWN_REPOSITORY)],
  ["workflow_run", run("pull_request", OWN_REPOSITORY)],
  ["check_run", check({ head_branch: DEFAULT })],
  ["check_run", check({ head_branch: "x", pull_requests: [pullOf(HERE.repository.id)] })],
  ["check_suite", { check_suite: { head_branch: DEFAULT, pull_requests: [] } }],
  ["status", { branches: [{ name: "x" }, { name: DEFAULT }] }],
  ["deployment", deployed(DEFAULT)],
  ["deployment_status", { ...deployed(`refs/heads/${DEFAULT}`), ...run("push", OWN_REPOSITORY) }],
  ["code_scanning_alert", { ref: "refs/heads/x", alert: {} }],
])("an agent may have what the project's own alone wrote and caused: %s %j", (event, more) => {
  const payload = { ...HERE, ...more };
  expect(isByOwn(payload, readContext(event, payload))).toBe(true);
});

test.each<[string, object]>([
  ["issue_comment", { comment: OWN, issue: STRANGE }],
  ["issue_comment", { comment: OWN, issue: {} }],
  ["issue_comment", { comment: { author_association: "member" }, issue: OWN }],
  ["issue_comment", { comment: null, issue: STRANGE }],
  ["issues", { issue: { author_association: "CONTRIBUTOR" } }],
  ["issues", { issue: OWN, changes: { old_issue: STRANGE } }],
  ["sub_issues", { parent_issue: STRANGE, sub_issue: OWN }],
  ["pull_request_review", { review: OWN, pull_request: STRANGE }],
  ["pull_request_review_thread", { pull_request: OWN, thread: { comments: [STRANGE] } }],
  ["pull_request_review_thread", { pull_request: OWN, thread: { comments: [OWN, {}] } }],
  ["discussion", { action: "answered", discussion: OWN, answer: STRANGE }],
  ["discussion_comment", { comment: STRANGE, discussion: OWN }],
  ["star", { action: "created" }],
  ["fork", {}],
  ["an_event_of_tomorrow", {}],
  ...[
    "issues",
    "issue_comment",
    "discussion",
    "watch",
    "fork",
    "pull_request_target",
    "workflow_run",
    "pushed",
  ].map((event): [string, object] => ["workflow_run", run(event, OWN_REPOSITORY)]),
  ["workflow_run", run("push")],
  ["workflow_run", run("push", FORK)],
  ["workflow_run", run("pull_request", FORK)],
  ["check_run", check({ head_branch: null })],
  ["check_run", check({ head_branch: "patch-1", pull_requests: [] })],
  ["check_run", check({ head_branch: DEFAULT, pull_requests: [pullOf(666)] })],
  ["check_suite", { check_suite: { head_branch: "patch-1" } }],
  ["check_suite", { check_suite: { head_branch: "x", pull_requests: [{ number: 1 }] } }],
  ["status", { branches: [] }],
  ["status", { branches: [{ name: "patch-1" }] }],
  ["deployment", deployed("patch-1")],
  ["deployment_status", { ...deployed(DEFAULT), ...run("pull_request_target", OWN_REPOSITORY) }],
  ["code_scanning_alert", { ref: "refs/pull/7/merge", alert: {} }],
])("an agent never has what a stranger wrote, caused or is quoted in: %s %j", (event, more) => {
  const payload = { ...HERE, ...more };
  expect(isByOwn(payload, readContext(event, payload))).toBe(false);
});

test("GitHub's published examples: who speaks, and what nobody tells, are told apart", () => {
  const kinds = (is: boolean): Set<string> =>
    new Set(
      EXAMPLES.filter(
        ({ event, payload }) => isByOwn(payload, readContext(event, payload)) === is,
      ).map(({ event }) => event),
    );
  expect([...kinds(true)]).toEqual(
    expect.arrayContaining(["push", "issue_comment", "pull_request"]),
  );
  expect([...kinds(false)]).toEqual(expect.arrayContaining(["star", "fork", "watch"]));
});

test("what is received says whether it is known, either way", () => {
  const opened = (of: object) =>
    receiveSample("pull request opened", { pull_request: { ...PULL, ...of } }).isKnown;
  expect([opened(OWN), opened(STRANGE)]).toEqual([true, false]);
});
