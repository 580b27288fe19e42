import { KEEPS } from "../../../sdk/prompt.js";
import { readOwnWords } from "../../../sdk/words.js";
/** Older than this a message is stale: it was written about something else, or came late. */
export const STALE_MS = 5 * 60_000;
const VERDICT = /^(yes|y|no|n)[\s,:]+([a-km-z]{5})(?![\p{L}\p{N}])[.!]?(?:[\s,:;-]+([\s\S]*))?$/iu;
/** `session`, `for a day`, `exactly always`. */
const KEEP = /^(?:exactly\s+)?(?:for\s+)?(?:(?:a|this)\s+)?(session|day|always|edits)[.!]?$/i;
/** What Markdown, a quote or a list puts around words. */
const AROUND = /^[\s>*_`~#"'“”‘’()[\]•-]+|[\s*_`~"'“”‘’()[\].!]+$/gu;
/** What somebody wrote themselves: of a chat its marked words, of a bridge's request its first text. */
export function readWords(arrival) {
    const own = readOwnWords(arrival);
    if (own !== "" || arrival.chat !== undefined)
        return own;
    return arrival.quotes[0]?.text ?? "";
}
export function readVerdict(text) {
    const [, word, code, rest = ""] = VERDICT.exec(text.trim().normalize("NFKC")) ?? [];
    if (word === undefined || code === undefined)
        return undefined;
    return {
        word: /^y/i.test(word) ? "yes" : "no",
        code: code.toLowerCase(),
        rest: rest.trim(),
    };
}
/** A line of a longer text that would be an answer if it came back by itself. */
export function hasVerdictLine(text) {
    return text
        .split(/[\n\r\v\f\u0085\u2028\u2029]/u)
        .some((line) => readVerdict(line.replaceAll(AROUND, "").replaceAll(/[*_`~]/g, "")) !== undefined);
}
/** The verdict that was typed for this prompt, or why it is none. */
export function toTypedVerdict(prompt, { word, rest }) {
    if (word === "no")
        return rest === "" ? { kind: "deny" } : { kind: "deny", reason: rest };
    if (prompt.kind === "question")
        return toAnswers(prompt, rest);
    // CHATWORD-2
    if (rest === "")
        return { kind: "allow" };
    const kept = KEEP.exec(rest)?.[1]?.toLowerCase();
    const keep = KEEPS.find((one) => one === kept);
    if (keep !== undefined)
        return { kind: "allow", keep };
    return {
        kind: "unclear",
        reason: `after "yes ${prompt.code}" may stand session, day, always or edits, for how long it stays allowed, and nothing else; to tell the session something, deny: no ${prompt.code} ${shorten(rest)}`,
    };
}
/** Answers to all questions of a prompt, from numbers or own words: `2`, `1,3`, `own words`, in parts with `;` where there are several. */
export function toAnswers({ questions, code }, text) {
    const unclear = (reason) => ({ kind: "unclear", reason });
    if (text.trim() === "")
        return unclear(`which? For example: yes ${code} 1`);
    const parts = questions.length > 1 ? text.split(/[;\n]/).map((part) => part.trim()) : [text.trim()];
    if (parts.length !== questions.length || parts.includes(""))
        return unclear(`there are ${questions.length} questions: answer all of them, in their order, with ";" between: yes ${code} 1; 2; own words`);
    const answers = [];
    for (const [index, question] of questions.entries()) {
        const answer = toAnswer(question, parts[index] ?? "");
        if (typeof answer !== "string")
            return unclear(answer.reason);
        answers.push([question.question, answer]);
    }
    return { kind: "answers", answers: Object.fromEntries(answers) };
}
function toAnswer({ options, isMulti }, text) {
    const isNumbers = /^\d{1,2}(?:\s*[,+]\s*\d{1,2})*$/.test(text);
    if (!isNumbers || options.length === 0) {
        const named = options.find(({ label }) => label.toLowerCase() === text.toLowerCase());
        return named?.label ?? text;
    }
    const numbers = [...new Set(text.split(/[,+]/).map(Number))];
    if (numbers.length > 1 && !isMulti)
        return { reason: "only one of the options can be chosen" };
    const labels = numbers.map((number) => options[number - 1]?.label);
    const wrong = labels.indexOf(undefined);
    if (wrong >= 0)
        return { reason: `there is no option ${numbers[wrong]}; 1 to ${options.length}` };
    return labels.join(", ");
}
function shorten(text) {
    return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
