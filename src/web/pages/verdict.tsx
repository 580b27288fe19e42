/**
 * The answer to a prompt: approve, deny, deny with a reason, or the answers of a question.
 *
 * Owns: taking it from a person, and saying what became of it. Never: decides whether it counts: the hub does.
 *
 * VERDICTFORM-1 In the first moment no button can be pressed: a button that appears under a finger is not what the finger meant.
 * VERDICTFORM-2 A call that needs its code, or that is kept as a rule, is approved with the code typed. The hub insists on it; the
 *    field here only saves a round trip.
 * VERDICTFORM-3 The answer to a late verdict says what happened instead.
 */
import type { JSX, RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { PageVerdict, PromptDetail } from "../../api/wire/approvals-wire.ts";
import { toMessage } from "../../sdk/errors.ts";
import { useKeys } from "../use-keys.ts";
import type { Approvals } from "../use-prompts.ts";
import { type Allowance, AllowFields, needsCode } from "./allow-fields.tsx";
import { DenyButtons, ReasonField, useReason, type DenyReason } from "./deny.tsx";
import { Ended } from "./ended.tsx";
import { type PageChoice, QuestionForm, toUnanswered } from "./question.tsx";
import { BUTTONS, type TapNotice, toNotice } from "./verdict-words.ts";

const ONCE: Allowance = { keep: undefined, typedCode: "" };
/** VERDICTFORM-1 */
const READY_MS = 400;

type VerdictProps = {
  prompt: PromptDetail;
  approvals: Approvals;
  onPrompt: (prompt: PromptDetail) => void;
};
type PendingProps = VerdictProps & {
  notice: TapNotice | undefined;
  onNotice: (notice?: TapNotice) => void;
};

export function VerdictForm(props: VerdictProps): JSX.Element {
  const { prompt } = props;
  const [notice, setNotice] = useState<TapNotice>();
  return prompt.state === "pending" ? (
    <Pending {...props} notice={notice} onNotice={setNotice} />
  ) : (
    <Ended prompt={prompt} notice={notice} />
  );
}

function Pending(props: PendingProps): JSX.Element {
  const { prompt, approvals, notice, onNotice } = props;
  const { kind, questions, digest } = prompt;
  const { mayAllow, isOnline } = approvals;
  const [allowance, setAllowance] = useState(ONCE);
  const [choices, setChoices] = useState<readonly PageChoice[]>(() =>
    questions.map(() => ({ options: [], text: "" })),
  );
  const form = useRef<HTMLDivElement>(null);
  const codeField = useRef<HTMLInputElement>(null);
  const why = useReason();
  const { canPress, decide } = useDecide(props, allowance.typedCode, codeField);
  // A rule is chosen for the call that was read.
  useEffect(() => setAllowance((before) => ({ ...before, keep: undefined })), [digest]);
  const lacksCode =
    kind !== "question" && needsCode(prompt, allowance) && allowance.typedCode.trim() === "";
  const answer = (): void => {
    const open = toUnanswered(questions, choices);
    if (open !== undefined) return onNotice({ text: `Not answered yet: ${open}`, isBad: true });
    decide({
      kind: "answers",
      answers: choices.map(({ options, text }) => ({ options: [...options], text })),
    });
  };
  const approve = (): void => {
    const { keep } = allowance;
    if (kind === "question") answer();
    else if (lacksCode) codeField.current?.focus();
    else decide(keep === undefined ? { kind: "allow" } : { kind: "allow", keep });
  };
  const deny = (): void => {
    const reason = why.text?.trim() ?? "";
    decide(reason === "" ? { kind: "deny" } : { kind: "deny", reason });
  };
  useVerdictKeys({ form, why, deny, approve: mayAllow ? approve : undefined, kind });
  return (
    <div class={`verdict ${kind}`} ref={form}>
      {kind === "question" && (
        <QuestionForm
          questions={questions}
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
      <ReasonField why={why} onEnter={deny} />
      <div class="buttons">
        {mayAllow && (
          <button type="button" class="approve" disabled={!canPress || lacksCode} onClick={approve}>
            {BUTTONS[kind].approve}
          </button>
        )}
        <DenyButtons kind={kind} why={why} canPress={canPress} onDeny={deny} />
      </div>
      <p class={notice?.isBad === true ? "notice bad" : "notice"} role="status">
        {!isOnline ? "Reconnecting: nothing can be answered now." : (notice?.text ?? "")}
      </p>
    </div>
  );
}

/** Sends a verdict, one at a time, and says what became of it. */
function useDecide(
  { prompt, approvals, onPrompt, onNotice }: PendingProps,
  typedCode: string,
  codeField: RefObject<HTMLInputElement | null>,
) {
  const [isReady, setReady] = useState(false);
  const [isSending, setSending] = useState(false);
  // VERDICTFORM-1: where the call changes under the reader, the moment begins again.
  useEffect(() => {
    setReady(false);
    const timer = setTimeout(() => setReady(true), READY_MS);
    return () => clearTimeout(timer);
  }, [prompt.digest]);
  const canPress = isReady && !isSending && approvals.isOnline;
  const decide = (verdict: PageVerdict["verdict"]): void => {
    if (!canPress) return;
    setSending(true);
    onNotice(undefined);
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
        onNotice({ text: `Not sent: ${toMessage(thrown)}`, isBad: true });
      },
    );
  };
  return { canPress, decide };
}

/** `approve` is undefined in a browser that may only deny. */
function useVerdictKeys(verdict: {
  form: RefObject<HTMLDivElement | null>;
  kind: PromptDetail["kind"];
  why: DenyReason;
  deny: () => void;
  approve: (() => void) | undefined;
}): void {
  const { form, kind, why, deny, approve } = verdict;
  useKeys((key) => {
    const article = form.current?.closest("article");
    if (key === "Escape") why.cancel();
    if (key === "r") why.start();
    if (key !== "a" && key !== "d") return key === "r";
    // Somebody who has begun to say why not wants neither by one letter.
    if (why.text !== undefined) why.field.current?.focus();
    // Outside of the prompt the key only leads to it.
    else if (article?.contains(document.activeElement) !== true) article?.focus();
    else if (key === "d") deny();
    else if (kind === "question") form.current?.querySelector<HTMLElement>("input")?.focus();
    else approve?.();
    return true;
  });
}
