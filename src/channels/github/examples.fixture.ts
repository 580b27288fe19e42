/**
 * Payloads of every event: those that are published as examples, and for the others what the documentation says of them.
 *
 * Owns: that list. Never: the behaviour under test. https://docs.github.com/en/webhooks/webhook-events-and-payloads
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

export type Example = { event: string; payload: Record<string, unknown> };

const PACKAGE = createRequire(import.meta.url).resolve("@octokit/webhooks-examples");

/** The examples of github.com, or of a version of GitHub Enterprise Server. */
export function readExamples(server = "api.github.com"): Example[] {
  const text = readFileSync(join(PACKAGE, "../..", server, "index.json"), "utf8");
  return (JSON.parse(text) as { name: string; examples: Example["payload"][] }[]).flatMap(
    ({ name, examples }) => examples.map((payload) => ({ event: name, payload })),
  );
}

const SENDER = { login: "monalisa", id: 2, type: "User", html_url: "https://github.com/monalisa" };
const ORGANIZATION = { login: "octo-org", id: 3 };
const REPOSITORY = {
  id: 1,
  full_name: "octo-org/octo-app",
  html_url: "https://github.com/octo-org/octo-app",
  default_branch: "main",
};
const HERE = { repository: REPOSITORY, organization: ORGANIZATION, sender: SENDER };
const IN_ORGANIZATION = { organization: ORGANIZATION, sender: SENDER };
const SHA = "6dcb09b5b57875f334f61aebed695e2e4193db5e";

const REQUEST = {
  action: "created",
  exemption_request: {
    id: 4,
    number: 42,
    status: "pending",
    requester_comment: "The token is a test token",
    html_url: "https://github.com/octo-org/octo-app/security/secret-scanning/bypass-requests/42",
  },
  ...HERE,
};

/** Of which there is no published example. */
export const DOCUMENTED: readonly Example[] = [
  {
    event: "branch_protection_configuration",
    payload: { action: "disabled", ...HERE },
  },
  ...[
    "bypass_request_secret_scanning",
    "dismissal_request_code_scanning",
    "dismissal_request_dependabot",
    "dismissal_request_secret_scanning",
    "exemption_request_push_ruleset",
    "exemption_request_secret_scanning",
  ].map((event) => ({ event, payload: REQUEST })),
  {
    event: "custom_property",
    payload: { action: "created", definition: { property_name: "tier" }, ...IN_ORGANIZATION },
  },
  {
    event: "custom_property_values",
    payload: {
      action: "updated",
      new_property_values: [{ property_name: "tier", value: "gold" }],
      old_property_values: [],
      ...HERE,
    },
  },
  {
    event: "deployment_protection_rule",
    payload: {
      action: "requested",
      environment: "production",
      event: "push",
      sha: SHA,
      ref: "refs/heads/main",
      deployment_callback_url: "https://api.github.com/repos/octo-org/octo-app/actions/runs/5/x",
      deployment: { id: 5, environment: "production" },
      pull_requests: [],
      ...HERE,
    },
  },
  {
    event: "installation_target",
    payload: {
      action: "renamed",
      target_type: "Organization",
      account: { login: "octo-org", html_url: "https://github.com/octo-org" },
      changes: { login: { from: "octo-inc" } },
      sender: SENDER,
    },
  },
  {
    event: "issue_dependencies",
    payload: {
      action: "blocked_by_added",
      blocked_issue_id: 8,
      blocked_issue: { number: 8, title: "Ship", html_url: `${REPOSITORY.html_url}/issues/8` },
      blocking_issue_id: 7,
      blocking_issue: { number: 7, title: "Build" },
      ...HERE,
    },
  },
  {
    event: "issue_relates_to",
    payload: {
      action: "relates_to_added",
      issue_id: 8,
      issue: { number: 8, title: "Ship", html_url: `${REPOSITORY.html_url}/issues/8` },
      ...HERE,
    },
  },
  {
    event: "organization_custom_property",
    payload: {
      action: "created",
      definition: { property_name: "tier" },
      enterprise: { id: 9 },
      sender: SENDER,
    },
  },
  {
    event: "organization_custom_property_values",
    payload: {
      action: "updated",
      new_property_values: [{ property_name: "tier", value: "gold" }],
      old_property_values: [],
      enterprise: { id: 9 },
      ...IN_ORGANIZATION,
    },
  },
  {
    event: "personal_access_token_request",
    payload: {
      action: "created",
      personal_access_token_request: { id: 3, owner: { login: "hubot" } },
      ...IN_ORGANIZATION,
    },
  },
  {
    event: "projects_v2",
    payload: {
      action: "closed",
      projects_v2: { id: 6, number: 5, title: "路线图 🚀", short_description: "2026" },
      ...IN_ORGANIZATION,
    },
  },
  {
    event: "projects_v2_status_update",
    payload: {
      action: "created",
      projects_v2_status_update: {
        id: 6,
        status: "OFF_TRACK",
        body: "We wait for the vendor",
        start_date: "2026-05-01",
        target_date: "2026-06-01",
      },
      ...IN_ORGANIZATION,
    },
  },
  {
    event: "registry_package",
    payload: {
      action: "published",
      registry_package: {
        name: "octo-lib",
        ecosystem: "npm",
        html_url: `${REPOSITORY.html_url}/packages/7`,
        package_version: { version: "1.4.0" },
      },
      ...HERE,
    },
  },
  {
    event: "repository_advisory",
    payload: {
      action: "reported",
      repository_advisory: {
        ghsa_id: "GHSA-rf4j-j272-fj86",
        summary: "Path traversal in upload",
        description: "A name with .. is not refused",
        severity: "critical",
        state: "triage",
        html_url: `${REPOSITORY.html_url}/security/advisories/GHSA-rf4j-j272-fj86`,
        vulnerabilities: [{ package: { name: "octo-lib" } }],
      },
      ...HERE,
    },
  },
  {
    event: "repository_ruleset",
    payload: {
      action: "edited",
      repository_ruleset: {
        id: 7,
        name: "main is protected",
        target: "branch",
        enforcement: "disabled",
        _links: { html: { href: `${REPOSITORY.html_url}/rules/7` } },
      },
      ...HERE,
    },
  },
  {
    event: "secret_scanning_scan",
    payload: {
      action: "completed",
      type: "backfill",
      source: "git",
      started_at: "2026-05-04T10:00:00Z",
      completed_at: "2026-05-04T10:01:00Z",
      ...HERE,
    },
  },
  {
    event: "security_and_analysis",
    payload: { changes: { from: { security_and_analysis: {} } }, ...HERE },
  },
  {
    event: "sub_issues",
    payload: {
      action: "sub_issue_added",
      sub_issue_id: 8,
      sub_issue: { number: 8, title: "Retry", html_url: `${REPOSITORY.html_url}/issues/8` },
      parent_issue_id: 7,
      parent_issue: { number: 7, title: "Uploads" },
      ...HERE,
    },
  },
];
