/**
 * The field in which a message is typed and files are attached.
 *
 * Owns: the text. Never: sends (use-unsent.ts).
 */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { FileView, MessageView } from "../../api/wire/web-wire.ts";
import { sendOnEnter } from "../send-on-enter.ts";
import { AttachButton, DraftList, type DraftLimits, useDrafts } from "./drafts.tsx";
import { toLine } from "./message.tsx";

type ComposerProps = {
  chat: string;
  /** A session asks something, above. */
  isAsked: boolean;
  limits: DraftLimits;
  replyTo: MessageView | undefined;
  onReplyEnd: () => void;
  onSend: (text: string, files: FileView[]) => void;
};

/** Words that answer a prompt in the chat of a channel, and not here: `yes abcde`, `no`. */
const ANSWER = /^(?:y|yes|no?|ok|allow|approve|deny)(?:[\s,:]+[a-km-z]{5})?[.!]?$/i;

export function Composer(props: ComposerProps): JSX.Element {
  const { chat, isAsked, limits, replyTo, onReplyEnd, onSend } = props;
  const [text, setText] = useState(() => sessionStorage.getItem(`draft.${chat}`) ?? "");
  const drafts = useDrafts(limits);
  const { list, files, attach, hasFailed } = drafts;
  const field = useRef<HTMLTextAreaElement>(null);
  // Not while a file is on its way, and never without one that could not be attached.
  const canSend = files.length === list.length && (text.trim() !== "" || files.length > 0);
  useEffect(() => sessionStorage.setItem(`draft.${chat}`, text), [chat, text]);
  useEffect(() => {
    // On a phone the focus would bring the keyboard, which hides the messages.
    if (replyTo !== undefined || matchMedia("(pointer: fine)").matches) field.current?.focus();
  }, [replyTo?.id]);
  const send = (): void => {
    if (!canSend) return;
    onSend(text, files);
    setText("");
    drafts.clear();
    field.current?.focus();
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        attach(event.dataTransfer?.files ?? []);
      }}
    >
      {replyTo !== undefined && (
        <p class="replying">
          <span dir="auto">Reply to: {toLine(replyTo)}</span>
          <button type="button" aria-label="Cancel reply" onClick={onReplyEnd}>
            ✕
          </button>
        </p>
      )}
      <DraftList drafts={drafts} />
      <p class="hint" role="status">
        {hasFailed
          ? "Take out what could not be attached, then send."
          : isAsked && ANSWER.test(text.trim())
            ? "A message typed here goes to the session and approves nothing: answer its prompts above."
            : ""}
      </p>
      <div class="line panel">
        <AttachButton onFiles={attach} />
        <textarea
          ref={field}
          aria-label="Message"
          placeholder="Message the session"
          rows={1}
          maxLength={32_000}
          dir="auto"
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") onReplyEnd();
            sendOnEnter(event, send);
          }}
          onPaste={(event) => attach(event.clipboardData?.files ?? [])}
        />
        <button type="submit" class="send" disabled={!canSend}>
          Send
        </button>
      </div>
    </form>
  );
}
