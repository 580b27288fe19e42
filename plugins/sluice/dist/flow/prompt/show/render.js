import { listKeeps } from "../rules/keep.js";
import { describeOutcome } from "../verdict.js";
import { toVisible } from "./visible.js";
import { toWhyCode, UNLISTED } from "../../../sdk/why-code.js";
/** Of a message about a prompt: within every platform's limit, with room for what an outcome adds. */
export const CHAT_MAX_CHARS = 3_600;
const LINE_MAX_CHARS = 240;
const HEAD_SHARE = 0.6;
/** The most that stands above and below. */
const HEAD_AND_HOW_CHARS = 300;
const NAMES = { tool: "Permission", question: "Question", plan: "Plan" };
/** What is known of a prompt besides its arguments, as visible text, one line each. */
function toPromptFacts(prompt) {
    const { sessionName, cwd, tool, description, agent, risk, count, isCut, digest } = prompt;
    const facts = [
        ["session", sessionName],
        ["folder", cwd],
        ["tool", count > 1 ? `${tool} (${count} identical calls)` : tool],
        ["asked by", agent === undefined ? undefined : `a helper of the session (${agent})`],
        ["says", description],
        // Nothing is certain where no reason is given: the last line says so.
        ["needs", risk.isRisky && risk.reasons.length > 0 ? `its code: ${toWhyCode(risk)}` : undefined],
        ["note", isCut ? "not all of the arguments is known here; the terminal has them" : risk.note],
        ["sha256", digest],
    ];
    return facts.flatMap(([label, value = ""]) => value === "" ? [] : [{ label, value: toLine(value) }]);
}
/** The arguments as visible text, both ends of it where it is longer than `maxChars` (PROMPTTEXT-2). */
export function toShownArguments(prompt, maxChars) {
    const text = toVisible(prompt.kind === "question" ? toQuestionText(prompt) : prompt.arguments);
    if (text.length <= maxChars)
        return { head: text, tail: "", leftOut: 0 };
    const headEnd = toCut(text, Math.floor(maxChars * HEAD_SHARE));
    const tailStart = toCut(text, text.length - (maxChars - headEnd));
    return {
        head: text.slice(0, headEnd),
        tail: text.slice(tailStart),
        leftOut: tailStart - headEnd,
    };
}
/** One that waits, with how to answer it. */
export function renderPrompt(prompt, { maxChars, isDenyOnly = false }) {
    const how = toHow(prompt, isDenyOnly, maxChars);
    return render(prompt, `**${NAMES[prompt.kind]}: ${prompt.code}**`, [], how, maxChars);
}
/** Nothing of the arguments is left out in a message of this length: who taps has seen all of it. */
export function isShownWhole(prompt, maxChars) {
    if (prompt.isCut)
        return false;
    const facts = toBlock(toPromptFacts(prompt).map(toFactLine).join("\n"));
    return (toShownArguments(prompt, toRoom(maxChars, facts.length + HEAD_AND_HOW_CHARS)).leftOut === 0);
}
/** One that is over: the same, and how it ended. */
export function renderEnd(prompt, { maxChars }) {
    const { outcome, reason, code, kind } = prompt;
    const answers = outcome?.verdict.kind === "answers"
        ? Object.entries(outcome.verdict.answers).map(([question, answer]) => ({
            label: "answer",
            value: toLine(`${question} ${answer}`),
        }))
        : [];
    const facts = [{ label: "outcome", value: toLine(toEndText(prompt)) }, ...answers];
    const word = outcome === undefined
        ? "Over"
        : { allow: kind === "plan" ? "Accepted" : "Allowed", deny: "Denied", answers: "Answered" }[outcome.verdict.kind];
    const how = reason === undefined && outcome === undefined ? "It is over." : "";
    return render(prompt, `**${word}: ${code}**`, facts, how, maxChars);
}
/** How a prompt ended, in one line of plain text; not yet made visible. */
export function toEndText({ outcome, reason, state }) {
    if (outcome !== undefined)
        return describeOutcome(outcome);
    return reason ?? state;
}
/** More wait than people are told of one by one. */
export function renderSummary(waiting) {
    const [first] = waiting;
    if (first === undefined)
        return "";
    const tools = [...new Set(waiting.map(({ tool }) => tool))].slice(0, 8).join(", ");
    const facts = [
        { label: "session", value: toLine(first.sessionName) },
        { label: "tools", value: toLine(tools) },
    ];
    const count = waiting.length === 1 ? "1 more question waits" : `${waiting.length} more wait`;
    return [
        `**A session asks a lot: ${count}**`,
        toBlock(facts.map(toFactLine).join("\n")),
        "They wait on the page and at the terminal, and come here one by one as there is room. To deny all that it asks for 15 minutes: /denyall",
    ].join("\n");
}
/** Any text as one visible line. */
export function toLine(text) {
    const line = toVisible(text.replaceAll(/\s*[\n\r\v\f\u0085\u2028\u2029]+\s*/gu, " ⏎ ").trim());
    if (line.length <= LINE_MAX_CHARS)
        return line;
    const headEnd = toCut(line, LINE_MAX_CHARS - 61);
    const tailStart = toCut(line, line.length - 60);
    return `${line.slice(0, headEnd)} … ${line.slice(tailStart)}`;
}
/** A code block that its content cannot end (PROMPTTEXT-1). */
export function toBlock(text) {
    const short = text.replaceAll(/`{12,}/g, (run) => `⟨${run.length} backticks⟩`);
    const longest = Math.max(0, ...[...short.matchAll(/`+/g)].map(([run]) => run.length));
    const fence = "`".repeat(Math.max(3, longest + 1));
    return `${fence}\n${short}\n${fence}`;
}
function render(prompt, head, more, how, maxChars) {
    const facts = toBlock([...more, ...toPromptFacts(prompt)].map(toFactLine).join("\n"));
    const shown = toShownArguments(prompt, toRoom(maxChars, head.length + facts.length + how.length));
    const cut = shown.leftOut === 0
        ? []
        : [
            `${shown.leftOut} characters left out here; sha256 of all: ${prompt.digest}`,
            toBlock(shown.tail),
        ];
    return [head, facts, toBlock(shown.head), ...cut, ...(how === "" ? [] : [how])].join("\n");
}
/** Besides what else stands there: fences, the line about what is left out, line ends. */
function toRoom(maxChars, others) {
    return Math.max(200, maxChars - others - 160);
}
function toHow(prompt, isDenyOnly, maxChars) {
    const { kind, code, risk, questions } = prompt;
    const no = `no ${code} reason`;
    if (isDenyOnly)
        return `Here it can only be denied: ${no}. To allow: the page, an approver's own chat, or the terminal.`;
    switch (kind) {
        case "tool":
            return `${toAllow(prompt, maxChars)} To deny: ${no}.${toKeepHint(prompt)}`;
        case "plan":
            return risk.isRisky
                ? `To accept, type: yes ${code}. To keep planning: ${no}`
                : `Tap, or type: yes ${code}. To keep planning: ${no}; or answer this message with the reason.`;
        case "question": {
            const example = questions.length > 1 ? "1; 2; own words" : "1";
            const many = questions.some(({ isMulti }) => isMulti) ? " Several: 1,2." : "";
            return `${risk.isRisky ? "Type" : "Tap, answer this message, or type"}: yes ${code} ${example} (number or own words).${many} To leave it: no ${code}`;
        }
        default:
            return kind;
    }
}
function toAllow(prompt, maxChars) {
    const { code, risk } = prompt;
    if (risk.isRisky)
        return `Type: yes ${code}${risk.reasons.length === 0 ? ` (${UNLISTED})` : ""}.`;
    return isShownWhole(prompt, maxChars)
        ? `Tap, or type: yes ${code}.`
        : `Not all of it is shown here, so one tap is not enough. Read it on the page, or type: yes ${code}.`;
}
function toKeepHint(prompt) {
    const keeps = listKeeps(prompt);
    const [first, ...others] = keeps.filter((keep) => keep !== "edits");
    if (first === undefined)
        return "";
    const edits = keeps.includes("edits")
        ? ` All ordinary edits in this session: yes ${prompt.code} edits.`
        : "";
    return ` Exactly this again: yes ${prompt.code} ${first} (or ${others.join(", ")}).${edits}`;
}
function toQuestionText({ questions, arguments: text }) {
    if (questions.length === 0)
        return text;
    return questions
        .map(({ question, header, options, isMulti }, index) => [
        `${questions.length > 1 ? `${index + 1}. ` : ""}${indent(question)}${header === undefined ? "" : ` [${indent(header)}]`}${isMulti ? " (several may be chosen)" : ""}`,
        ...options.map(({ label, description }, at) => `  ${at + 1}) ${indent(label)}${description === undefined ? "" : `: ${indent(description)}`}`),
    ].join("\n"))
        .join("\n\n");
}
/** A further line of a label cannot pose as another option. */
function indent(text) {
    return text.replaceAll(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/gu, "\n        ");
}
function toFactLine({ label, value }) {
    return `${label.padEnd(8)} ${value}`;
}
/** Where to cut at or before `at`: not inside a mark like ⟨U+202E⟩, not inside a character. */
function toCut(text, at) {
    const opened = text.lastIndexOf("⟨", at - 1);
    const closed = opened < 0 ? -1 : text.indexOf("⟩", opened);
    const end = opened >= 0 && closed >= at && closed - opened < 40 ? opened : at;
    const unit = text.charCodeAt(end);
    return unit >= 0xdc00 && unit <= 0xdfff ? end - 1 : end;
}
