/**
 * Buttons under a prompt in a chat, and what a tap on one means.
 *
 * Owns: which buttons there are and their ids: a handle that only the server understands, and a letter. Never: who may tap.
 *
 * BUTTON-1 A call that is not known to be harmless, or that its message shows only in part, has no button that allows it: its code is
 *    typed.
 * BUTTON-2 Words that are written behind a button can deny a call, and never allow one.
 */
import { randomBytes } from "node:crypto";
import { CHAT_MAX_CHARS, isShownWhole, toLine } from "../show/render.js";
const HANDLE_BYTES = 16;
const LABEL_MAX_CHARS = 40;
/** Telegram shows a hundred; nobody reads that many. Beyond it options are typed. */
const OPTIONS_MAX = 40;
const ID = /^([A-Za-z0-9_-]{22})\.(?:([adhsw])|o(\d{1,2})\.(\d{1,2}))$/;
/** 128 random bits. */
export function newHandle() {
    return randomBytes(HANDLE_BYTES).toString("base64url");
}
/** The handle and the meaning of a button of ours; undefined for any other. */
export function readTap(id) {
    const [, handle, letter, question, option] = ID.exec(id) ?? [];
    if (handle === undefined)
        return undefined;
    switch (letter) {
        case "a":
            return { handle, tap: { kind: "allow" } };
        case "d":
            return { handle, tap: { kind: "deny" } };
        case "h":
            return { handle, tap: { kind: "deny-all" } };
        case "s":
            return { handle, tap: { kind: "send" } };
        case "w":
            return { handle, tap: { kind: "words" } };
        default:
            return {
                handle,
                tap: { kind: "option", question: Number(question), option: Number(option) },
            };
    }
}
export function toButtons(prompt, handle, choice) {
    const button = (letter, label, says) => ({
        id: `${handle}.${letter}`,
        label,
        ...(says === undefined ? {} : { says }),
    });
    const { kind, code, risk } = prompt;
    const deny = (label) => button("d", label, `no ${code}`);
    // BUTTON-2
    const words = (label, title, asked) => ({
        ...button("w", label),
        asks: { title, label: asked },
    });
    switch (kind) {
        case "tool": {
            const needsCode = risk.isRisky || !isShownWhole(prompt, CHAT_MAX_CHARS);
            const first = needsCode ? [deny("Deny")] : [button("a", "Allow"), deny("Deny")]; // BUTTON-1
            const why = words("Deny and say why", "Deny this call", "What the session is told");
            return [[...first, why], toDenyAll(handle)];
        }
        case "plan": {
            const why = words("Say what to change", "Keep planning", "What is to be another way");
            return risk.isRisky
                ? [[deny("Keep planning"), why]]
                : [[button("a", "Accept the plan"), deny("Keep planning"), why]];
        }
        case "question":
            return [
                ...(risk.isRisky ? [] : toOptionRows(prompt, handle, choice)),
                [
                    ...(risk.isRisky ? [] : [words("Answer in words", "Your answer", toFieldLabel(prompt))]),
                    deny("Leave it unanswered"),
                ],
            ];
        default:
            return kind;
    }
}
function toFieldLabel({ questions }) {
    return questions.length > 1
        ? `${questions.length} answers, with ; between them`
        : "What you want to answer";
}
export function toDenyAll(handle) {
    return [{ id: `${handle}.h`, label: "Deny all for 15 min", says: "/denyall" }];
}
/** A tap on an option is the answer: there is one question, and one option of it counts. */
export function isOneTap({ questions }) {
    return questions.length === 1 && questions[0]?.isMulti === false;
}
/** The choice after a tap on an option; undefined where there is no such option. */
export function toggle({ questions }, choice, { question, option }) {
    const asked = questions[question];
    if (asked === undefined || asked.options[option] === undefined)
        return undefined;
    const before = choice[question] ?? [];
    const after = before.includes(option)
        ? before.filter((one) => one !== option)
        : asked.isMulti
            ? [...before, option].toSorted((a, b) => a - b)
            : [option];
    return { ...choice, [question]: after };
}
/** Answers by question, as far as options are chosen. */
export function toChosen({ questions }, choice) {
    return Object.fromEntries(questions.map(({ question, options }, index) => [
        question,
        (choice[index] ?? []).map((at) => options[at]?.label ?? "").join(", "),
    ]));
}
/** What is chosen so far, in one line for the message. Empty where nothing is. */
export function toChoiceText({ questions }, choice) {
    return questions
        .map((_, index) => (choice[index] ?? []).map((at) => at + 1).join(", "))
        .map((numbers, index) => numbers === "" ? "" : `${questions.length > 1 ? `${index + 1}: ` : ""}${numbers}`)
        .filter((text) => text !== "")
        .join("; ");
}
function toOptionRows(prompt, handle, choice) {
    const { questions } = prompt;
    const count = questions.reduce((sum, { options }) => sum + options.length, 0);
    if (count > OPTIONS_MAX)
        return [];
    const rows = questions.flatMap(({ options }, question) => options.map(({ label }, option) => {
        const isChosen = choice[question]?.includes(option) === true;
        const number = questions.length > 1 ? `${question + 1}.${option + 1}` : String(option + 1);
        const text = toLine(label).slice(0, LABEL_MAX_CHARS).toWellFormed();
        return [
            {
                id: `${handle}.o${question}.${option}`,
                label: `${isChosen ? "✓ " : ""}${number} ${text}`,
                isChoice: true,
            },
        ];
    }));
    return isOneTap(prompt) ? rows : [...rows, [{ id: `${handle}.s`, label: "Send" }]];
}
