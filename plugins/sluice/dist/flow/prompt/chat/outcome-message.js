/**
 * The message that tells a person in a chat what their answer did: short enough for a platform's own notice.
 *
 * Owns: the words. Never: handles the answer. Pure.
 */
import { findKeepLimit, KEEP_WORDS } from "../../../sdk/keep-words.js";
import { toEndText, toLine } from "../show/render.js";
import { toWhyCode } from "../../../sdk/why-code.js";
/** `code`: what the person typed, for an answer that matched no prompt. */
export function toOutcomeMessage(outcome, prompt, verdict, code = prompt?.code ?? "") {
    switch (outcome.kind) {
        case "done":
            return `${toLine(`${toDone(outcome, verdict)}: ${toWhat(outcome.prompt)}`)}${toLimit(outcome, verdict)}`;
        case "late":
            return toLine(`Too late, nothing was changed: ${toEndText(outcome.prompt)}.`);
        case "needs-code": {
            const { risk, code: own } = outcome.prompt;
            const keep = verdict?.kind === "allow" ? verdict.keep : undefined;
            const why = risk.isRisky ? toWhyCode(risk) : "a rule is made with the code";
            return toLine(`Type: yes ${own}${keep === undefined ? "" : ` ${keep}`} (${why})`);
        }
        case "unknown":
            return `Nothing waits under ${code}. Three wrong ones lock for ten minutes.`;
        case "locked":
            return `Too many wrong ones: nothing of yours counts before ${toTime(outcome.untilMs)}. The page and the terminal are open.`;
        case "refused":
            return toLine(`Not taken: ${outcome.reason}.`);
        default:
            return outcome;
    }
}
function toDone({ prompt: { kind }, rule }, verdict) {
    switch (verdict?.kind) {
        case "allow":
            if (verdict.keep !== undefined)
                return `Allowed, and ${KEEP_WORDS[verdict.keep]}${rule === undefined ? "" : ` (rule ${rule.id})`}`;
            return kind === "plan" ? "Accepted" : "Allowed";
        case "deny":
            return kind === "plan" ? "It keeps planning" : "Denied";
        case "answers":
            return "Answered";
        case undefined:
            return "Done";
        default:
            return verdict;
    }
}
/** Of a call that was kept. */
function toLimit({ prompt }, verdict) {
    const isKept = verdict?.kind === "allow" && verdict.keep !== undefined;
    const limit = isKept ? findKeepLimit(prompt.tool) : undefined;
    return limit === undefined ? "" : ` ${limit}`;
}
function toWhat({ tool, sessionName, code }) {
    return `${tool} in ${sessionName} (${code})`;
}
function toTime(at) {
    return new Date(at).toTimeString().slice(0, 5);
}
