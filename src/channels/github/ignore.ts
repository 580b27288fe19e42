/**
 * Which events of an account that the owner ignores are left out: a session's own comments must not wake it.
 *
 * Owns: the list of what an account does by hand (GITHUB-4). Never: who is ignored; that is the channel's setting.
 * The sender of a run, a check or an alert is whoever caused it, the session's own account among them, and its outcome is news to all.
 */
import type { Context } from "./context.ts";

const BY_HAND = new Set([
  "branch_protection_rule",
  "commit_comment",
  "create",
  "delete",
  "deploy_key",
  "discussion",
  "discussion_comment",
  "fork",
  "gollum",
  "issue_comment",
  "issue_dependencies",
  "issue_relates_to",
  "issues",
  "label",
  "member",
  "membership",
  "milestone",
  "project",
  "project_card",
  "project_column",
  "projects_v2",
  "projects_v2_item",
  "projects_v2_status_update",
  "public",
  "pull_request",
  "pull_request_review",
  "pull_request_review_comment",
  "pull_request_review_thread",
  "push",
  "release",
  "repository",
  "repository_dispatch",
  "star",
  "sub_issues",
  "team",
  "team_add",
  "watch",
  "workflow_dispatch",
]);

/** What GitHub does to a pull request in the name of who queued it. */
const BY_MACHINE = new Set(["dequeued", "auto_merge_disabled"]);

export function isIgnored(
  { event, action = "" }: Context,
  ignored: readonly string[],
  login: string | undefined,
): boolean {
  if (login === undefined || !BY_HAND.has(event) || BY_MACHINE.has(action)) return false;
  return ignored.some((one) => one.toLowerCase() === login.toLowerCase());
}
