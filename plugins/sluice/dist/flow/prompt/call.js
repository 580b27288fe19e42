/**
 * The text that people see of a call that a session asks about.
 *
 * Owns: the call's kind, its arguments as text, its questions, its risk. Pure.
 * Never: keeps the raw input; makes text visible (visible.ts); reads anything.
 *
 * CALL-1 Every text here is masked: it may be stored and shown.
 * CALL-2 A field cannot pose as another one: the lines of a long value are indented.
 * CALL-3 Hidden or omitted parts are named, and need the code: people allow by one tap only what they have seen whole.
 */
import { parseObject, toObject } from "../../sdk/json.js";
import { toCallDigest, toExactDigest } from "../../sdk/call-digest.js";
import { MASK, maskAll, maskSecrets } from "./show/mask.js";
/** A page of code is read, a book is not: beyond this the middle goes, and people are told. */
const ARGUMENTS_MAX_CHARS = 200_000;
/** What a client puts in place of a secret, or of what it has cut. */
const MASKED = /\*{3,}|\[REDACTED[^\]]*\]|<redacted>|…|\.{3}$/iu;
const OPERATORS = /[;&|<>()$`]/;
const HIDDEN_MAX = 6;
const QUESTIONS_MAX = 8;
const OPTIONS_MAX = 20;
const QUESTION_MAX_CHARS = 2_000;
/** The facts of a call whose arguments are known whole. */
export function toFacts(tool, input, assessment) {
    const kind = toKind(tool);
    const { text, hidden } = maskAll(toArgumentText(kind, input));
    const shown = cutMiddle(text);
    const isCut = shown !== text;
    return {
        kind,
        tool,
        arguments: shown,
        digest: toCallDigest(input),
        exact: toExactDigest(tool, input),
        isOrdinaryEdit: assessment.kind === "ordinary-edit",
        isCut,
        questions: kind === "question" ? toQuestions(input["questions"]) : [],
        risk: kind === "question" ? toRisk(assessment) : toRisk(assessment, hidden, isCut),
    };
}
/** A part of it is masked or left out. */
export function hidesSomething({ arguments: shown, isCut }) {
    return isCut || shown.includes(MASK);
}
/** What people do not see, they do not allow by one tap (CALL-3). */
function toRisk({ isRisky, reasons, note }, hidden = [], isCut = false) {
    const more = [
        ...(hidden.length === 0 ? [] : [`hidden here as [masked]: ${toList(hidden)}`]),
        ...(isCut ? ["not all of it is shown"] : []),
    ];
    const all = [...reasons, ...more];
    if (isRisky || more.length > 0)
        return { isRisky: true, reasons: all };
    return note === undefined ? { isRisky, reasons } : { isRisky, reasons, note };
}
function toList(hidden) {
    const different = [...new Set(hidden)];
    const more = different.length - HIDDEN_MAX;
    return `${different.slice(0, HIDDEN_MAX).join(", ")}${more > 0 ? `, and ${more} more` : ""}`;
}
/** The facts of a call of which the client shows a preview: JSON, perhaps cut, perhaps masked. `assess` looks at what can be read whole. */
export async function toPreviewFacts(tool, preview, assess) {
    const input = parseObject(preview);
    if (input !== undefined && !MASKED.test(preview))
        return toFacts(tool, input, await assess(input));
    return {
        kind: toKind(tool),
        tool,
        arguments: cutMiddle(maskSecrets(preview)),
        digest: toCallDigest(input ?? preview),
        exact: "",
        isOrdinaryEdit: false,
        isCut: true,
        questions: input !== undefined && tool === "AskUserQuestion" ? toQuestions(input["questions"]) : [],
        // Nobody knows what stands behind the cut.
        risk: { isRisky: true, reasons: ["the client shows only a part"] },
    };
}
/** Whether a preview can be one of these arguments: it is their JSON up to where it was cut, but for what the client has masked. */
export function isPreviewOf(preview, input) {
    const shown = parseObject(preview);
    // Nothing was cut: then it is these arguments, or others.
    if (shown !== undefined && !MASKED.test(preview))
        return toCallDigest(shown) === toCallDigest(input);
    const whole = toLetters(JSON.stringify(input));
    let from = 0;
    const pieces = preview
        .split(MASKED)
        .map(toLetters)
        .filter((piece) => piece !== "");
    for (const [index, piece] of pieces.entries()) {
        const at = whole.indexOf(piece, from);
        if (at < 0 || (index === 0 && at > 0))
            return false;
        // A secret is one word: what stands behind the mask is no command.
        if (index > 0 && OPERATORS.test(whole.slice(from, at)))
            return false;
        from = at + piece.length;
    }
    // A client shows the begin at least.
    return pieces.length > 0 && (shown === undefined || from === whole.length);
}
function toKind(tool) {
    if (tool === "AskUserQuestion")
        return "question";
    return tool === "ExitPlanMode" ? "plan" : "tool";
}
function toArgumentText(kind, input) {
    const { plan } = input;
    if (kind === "plan" && typeof plan === "string")
        return plan;
    return Object.entries(input)
        .map(([key, value]) => `${toKey(key)}:${toValueText(value)}`)
        .join("\n");
}
/** One line, so that no key can hold a field of its own. */
function toKey(key) {
    return /^[\w.-]+$/.test(key) ? key : JSON.stringify(key);
}
function toValueText(value) {
    if (typeof value !== "string")
        return ` ${JSON.stringify(value) ?? ""}`;
    // CALL-2. Every character that some screen takes for the end of a line.
    const lines = value.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/u);
    return lines.length === 1 ? ` ${value}` : lines.map((line) => `\n  ${line}`).join("");
}
function toQuestions(value) {
    if (!Array.isArray(value))
        return [];
    return value.slice(0, QUESTIONS_MAX).flatMap((one) => {
        const { question, header, options, multiSelect } = toObject(one);
        if (typeof question !== "string" || question === "")
            return [];
        return [
            {
                question: toShort(question),
                ...(typeof header === "string" && header !== "" ? { header: toShort(header) } : {}),
                options: toOptions(options),
                isMulti: multiSelect === true,
            },
        ];
    });
}
function toOptions(value) {
    if (!Array.isArray(value))
        return [];
    return value.slice(0, OPTIONS_MAX).flatMap((one) => {
        const { label, description } = toObject(one);
        if (typeof label !== "string" || label === "")
            return [];
        const shown = { label: toShort(label) };
        return typeof description === "string" && description !== ""
            ? [{ ...shown, description: toShort(description) }]
            : [shown];
    });
}
function toShort(text) {
    return maskSecrets(text.slice(0, QUESTION_MAX_CHARS));
}
function cutMiddle(text) {
    if (text.length <= ARGUMENTS_MAX_CHARS)
        return text;
    const half = ARGUMENTS_MAX_CHARS / 2;
    const left = text.length - ARGUMENTS_MAX_CHARS;
    return `${text.slice(0, half)}\n[... ${left} characters left out ...]\n${text.slice(-half)}`;
}
/** White space differs between the ways in which a client writes JSON. */
function toLetters(text) {
    return text.replaceAll(/\s+/gu, "");
}
