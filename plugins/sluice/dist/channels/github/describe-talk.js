/**
 * Events that carry text of people: issues, issue_comment, pull_request_review_comment.
 *
 * Owns: their wording and facts. Never: the envelope.
 */
import { joinFacts, joinLine, nameAt, pathAt, quotesAt, shaAt, toWords, urlAt, wordAt, } from "../../catalogue/fields.js";
import { isPresent, toThread } from "./context.js";
import { countAt, textAt, timeAt } from "../../sdk/json.js";
import { BODY_ACTIONS, toSubject, WEIGHTY_ACTIONS } from "./describe-code.js";
export function describeIssue(payload, context) {
    const number = countAt(payload, "issue.number");
    const state = wordAt(payload, "issue.state");
    const reason = wordAt(payload, "issue.state_reason");
    const action = context.action ?? "changed";
    const about = toSubject(payload, context);
    const milestone = nameAt(payload, "issue.milestone.title");
    return {
        summary: joinLine(`Issue #${number ?? "?"} ${toWords(action)}`, about !== undefined && `(${about})`, `in ${context.place} by ${context.login}`),
        facts: [
            joinFacts(state !== undefined &&
                `state ${state}${reason === undefined ? "" : ` (${toWords(reason)})`}`, milestone !== undefined && `milestone ${milestone}`),
        ],
        quotes: quotesAt(payload, {
            title: "issue.title",
            "title before": "changes.title.from",
            ...(BODY_ACTIONS.includes(action) && { body: "issue.body" }),
        }),
        meta: { number, state, state_reason: reason, milestone },
        ...toThread(context, number),
        priority: WEIGHTY_ACTIONS.includes(action) ? "normal" : "low",
        url: urlAt(payload, "issue.html_url"),
        occurredAt: timeAt(payload, "issue.updated_at"),
    };
}
export function describeIssueComment(payload, context) {
    const number = countAt(payload, "issue.number");
    // GitHub tells comments on pull requests apart by this key alone.
    const thread = isPresent(payload, "issue.pull_request") ? "pull request" : "issue";
    return {
        ...describeComment(payload, context, `Comment on ${thread} #${number ?? "?"}`),
        quotes: quotesAt(payload, { title: "issue.title", comment: "comment.body" }),
        meta: {
            number,
            state: wordAt(payload, "issue.state"),
            comment_id: countAt(payload, "comment.id"),
        },
        ...toThread(context, number),
    };
}
export function describeReviewComment(payload, context) {
    const number = countAt(payload, "pull_request.number");
    const line = countAt(payload, "comment.line") ?? countAt(payload, "comment.original_line");
    const path = pathAt(payload, "comment.path");
    return {
        ...describeComment(payload, context, `Comment on the code of pull request #${number ?? "?"}`),
        facts: path === undefined ? [] : [joinLine(`at ${path}${line === undefined ? "" : `:${line}`}`)],
        quotes: [
            ...quotesAt(payload, { title: "pull_request.title", comment: "comment.body" }),
            ...quoteHunk(textAt(payload, "comment.diff_hunk")),
        ],
        meta: {
            number,
            file: path,
            line,
            comment_id: countAt(payload, "comment.id"),
            sha: shaAt(payload, "comment.commit_id"),
        },
        ...toThread(context, number),
    };
}
/** So much of a hunk is shown. */
const HUNK_MAX_CHARS = 400;
/** The commented line is the last one of the hunk, so a long one loses its beginning. */
function quoteHunk(hunk) {
    if (hunk === undefined || hunk.trim() === "")
        return [];
    if (hunk.length <= HUNK_MAX_CHARS)
        return [{ label: "code", text: hunk }];
    const lines = hunk.split("\n");
    const kept = [];
    let room = HUNK_MAX_CHARS;
    for (const line of lines.toReversed()) {
        if (kept.length > 0 && line.length + 1 > room)
            break;
        // A line that alone is too long is kept whole: it is the one that is meant.
        kept.unshift(line);
        room -= line.length + 1;
    }
    const left = lines.length - kept.length;
    return [
        { label: "code", text: left === 0 ? hunk : [`(${left} lines before)`, ...kept].join("\n") },
    ];
}
/** What both comments share. A deleted or edited one is bookkeeping. */
function describeComment(payload, context, what) {
    const isNew = context.action === "created";
    const association = textAt(payload, "comment.author_association")?.toLowerCase() ?? "";
    return {
        // Who speaks matters to a reader: `none` is a stranger on a public repository.
        summary: joinLine(what, !isNew && context.action !== undefined && context.action, `in ${context.place} by ${context.login}`, /^[a-z_]{1,32}$/.test(association) && `(${toWords(association)})`),
        priority: isNew ? "normal" : "low",
        url: urlAt(payload, "comment.html_url"),
        occurredAt: timeAt(payload, "comment.updated_at") ?? timeAt(payload, "comment.created_at"),
    };
}
