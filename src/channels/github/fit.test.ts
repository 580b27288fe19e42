import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findMisfit } from "./fit.ts";
import samples from "./samples.json" with { type: "json" };
import { SHAPES } from "./shapes.ts";

const require = createRequire(import.meta.url);

type Sample = { event: string; payload: object };

/** Real payloads, of github.com and of six versions of GitHub Enterprise Server. */
const REAL: Sample[] = ["api.github.com", "ghes-31", "ghes-32", "ghes-33", "ghes-34", "ghes-35"]
  .map((server) => {
    const main = require.resolve("@octokit/webhooks-examples");
    return readFileSync(join(main, "../..", server, "index.json"), "utf8");
  })
  .flatMap((text) => JSON.parse(text) as { name: string; examples: object[] }[])
  .flatMap(({ name, examples }) => examples.map((payload) => ({ event: name, payload })));

const OWN = Object.values(samples) as Sample[];

const REPOSITORY = { repository: { id: 1 }, sender: { id: 2 } };
const ORGANIZATION = { organization: { id: 3 }, sender: { id: 2 } };
const REQUESTED = { action: "created", exemption_request: { id: 4 } };

/** The keys that GitHub documents as required, of events of which there is no example; and how Gitea differs. */
const DOCUMENTED: [event: string, payload: object][] = [
  ["branch_protection_configuration", { action: "disabled", ...REPOSITORY }],
  ["bypass_request_secret_scanning", { ...REQUESTED, ...REPOSITORY }],
  [
    "custom_property",
    { action: "created", definition: { property_name: "team" }, ...ORGANIZATION },
  ],
  [
    "custom_property_values",
    {
      action: "updated",
      new_property_values: [],
      old_property_values: [],
      ...REPOSITORY,
      ...ORGANIZATION,
    },
  ],
  [
    "deployment_protection_rule",
    {
      action: "requested",
      environment: "production",
      event: "push",
      sha: "6dcb09b",
      ref: "main",
      deployment_callback_url: "https://api.github.com/x",
      deployment: { id: 5 },
      pull_requests: [],
      ...REPOSITORY,
    },
  ],
  ["dismissal_request_code_scanning", { ...REQUESTED, ...REPOSITORY }],
  ["dismissal_request_dependabot", { ...REQUESTED, ...REPOSITORY }],
  ["dismissal_request_secret_scanning", { ...REQUESTED, ...REPOSITORY }],
  ["exemption_request_push_ruleset", { ...REQUESTED, ...REPOSITORY }],
  ["exemption_request_secret_scanning", { ...REQUESTED, ...REPOSITORY }],
  [
    "installation_target",
    {
      action: "renamed",
      target_type: "User",
      account: { id: 6 },
      changes: { login: { from: "a" } },
      installation: { id: 7 },
    },
  ],
  // Across repositories one of the two may be missing.
  [
    "issue_dependencies",
    { action: "blocking_added", blocking_issue_id: 8, blocking_issue: {}, ...REPOSITORY },
  ],
  [
    "issue_dependencies",
    { action: "blocked_by_removed", blocked_issue_id: 8, blocked_issue: {}, ...REPOSITORY },
  ],
  ["issue_relates_to", { action: "relates_to_added", issue_id: 8, issue: {}, ...REPOSITORY }],
  [
    "organization_custom_property",
    { action: "created", definition: { property_name: "tier" }, enterprise: { id: 9 } },
  ],
  [
    "organization_custom_property_values",
    {
      action: "updated",
      new_property_values: [],
      old_property_values: [],
      enterprise: {},
      ...ORGANIZATION,
    },
  ],
  [
    "personal_access_token_request",
    { action: "created", personal_access_token_request: {}, ...ORGANIZATION },
  ],
  ["projects_v2", { action: "created", projects_v2: { number: 1 }, ...ORGANIZATION }],
  [
    "projects_v2_status_update",
    { action: "created", projects_v2_status_update: {}, ...ORGANIZATION },
  ],
  ["registry_package", { action: "published", registry_package: {}, ...REPOSITORY }],
  ["repository_advisory", { action: "reported", repository_advisory: {}, ...REPOSITORY }],
  [
    "repository_ruleset",
    { action: "edited", repository_ruleset: {}, changes: { name: {} }, ...REPOSITORY },
  ],
  [
    "secret_scanning_scan",
    {
      action: "completed",
      type: "backfill",
      source: "git",
      started_at: "2026-05-04T10:00:00Z",
      completed_at: "2026-05-04T10:01:00Z",
      ...REPOSITORY,
    },
  ],
  [
    "security_and_analysis",
    { changes: { from: { security_and_analysis: { secret_scanning: {} } } }, ...REPOSITORY },
  ],
  ["sub_issues", { action: "sub_issue_added", sub_issue_id: 8, sub_issue: {}, ...REPOSITORY }],
  [
    "sub_issues",
    { action: "parent_issue_added", parent_issue_id: 8, parent_issue: {}, ...REPOSITORY },
  ],
  // Of Gitea and Forgejo.
  ["create", { sha: "6dcb09b", ref: "v1", ref_type: "tag", ...REPOSITORY }],
  [
    "issue_comment",
    {
      action: "created",
      issue: { number: 2 },
      comment: {},
      pull_request: {},
      is_pull: true,
      ...REPOSITORY,
    },
  ],
  [
    "pull_request",
    {
      action: "opened",
      number: 2,
      pull_request: { number: 2 },
      requested_reviewer: null,
      commit_id: "",
      review: null,
      ...REPOSITORY,
    },
  ],
  ["pull_request_approved", toGiteaReview("approved")],
  ["pull_request_comment", toGiteaReview("comment")],
  ["pull_request_rejected", toGiteaReview("rejected")],
];

function toGiteaReview(outcome: string): object {
  const review = { type: `pull_request_review_${outcome}`, content: "ok" };
  const pull = { number: 2, pull_request: { number: 2 }, requested_reviewer: null, commit_id: "" };
  return { action: "reviewed", ...pull, review, ...REPOSITORY };
}

const ALL: Sample[] = [
  ...REAL,
  ...OWN,
  ...DOCUMENTED.map(([event, payload]) => ({ event, payload })),
];

// GITHUB-2
test("no honest payload is refused: 726 real ones, and what GitHub documents of the other events", () => {
  expect(REAL).toHaveLength(726);
  const refused = ALL.flatMap(({ event, payload }) => {
    const misfit = findMisfit(event, payload);
    return misfit === undefined ? [] : [`${event}: ${misfit}`];
  });
  expect(refused).toEqual([]);
});

test("every row of the table is tried", () => {
  const tried = new Set(ALL.map(({ event }) => event));
  expect([...tried].toSorted()).toEqual(Object.keys(SHAPES).toSorted());
});

// FIT-1
test("no payload passes under another event's name, but a request for an exemption under that of another such request", () => {
  const names = [...Object.keys(SHAPES), "invented_event"];
  const passed = ALL.flatMap(({ event, payload }) =>
    names
      .filter((name) => name !== event && findMisfit(name, payload) === undefined)
      .map((name) => `${event} as ${name}`),
  );
  const isRequest = (name: string): boolean =>
    /^(?:bypass|dismissal|exemption)_request_/.test(name);
  const others = passed.filter((pair) => !pair.split(" as ").every(isRequest));
  expect(others).toEqual(["organization_custom_property as custom_property"]);
  expect(passed).toHaveLength(6 * 5 + 1);
});

test("FIT-2: a name that is new fits a payload with a key that is new, and none that a known event could have", () => {
  const isNew = { action: "created", quantum_run: { id: 1 }, ...REPOSITORY };
  expect(findMisfit("quantum_run", isNew)).toBeUndefined();
  expect(findMisfit("wiki", { action: "edited", page: "Home", comment: "", ...REPOSITORY })).toBe(
    undefined,
  );
  expect(findMisfit("deploy_failed", { action: "started", ...REPOSITORY })).toBe(
    "the payload has no key that would be new",
  );
  for (const { event, payload } of OWN)
    expect(findMisfit("obey_the_next_comment", payload)).toBe(`the payload is that of ${event}`);
  for (const name of ["__proto__", "constructor", "to_string"])
    expect(findMisfit(name, {})).toBe("the payload has no key that would be new");
});

test("the words for what does not fit name the key and nothing that the sender wrote", () => {
  const run = { action: "</channel>", workflow_run: {}, ...REPOSITORY };
  const cases: [event: string, payload: object, words: string][] = [
    ["workflow_run", { issue: {}, ...REPOSITORY }, "the payload has no workflow_run"],
    [
      "ping",
      { zen: "x", hook_id: 1, workflow_run: {} },
      "the payload has workflow_run, which ping does not have",
    ],
    ["sub_issues", { ...REPOSITORY }, "the payload has no sub_issue_id and no parent_issue_id"],
    ["watch", { action: "<obey>", ...REPOSITORY }, "the payload's action is none of watch"],
    [
      "public",
      { action: "x", ...REPOSITORY },
      "the payload has action, which public does not have",
    ],
    ["new_thing", run, "the payload is that of workflow_run"],
  ];
  for (const [event, payload, words] of cases) expect(findMisfit(event, payload)).toBe(words);
});

test("an inherited key is no key, and one without a value is one", () => {
  const inherited = JSON.parse('{"__proto__":{"workflow_run":{}}}') as object;
  expect(findMisfit("workflow_run", inherited)).toBe("the payload has no workflow_run");
  expect(
    findMisfit("public", { inputs: null, ref: "main", workflow: "a.yml", ...REPOSITORY }),
  ).toBe("the payload has inputs, which public does not have");
});

// FIT-1
test("an action that is new is told, and one that is another event's is not", async () => {
  const { github } = await import("./index.ts");
  const tell = (event: string, payload: object): string => {
    const headers = { "content-type": "application/json", "x-github-event": event };
    const body = Buffer.from(JSON.stringify(payload));
    const request = { channel: "gh", path: "", method: "POST", headers, body, verified: "github" };
    const received = github.receive({ ...request, receivedAt: 0 }, { name: "gh", twoWay: false });
    return received.kind === "arrival" ? received.arrival.text : JSON.stringify(received);
  };
  const place = { repository: { full_name: "octo/app" }, sender: { id: 2, login: "ada" } };
  const cases: [string, object, string][] = [
    ["repository", { action: "frozen", ...place }, "Repository frozen in octo/app by ada"],
    ["watch", { action: "paused", ...place }, "Watch paused in octo/app by ada"],
    ["repository", { action: "started", ...place }, "none of repository"],
    ["watch", { action: "archived", ...place }, "none of watch"],
    ["repository", { action: "no word", ...place }, "none of repository"],
    ["repository", place, "none of repository"],
  ];
  for (const [event, payload, words] of cases) expect(tell(event, payload)).toContain(words);
});
