/**
 * Events about code: push, pull_request, pull_request_review, release.
 *
 * Owns: their wording and facts. Never: the envelope.
 */
import { joinFacts, joinLine, loginAt, nameAt, quotesAt, refAt, shaAt, toShortSha, toWords, urlAt, wordAt, } from "../../catalogue/fields.js";
import { readLink } from "../../catalogue/template.js";
import { isPresent, headAt, toEntity, toThread, toScope } from "./context.js";
import { toRefField } from "../../sdk/field.js";
import { countAt, isTrueAt, listAt, textAt, timeAt } from "../../sdk/json.js";
/** Actions of a pull request or issue that somebody may have to act on; the rest is bookkeeping. */
export const WEIGHTY_ACTIONS = [
    "opened",
    "closed",
    "reopened",
    "ready_for_review",
    "review_requested",
    "assigned",
    "dequeued",
    "auto_merge_disabled",
];
/** Actions that bring a new body. Elsewhere it is repeated unchanged and would only cost the reader. */
export const BODY_ACTIONS = ["opened", "reopened", "edited"];
export function describePush(payload, context) {
    const isTag = textAt(payload, "ref")?.startsWith("refs/tags/") ?? false;
    const ref = refAt(payload, "ref") ?? "?";
    const commits = listAt(payload, "commits");
    // Where they are not there, nobody has counted them.
    const count = isPresent(payload, "commits")
        ? (countAt(payload, "size") ?? commits.length)
        : undefined;
    const created = isTrueAt(payload, "created");
    const deleted = isTrueAt(payload, "deleted");
    const forced = isTrueAt(payload, "forced");
    const what = isTag ? `tag ${ref}` : `branch ${ref}`;
    const base = isTag && !deleted ? refAt(payload, "base_ref") : undefined;
    const before = toShortSha(shaAt(payload, "before"));
    const after = toShortSha(shaAt(payload, "after"));
    return {
        summary: joinLine(toPushed({ what, isTag, created, deleted, commits: count }), `in ${context.place} by ${context.login}`, forced && "(forced)"),
        facts: [
            joinFacts(before !== undefined && `was ${before}`, after !== undefined && `now ${after}`, base !== undefined && `on branch ${base}`),
        ],
        // A tag, or a branch of known commits, brings none: its own is told.
        quotes: commits.length === 0 && !deleted
            ? quotesAt(payload, { commit: "head_commit.message" })
            : quoteCommits(commits),
        meta: {
            ref,
            sha: deleted ? undefined : shaAt(payload, "after"),
            commits: count,
            created,
            deleted,
            forced,
        },
        ...toEntity(context, `@${ref}`),
        priority: !isTag && ref === context.defaultBranch ? "normal" : "low",
        url: readLink([...(isTag && !deleted ? ["/tree/{exact:ref}"] : []), "compare", "repository.html_url"], payload, toScope(payload, context)),
        // Epoch seconds here, ISO in every other event.
        occurredAt: timeAt(payload, "repository.pushed_at"),
    };
}
function toPushed(push) {
    const { what, isTag, created, deleted, commits } = push;
    const count = commits === undefined ? "" : `${commits} commit${commits === 1 ? "" : "s"}`;
    if (deleted)
        return `Deleted ${what}`;
    if (created)
        return (commits ?? 0) === 0 ? `Created ${what}` : `Created ${what} with ${count}`;
    if (isTag)
        return `Moved ${what}`;
    return count === "" ? `Pushed to ${what}` : `Pushed ${count} to ${what}`;
}
/** What an action concerns, where it is not the pull request or issue as a whole. Present only with that action. */
export function toSubject(payload, context) {
    const from = refAt(payload, "changes.base.ref.from");
    const moved = nameAt(payload, "changes.new_repository.full_name");
    const reason = wordAt(payload, "reason");
    return (nameAt(payload, "label.name") ??
        loginAt(payload, "requested_reviewer.login") ??
        toNamed("team ", nameAt(payload, "requested_team.name") ?? nameAt(payload, "requested_team.slug")) ??
        loginAt(payload, "assignee.login") ??
        (/^(?:de)?milestoned$/.test(context.action ?? "")
            ? (nameAt(payload, "milestone.title") ??
                nameAt(payload, "pull_request.milestone.title") ??
                nameAt(payload, "issue.milestone.title"))
            : undefined) ??
        nameAt(payload, "type.name") ??
        toNamed("base was ", from) ??
        toNamed("to ", moved) ??
        toNamed("reason: ", reason === undefined ? nameAt(payload, "reason") : toWords(reason)) ??
        (isPresent(payload, "changes.title") ? "title" : undefined));
}
function toNamed(before, name) {
    return name === undefined ? undefined : `${before}${name}`;
}
export function describePullRequest(payload, context) {
    const number = countAt(payload, "pull_request.number") ?? countAt(payload, "number");
    const merged = isTrueAt(payload, "pull_request.merged");
    const draft = isTrueAt(payload, "pull_request.draft");
    const state = wordAt(payload, "pull_request.state");
    const action = context.action ?? "changed";
    const head = headAt(payload, "pull_request.head.ref", "pull_request.head.repo");
    const base = refAt(payload, "pull_request.base.ref");
    const files = countAt(payload, "pull_request.changed_files");
    const milestone = nameAt(payload, "pull_request.milestone.title");
    const additions = countAt(payload, "pull_request.additions") ?? 0;
    const deletions = countAt(payload, "pull_request.deletions") ?? 0;
    const did = merged && action === "closed"
        ? "merged"
        : action === "synchronize"
            ? "has new commits"
            : toWords(action);
    const before = toShortSha(shaAt(payload, "before"));
    const about = toSubject(payload, context);
    return {
        summary: joinLine(`Pull request #${number ?? "?"} ${did}`, about !== undefined && `(${about})`, `in ${context.place} by ${context.login}`, draft && "(draft)"),
        facts: [
            joinFacts(head !== undefined && base !== undefined && `${head} into ${base}`, files !== undefined && `+${additions} -${deletions} lines in ${files} files`, state !== undefined && `state ${state}`, milestone !== undefined && `milestone ${milestone}`, before !== undefined && `was ${before}, now ${toShortSha(shaAt(payload, "after")) ?? "?"}`),
        ],
        quotes: quotesAt(payload, {
            title: "pull_request.title",
            "title before": "changes.title.from",
            ...(BODY_ACTIONS.includes(action) && { body: "pull_request.body" }),
        }),
        meta: {
            number,
            state,
            draft,
            merged,
            milestone,
            reason: nameAt(payload, "reason"),
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
export function describeReview(payload, context) {
    const number = countAt(payload, "pull_request.number");
    const state = wordAt(payload, "review.state");
    const said = state?.replaceAll("_", " ") ?? "reviewed";
    const isNew = context.action === "submitted";
    const isDismissed = context.action === "dismissed";
    const reviewer = loginAt(payload, "review.user.login");
    const whose = reviewer === undefined || reviewer === context.login ? "" : ` by ${reviewer}`;
    return {
        summary: joinLine(isDismissed
            ? `Review${whose} of pull request #${number ?? "?"} dismissed`
            : `Review of pull request #${number ?? "?"}: ${said}`, !isNew && !isDismissed && context.action !== undefined && `(${context.action})`, `in ${context.place} by ${context.login}`),
        quotes: quotesAt(payload, { title: "pull_request.title", body: "review.body" }),
        meta: {
            number,
            state,
            reviewer,
            ref: headAt(payload, "pull_request.head.ref", "pull_request.head.repo"),
            sha: shaAt(payload, "review.commit_id"),
        },
        ...toThread(context, number),
        severity: isNew && state === "changes_requested" ? "warning" : "info",
        priority: isNew || isDismissed ? "normal" : "low",
        url: urlAt(payload, "review.html_url", "pull_request.html_url"),
        occurredAt: timeAt(payload, "review.submitted_at"),
    };
}
export function describeRelease(payload, context) {
    const tag = refAt(payload, "release.tag_name") ?? "?";
    const action = context.action ?? "changed";
    const draft = isTrueAt(payload, "release.draft");
    const prerelease = isTrueAt(payload, "release.prerelease");
    return {
        summary: joinLine(`Release ${tag} ${action} in ${context.place} by ${context.login}`, draft && "(draft)", prerelease && "(pre-release)"),
        quotes: quotesAt(payload, { title: "release.name", body: "release.body" }),
        meta: { tag, draft, prerelease },
        ...toEntity(context, `:release/${tag}`),
        priority: action === "published" ? "normal" : "low",
        url: urlAt(payload, "release.html_url"),
        occurredAt: timeAt(payload, "release.published_at") ?? timeAt(payload, "release.created_at"),
    };
}
/** One quote with a line for each commit: its short id and the first line of its message, in the order of the push. */
function quoteCommits(commits) {
    const lines = commits.map((commit) => {
        const sha = toShortSha(shaAt(commit, "id")) ?? toRefField(textAt(commit, "id") ?? "?", 12);
        return joinLine(sha, textAt(commit, "message")?.split(/\r|\n/, 1)[0]);
    });
    return lines.length === 0 ? [] : [{ label: "commits", text: lines.join("\n") }];
}
