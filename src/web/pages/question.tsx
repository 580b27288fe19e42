/**
 * The model's own questions: options, several where it allows that, and always a field for the person's own words.
 *
 * Owns: what is chosen. Never: sends it (verdict.tsx).
 */
import type { JSX } from "preact";
import type { PromptDetail } from "../../api/wire/approvals-wire.ts";
import { Visible } from "../visible.tsx";

/** `options` by their place. */
export type PageChoice = { options: readonly number[]; text: string };
type Questions = PromptDetail["questions"];

type QuestionProps = {
  questions: Questions;
  choices: readonly PageChoice[];
  isOff: boolean;
  onChange: (choices: readonly PageChoice[]) => void;
};

export function QuestionForm({ questions, choices, isOff, onChange }: QuestionProps): JSX.Element {
  const change = (at: number, choice: Partial<PageChoice>): void =>
    onChange(choices.map((one, index) => (index === at ? { ...one, ...choice } : one)));
  return (
    <div class="questions">
      {questions.map(({ question, header, options, isMulti }, at) => {
        const { options: chosen, text } = choices[at] ?? { options: [], text: "" };
        return (
          <fieldset disabled={isOff}>
            <legend dir="auto">
              {header !== undefined && <small>{header}</small>}
              <Visible text={question} />
            </legend>
            {options.map(({ label, description }, index) => (
              <label class="option panel">
                <input
                  type={isMulti ? "checkbox" : "radio"}
                  name={`question-${at}`}
                  checked={chosen.includes(index)}
                  onChange={({ currentTarget: { checked } }) =>
                    // Only one answer counts: the option takes the place of the typed text.
                    isMulti
                      ? change(at, { options: toggle(chosen, index, checked) })
                      : change(at, { options: [index], text: "" })
                  }
                />
                <span dir="auto">
                  <b>
                    <Visible text={label} />
                  </b>
                  {description !== undefined && (
                    <small>
                      <Visible text={description} />
                    </small>
                  )}
                </span>
              </label>
            ))}
            <label class="own">
              <span>{options.length === 0 ? "Answer" : "Something else"}</span>
              <input
                type="text"
                dir="auto"
                maxLength={2_000}
                value={text}
                onInput={({ currentTarget: { value } }) =>
                  change(
                    at,
                    isMulti || value === "" ? { text: value } : { text: value, options: [] },
                  )
                }
              />
            </label>
          </fieldset>
        );
      })}
    </div>
  );
}

/** The first question without an answer. */
export function toUnanswered(
  questions: Questions,
  choices: readonly PageChoice[],
): string | undefined {
  return questions.find((_, at) => {
    const { options = [], text = "" } = choices[at] ?? {};
    return options.length === 0 && text.trim() === "";
  })?.question;
}

/** In the order of the options, as the client's own dialog joins them. */
function toggle(chosen: readonly number[], at: number, isChosen: boolean): number[] {
  const others = chosen.filter((one) => one !== at);
  return isChosen ? [...others, at].toSorted((a, b) => a - b) : others;
}
