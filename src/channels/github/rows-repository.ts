/**
 * Events of a repository itself, as data (row.ts): its branches, settings, packages and followers.
 *
 * Owns: their wording. Never: pushes, pull requests and releases (describe-code.ts).
 */
import type { EventRow } from "../../catalogue/event-row.ts";

export const REPOSITORY_ROWS: Readonly<Record<string, EventRow>> = {
  create: {
    line: "Created {word:ref_type} {ref:ref}",
    quotes: { description: "description" },
    meta: { ref: "ref:ref", ref_type: "code:ref_type" },
    entity: "@{ref:ref}",
    links: ["/tree/{exact:ref}"],
  },
  delete: {
    line: "Deleted {word:ref_type} {ref:ref}",
    meta: { ref: "ref:ref", ref_type: "code:ref_type" },
    entity: "@{ref:ref}",
    links: ["/branches"],
  },
  fork: {
    line: "Forked to {name:forkee.full_name}",
    meta: { fork: "name:forkee.full_name" },
    links: ["forkee.html_url"],
    at: ["forkee.created_at"],
  },
  star: {
    line: { created: "Star added", deleted: "Star removed", "*": "Star {did}" },
    links: [],
    at: ["starred_at"],
  },
  watch: { line: { started: "Star added", "*": "Watch {did}" }, links: [] },
  repository: {
    line: {
      renamed: "Repository renamed[ from {name:changes.repository.name.from}]",
      transferred:
        "Repository transferred[ from {login:changes.owner.from.user.login|changes.owner.from.organization.login}]",
      edited:
        "Repository edited[: default branch was {ref:changes.default_branch.from}][: topics were {name:changes.topics.from.*}]",
      "*": "Repository {did}",
    },
    quotes: {
      "description before": "changes.description.from",
      "homepage before": "changes.homepage.from",
    },
    normal: ["renamed", "transferred", "archived", "deleted", "privatized", "publicized"],
    links: [],
    at: ["repository.updated_at"],
  },
  public: { line: "Repository made public", normal: ["*"], links: [] },
  repository_ruleset: {
    line: 'Ruleset "{name:repository_ruleset.name}" {did}',
    facts: [
      "for {word:repository_ruleset.target}[, enforcement {word:repository_ruleset.enforcement}]",
    ],
    meta: { ruleset: "name:repository_ruleset.name" },
    links: ["repository_ruleset._links.html.href", "/settings/rules"],
    at: ["repository_ruleset.updated_at"],
  },
  branch_protection_rule: {
    line: "Branch protection of {ref:rule.name} {did}",
    facts: ["required checks: {name:rule.required_status_checks.*}"],
    meta: { ref: "ref:rule.name" },
    links: ["/settings/branches"],
    at: ["rule.updated_at"],
  },
  branch_protection_configuration: {
    line: "Branch protection of all branches {did}",
    links: ["/settings/branches"],
  },
  deploy_key: {
    line: 'Deploy key "{name:key.title}" {did}',
    facts: ["key {count:key.id}"],
    links: ["/settings/keys"],
    at: ["key.created_at"],
  },
  package: toPackage("package"),
  registry_package: toPackage("registry_package"),
  meta: {
    line: "Webhook {count:hook_id} {did}",
    facts: ["events: {code:hook.events.*}"],
    normal: ["*"],
    links: ["/settings/hooks"],
  },
  custom_property: {
    line: 'Custom property "{name:definition.property_name}" {did}',
    links: [],
  },
  custom_property_values: {
    line: "Custom properties {did}: {name:new_property_values.*.property_name}",
    links: [],
  },
  organization_custom_property: {
    line: 'Custom property "{name:definition.property_name}" {did}',
    links: [],
  },
  organization_custom_property_values: {
    line: "Custom properties {did}: {name:new_property_values.*.property_name}",
    links: [],
  },
};

function toPackage(key: "package" | "registry_package"): EventRow {
  return {
    line: `Package {name:${key}.name} {did}[, version {name:${key}.package_version.version}]`,
    facts: [`kind {name:${key}.package_type|${key}.ecosystem}`],
    meta: { package: `name:${key}.name`, version: `name:${key}.package_version.version` },
    entity: `:package/{name:${key}.name}`,
    normal: ["published"],
    links: [`${key}.package_version.html_url`, `${key}.html_url`],
    at: [`${key}.updated_at`, `${key}.created_at`],
  };
}
