/**
 * The chats: their list, and the one that is open.
 *
 * Owns: their list, and switching between them. Never: what stands in one (open-chat.tsx).
 */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { isToday, toDay, toTime } from "../time.ts";
import { showTitle } from "../title.ts";
import type { ChatsState } from "../use-chats.ts";
import type { Approvals } from "../use-prompts.ts";
import "./chat.css";
import { OpenChat } from "./open-chat.tsx";

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
    <main class={`chats ${isListOpen ? "list-open" : ""}`} onKeyDown={onKeyDown}>
      {chats.isDemo && (
        <p class="demo" role="note">
          This is the demo. What you write here goes to the session in the terminal, which shows
          what a model would read. Nothing is kept.
        </p>
      )}
      <ChatList chats={chats} open={open?.id} onStart={start} onChoose={() => setListOpen(false)} />
      {open === undefined ? (
        <div class="chat">
          <p class="empty">{chats.listening === undefined ? "Connecting…" : "No such chat."}</p>
        </div>
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
    </main>
  );
}

function ChatList(props: {
  chats: ChatsState;
  open: string | undefined;
  onStart: () => void;
  onChoose: () => void;
}): JSX.Element {
  const { chats, open, onStart, onChoose } = props;
  return (
    <div role="region" class="chat-list scrolls" aria-label="All chats">
      <button type="button" class="new-chat" disabled={!chats.isOnline} onClick={onStart}>
        <span aria-hidden="true">+ </span>New chat
      </button>
      <ul>
        {chats.list.map((chat) => (
          <li key={chat.id}>
            <a
              class="choice"
              href={`#/chat/${chat.id}`}
              aria-current={chat.id === open ? "true" : undefined}
              onClick={onChoose}
            >
              <span class="title clipped" dir="auto">
                {chat.title}
              </span>
              {chats.isUnread(chat.id) && <span class="dot" role="img" aria-label="new messages" />}
              <time>
                {isToday(chat.changedAt) ? toTime(chat.changedAt) : toDay(chat.changedAt)}
              </time>
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
