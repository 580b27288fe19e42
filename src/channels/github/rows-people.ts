/**
 * Events of people, teams, organisations and apps, as data (row.ts).
 *
 * Owns: their wording. Never: repositories (rows-repository.ts).
 */
import type { EventRow } from "../../catalogue/event-row.ts";

const TEAM_LINKS = ["team.html_url", "~/orgs/{login:organization.login}/teams/{exact:team.slug}"];
const PEOPLE = "~/orgs/{login:organization.login}/people";

export const PEOPLE_ROWS: Readonly<Record<string, EventRow>> = {
  member: {
    line: "Collaborator {login:member.login} {did}",
    facts: [
      "permission [from {name:changes.permission.from|changes.old_permission.from} ]to {name:changes.permission.to|changes.role_name.to}",
      "permission before: {name:changes.old_permission.from}",
    ],
    meta: { member: "login:member.login" },
    links: ["member.html_url", "/settings/access"],
  },
  membership: {
    line: "{login:member.login} {did} (team {name:team.name})",
    meta: { member: "login:member.login", team: "name:team.name" },
    links: TEAM_LINKS,
  },
  team: {
    line: {
      edited: 'Team {name:team.name} edited[ (was "{name:changes.name.from}")]',
      "*": "Team {name:team.name} {did}",
    },
    facts: ["permission {word:team.permission}"],
    quotes: { description: "team.description" },
    meta: { team: "name:team.name" },
    links: TEAM_LINKS,
  },
  team_add: {
    line: "Team {name:team.name} was given the repository",
    facts: ["permission {word:team.permission}"],
    meta: { team: "name:team.name" },
    links: TEAM_LINKS,
  },
  organization: {
    line: {
      renamed: "Organisation renamed[ from {login:changes.login.from}]",
      "*": "Organisation: {did}[ {login:membership.user.login|invitation.login|user.login}]",
    },
    facts: ["role {word:membership.role|invitation.role}"],
    meta: { member: "login:membership.user.login|invitation.login|user.login" },
    links: [PEOPLE],
  },
  org_block: {
    line: "{login:blocked_user.login} {did}",
    meta: { member: "login:blocked_user.login" },
    links: ["blocked_user.html_url", PEOPLE],
  },
  user: { line: "Account {login:user.login} {did}", links: ["user.html_url"] },
  enterprise: {
    line: "Enterprise[ {name:enterprise.name}]: {did}",
    links: ["enterprise.html_url"],
  },
  installation: {
    line: "App {name:installation.app_slug|count:installation.app_id} on {login:installation.account.login}: installation {did}",
    facts: ["repositories: {name:repositories.*.full_name}"],
    meta: { app: "name:installation.app_slug" },
    links: ["installation.html_url"],
    at: ["installation.updated_at"],
  },
  installation_repositories: {
    line: {
      removed:
        "App {name:installation.app_slug|count:installation.app_id} lost repositories: {name:repositories_removed.*.full_name}",
      "*": "App {name:installation.app_slug|count:installation.app_id} got repositories: {name:repositories_added.*.full_name}",
    },
    meta: { app: "name:installation.app_slug" },
    links: ["installation.html_url"],
    at: ["installation.updated_at"],
  },
  installation_target: {
    line: "Account of an app renamed[ from {login:changes.login.from}] to {login:account.login|account.slug}",
    links: ["account.html_url"],
  },
  github_app_authorization: { line: "App authorisation revoked", links: ["sender.html_url"] },
  personal_access_token_request: {
    line: "Access token request {did}[: {login:personal_access_token_request.owner.login}]",
    links: ["~/organizations/{login:organization.login}/settings/personal-access-token-requests"],
    normal: ["created"],
  },
  marketplace_purchase: {
    line: 'Marketplace plan "{name:marketplace_purchase.plan.name}" {did} for {login:marketplace_purchase.account.login}',
    links: ["sender.html_url"],
    at: ["effective_date"],
  },
  sponsorship: {
    line: 'Sponsorship {did}: {login:sponsorship.sponsor.login} sponsors {login:sponsorship.sponsorable.login}[, "{name:sponsorship.tier.name}"]',
    links: ["sponsorship.sponsor.html_url"],
    at: ["sponsorship.created_at"],
  },
};
