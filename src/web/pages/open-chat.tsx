/**
 * The chat that is open: its messages, the prompts that wait, and where the next message is typed.
 *
 * Owns: its layout. Never: a single message (message.tsx) or the text that is typed (composer.tsx).
 */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ChatView, MessageView } from "../../api/wire/web-wire.ts";
import type { ChatsState } from "../use-chats.ts";
import type { Approvals } from "../use-prompts.ts";
import { useTask } from "../use-task.ts";
import { Asked } from "./asked.tsx";
import { Composer } from "./composer.tsx";
import { Message, UnsentMessage } from "./message.tsx";
import { Scroller } from "./scroller.tsx";

type OpenChatProps = {
  chats: ChatsState;
  approvals: Approvals;
  chat: ChatView;
  isListOpen: boolean;
  showList: () => void;
};

export function OpenChat({
  chats,
  approvals,
  chat,
  isListOpen,
  showList,
}: OpenChatProps): JSX.Element {
  const [replyTo, setReplyTo] = useState<MessageView>();
  const { isBusy, reason, run } = useTask();
  const messages = chats.messages(chat.id);
  const unsent = chats.unsent(chat.id);
  const last = messages?.at(-1);
  const activity =
    chats.activity(chat.id) ??
    (last?.author === "you" && last.state === "offered" ? "working" : undefined);
  return (
    <div class="chat">
      <ChatHead chats={chats} chat={chat} isListOpen={isListOpen} showList={showList} />
      <Scroller
        count={(messages?.length ?? 0) + unsent.length}
        first={messages?.[0]?.id}
        isWorking={activity !== undefined}
      >
        {chats.hasOlder(chat.id) && (
          <button
            type="button"
            class="older"
            disabled={isBusy}
            onClick={() => run(chats.loadOlder(chat.id))}
          >
            {reason !== undefined ? "Not read; try again" : "Older messages"}
          </button>
        )}
        <Messages chats={chats} chat={chat.id} onReply={setReplyTo} />
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
    </div>
  );
}

type ChatHeadProps = Omit<OpenChatProps, "approvals">;

function ChatHead({ chats, chat, isListOpen, showList }: ChatHeadProps): JSX.Element {
  return (
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
  );
}

type MessagesProps = { chats: ChatsState; chat: string; onReply: (message: MessageView) => void };

function Messages({ chats, chat, onReply }: MessagesProps): JSX.Element {
  const messages = chats.messages(chat);
  const unsent = chats.unsent(chat);
  return (
    <>
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
          onReply={() => onReply(message)}
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
    </>
  );
}

function isNewDay(before: MessageView | undefined, message: MessageView): boolean {
  return (
    before === undefined ||
    new Date(before.createdAt).toDateString() !== new Date(message.createdAt).toDateString()
  );
}
