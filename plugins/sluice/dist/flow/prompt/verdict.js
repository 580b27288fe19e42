/**
 * The conditions of a verdict, and the answer that the session gets.
 *
 * Owns: whether an answer fits its prompt, the typed code, the words that the model reads. Pure.
 * Never: writes it down or sends it (../prompt.ts); knows who is an approver.
 *
 * VERDICT-1 Whether the prompt is still pending is not checked here: the store compares it when it writes.
 * VERDICT-2 A person who may not allow may still deny.
 * VERDICT-3 A call that is not known to be harmless is allowed only with its code typed; so is a call that is kept as a rule.
 */
import { KEEP_WORDS } from "../../sdk/keep-words.js";
import { findNoKeep } from "./rules/keep.js";
const REASON_MAX_CHARS = 1_000;
const ANSWER_MAX_CHARS = 4_000;
const CODE = /^[a-km-z]{5}$/;
/** As it is compared: what was typed, without case and space around it. Undefined where it can be no code. */
export function toCode(typed) {
    const folded = typed.trim().toLowerCase();
    return CODE.test(folded) ? folded : undefined;
}
/** Undefined when the verdict may be written down. */
export function checkVerdict(prompt, by, verdict, typedCode) {
    if (verdict.kind === "deny")
        return undefined;
    // VERDICT-2
    if (!by.mayAllow)
        return {
            kind: "refused",
            reason: `${by.who} may deny and not allow: allow in the session's own dialog, on the page, or in an approver's chat`,
        };
    const misfit = findMisfit(prompt, verdict);
    if (misfit !== undefined)
        return { kind: "refused", reason: misfit };
    // VERDICT-3
    const isTyped = typedCode !== undefined && toCode(typedCode) === prompt.code;
    const isKept = verdict.kind === "allow" && verdict.keep !== undefined;
    return (prompt.risk.isRisky || isKept) && !isTyped ? { kind: "needs-code", prompt } : undefined;
}
/** With what a person wrote made short, and answers in the prompt's own words and order. */
export function toKeptVerdict(prompt, verdict) {
    switch (verdict.kind) {
        case "allow":
            return verdict.keep === undefined ? { kind: "allow" } : { kind: "allow", keep: verdict.keep };
        case "deny": {
            const reason = verdict.reason?.trim().slice(0, REASON_MAX_CHARS) ?? "";
            return reason === "" ? { kind: "deny" } : { kind: "deny", reason };
        }
        case "answers": {
            const pairs = prompt.questions.map(({ question }) => [
                question,
                verdict.answers[question]?.trim() ?? "",
            ]);
            return { kind: "answers", answers: Object.fromEntries(pairs) };
        }
        default:
            return verdict;
    }
}
/** What the session that asked is told of an outcome. */
export function toAskAnswer(prompt, { verdict, by, via }) {
    switch (verdict.kind) {
        case "allow":
            return { kind: "allow" };
        case "deny":
            return { kind: "deny", message: toMessage(verdict.reason, by, via) };
        case "answers":
            return {
                kind: "answers",
                answers: prompt.questions.map(({ question }) => verdict.answers[question] ?? ""),
            };
        default:
            return verdict;
    }
}
const WAYS = {
    terminal: "in a terminal",
    cli: "on the command line",
    page: "on the page",
    push: "by a push notification",
    chat: "in a chat",
    rule: "by a rule of the owner",
    policy: "by the owner's policy",
};
/** For people: `allowed by ada in a chat`. */
export function describeOutcome({ verdict, by, via, rule }) {
    const word = { allow: "allowed", deny: "denied", answers: "answered" }[verdict.kind];
    const who = via === "rule" && rule !== undefined ? `by rule ${rule}` : `by ${by} ${WAYS[via]}`;
    const reason = verdict.kind === "deny" ? verdict.reason : undefined;
    const keep = verdict.kind === "allow" ? verdict.keep : undefined;
    const kept = keep === undefined ? "" : `, and ${KEEP_WORDS[keep]}`;
    return `${word} ${who}${kept}${reason === undefined ? "" : `: ${reason}`}`;
}
function findMisfit(prompt, verdict) {
    if (verdict.kind === "allow") {
        if (prompt.kind === "question")
            return "this is a question: answer it, or deny to leave it unanswered";
        return verdict.keep === undefined ? undefined : findNoKeep(prompt, verdict.keep);
    }
    if (prompt.kind !== "question")
        return `a ${prompt.kind} is allowed or denied, not answered`;
    if (prompt.questions.length === 0)
        return "the client showed only a part of this question; answer it at the terminal";
    const open = prompt.questions.find(({ question }) => (verdict.answers[question]?.trim() ?? "") === "");
    if (open !== undefined)
        return `"${open.question.slice(0, 80)}" has no answer yet`;
    const isLong = Object.values(verdict.answers).some((answer) => answer.length > ANSWER_MAX_CHARS);
    return isLong ? `an answer has more than ${ANSWER_MAX_CHARS} characters` : undefined;
}
/** What the model reads. Without a reason it is told not to look for a way around. */
function toMessage(reason, by, via) {
    const who = via === "rule" || via === "policy" ? WAYS[via] : `by the user's approver ${WAYS[via]}`;
    return reason === undefined
        ? `Denied ${who}, without a reason (${by}). Do not try the same in another way; go on with something else, or ask your user.`
        : `Denied ${who} (${by}): ${reason}`;
}
