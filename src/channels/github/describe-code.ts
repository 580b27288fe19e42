/**
 * Events about code: push, pull_request, pull_request_review, release.
 *
 * Owns: their wording and facts. Never: the envelope.
 */
import type { Quote } from "../../sdk/event.ts";
import { toRefField } from "../../sdk/field.ts";
import { countAt, isTrueAt, listAt, textAt, timeAt } from "../../sdk/json.ts";
import type { Context, Description } from "./description.ts";
import {
  headAt,
  joinFacts,
  joinLine,
  loginAt,
  nameAt,
  quotesAt,
  refAt,
  shaAt,
  toEntity,
  toThread,
  toShortSha,
  urlAt,
  wordAt,
} from "./description.ts";

/** Actions of a pull request or issue that somebody may have to act on; the rest is bookkeeping. */
export const WEIGHTY_ACTIONS = [
  "opened",
  "closed",
  "reopened",
  "ready_for_review",
  "review_requested",
  "assigned",
];

/** Actions that bring a new body. Elsewhere it is repeated unchanged and would only cost the reader. */
export const BODY_ACTIONS = ["opened", "reopened", "edited"];

export function describePush(payload: unknown, context: Context): Description {
  const isTag = textAt(payload, "ref")?.startsWith("refs/tags/") ?? false;
  const ref = refAt(payload, "ref") ?? "?";
  const commits = listAt(payload, "commits");
  const created = isTrueAt(payload, "created");
  const deleted = isTrueAt(payload, "deleted");
  const forced = isTrueAt(payload, "forced");
  const what = isTag ? `tag ${ref}` : `branch ${ref}`;
  const count = `${commits.length} commit${commits.length === 1 ? "" : "s"}`;
  const before = toShortSha(shaAt(payload, "before"));
  const after = toShortSha(shaAt(payload, "after"));
  const did = deleted
    ? `Deleted ${what}`
    : created
      ? `Created ${what} with ${count}`
      : `Pushed ${count} to ${what}`;
  return {
    summary: joinLine(did, `in ${context.place} by ${context.login}`, forced && "(forced)"),
    facts: [
      joinFacts(before !== undefined && `was ${before}`, after !== undefined && `now ${after}`),
    ],
    quotes: quoteCommits(commits),
    meta: {
      ref,
      sha: deleted ? undefined : shaAt(payload, "after"),
      commits: commits.length,
      created,
      deleted,
      forced,
    },
    ...toEntity(context, `@${ref}`),
    priority: ref === context.defaultBranch ? "normal" : "low",
    url: urlAt(payload, "compare", "repository.html_url"),
    // Epoch seconds here, ISO in every other event.
    occurredAt: timeAt(payload, "repository.pushed_at"),
  };
}

export function describePullRequest(payload: unknown, context: Context): Description {
  const number = countAt(payload, "pull_request.number") ?? countAt(payload, "number");
  const merged = isTrueAt(payload, "pull_request.merged");
  const draft = isTrueAt(payload, "pull_request.draft");
  const state = wordAt(payload, "pull_request.state");
  const action = context.action ?? "changed";
  const head = headAt(payload, "pull_request.head.ref", "pull_request.head.repo");
  const base = refAt(payload, "pull_request.base.ref");
  const files = countAt(payload, "pull_request.changed_files");
  const additions = countAt(payload, "pull_request.additions") ?? 0;
  const deletions = countAt(payload, "pull_request.deletions") ?? 0;
  const did = merged && action === "closed" ? "merged" : action.replaceAll("_", " ");
  // Present only with the action that concerns it.
  const about =
    nameAt(payload, "label.name") ??
    loginAt(payload, "requested_reviewer.login") ??
    loginAt(payload, "assignee.login");
  return {
    summary: joinLine(
      `Pull request #${number ?? "?"} ${did}`,
      about !== undefined && `(${about})`,
      `in ${context.place} by ${context.login}`,
      draft && "(draft)",
    ),
    facts: [
      joinFacts(
        head !== undefined && base !== undefined && `${head} into ${base}`,
        files !== undefined && `+${additions} -${deletions} lines in ${files} files`,
        state !== undefined && `state ${state}`,
      ),
    ],
    quotes: quotesAt(payload, {
      title: "pull_request.title",
      ...(BODY_ACTIONS.includes(action) && { body: "pull_request.body" }),
    }),
    meta: {
      number,
      state,
      draft,
      merged,
      ref: head,
      base,
      sha: shaAt(payload, "pull_request.head.sha"),
    },
    ...toThread(context, number),
    priority: WEIGHTY_ACTIONS.includes(action) ? "normal" : "low",
    url: urlAt(payload, "pull_request.html_url"),
    occurredAt: timeAt(payload, "pull_request.updated_at"),
  };
}

export function describeReview(payload: unknown, context: Context): Description {
  const number = countAt(payload, "pull_request.number");
  const state = wordAt(payload, "review.state");
  const said = state?.replaceAll("_", " ") ?? "reviewed";
  const isNew = context.action === "submitted";
  return {
    summary: joinLine(
      `Review of pull request #${number ?? "?"}: ${said}`,
      !isNew && context.action !== undefined && `(${context.action})`,
      `in ${context.place} by ${context.login}`,
    ),
    quotes: quotesAt(payload, { title: "pull_request.title", body: "review.body" }),
    meta: {
      number,
      state,
      ref: headAt(payload, "pull_request.head.ref", "pull_request.head.repo"),
      sha: shaAt(payload, "review.commit_id"),
    },
    ...toThread(context, number),
    severity: isNew && state === "changes_requested" ? "warning" : "info",
    priority: isNew ? "normal" : "low",
    url: urlAt(payload, "review.html_url", "pull_request.html_url"),
    occurredAt: timeAt(payload, "review.submitted_at"),
  };
}

export function describeRelease(payload: unknown, context: Context): Description {
  const tag = refAt(payload, "release.tag_name") ?? "?";
  const action = context.action ?? "changed";
  const draft = isTrueAt(payload, "release.draft");
  const prerelease = isTrueAt(payload, "release.prerelease");
  return {
    summary: joinLine(
      `Release ${tag} ${action} in ${context.place} by ${context.login}`,
      draft && "(draft)",
      prerelease && "(pre-release)",
    ),
    quotes: quotesAt(payload, { title: "release.name", body: "release.body" }),
    meta: { tag, draft, prerelease },
    ...toEntity(context, `:release/${tag}`),
    priority: action === "published" ? "normal" : "low",
    url: urlAt(payload, "release.html_url"),
    occurredAt: timeAt(payload, "release.published_at") ?? timeAt(payload, "release.created_at"),
  };
}

/** One quote with a line for each commit: its short id and the first line of its message, in the order of the push. */
function quoteCommits(commits: readonly unknown[]): Quote[] {
  const lines = commits.map((commit) => {
    const sha = toShortSha(shaAt(commit, "id")) ?? toRefField(textAt(commit, "id") ?? "?", 12);
    return joinLine(sha, textAt(commit, "message")?.split(/\r|\n/, 1)[0]);
  });
  return lines.length === 0 ? [] : [{ label: "commits", text: lines.join("\n") }];
}
