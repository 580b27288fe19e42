import { toEndText, toShownArguments } from "../../../flow/prompt/show/render.js";
import { toVisible } from "../../../flow/prompt/show/visible.js";
const LINE_MAX_CHARS = 160;
const LINE_MAX_LINES = 4;
const NAME_MAX_CHARS = 60;
/** One that waits. `handle` goes along only where it may be answered from the notification. */
export function toPromptPayload(prompt, handle) {
    const { text, isWhole } = toShownLine(prompt);
    const shown = { kind: "prompt", id: prompt.id, title: toTitle(prompt), body: text };
    return isWhole ? { ...shown, handle } : shown;
}
export function toEndPayload(prompt) {
    const body = toShort(toVisible(toEndText(prompt)), LINE_MAX_CHARS);
    return { kind: "end", id: prompt.id, title: toTitle(prompt), body };
}
/** Of one session: more wait than are told of one by one. */
export function toSumPayload(id, waiting) {
    const body = waiting.length === 1 ? "1 more prompt waits" : `${waiting.length} more prompts wait`;
    return {
        kind: "sum",
        id,
        title: toShort(toVisible(waiting[0]?.sessionName ?? ""), NAME_MAX_CHARS),
        body,
    };
}
/** What does not fit is not shown in part: whoever approves has read all of it. */
function toShownLine(prompt) {
    const { head, leftOut } = toShownArguments(prompt, LINE_MAX_CHARS);
    const text = head.trim();
    const isWhole = prompt.kind === "tool" &&
        !prompt.risk.isRisky &&
        !prompt.isCut &&
        leftOut === 0 &&
        text.split("\n").length <= LINE_MAX_LINES;
    if (isWhole)
        return { text, isWhole };
    const [first = ""] = text.split("\n");
    const why = prompt.risk.isRisky
        ? "Needs its code: open it to answer."
        : "Open it to read all and answer.";
    return { text: `${toShort(first, LINE_MAX_CHARS)}\n${why}`, isWhole };
}
function toTitle({ sessionName, tool, kind }) {
    const what = {
        tool: `wants ${toShort(toVisible(tool), NAME_MAX_CHARS)}`,
        question: "asks",
        plan: "has a plan",
    };
    return `${toShort(toVisible(sessionName), NAME_MAX_CHARS)} ${what[kind]}`;
}
function toShort(text, maxChars) {
    const line = text.replace(/\s+/g, " ");
    return line.length <= maxChars ? line : `${line.slice(0, maxChars - 1).toWellFormed()}…`;
}
