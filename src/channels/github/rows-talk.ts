/**
 * Events of people's words besides pull requests and issues, as data (row.ts): discussions, comments, wiki, boards, labels.
 *
 * Owns: their wording. Never: the words themselves in a line: they are quotes.
 */
import type { EventRow } from "../../catalogue/event-row.ts";

const PROJECT = "~/orgs/{login:organization.login}/projects";

export const TALK_ROWS: Readonly<Record<string, EventRow>> = {
  // Gitea's and Forgejo's reviews.
  pull_request_approved: toGiteaReview("approved"),
  pull_request_comment: toGiteaReview("commented"),
  pull_request_rejected: toGiteaReview("changes requested"),
  discussion: {
    line: {
      labeled: "Discussion #{count:discussion.number} labeled ({name:label.name})",
      unlabeled: "Discussion #{count:discussion.number} unlabeled ({name:label.name})",
      transferred:
        "Discussion #{count:discussion.number} transferred[ to {name:changes.new_repository.full_name}]",
      category_changed:
        "Discussion #{count:discussion.number} moved[ from {name:changes.category.from.name}] to {name:discussion.category.name}",
      "*": "Discussion #{count:discussion.number} {did}",
    },
    facts: ["in category {name:discussion.category.name}[, state {word:discussion.state}]"],
    quotes: { title: "discussion.title", body: "discussion.body", answer: "answer.body" },
    meta: {
      number: "count:discussion.number",
      state: "code:discussion.state",
      category: "name:discussion.category.name",
    },
    entity: "#{count:discussion.number}",
    normal: ["created", "answered", "unanswered", "reopened"],
    links: ["answer.html_url", "discussion.html_url"],
    at: ["discussion.updated_at", "discussion.created_at"],
  },
  discussion_comment: {
    line: {
      created:
        "Comment on discussion #{count:discussion.number}[ ({word:comment.author_association})]",
      "*": "Comment on discussion #{count:discussion.number} {did}",
    },
    quotes: { title: "discussion.title", comment: "comment.body" },
    meta: { number: "count:discussion.number", comment_id: "count:comment.id" },
    entity: "#{count:discussion.number}",
    normal: ["created"],
    links: ["comment.html_url", "discussion.html_url"],
    at: ["comment.updated_at", "comment.created_at"],
  },
  commit_comment: {
    line: "Comment on commit {sha:comment.commit_id}",
    facts: ["at {path:comment.path}[:{count:comment.line|comment.position}]"],
    quotes: { comment: "comment.body" },
    meta: {
      sha: "wholesha:comment.commit_id",
      file: "path:comment.path",
      line: "count:comment.line",
      comment_id: "count:comment.id",
    },
    entity: ":commit/{wholesha:comment.commit_id}",
    normal: ["*"],
    links: ["comment.html_url", "/commit/{wholesha:comment.commit_id}"],
    at: ["comment.updated_at", "comment.created_at"],
  },
  pull_request_review_thread: {
    line: "Review thread of pull request #{count:pull_request.number} {did}",
    facts: ["at {path:thread.comments.0.path}[:{count:thread.comments.0.line}]"],
    quotes: { title: "pull_request.title", comment: "thread.comments.0.body" },
    meta: {
      number: "count:pull_request.number",
      file: "path:thread.comments.0.path",
      line: "count:thread.comments.0.line",
      comment_id: "count:thread.comments.0.id",
    },
    entity: "#{count:pull_request.number}",
    normal: ["unresolved"],
    links: ["thread.comments.0.html_url", "pull_request.html_url"],
    at: ["updated_at", "pull_request.updated_at"],
  },
  gollum: {
    line: "Wiki: {word:pages.0.action} {name:pages.*.page_name|pages.*.title}",
    quotes: { summary: "pages.0.summary" },
    entity: ":wiki",
    links: ["pages.0.html_url", "/wiki"],
  },
  label: {
    line: {
      edited: 'Label "{name:label.name}" edited[ (was "{name:changes.name.from}")]',
      "*": 'Label "{name:label.name}" {did}',
    },
    quotes: { description: "label.description" },
    meta: { label: "name:label.name" },
    links: ["/labels/{exact:label.name}"],
  },
  milestone: {
    line: 'Milestone #{count:milestone.number} "{name:milestone.title}" {did}',
    facts: [
      "{count:milestone.open_issues} open, {count:milestone.closed_issues} closed[, due {day:milestone.due_on}]",
    ],
    quotes: { description: "milestone.description" },
    meta: {
      number: "count:milestone.number",
      state: "code:milestone.state",
      due: "day:milestone.due_on",
    },
    entity: ":milestone/{count:milestone.number}",
    links: ["milestone.html_url", "/milestone/{count:milestone.number}"],
    at: ["milestone.updated_at", "milestone.created_at"],
  },
  projects_v2: {
    line: 'Project #{count:projects_v2.number} "{name:projects_v2.title}" {did}',
    quotes: { description: "projects_v2.short_description" },
    meta: { project: "count:projects_v2.number" },
    links: [`${PROJECT}/{count:projects_v2.number}`, PROJECT],
    at: ["projects_v2.updated_at"],
  },
  projects_v2_item: {
    line: {
      edited:
        "Project item {count:projects_v2_item.id}[ ({name:projects_v2_item.content_type})] edited[: {name:changes.field_value.field_name}][ from {name:changes.field_value.from.name|changes.field_value.from}][ to {name:changes.field_value.to.name|changes.field_value.to}]",
      converted:
        "Project item {count:projects_v2_item.id}[ ({name:projects_v2_item.content_type})] converted[ from {name:changes.content_type.from}]",
      "*": "Project item {count:projects_v2_item.id}[ ({name:projects_v2_item.content_type})] {did}",
    },
    meta: {
      item_id: "count:projects_v2_item.id",
      content_type: "name:projects_v2_item.content_type",
      field: "name:changes.field_value.field_name",
      project: "count:changes.field_value.project_number",
    },
    links: [`${PROJECT}/{count:changes.field_value.project_number}`, PROJECT],
    at: ["projects_v2_item.updated_at"],
  },
  projects_v2_status_update: {
    line: "Project status update {did}[: {word:projects_v2_status_update.status|changes.status.to}]",
    facts: [
      "start {day:projects_v2_status_update.start_date}[, target {day:projects_v2_status_update.target_date}]",
    ],
    quotes: { body: "projects_v2_status_update.body" },
    meta: { state: "name:projects_v2_status_update.status" },
    links: [PROJECT],
    at: ["projects_v2_status_update.updated_at"],
  },
  project: {
    line: 'Project #{count:project.number} "{name:project.name}" {did}',
    quotes: { body: "project.body" },
    links: ["project.html_url"],
    at: ["project.updated_at"],
  },
  project_column: {
    line: 'Project column "{name:project_column.name}" {did}',
    links: ["/projects"],
    at: ["project_column.updated_at"],
  },
  project_card: {
    line: "Project card {count:project_card.id} {did}",
    quotes: { note: "project_card.note" },
    links: ["/projects"],
    at: ["project_card.updated_at"],
  },
  sub_issues: {
    line: "Issue #{count:sub_issue.number} {did} (parent #{count:parent_issue.number})",
    quotes: { title: "sub_issue.title", parent: "parent_issue.title" },
    meta: { number: "count:sub_issue.number", parent: "count:parent_issue.number" },
    entity: "#{count:sub_issue.number}",
    links: ["sub_issue.html_url", "parent_issue.html_url"],
    at: ["sub_issue.updated_at"],
  },
  issue_dependencies: {
    line: "Issue #{count:blocked_issue.number} and #{count:blocking_issue.number}: {did}",
    quotes: { blocked: "blocked_issue.title", blocking: "blocking_issue.title" },
    entity: "#{count:blocked_issue.number|blocking_issue.number}",
    links: ["blocked_issue.html_url", "blocking_issue.html_url"],
  },
  issue_relates_to: {
    line: "Issue #{count:issue.number}: {did}",
    quotes: { title: "issue.title" },
    entity: "#{count:issue.number}",
    links: ["issue.html_url"],
  },
  content_reference: {
    line: "Link mentioned",
    quotes: { link: "content_reference.reference" },
    links: [],
  },
};

function toGiteaReview(outcome: string): EventRow {
  return {
    line: `Review of pull request #{count:pull_request.number}: ${outcome}`,
    quotes: { title: "pull_request.title", body: "review.content" },
    meta: { number: "count:pull_request.number" },
    entity: "#{count:pull_request.number}",
    severity: outcome === "changes requested" ? "warning" : "info",
    normal: ["*"],
    links: ["pull_request.html_url"],
    at: ["pull_request.updated_at"],
  };
}
