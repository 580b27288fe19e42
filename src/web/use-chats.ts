/**
 * The state of the chats on this tab: kept in step with the hub.
 *
 * Owns: the list of chats, and which of them hold news. Never: how it looks.
 *
 * TABCHATS-1 After every reconnect the open chat is read again; messages that are pushed meanwhile are newer than those that are read
 *    (meanwhile.ts).
 */
import { useMemo, useRef, useState } from "preact/hooks";
import type { ChatView, MessageView, PageView, PushView } from "../api/wire/web-wire.ts";
import { toMessage } from "../sdk/errors.ts";
import { call, isSignInOver } from "./api.ts";
import { withPushed } from "./chat-log.ts";
import { Meanwhile } from "./meanwhile.ts";
import { type Push, useStream } from "./stream.ts";
import { useChatLogs } from "./use-chat-logs.ts";
import { useTyping } from "./use-typing.ts";
import { useUnsent } from "./use-unsent.ts";

export type ChatsState = ReturnType<typeof useChats>;

export function useChats(signedOut: () => void) {
  const guard = (thrown: unknown): void => {
    if (isSignInOver(thrown)) signedOut();
  };
  const [unread, setUnread] = useState<ReadonlySet<string>>(new Set());
  const logs = useChatLogs(guard);
  const unsent = useUnsent(logs, guard);
  const typing = useTyping();
  const { page, isOutdated, ...list } = useChatList(guard);
  const take = (push: Push): void => {
    if (push.kind === "typing") typing.begin(push.chat, push.activity);
    if (push.kind === "chat" || push.kind === "listening") list.take(push);
    if (push.kind !== "message") return;
    const { message } = push;
    logs.take(message);
    if (message.author !== "session") return;
    typing.end(message.chat);
    if (!logs.isShown(message.chat)) setUnread((before) => new Set([...before, message.chat]));
  };
  const refresh = (): void => {
    list.refresh();
    logs.refresh();
  };
  const isOnline = useStream({ opened: refresh, pushed: take, refused: signedOut });
  return {
    isOnline,
    /** The hub is another version than the one that this page came from. */
    isOutdated,
    /** Undefined until the hub has said. */
    listening: page?.listening,
    isDemo: page?.isDemo === true,
    list: page?.chats ?? [],
    limits: { maxFileBytes: page?.maxFileBytes ?? 0, maxFiles: page?.maxFiles ?? 0 },
    /** Messages of a chat, oldest first; undefined until they were read. */
    messages: (chat: string) => logs.logs[chat]?.messages,
    /** True where older messages may be read. */
    hasOlder: (chat: string) => logs.logs[chat]?.hasOlder ?? false,
    activity: typing.activity,
    /** True for a chat with messages that nobody has looked at on this tab. */
    isUnread: (chat: string) => unread.has(chat),
    /** Says which chat is looked at, and reads it. */
    show(chat: string): void {
      setUnread((before) => new Set([...before].filter((one) => one !== chat)));
      logs.show(chat);
    },
    loadOlder: logs.loadOlder,
    add: list.add,
    ...unsent,
    rename(chat: string, title: string): void {
      call(`chats/${chat}/title`, { title }).catch(guard);
    },
    react({ chat, id }: MessageView, reaction: string): void {
      call(`chats/${chat}/messages/${id}/reaction`, { reaction }).catch(guard);
    },
    /** Resolves to why it is not taken; undefined where it is. The same `key` is the same edit. */
    async correct(
      { chat, id }: MessageView,
      text: string,
      key: string,
    ): Promise<string | undefined> {
      try {
        const path = `chats/${chat}/messages/${id}/text`;
        const edited = await call<MessageView>(path, { text, key });
        logs.change((before) => withPushed(before, edited));
        return undefined;
      } catch (thrown) {
        guard(thrown);
        return toMessage(thrown);
      }
    },
  };
}

/** Which chats there are, and what else the hub says of the page as a whole. */
function useChatList(guard: (thrown: unknown) => void) {
  const [page, setPage] = useState<PageView>();
  const [isOutdated, setOutdated] = useState(false);
  const version = useRef<string>(undefined);
  const pushes = useMemo(() => new Meanwhile<PushView>(), []);
  return {
    page,
    isOutdated,
    take(push: PushView): void {
      pushes.note(push);
      setPage((before) => before && withChange(before, push));
    },
    refresh(): void {
      pushes
        .read(call<PageView>("page"), (read, pushed) => {
          version.current ??= read.version;
          setOutdated(read.version !== version.current);
          setPage(pushed.reduce(withChange, read));
        })
        .catch(guard);
    },
    async add(): Promise<string> {
      const chat = await call<ChatView>("chats", {});
      setPage((before) => before && { ...before, chats: withChat(before.chats, chat) });
      return chat.id;
    },
  };
}

function withChat(chats: readonly ChatView[], chat: ChatView): ChatView[] {
  return [chat, ...chats.filter(({ id }) => id !== chat.id)].toSorted(
    (a, b) => b.changedAt - a.changedAt,
  );
}

function withChange(page: PageView, push: PushView): PageView {
  if (push.kind === "listening") return { ...page, listening: push.listening };
  return push.kind === "chat" ? { ...page, chats: withChat(page.chats, push.chat) } : page;
}
