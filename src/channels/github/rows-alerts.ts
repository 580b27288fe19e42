/**
 * Events of security, as data (row.ts): alerts, advisories, scans.
 *
 * Owns: their wording and how bad each is. Never: a secret; GitHub sends none with an alert.
 */
import type { EventRow } from "../../catalogue/event-row.ts";

/** What makes an alert need somebody. */
const RAISED = [
  "create",
  "created",
  "reopen",
  "reopened",
  "reopened_by_user",
  "auto_reopened",
  "reintroduced",
  "appeared_in_branch",
  "publicly_leaked",
  "validated",
];
const SETTLED = [
  "fixed",
  "resolve",
  "resolved",
  "revoked",
  "dismiss",
  "dismissed",
  "auto_dismissed",
  "closed_by_user",
  "withdrawn",
];

const SECRET: Pick<EventRow, "entity" | "severity" | "calm"> = {
  entity: ":secret-scanning/{count:alert.number}",
  severity: "error",
  calm: SETTLED,
};

export const ALERT_ROWS: Readonly<Record<string, EventRow>> = {
  dependabot_alert: {
    line: "Dependabot alert #{count:alert.number} {did}: {name:alert.dependency.package.name|alert.security_vulnerability.package.name}[ ({name:alert.dependency.package.ecosystem})][, severity {word:alert.security_vulnerability.severity|alert.security_advisory.severity}]",
    facts: [
      "{name:alert.security_advisory.ghsa_id}[, {name:alert.security_advisory.cve_id}][, versions {range:alert.security_vulnerability.vulnerable_version_range}][, fixed in {name:alert.security_vulnerability.first_patched_version.identifier}][, in {path:alert.dependency.manifest_path}][, state {word:alert.state}][, dismissed as {word:alert.dismissed_reason}]",
    ],
    quotes: { summary: "alert.security_advisory.summary", comment: "alert.dismissed_comment" },
    meta: {
      number: "count:alert.number",
      state: "code:alert.state",
      alert_severity: "code:alert.security_vulnerability.severity|alert.security_advisory.severity",
      package: "name:alert.dependency.package.name|alert.security_vulnerability.package.name",
      file: "path:alert.dependency.manifest_path",
    },
    entity: ":dependabot/{count:alert.number}",
    stateOf: ["alert.number"],
    severity: ["alert.security_vulnerability.severity", "alert.security_advisory.severity"],
    calm: SETTLED,
    normal: RAISED,
    links: ["alert.html_url", "/security/dependabot/{count:alert.number}"],
    at: ["alert.updated_at", "alert.created_at"],
  },
  code_scanning_alert: {
    line: "Code scanning alert #{count:alert.number} {did}: {name:alert.rule.id|alert.rule.name}[ of {name:alert.tool.name}][, severity {word:alert.rule.security_severity_level|alert.rule.severity}][ on {ref:ref|alert.most_recent_instance.ref|alert.instances.*.ref}]",
    facts: [
      "at {path:alert.most_recent_instance.location.path}[:{count:alert.most_recent_instance.location.start_line}]",
      "state {word:alert.state|alert.most_recent_instance.state}[, dismissed as {first:alert.dismissed_reason}][, at {sha:commit_oid}]",
    ],
    quotes: {
      rule: "alert.rule.description",
      finding: "alert.most_recent_instance.message.text",
      comment: "alert.dismissed_comment",
    },
    meta: {
      number: "count:alert.number",
      state: "code:alert.state",
      alert_severity: "code:alert.rule.security_severity_level|alert.rule.severity",
      rule: "name:alert.rule.id",
      tool: "name:alert.tool.name",
      file: "path:alert.most_recent_instance.location.path",
      line: "count:alert.most_recent_instance.location.start_line",
      ref: "ref:ref",
      sha: "wholesha:commit_oid",
    },
    entity: ":code-scanning/{count:alert.number}",
    // Fixed on one branch, it goes on on the others. What a person does to it names none.
    stateOf: ["alert.number", "ref|alert.most_recent_instance.ref"],
    severity: ["alert.rule.security_severity_level", "alert.rule.severity"],
    calm: SETTLED,
    normal: RAISED,
    links: ["alert.html_url", "/security/code-scanning/{count:alert.number}"],
    at: ["alert.updated_at", "alert.created_at"],
  },
  secret_scanning_alert: {
    ...SECRET,
    line: "Secret scanning alert #{count:alert.number} {did}: {name:alert.secret_type_display_name|alert.secret_type}[ ({word:alert.validity})]",
    facts: ["state {word:alert.state}[, resolution {word:alert.resolution}]"],
    quotes: { comment: "alert.resolution_comment" },
    meta: {
      number: "count:alert.number",
      secret_type: "name:alert.secret_type",
      state: "code:alert.state",
      resolution: "code:alert.resolution",
      validity: "code:alert.validity",
    },
    stateOf: ["alert.number"],
    normal: RAISED,
    links: ["alert.html_url", "/security/secret-scanning/{count:alert.number}"],
    at: ["alert.updated_at", "alert.created_at"],
  },
  secret_scanning_alert_location: {
    ...SECRET,
    line: "Secret scanning alert #{count:alert.number}: {name:alert.secret_type_display_name|alert.secret_type} found in {word:location.type}[ {path:location.details.path}][:{count:location.details.start_line}]",
    facts: ["at {sha:location.details.commit_sha}"],
    meta: {
      number: "count:alert.number",
      secret_type: "name:alert.secret_type",
      location: "code:location.type",
      file: "path:location.details.path",
      line: "count:location.details.start_line",
      sha: "wholesha:location.details.commit_sha",
    },
    normal: ["*"],
    links: [
      "alert.html_url",
      "location.details.html_url",
      "/security/secret-scanning/{count:alert.number}",
    ],
    at: ["alert.updated_at", "alert.created_at"],
  },
  secret_scanning_scan: {
    line: "Secret scan {did}: {word:type} of {word:source}",
    meta: { scan: "code:type" },
    links: ["/security/secret-scanning"],
    at: ["completed_at"],
  },
  security_advisory: {
    line: "Security advisory {name:security_advisory.ghsa_id} {did}[, severity {word:security_advisory.severity}][, for {name:security_advisory.vulnerabilities.*.package.name}]",
    facts: [
      "{name:security_advisory.cve_id|security_advisory.identifiers.*.value}[, versions {range:security_advisory.vulnerabilities.*.vulnerable_version_range}][, fixed in {name:security_advisory.vulnerabilities.*.first_patched_version.identifier}]",
    ],
    quotes: { summary: "security_advisory.summary", description: "security_advisory.description" },
    meta: {
      advisory: "name:security_advisory.ghsa_id",
      alert_severity: "code:security_advisory.severity",
    },
    stateOf: ["security_advisory.ghsa_id"],
    severity: ["security_advisory.severity"],
    calm: SETTLED,
    links: ["security_advisory.html_url", "~/advisories/{exact:security_advisory.ghsa_id}"],
    at: ["security_advisory.updated_at", "security_advisory.published_at"],
  },
  repository_advisory: {
    line: "Advisory {name:repository_advisory.ghsa_id} {did}[, severity {word:repository_advisory.severity}][, state {word:repository_advisory.state}]",
    facts: [
      "[{name:repository_advisory.cve_id}, ]for {name:repository_advisory.vulnerabilities.*.package.name}",
    ],
    quotes: {
      summary: "repository_advisory.summary",
      description: "repository_advisory.description",
    },
    meta: {
      advisory: "name:repository_advisory.ghsa_id",
      state: "code:repository_advisory.state",
      alert_severity: "code:repository_advisory.severity",
    },
    entity: ":advisory/{name:repository_advisory.ghsa_id}",
    severity: ["repository_advisory.severity"],
    normal: ["*"],
    links: [
      "repository_advisory.html_url",
      "/security/advisories/{exact:repository_advisory.ghsa_id}",
    ],
    at: ["repository_advisory.updated_at", "repository_advisory.published_at"],
  },
  repository_vulnerability_alert: {
    line: "Vulnerability alert {did}: {name:alert.affected_package_name}[, versions {range:alert.affected_range}][, severity {word:alert.severity}]",
    facts: [
      "{name:alert.ghsa_id|alert.external_identifier}[, {name:alert.external_identifier}][, fixed in {name:alert.fixed_in}]",
    ],
    quotes: { reason: "alert.dismiss_reason" },
    meta: { package: "name:alert.affected_package_name", alert_severity: "code:alert.severity" },
    entity: ":vulnerability/{count:alert.id}",
    stateOf: ["alert.id"],
    severity: ["alert.severity"],
    calm: SETTLED,
    normal: RAISED,
    links: ["/security/dependabot/{count:alert.number}", "/security/dependabot"],
    at: ["alert.dismissed_at", "alert.fixed_at", "alert.created_at"],
  },
  security_and_analysis: {
    line: "Security settings changed",
    links: ["/settings/security_analysis"],
  },
};

/** Requests to get around a rule: one shape, by event. */
const REQUESTS: Readonly<Record<string, string>> = {
  bypass_request_secret_scanning: "bypass push protection",
  dismissal_request_code_scanning: "dismiss a code scanning alert",
  dismissal_request_dependabot: "dismiss a Dependabot alert",
  dismissal_request_secret_scanning: "dismiss a secret scanning alert",
  exemption_request_push_ruleset: "bypass a push ruleset",
  exemption_request_secret_scanning: "bypass push protection",
};

export const REQUEST_ROWS: Readonly<Record<string, EventRow>> = Object.fromEntries(
  Object.entries(REQUESTS).map(([event, what]): [string, EventRow] => [
    event,
    {
      line: `Request[ #{count:exemption_request.number}] to ${what}: {did}`,
      facts: ["status {word:exemption_request.status}"],
      quotes: { comment: "exemption_request.requester_comment" },
      meta: {
        number: "count:exemption_request.number",
        state: "code:exemption_request.status",
      },
      stateOf: ["exemption_request.id"],
      normal: ["created", "*"],
      links: ["exemption_request.html_url"],
      at: ["exemption_request.created_at"],
    },
  ]),
);
