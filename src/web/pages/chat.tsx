/**
 * The chats: their list, and the one that is open.
 *
 * Owns: their layout, scrolling, and switching between them. Never: a single message (message.tsx) or what is typed (composer.tsx).
 */
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ChatView, MessageView } from "../../api/wire/web-wire.ts";
import { showTitle } from "../title.ts";
import type { ChatsState } from "../use-chats.ts";
import type { Approvals } from "../use-prompts.ts";
import { Asked } from "./asked.tsx";
import "./chat.css";
import { Composer } from "./composer.tsx";
import { Message, UnsentMessage } from "./message.tsx";

type ChatPageProps = { chats: ChatsState; approvals: Approvals; id: string | undefined };

export function ChatPage({ chats, approvals, id }: ChatPageProps): JSX.Element {
  const open =
    chats.list.find((chat) => chat.id === id) ?? (id === undefined ? chats.list[0] : undefined);
  const [isListOpen, setListOpen] = useState(false);
  useEffect(() => {
    if (open !== undefined) chats.show(open.id);
    setListOpen(false);
    showTitle(open === undefined ? "Sluice" : `${open.title} · Sluice`);
  }, [open?.id, open?.title, chats.isOnline]);
  const start = (): void => {
    chats.add().then(
      (added) => (location.hash = `#/chat/${added}`),
      () => undefined,
    );
  };
  // Alt and an arrow: the next chat, from anywhere on the page.
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    const at = chats.list.findIndex((chat) => chat.id === open?.id);
    const next = chats.list[at + (event.key === "ArrowUp" ? -1 : 1)];
    if (next !== undefined) location.hash = `#/chat/${next.id}`;
  };
  return (
    <div class={`chats ${isListOpen ? "list-open" : ""}`} onKeyDown={onKeyDown}>
      <aside class="chat-list" aria-label="Chats">
        <button type="button" class="new-chat" disabled={!chats.isOnline} onClick={start}>
          <span aria-hidden="true">+ </span>New chat
        </button>
        <ul>
          {chats.list.map((chat) => (
            <li key={chat.id}>
              <a
                href={`#/chat/${chat.id}`}
                aria-current={chat.id === open?.id ? "true" : undefined}
                onClick={() => setListOpen(false)}
              >
                <span class="title" dir="auto">
                  {chat.title}
                </span>
                {chats.isUnread(chat.id) && (
                  <span class="dot" role="img" aria-label="new messages" />
                )}
                <time>{toDay(chat.changedAt)}</time>
              </a>
            </li>
          ))}
        </ul>
      </aside>
      {open === undefined ? (
        <main class="chat">
          <p class="empty">{chats.listening === undefined ? "Connecting…" : "No such chat."}</p>
        </main>
      ) : (
        <OpenChat
          key={open.id}
          chats={chats}
          approvals={approvals}
          chat={open}
          isListOpen={isListOpen}
          showList={() => setListOpen(!isListOpen)}
        />
      )}
    </div>
  );
}

type OpenChatProps = {
  chats: ChatsState;
  approvals: Approvals;
  chat: ChatView;
  isListOpen: boolean;
  showList: () => void;
};

function OpenChat({ chats, approvals, chat, isListOpen, showList }: OpenChatProps): JSX.Element {
  const [replyTo, setReplyTo] = useState<MessageView>();
  const [isLoading, setLoading] = useState(false);
  const [hasFailed, setFailed] = useState(false);
  const loadOlder = (): void => {
    setLoading(true);
    chats
      .loadOlder(chat.id)
      .then(
        () => setFailed(false),
        () => setFailed(true),
      )
      .finally(() => setLoading(false));
  };
  const messages = chats.messages(chat.id);
  const unsent = chats.unsent(chat.id);
  const last = messages?.at(-1);
  const activity =
    chats.activity(chat.id) ??
    (last?.author === "you" && last.state === "offered" ? "working" : undefined);
  return (
    <main class="chat">
      <header class="chat-head">
        <button
          type="button"
          class="list-toggle"
          aria-label="Show chats"
          aria-expanded={isListOpen}
          onClick={showList}
        >
          ☰
        </button>
        <input
          class="title"
          aria-label="Title of this chat"
          value={chat.title}
          maxLength={80}
          dir="auto"
          onChange={({ currentTarget }) => {
            const title = currentTarget.value.trim();
            if (title !== "" && title !== chat.title) chats.rename(chat.id, title);
            else currentTarget.value = chat.title;
          }}
        />
      </header>
      <Scroller
        count={(messages?.length ?? 0) + unsent.length}
        first={messages?.[0]?.id}
        isWorking={activity !== undefined}
      >
        {chats.hasOlder(chat.id) && (
          <button type="button" class="older" disabled={isLoading} onClick={loadOlder}>
            {hasFailed ? "Not read; try again" : "Older messages"}
          </button>
        )}
        {messages?.length === 0 && unsent.length === 0 && (
          <p class="empty">
            What you write here reaches the coding session that is open; while none is, it waits.
          </p>
        )}
        {messages?.map((message, index) => (
          <Message
            key={message.id}
            message={message}
            answered={messages.find((one) => one.id === message.replyTo)}
            isLast={index === messages.length - 1}
            startsDay={isNewDay(messages[index - 1], message)}
            listening={chats.listening ?? 0}
            onReply={() => setReplyTo(message)}
            onReact={(reaction) => chats.react(message, reaction)}
            onEdit={(text, key) => chats.correct(message, text, key)}
          />
        ))}
        {unsent.map((message) => (
          <UnsentMessage
            key={message.key}
            message={message}
            onRetry={() => chats.retry(message.key)}
            onDiscard={() => chats.discard(message.key)}
          />
        ))}
        {activity !== undefined && (
          <p class="working" role="status">
            <span class="pulse" aria-hidden="true" />
            {activity === "approval" ? "The session waits for approval" : "The session is working"}
          </p>
        )}
      </Scroller>
      <Asked approvals={approvals} />
      <Composer
        chat={chat.id}
        isAsked={approvals.open.length > 0}
        limits={chats.limits}
        replyTo={replyTo}
        onReplyEnd={() => setReplyTo(undefined)}
        onSend={(text, files) => {
          chats.send({ chat: chat.id, text, files, replyTo: replyTo?.id });
          setReplyTo(undefined);
        }}
      />
    </main>
  );
}

/** Stays at the end while the end is in sight; who reads further up is left there, also where older messages come before. */
function Scroller(props: {
  count: number;
  first: string | undefined;
  isWorking: boolean;
  children: JSX.Element | unknown;
}): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  // How far the end lies below what is seen.
  const below = useRef(0);
  const stick = (): void => {
    const at = box.current;
    if (at === null) return;
    if (isAtEnd.current) at.scrollTop = at.scrollHeight;
    below.current = at.scrollHeight - at.scrollTop;
  };
  useLayoutEffect(() => {
    const at = box.current;
    if (at !== null && !isAtEnd.current) at.scrollTop = at.scrollHeight - below.current;
  }, [props.first]);
  useLayoutEffect(stick, [props.count, props.isWorking]);
  useEffect(() => {
    // Images come later than the text around them.
    const content = box.current?.firstElementChild;
    if (content == null) return undefined;
    const observer = new ResizeObserver(stick);
    observer.observe(content);
    return () => observer.disconnect();
  }, []);
  return (
    <div
      class="scroller"
      ref={box}
      onScroll={({ currentTarget: at }) => {
        below.current = at.scrollHeight - at.scrollTop;
        isAtEnd.current = below.current - at.clientHeight < 60;
      }}
    >
      <div class="messages" role="log" aria-label="Messages" aria-live="polite">
        {/* Whatever JSX holds. */}
        {props.children as JSX.Element}
      </div>
    </div>
  );
}

function isNewDay(before: MessageView | undefined, message: MessageView): boolean {
  return (
    before === undefined ||
    new Date(before.createdAt).toDateString() !== new Date(message.createdAt).toDateString()
  );
}

function toDay(at: number): string {
  const date = new Date(at);
  return date.toDateString() === new Date().toDateString()
    ? date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })
    : date.toLocaleDateString([], { day: "numeric", month: "short" });
}
