/**
 * The denial of a prompt, with or without a reason.
 *
 * Owns: the reason while it is typed, and the buttons. Never: sends it (verdict.tsx).
 */
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { PromptDetail } from "../../api/wire/approvals-wire.ts";
import { sendOnEnter } from "../send-on-enter.ts";
import { BUTTONS } from "./verdict-words.ts";

export type DenyReason = ReturnType<typeof useReason>;

/** The reason of a denial; `text` is undefined until somebody begins to give one. */
export function useReason() {
  const [text, setText] = useState<string>();
  const field = useRef<HTMLTextAreaElement>(null);
  return {
    text,
    setText,
    field,
    /** Shows the field before anything is drawn: the next letter is text already, and no key that decides. */
    start(): void {
      const label = field.current?.closest("label");
      if (label != null) label.hidden = false;
      field.current?.focus();
      setText((before) => before ?? "");
    },
    cancel: () => setText(undefined),
  };
}

export function ReasonField({
  why,
  onEnter,
}: {
  why: DenyReason;
  onEnter: () => void;
}): JSX.Element {
  return (
    <label class="reason" hidden={why.text === undefined}>
      <span>Why not? The session reads it.</span>
      <textarea
        ref={why.field}
        rows={2}
        maxLength={1_000}
        dir="auto"
        value={why.text ?? ""}
        onInput={({ currentTarget }) => why.setText(currentTarget.value)}
        onKeyDown={(event) => sendOnEnter(event, onEnter)}
      />
    </label>
  );
}

export function DenyButtons(props: {
  kind: PromptDetail["kind"];
  why: DenyReason;
  canPress: boolean;
  onDeny: () => void;
}): JSX.Element {
  const { kind, why, canPress, onDeny } = props;
  const isOpen = why.text !== undefined;
  return (
    <>
      <button type="button" class="deny" disabled={!canPress} onClick={onDeny}>
        {isOpen ? "Deny with this reason" : BUTTONS[kind].deny}
      </button>
      <button type="button" class="plain" onClick={isOpen ? why.cancel : why.start}>
        {isOpen ? "Cancel" : BUTTONS[kind].why}
      </button>
    </>
  );
}
