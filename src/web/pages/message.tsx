/**
 * One message: its text, sender, files and status.
 *
 * Owns: its looks. Never: sends or changes anything by itself.
 */
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { MessageView } from "../../api/wire/web-wire.ts";
import { toPlainLine } from "../../sdk/plain-line.ts";
import { sendOnEnter } from "../send-on-enter.ts";
import { Markdown } from "../markdown.tsx";
import { toTime } from "../time.ts";
import type { Unsent } from "../use-unsent.ts";
import { FileLine } from "./file.tsx";

type MessageProps = {
  message: MessageView;
  answered: MessageView | undefined;
  isLast: boolean;
  startsDay: boolean;
  listening: number;
  onReply: () => void;
  onReact: (reaction: string) => void;
  onEdit: (text: string, key: string) => Promise<string | undefined>;
};

const REACTIONS = ["👍", "❤️", "🎉", "👀", "👎"];

export function Message(props: MessageProps): JSX.Element {
  const { message, answered, startsDay, onEdit } = props;
  const [isEditing, setEditing] = useState(false);
  const day = startsDay && <h2 class="day">{new Date(message.createdAt).toDateString()}</h2>;
  if (message.author === "hub") {
    return (
      <>
        {day}
        <div class="notice" role="note" aria-label="Sluice" dir="auto">
          <Markdown text={message.text} />
        </div>
      </>
    );
  }
  return (
    <>
      {day}
      <article
        class={`message ${message.author}`}
        id={message.id}
        aria-label={`${toName(message.author)}, ${toTime(message.createdAt)}`}
      >
        {answered !== undefined && (
          <a
            class="quote clipped"
            href={`#${answered.id}`}
            onClick={(event) => jump(event, answered.id)}
          >
            <b>{toName(answered.author)}</b> <span dir="auto">{toLine(answered)}</span>
          </a>
        )}
        <div class="bubble panel" dir="auto">
          {isEditing ? (
            <Editor message={message} onEdit={onEdit} onEnd={() => setEditing(false)} />
          ) : (
            message.text !== "" && <Markdown text={message.text} />
          )}
          {message.files.map((file) => (
            <FileLine key={file.id} file={file} />
          ))}
        </div>
        {message.reactions.length > 0 && (
          <ul class="reactions" aria-label="Reactions">
            {message.reactions.map(({ by, reaction }) => (
              <li class="panel" title={toName(by)}>
                {reaction}
              </li>
            ))}
          </ul>
        )}
        <footer>
          <time dateTime={new Date(message.createdAt).toISOString()}>
            {toTime(message.createdAt)}
          </time>
          {message.editedAt !== undefined && <span>edited</span>}
          <State {...props} />
          <Actions {...props} onStartEdit={() => setEditing(true)} />
        </footer>
      </article>
    </>
  );
}

function Actions(props: MessageProps & { onStartEdit: () => void }): JSX.Element {
  const { message, onReply, onReact, onStartEdit } = props;
  const mine = message.reactions.find(({ by }) => by === "you")?.reaction;
  return (
    <span class="actions">
      <button type="button" onClick={onReply} aria-label={`Reply to ${toName(message.author)}`}>
        Reply
      </button>
      {message.author === "you" && (
        <button type="button" onClick={onStartEdit} aria-label="Edit your message">
          Edit
        </button>
      )}
      {REACTIONS.map((reaction) => (
        <button
          type="button"
          class="reaction"
          aria-label={`React with ${reaction}`}
          aria-pressed={reaction === mine}
          onClick={() => onReact(reaction === mine ? "" : reaction)}
        >
          {reaction}
        </button>
      ))}
    </span>
  );
}

type EditorProps = Pick<MessageProps, "message" | "onEdit"> & { onEnd: () => void };

/** New words for a message of the user's own. */
function Editor({ message, onEdit, onEnd }: EditorProps): JSX.Element {
  const [text, setText] = useState(message.text);
  const [reason, setReason] = useState<string>();
  // One edit, however often it is sent.
  const key = useMemo(() => crypto.randomUUID(), [text]);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const save = (): void => {
    onEdit(text, key).then((why) => (why === undefined ? onEnd() : setReason(why)), onEnd);
  };
  return (
    <form
      class="edit"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <textarea
        ref={field}
        aria-label="Your message"
        rows={Math.min(8, text.split("\n").length)}
        maxLength={32_000}
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") onEnd();
          sendOnEnter(event, save);
        }}
      />
      {reason !== undefined && <p role="alert">{reason}</p>}
      <button type="submit">Save</button>
      <button type="button" onClick={onEnd}>
        Cancel
      </button>
    </form>
  );
}

type UnsentProps = { message: Unsent; onRetry: () => void; onDiscard: () => void };

export function UnsentMessage({ message, onRetry, onDiscard }: UnsentProps): JSX.Element {
  return (
    <article class="message you unsent" aria-label="You, not sent yet">
      <div class="bubble panel" dir="auto">
        {message.text !== "" && <Markdown text={message.text} />}
        {message.files.map((file) => (
          <FileLine key={file.id} file={file} />
        ))}
      </div>
      <footer>
        {message.reason === undefined ? (
          <span>sending</span>
        ) : (
          <>
            <span class="bad" role="alert">
              Not sent: {message.reason}
            </span>
            <button type="button" onClick={onRetry}>
              Try again
            </button>
            <button type="button" onClick={onDiscard}>
              Discard
            </button>
          </>
        )}
      </footer>
    </article>
  );
}

function State({ message, isLast, listening }: MessageProps): JSX.Element | null {
  if (message.author !== "you" || message.state === undefined) return null;
  switch (message.state) {
    case "stored":
      return listening === 0 ? (
        <span class="bad">nobody is listening; it waits</span>
      ) : (
        <span>waits for the session</span>
      );
    case "offered":
      return <span>delivered</span>;
    case "seen":
      return <span>seen</span>;
    case "done":
      if (message.answer !== undefined)
        return <span class="bad">its answer {toFate(message.answer)}</span>;
      return isLast ? <span>done</span> : null;
    case "expired":
      return <span class="bad">expired: nobody took it in time</span>;
    case "dead":
      return <span class="bad">not delivered after five attempts</span>;
    default:
      return message.state satisfies never;
  }
}

function toFate(answer: NonNullable<MessageView["answer"]>): string {
  return answer === "failed" ? "could not be shown" : "may be missing here";
}

/** The address names the chat; a jump within it must not change that. */
function jump(event: Event, id: string): void {
  event.preventDefault();
  document.getElementById(id)?.scrollIntoView({ block: "center" });
}

function toName(author: MessageView["author"]): string {
  return author === "you" ? "You" : author === "session" ? "Session" : "Sluice";
}

/** What a quote shows of a message: its first line, or its first file. */
export function toLine({ text, files }: MessageView): string {
  return toPlainLine(text, 100) || (files[0]?.name ?? "");
}
