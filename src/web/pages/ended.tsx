/**
 * The end of a prompt: how it was answered, and by whom.
 *
 * Owns: its looks. The words come from the hub.
 */
import type { JSX } from "preact";
import type { PromptDetail } from "../../api/wire/approvals-wire.ts";
import { toClock, toSpan } from "../ages.ts";
import { hubNow } from "../time.ts";
import { Visible } from "../visible.tsx";
import type { TapNotice } from "./verdict-words.ts";

type EndedProps = { prompt: PromptDetail; notice: TapNotice | undefined };

export function Ended({ prompt, notice }: EndedProps): JSX.Element {
  const { state, verdict, summary = "", endedAt, questions, answers } = prompt;
  return (
    <div class={`ended ${verdict ?? state}`}>
      <p role="status">
        {notice !== undefined && <b class={notice.isBad ? "bad" : ""}>{notice.text} </b>}
        <span dir="auto">
          <Visible text={toSentence(state, summary)} />
        </span>
        {endedAt !== undefined && (
          <span class="soft">
            {" "}
            {toClock(endedAt)}, {toSpan(hubNow() - endedAt)} ago
          </span>
        )}
      </p>
      {answers !== undefined && (
        <dl class="answers">
          {questions.map(({ question }, index) => (
            <>
              <dt dir="auto">{question}</dt>
              <dd dir="auto">{answers[index]}</dd>
            </>
          ))}
        </dl>
      )}
    </div>
  );
}

function toSentence(state: PromptDetail["state"], summary: string): string {
  const text = summary === "" ? "" : `${summary[0]?.toUpperCase()}${summary.slice(1)}.`;
  switch (state) {
    case "answered":
      return text;
    case "expired":
      return text || "Nobody answered in time.";
    case "retired":
      return `It is over without an answer from here. ${text}`;
    case "pending":
      return "";
    default:
      return state satisfies never;
  }
}
