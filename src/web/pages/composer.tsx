/**
 * The field in which a message is typed and files are attached.
 *
 * Owns: the draft. Never: sends (use-chats.ts).
 */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { FileView, MessageView } from "../../api/wire/web-wire.ts";
import { upload } from "../api.ts";
import { toSize } from "./file.tsx";
import { toLine } from "./message.tsx";

type ComposerProps = {
  chat: string;
  /** A session asks something, above. */
  isAsked: boolean;
  limits: { maxFileBytes: number; maxFiles: number };
  replyTo: MessageView | undefined;
  onReplyEnd: () => void;
  onSend: (text: string, files: FileView[]) => void;
};

/** As it would be an answer in another chat: `yes abcde`, `no`. */
const ANSWER = /^(?:y|yes|no?|ok|allow|approve|deny)(?:[\s,:]+[a-km-z]{5})?[.!]?$/i;

type Draft = { name: string; bytes: number; file?: FileView; reason?: string };

export function Composer(props: ComposerProps): JSX.Element {
  const { chat, isAsked, limits, replyTo, onReplyEnd, onSend } = props;
  const [text, setText] = useState(() => sessionStorage.getItem(`draft.${chat}`) ?? "");
  const [drafts, setDrafts] = useState<Draft[]>([]);
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const isUploading = drafts.some(({ file, reason }) => file === undefined && reason === undefined);
  const files = drafts.flatMap(({ file }) => (file === undefined ? [] : [file]));
  const hasFailed = drafts.some(({ reason }) => reason !== undefined);
  const canSend = !isUploading && !hasFailed && (text.trim() !== "" || files.length > 0);
  useEffect(() => sessionStorage.setItem(`draft.${chat}`, text), [chat, text]);
  useEffect(() => {
    // On a phone the keyboard would come with it, over what is to be read.
    if (replyTo !== undefined || matchMedia("(pointer: fine)").matches) field.current?.focus();
  }, [replyTo?.id]);

  const attach = (chosen: Iterable<File>): void => {
    const free = limits.maxFiles - drafts.length;
    for (const [index, file] of [...chosen].entries()) {
      const draft: Draft = { name: file.name || "pasted", bytes: file.size };
      const settle = (change: Partial<Draft>): void =>
        setDrafts((before) =>
          before.map((one) => (one === draft ? Object.assign(draft, change) : one)),
        );
      setDrafts((before) => [...before, draft]);
      const isOver = index >= free;
      if (isOver || file.size > limits.maxFileBytes) {
        settle({
          reason: isOver
            ? `more than ${limits.maxFiles} files`
            : `larger than ${toSize(limits.maxFileBytes)}`,
        });
        continue;
      }
      upload<FileView>(file).then(
        (kept) => settle({ file: kept }),
        (thrown: unknown) =>
          settle({ reason: thrown instanceof Error ? thrown.message : String(thrown) }),
      );
    }
  };
  const send = (): void => {
    if (!canSend) return;
    onSend(text, files);
    setText("");
    setDrafts([]);
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
      {drafts.length > 0 && (
        <ul class="drafts" aria-label="Attached files">
          {drafts.map((draft) => (
            <li class={draft.reason === undefined ? "" : "bad"}>
              <span class="name" dir="auto">
                {draft.name}
              </span>
              <span class="size">
                {draft.reason ?? (draft.file === undefined ? "uploading" : toSize(draft.bytes))}
              </span>
              <button
                type="button"
                aria-label={`Remove ${draft.name}`}
                onClick={() => setDrafts((before) => before.filter((one) => one !== draft))}
              >
                ✕
              </button>
            </li>
          ))}
        </ul>
      )}
      <p class="hint" role="status">
        {hasFailed
          ? "Take out what could not be attached, then send."
          : isAsked && ANSWER.test(text.trim())
            ? "A message typed here goes to the session and approves nothing: answer its prompts above."
            : ""}
      </p>
      <div class="line">
        <button
          type="button"
          class="attach"
          aria-label="Attach files"
          onClick={() => picker.current?.click()}
        >
          +
        </button>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={({ currentTarget }) => {
            attach(currentTarget.files ?? []);
            currentTarget.value = "";
          }}
        />
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
            // An input method ends a word with Enter too.
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            send();
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
