/**
 * The answer to a prompt: approve, deny, deny with a reason, or the answers of a question.
 *
 * Owns: taking it from a person, and showing the outcome. Never: decides whether it counts: the hub does.
 *
 * VERDICTFORM-1 In the first moment no button can be pressed: a button that appears under a finger is not what the finger meant.
 * VERDICTFORM-2 A call that needs its code, or that is kept as a rule, is approved with the code typed. The hub insists on it; the
 *    field here only saves a round trip.
 * VERDICTFORM-3 The answer to a late verdict says what happened instead.
 */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { PageOutcome, PageVerdict, PromptDetail } from "../../api/wire/approvals-wire.ts";
import { isTyping } from "../keys.ts";
import { hubNow, toSpan } from "../time.ts";
import type { Approvals } from "../use-prompts.ts";
import { type Allowance, AllowFields, needsCode } from "./allow-fields.tsx";
import { Ended, type TapNotice } from "./ended.tsx";
import { type PageChoice, QuestionForm, toUnanswered } from "./question.tsx";

const ONCE: Allowance = { keep: undefined, typedCode: "" };
/** VERDICTFORM-1 */
const READY_MS = 400;

type VerdictProps = {
  prompt: PromptDetail;
  approvals: Approvals;
  onPrompt: (prompt: PromptDetail) => void;
};

export function VerdictForm(props: VerdictProps): JSX.Element {
  const { prompt } = props;
  const [notice, setNotice] = useState<TapNotice>();
  return (
    <>
      {prompt.state === "pending" ? (
        <Pending {...props} notice={notice} onNotice={setNotice} />
      ) : (
        <Ended prompt={prompt} notice={notice} />
      )}
    </>
  );
}

function Pending(
  props: VerdictProps & { notice: TapNotice | undefined; onNotice: (notice?: TapNotice) => void },
): JSX.Element {
  const { prompt, approvals, onPrompt, notice, onNotice } = props;
  const { kind } = prompt;

  const { mayAllow, isOnline } = approvals;
  const [isReady, setReady] = useState(false);
  const [isSending, setSending] = useState(false);
  const [allowance, setAllowance] = useState<Allowance>(ONCE);
  const [reason, setReason] = useState<string>();
  const [choices, setChoices] = useState<readonly PageChoice[]>(() =>
    prompt.questions.map(() => ({ options: [], text: "" })),
  );
  const codeField = useRef<HTMLInputElement>(null);
  const reasonField = useRef<HTMLTextAreaElement>(null);
  const form = useRef<HTMLDivElement>(null);
  // What was read is what is answered: where the call changes under the reader, the moment begins again.
  useEffect(() => {
    setReady(false);
    setAllowance((before) => ({ ...before, keep: undefined }));
    const timer = setTimeout(() => setReady(true), READY_MS);
    return () => clearTimeout(timer);
  }, [prompt.digest]);

  const lacksCode = needsCode(prompt, allowance) && allowance.typedCode.trim() === "";
  const canPress = isReady && !isSending && isOnline;
  const decide = (verdict: PageVerdict["verdict"]): void => {
    if (!canPress) return;
    setSending(true);
    onNotice(undefined);
    const { typedCode } = allowance;
    const typed = verdict.kind === "deny" || typedCode === "" ? undefined : typedCode;
    approvals.decide(prompt, verdict, typed).then(
      (outcome) => {
        setSending(false);
        onNotice(toNotice(outcome));
        if ("prompt" in outcome) onPrompt(outcome.prompt);
        if (outcome.kind === "needs-code") codeField.current?.focus();
      },
      (thrown: unknown) => {
        setSending(false);
        const why = thrown instanceof Error ? thrown.message : String(thrown);
        onNotice({ text: `Not sent: ${why}`, isBad: true });
      },
    );
  };
  const approve = (): void => {
    const { keep } = allowance;
    if (lacksCode) codeField.current?.focus();
    else decide(keep === undefined ? { kind: "allow" } : { kind: "allow", keep });
  };
  const deny = (): void => decide({ kind: "deny" });
  const denyWithReason = (): void => {
    const text = reason?.trim() ?? "";
    decide(text === "" ? { kind: "deny" } : { kind: "deny", reason: text });
  };
  const answer = (): void => {
    const open = toUnanswered(prompt.questions, choices);
    if (open !== undefined) return onNotice({ text: `Not answered yet: ${open}`, isBad: true });
    decide({
      kind: "answers",
      answers: choices.map(({ options, text }) => ({ options: [...options], text })),
    });
  };
  /** At once, before anything is drawn: the next letter is text already, and no key that decides. */
  const startReason = (): void => {
    const field = reasonField.current;
    const label = field?.closest("label");
    if (label != null) label.hidden = false;
    field?.focus();
    setReason((before) => before ?? "");
  };
  const keys = useRef<(key: string) => boolean>(() => false);
  keys.current = (key) => {
    const isInside = form.current?.closest("article")?.contains(document.activeElement) === true;
    if (key === "r") startReason();
    else if (key !== "a" && key !== "d") return false;
    // Who has begun to say why not wants neither by one letter.
    else if (reason !== undefined) reasonField.current?.focus();
    // Not in the prompt: the key only leads there.
    else if (!isInside) form.current?.closest("article")?.focus();
    else if (key === "d") deny();
    else if (kind === "question") form.current?.querySelector<HTMLElement>("input")?.focus();
    else if (mayAllow) approve();
    return true;
  };
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (event.key === "Escape") return setReason(undefined);
      if (!isTyping(event.target) && keys.current(event.key)) event.preventDefault();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);

  return (
    <div class={`verdict ${kind}`} ref={form}>
      {kind === "question" && (
        <QuestionForm
          questions={prompt.questions}
          choices={choices}
          isOff={!mayAllow}
          onChange={setChoices}
        />
      )}
      {!mayAllow && (
        <p class="look-only" role="note">
          This browser can view and deny, not approve: its link was made by a script. For full
          rights run <code>sluice open</code> in a terminal.
        </p>
      )}
      {mayAllow && kind !== "question" && (
        <AllowFields
          prompt={prompt}
          allowance={allowance}
          codeField={codeField}
          onChange={setAllowance}
          onEnter={approve}
        />
      )}
      <label class="reason" hidden={reason === undefined}>
        <span>Why not? The session reads it.</span>
        <textarea
          ref={reasonField}
          rows={2}
          maxLength={1_000}
          dir="auto"
          value={reason ?? ""}
          onInput={({ currentTarget }) => setReason(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            denyWithReason();
          }}
        />
      </label>
      <div class="buttons">
        {kind === "question" && mayAllow && (
          <button type="button" class="approve" disabled={!canPress} onClick={answer}>
            Send answer
          </button>
        )}
        {kind !== "question" && mayAllow && (
          <button type="button" class="approve" disabled={!canPress || lacksCode} onClick={approve}>
            {kind === "plan" ? "Accept plan" : "Approve"}
          </button>
        )}
        {reason === undefined ? (
          <>
            <button type="button" class="deny" disabled={!canPress} onClick={deny}>
              {kind === "question"
                ? "Leave unanswered"
                : kind === "plan"
                  ? "Keep planning"
                  : "Deny"}
            </button>
            <button type="button" class="plain" onClick={startReason}>
              {kind === "question" ? "Say why…" : "Deny with reason…"}
            </button>
          </>
        ) : (
          <>
            <button type="button" class="deny" disabled={!canPress} onClick={denyWithReason}>
              Deny with this reason
            </button>
            <button type="button" class="plain" onClick={() => setReason(undefined)}>
              Cancel
            </button>
          </>
        )}
      </div>
      <p class={notice?.isBad === true ? "notice bad" : "notice"} role="status">
        {!isOnline ? "Reconnecting: nothing can be answered now." : (notice?.text ?? "")}
      </p>
    </div>
  );
}

/** VERDICTFORM-3 */
function toNotice(outcome: PageOutcome): TapNotice {
  switch (outcome.kind) {
    case "done":
      return { text: "Done.", isBad: false };
    case "late":
      return { text: "Too late: this prompt had already ended.", isBad: true };
    case "needs-code":
      return { text: "That is not the code: type the five letters above.", isBad: true };
    case "unknown":
      return { text: "The hub no longer knows this prompt.", isBad: true };
    case "locked":
      return {
        text: `Too many wrong codes: locked for ${toSpan(outcome.untilMs - hubNow())}. Denying at the terminal still works.`,
        isBad: true,
      };
    case "refused":
      return { text: `Not taken: ${outcome.reason}.`, isBad: true };
    default:
      return outcome satisfies never;
  }
}
