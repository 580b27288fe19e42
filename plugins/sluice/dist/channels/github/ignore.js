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
export function isIgnored({ event, action = "" }, ignored, login) {
    if (login === undefined || !BY_HAND.has(event) || BY_MACHINE.has(action))
        return false;
    return ignored.some((one) => one.toLowerCase() === login.toLowerCase());
}
