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
import type { OutgoingButton } from "../../../sdk/message.ts";
import type { Prompt } from "../../../sdk/prompt.ts";
import type { Choice } from "../../../store/prompts/prompt-posts.ts";
import { CHAT_MAX_CHARS, isShownWhole, toLine } from "../show/render.ts";

export type Tap =
  /** `words`: a form was filled in. */
  | { kind: "allow" | "deny" | "deny-all" | "send" | "words" }
  | { kind: "option"; question: number; option: number };

const HANDLE_BYTES = 16;
const LABEL_MAX_CHARS = 40;
/** Telegram shows a hundred; nobody reads that many. Beyond it options are typed. */
const OPTIONS_MAX = 40;
const ID = /^([A-Za-z0-9_-]{22})\.(?:([adhsw])|o(\d{1,2})\.(\d{1,2}))$/;

/** 128 random bits. */
export function newHandle(): string {
  return randomBytes(HANDLE_BYTES).toString("base64url");
}

/** The handle and the meaning of a button of ours; undefined for any other. */
export function readTap(id: string): { handle: string; tap: Tap } | undefined {
  const [, handle, letter, question, option] = ID.exec(id) ?? [];
  if (handle === undefined) return undefined;
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

export function toButtons(prompt: Prompt, handle: string, choice: Choice): OutgoingButton[][] {
  const button = (letter: string, label: string, says?: string): OutgoingButton => ({
    id: `${handle}.${letter}`,
    label,
    ...(says === undefined ? {} : { says }),
  });
  const { kind, code, risk } = prompt;
  const deny = (label: string): OutgoingButton => button("d", label, `no ${code}`);
  // BUTTON-2
  const words = (label: string, title: string, asked: string): OutgoingButton => ({
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
      return kind satisfies never;
  }
}

function toFieldLabel({ questions }: Prompt): string {
  return questions.length > 1
    ? `${questions.length} answers, with ; between them`
    : "What you want to answer";
}

export function toDenyAll(handle: string): OutgoingButton[] {
  return [{ id: `${handle}.h`, label: "Deny all for 15 min", says: "/denyall" }];
}

/** A tap on an option is the answer: there is one question, and one option of it counts. */
export function isOneTap({ questions }: Pick<Prompt, "questions">): boolean {
  return questions.length === 1 && questions[0]?.isMulti === false;
}

/** The choice after a tap on an option; undefined where there is no such option. */
export function toggle(
  { questions }: Pick<Prompt, "questions">,
  choice: Choice,
  { question, option }: { question: number; option: number },
): Choice | undefined {
  const asked = questions[question];
  if (asked === undefined || asked.options[option] === undefined) return undefined;
  const before = choice[question] ?? [];
  const after = before.includes(option)
    ? before.filter((one) => one !== option)
    : asked.isMulti
      ? [...before, option].toSorted((a, b) => a - b)
      : [option];
  return { ...choice, [question]: after };
}

/** Answers by question, as far as options are chosen. */
export function toChosen(
  { questions }: Pick<Prompt, "questions">,
  choice: Choice,
): Record<string, string> {
  return Object.fromEntries(
    questions.map(({ question, options }, index) => [
      question,
      (choice[index] ?? []).map((at) => options[at]?.label ?? "").join(", "),
    ]),
  );
}

/** What is chosen so far, in one line for the message. Empty where nothing is. */
export function toChoiceText({ questions }: Pick<Prompt, "questions">, choice: Choice): string {
  return questions
    .map((_, index) => (choice[index] ?? []).map((at) => at + 1).join(", "))
    .map((numbers, index) =>
      numbers === "" ? "" : `${questions.length > 1 ? `${index + 1}: ` : ""}${numbers}`,
    )
    .filter((text) => text !== "")
    .join("; ");
}

function toOptionRows(prompt: Prompt, handle: string, choice: Choice): OutgoingButton[][] {
  const { questions } = prompt;
  const count = questions.reduce((sum, { options }) => sum + options.length, 0);
  if (count > OPTIONS_MAX) return [];
  const rows = questions.flatMap(({ options }, question) =>
    options.map(({ label }, option) => {
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
    }),
  );
  return isOneTap(prompt) ? rows : [...rows, [{ id: `${handle}.s`, label: "Send" }]];
}
