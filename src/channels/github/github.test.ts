import { expect, test } from "vitest";
import { GUID, receiveSample } from "./github.fixture.ts";
import samples from "./samples.json" with { type: "json" };

/** What a kind is expected to become: text, entity, priority, severity, and the keys of meta that are its own. */
const GOLDEN: [name: keyof typeof samples, kind: string, text: string[], rest: object][] = [
  [
    "ping",
    "ping",
    ["Webhook 109948940 of octo-org/Octo-App is connected", "events: push, workflow_run"],
    {
      priority: "low",
      entity: undefined,
      severity: "info",
      quotes: ["zen"],
      meta: { hook_id: "109948940" },
    },
  ],
  [
    "push",
    "push",
    [
      "Pushed 2 commits to branch main in octo-org/Octo-App by octocat (forced)",
      "was 7638417, now 6dcb09b",
      "https://github.com/octo-org/Octo-App/compare/7638417db6d5...6dcb09b5b578",
    ],
    {
      priority: "normal",
      entity: "@main",
      severity: "info",
      quotes: ["commits"],
      meta: { ref: "main", commits: "2", forced: "true" },
    },
  ],
  [
    "push tag deleted",
    "push",
    [
      "Deleted tag simple-tag in octo-org/Octo-App by octocat",
      "was 7638417",
      "https://github.com/octo-org/Octo-App/compare/7638417db6d5...000000000000",
    ],
    {
      priority: "low",
      entity: "@simple-tag",
      severity: "info",
      quotes: [],
      meta: { ref: "simple-tag", deleted: "true" },
    },
  ],
  [
    "pull request opened",
    "pull_request.opened",
    [
      "Pull request #12 opened in octo-org/Octo-App by octocat",
      "retry-upload into main, +40 -3 lines in 2 files, state open",
      "https://github.com/octo-org/Octo-App/pull/12",
    ],
    {
      priority: "normal",
      entity: "#12",
      severity: "info",
      quotes: ["title", "body"],
      meta: { number: "12", state: "open", base: "main" },
    },
  ],
  [
    "pull request merged",
    "pull_request.closed",
    [
      "Pull request #12 merged in octo-org/Octo-App by octocat",
      "retry-upload into main, +40 -3 lines in 2 files, state closed",
      "https://github.com/octo-org/Octo-App/pull/12",
    ],
    {
      priority: "normal",
      entity: "#12",
      severity: "info",
      quotes: ["title"],
      meta: { merged: "true", state: "closed" },
    },
  ],
  [
    "review",
    "pull_request_review.submitted",
    [
      "Review of pull request #12: changes requested in octo-org/Octo-App by monalisa",
      "https://github.com/octo-org/Octo-App/pull/12#pullrequestreview-237895671",
    ],
    {
      priority: "normal",
      entity: "#12",
      severity: "warning",
      quotes: ["title", "body"],
      meta: { state: "changes_requested" },
    },
  ],
  [
    "review comment",
    "pull_request_review_comment.created",
    [
      "Comment on the code of pull request #12 in octo-org/Octo-App by monalisa (collaborator)",
      "at src/upload.ts:41",
      "https://github.com/octo-org/Octo-App/pull/12#discussion_r284312630",
    ],
    {
      priority: "normal",
      entity: "#12",
      severity: "info",
      quotes: ["title", "comment", "code"],
      meta: { file: "src/upload.ts", line: "41" },
    },
  ],
  [
    "issue opened",
    "issues.opened",
    [
      "Issue #9 opened in octo-org/Octo-App by monalisa",
      "state open",
      "https://github.com/octo-org/Octo-App/issues/9",
    ],
    {
      priority: "normal",
      entity: "#9",
      severity: "info",
      quotes: ["title", "body"],
      meta: { number: "9", user_id: "1024025" },
    },
  ],
  [
    "issue comment",
    "issue_comment.created",
    [
      "Comment on pull request #12 in octo-org/Octo-App by octocat (none)",
      "https://github.com/octo-org/Octo-App/pull/12#issuecomment-492700400",
    ],
    {
      priority: "normal",
      entity: "#12",
      severity: "info",
      quotes: ["title", "comment"],
      meta: { comment_id: "492700400" },
    },
  ],
  [
    "check run",
    "check_run.completed",
    [
      'Check "test (ubuntu-latest, 24)": success on main at 6dcb09b in octo-org/Octo-App by github-actions[bot]',
      "by GitHub Actions",
      "https://github.com/octo-org/Octo-App/runs/128620228",
    ],
    {
      priority: "low",
      entity: "@main:test (ubuntu-latest, 24)",
      severity: "info",
      quotes: ["title"],
      meta: { conclusion: "success" },
    },
  ],
  [
    "check suite",
    "check_suite.completed",
    [
      'Check suite "octocoders-linter": timed out on main at 6dcb09b in octo-org/Octo-App by octocat',
      "https://github.com/octo-org/Octo-App/commit/6dcb09b5b57875f334f61aebed695e2e4193db5e",
    ],
    {
      priority: "normal",
      entity: "@main:octocoders-linter",
      severity: "warning",
      quotes: ["commit"],
      meta: { conclusion: "timed_out" },
    },
  ],
  [
    "workflow run",
    "workflow_run.completed",
    [
      'Workflow "test": failure on retry-upload at 6dcb09b for #12 in octo-org/Octo-App by octocat',
      "run 562 attempt 2, on pull_request",
      "https://github.com/octo-org/Octo-App/actions/runs/289782451",
    ],
    {
      priority: "normal",
      entity: "#12",
      severity: "error",
      quotes: ["commit"],
      meta: { workflow: "test", run_attempt: "2", run_number: "562" },
    },
  ],
  [
    "deployment status",
    "deployment_status.created",
    [
      "Deployment to production: failure in octo-org/Octo-App by octocat",
      "ref main at 6dcb09b",
      "https://ci.example.com/deploys/7",
    ],
    {
      priority: "normal",
      entity: ":env/production",
      severity: "error",
      quotes: ["description"],
      meta: { environment: "production" },
    },
  ],
  [
    "release",
    "release.published",
    [
      "Release v1.4.0 published in octo-org/Octo-App by octocat (pre-release)",
      "https://github.com/octo-org/Octo-App/releases/tag/v1.4.0",
    ],
    {
      priority: "normal",
      entity: ":release/v1.4.0",
      severity: "info",
      quotes: ["title", "body"],
      meta: { tag: "v1.4.0", prerelease: "true" },
    },
  ],
  [
    "star",
    "star.created",
    ["Star added in octo-org/Octo-App by octocat", "https://github.com/octo-org/Octo-App"],
    {
      priority: "low",
      entity: undefined,
      severity: "info",
      quotes: [],
      meta: { action: "created", user: "octocat" },
    },
  ],
];

test.each(GOLDEN)('the sample "%s" becomes %s', (name, kind, lines, rest) => {
  const arrival = receiveSample(name);
  expect(arrival.kind).toBe(kind);
  expect(arrival.text.split("\n")).toEqual(lines);
  const shown = {
    priority: arrival.priority,
    entity: arrival.entity?.replace("octo-org/octo-app", ""),
    severity: arrival.meta["severity"],
    quotes: arrival.quotes.map((quote) => quote.label),
    meta: arrival.meta,
  };
  expect(shown).toMatchObject(rest);
  expect(arrival).toMatchObject({
    channel: "gh",
    ack: "auto",
    verified: "github",
    deliveryId: GUID,
    repository: "octo-org/octo-app",
  });
});

test("every sample has a golden row", () => {
  expect(GOLDEN.map(([name]) => name).toSorted()).toEqual(Object.keys(samples).toSorted());
});
