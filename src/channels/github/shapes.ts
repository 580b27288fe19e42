/**
 * The keys in the payload of each event. GitHub does not sign an event's name, so the name is checked against these keys (fit.ts).
 *
 * Owns: the table of all documented events, of a few older ones, and of where Gitea and Forgejo, which send GitHub's headers, differ.
 * Never: behaviour, or what an event means. A key counts only where GitHub requires it, so that no honest payload lacks it.
 * Payloads: https://docs.github.com/en/webhooks/webhook-events-and-payloads
 */
export type PayloadShape = {
  /** Keys that are this event's own: all are there, and no other event's payload has one, but where it says so. */
  own?: readonly string[];
  /** The same, of which at least one is there. */
  ownOneOf?: readonly string[];
  /** Paths that must be there too, which say nothing in another event's payload. */
  needs?: readonly string[];
  /** Further keys that it may have, other events' own ones among them. */
  may?: readonly string[];
  /** Other events' own keys that it has without a value. */
  nulls?: readonly string[];
  /** Keys with which it would be another event. */
  lacks?: readonly string[];
  /** The words that may stand at a path, where keys alone do not tell. */
  words?: Readonly<Record<string, readonly string[]>>;
};

const REQUEST: PayloadShape = { own: ["exemption_request"] };

/** Several shapes are alternatives. */
export const SHAPES: Readonly<Record<string, readonly [PayloadShape, ...PayloadShape[]]>> = {
  branch_protection_configuration: [
    { needs: ["repository"], words: { action: ["enabled", "disabled"] } },
  ],
  branch_protection_rule: [{ own: ["rule"] }],
  bypass_request_secret_scanning: [REQUEST],
  cache_sync: [{ own: ["cache_location"] }],
  check_run: [{ own: ["check_run"] }],
  check_suite: [{ own: ["check_suite"] }],
  code_scanning_alert: [{ own: ["alert", "commit_oid"] }],
  commit_comment: [{ own: ["comment"], needs: ["comment.commit_id"] }],
  content_reference: [{ own: ["content_reference"] }],
  create: [
    { own: ["ref_type", "master_branch"], needs: ["ref"] },
    { own: ["ref_type"], needs: ["ref", "sha"], lacks: ["pusher_type"] }, // Gitea
  ],
  custom_property: [{ own: ["definition"] }],
  custom_property_values: [{ own: ["new_property_values"], needs: ["repository"] }],
  delete: [{ own: ["ref_type"], needs: ["ref", "pusher_type"] }],
  dependabot_alert: [{ own: ["alert"], needs: ["alert.dependency"] }],
  deploy_key: [{ own: ["key"] }],
  deployment: [{ own: ["deployment"], may: ["workflow_run"] }],
  deployment_protection_rule: [{ own: ["deployment_callback_url"], may: ["deployment"] }],
  deployment_review: [{ own: ["since"], needs: ["workflow_run"], may: ["comment"] }],
  deployment_status: [
    { own: ["deployment_status"], needs: ["deployment"], may: ["check_run", "workflow_run"] },
  ],
  discussion: [{ own: ["discussion"], may: ["label"] }],
  discussion_comment: [{ needs: ["discussion", "comment"] }],
  dismissal_request_code_scanning: [REQUEST],
  dismissal_request_dependabot: [REQUEST],
  dismissal_request_secret_scanning: [REQUEST],
  enterprise: [
    {
      lacks: ["repository"],
      words: { action: ["anonymous_access_enabled", "anonymous_access_disabled"] },
    },
  ],
  exemption_request_push_ruleset: [REQUEST],
  exemption_request_secret_scanning: [REQUEST],
  fork: [{ own: ["forkee"] }],
  github_app_authorization: [{ lacks: ["repository"], words: { action: ["revoked"] } }],
  gollum: [{ own: ["pages"] }],
  installation: [
    {
      needs: ["installation.account"],
      may: ["repositories", "requester"],
      lacks: ["repository"],
      words: { action: ["created", "deleted", "new_permissions_accepted", "suspend", "unsuspend"] },
    },
  ],
  installation_repositories: [{ own: ["repositories_added", "repositories_removed"] }],
  installation_target: [{ own: ["target_type", "account"] }],
  issue_comment: [{ needs: ["issue", "comment"], may: ["pull_request"] }],
  issue_dependencies: [{ ownOneOf: ["blocked_issue_id", "blocking_issue_id"] }],
  issue_relates_to: [{ own: ["issue_id"], needs: ["issue"] }],
  issues: [{ own: ["issue"], may: ["label", "milestone"] }],
  label: [{ own: ["label"] }],
  marketplace_purchase: [{ own: ["marketplace_purchase"] }],
  member: [{ own: ["member"] }],
  membership: [{ needs: ["member", "team", "scope"] }],
  merge_group: [{ own: ["merge_group"] }],
  meta: [{ own: ["hook"], needs: ["hook_id"], words: { action: ["deleted"] } }],
  milestone: [{ own: ["milestone"] }],
  org_block: [{ own: ["blocked_user"] }],
  organization: [
    {
      needs: ["organization"],
      may: ["membership", "invitation", "user"],
      lacks: ["repository"],
      words: { action: ["deleted", "renamed", "member_added", "member_invited", "member_removed"] },
    },
  ],
  organization_custom_property: [{ own: ["definition"], needs: ["enterprise"] }],
  organization_custom_property_values: [
    { own: ["new_property_values"], needs: ["enterprise"], lacks: ["repository"] },
  ],
  package: [{ own: ["package"] }],
  page_build: [{ own: ["build"] }],
  personal_access_token_request: [{ own: ["personal_access_token_request"] }],
  ping: [{ own: ["zen"], needs: ["hook_id"], may: ["hook"] }],
  project: [{ own: ["project"] }],
  project_card: [{ own: ["project_card"] }],
  project_column: [{ own: ["project_column"] }],
  projects_v2: [{ own: ["projects_v2"] }],
  projects_v2_item: [{ own: ["projects_v2_item"] }],
  projects_v2_status_update: [{ own: ["projects_v2_status_update"] }],
  public: [{ needs: ["repository"], lacks: ["action", "changes", "status"] }],
  pull_request: [
    { own: ["pull_request"], needs: ["number"], may: ["label", "milestone"], nulls: ["review"] },
  ],
  pull_request_approved: [toGiteaReview("approved")],
  pull_request_comment: [toGiteaReview("comment")],
  pull_request_rejected: [toGiteaReview("rejected")],
  // With a commit_id beside it the review is Gitea's.
  pull_request_review: [{ own: ["review"], needs: ["pull_request"], lacks: ["commit_id"] }],
  pull_request_review_comment: [{ needs: ["pull_request", "comment"] }],
  pull_request_review_thread: [{ own: ["thread"], needs: ["pull_request"] }],
  push: [{ own: ["commits"], needs: ["ref", "before", "after"] }],
  registry_package: [{ own: ["registry_package"] }],
  release: [{ own: ["release"] }],
  repository: [
    {
      needs: ["repository"],
      words: {
        action: [
          "created",
          "deleted",
          "archived",
          "unarchived",
          "edited",
          "renamed",
          "transferred",
          "publicized",
          "privatized",
          "anonymous_access_enabled",
          "anonymous_access_disabled",
        ],
      },
    },
  ],
  repository_advisory: [{ own: ["repository_advisory"] }],
  repository_dispatch: [{ own: ["client_payload"], needs: ["branch"] }],
  repository_import: [{ needs: ["repository", "status"], lacks: ["action"] }],
  repository_ruleset: [{ own: ["repository_ruleset"] }],
  repository_vulnerability_alert: [{ own: ["alert"], needs: ["alert.affected_range"] }],
  secret_scanning_alert: [{ own: ["alert"], needs: ["alert.secret_type"] }],
  secret_scanning_alert_location: [{ own: ["location"], needs: ["alert"] }],
  secret_scanning_scan: [{ own: ["started_at", "completed_at"], needs: ["source", "type"] }],
  security_advisory: [{ own: ["security_advisory"] }],
  security_and_analysis: [{ needs: ["repository", "changes"], lacks: ["action"] }],
  sponsorship: [{ own: ["sponsorship"] }],
  star: [{ own: ["starred_at"] }],
  status: [{ own: ["context"], needs: ["sha", "state"] }],
  sub_issues: [{ ownOneOf: ["sub_issue_id", "parent_issue_id"] }],
  team: [{ own: ["team"], needs: ["action"] }],
  team_add: [{ own: ["team"], needs: ["repository"], lacks: ["action"] }],
  user: [
    {
      needs: ["user"],
      lacks: ["repository", "organization"],
      words: { action: ["created", "deleted"] },
    },
  ],
  watch: [{ needs: ["repository"], words: { action: ["started"] } }],
  workflow_dispatch: [{ own: ["inputs"], needs: ["ref", "workflow"] }],
  workflow_job: [{ own: ["workflow_job"], may: ["deployment"] }],
  workflow_run: [{ own: ["workflow_run"], may: ["pull_request"] }],
};

/** Gitea has a name for each outcome of a review, and writes it into the payload too; GitHub's reviews have no such field. */
function toGiteaReview(outcome: string): PayloadShape {
  return {
    needs: ["pull_request", "review.type"],
    words: { "review.type": [`pull_request_review_${outcome}`] },
  };
}
