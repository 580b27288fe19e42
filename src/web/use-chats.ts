/**
 * The state of the chats on this tab: kept in step with the hub.
 *
 * Owns: what is known here, and what waits to be sent. Never: how it looks.
 *
 * U1 The hub's answer replaces what this tab thought: after every reconnect the open chat is read again.
 * U2 What was typed has a key of its own: sent again after a broken connection, it is still one message.
 */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { ChatView, FileView, MessageView, PageView, PushView } from "../api/web-wire.ts";
import type { Activity } from "../sdk/channel.ts";
import { toMessageId } from "../sdk/page.ts";
import { call, Fault } from "./api.ts";
import { keepStream } from "./stream.ts";

/** A message on its way to the hub. */
export type Unsent = {
  key: string;
  chat: string;
  text: string;
  files: FileView[];
  replyTo: string | undefined;
  reason: string | undefined;
};

export type Chats = {
  isOnline: boolean;
  /** Undefined until the hub has said. */
  listening: number | undefined;
  list: readonly ChatView[];
  limits: { maxFileBytes: number; maxFiles: number };
  /** Messages of a chat, oldest first; undefined until they were read. */
  messages(chat: string): readonly MessageView[] | undefined;
  /** True where older messages may be read. */
  hasOlder(chat: string): boolean;
  unsent(chat: string): readonly Unsent[];
  /** What a session does about this chat now. */
  activity(chat: string): Activity | undefined;
  /** True for a chat with messages that nobody has looked at on this tab. */
  isUnread(chat: string): boolean;
  /** Says which chat is looked at, and reads it. */
  show(chat: string): void;
  loadOlder(chat: string): Promise<void>;
  add(): Promise<string>;
  rename(chat: string, title: string): void;
  send(message: Omit<Unsent, "key" | "reason">): void;
  retry(key: string): void;
  discard(key: string): void;
  react(message: MessageView, reaction: string): void;
  /** Resolves to why it is not taken; undefined where it is. The same `key` is the same edit. */
  correct(message: MessageView, text: string, key: string): Promise<string | undefined>;
};

const PAGE = 60;
const AGAIN_MS = 2_000;
const TYPING_MS = 6_000;

type Known = Record<string, { messages: MessageView[]; hasOlder: boolean }>;

export function useChats(signedOut: () => void): Chats {
  const [isOnline, setOnline] = useState(false);
  const [page, setPage] = useState<PageView>();
  const [known, setKnown] = useState<Known>({});
  const [unsent, setUnsent] = useState<Unsent[]>([]);
  const [typing, setTyping] = useState<Record<string, { activity: Activity; end: number }>>({});
  const [unread, setUnread] = useState<ReadonlySet<string>>(new Set());
  const shown = useRef<string>(undefined);

  const guard = (thrown: unknown): void => {
    if (thrown instanceof Fault && thrown.status === 401) signedOut();
  };
  const readChat = (chat: string): void => {
    call<MessageView[]>(`chats/${chat}/messages?limit=${PAGE}`).then(
      (messages) =>
        setKnown((before) => ({
          ...before,
          [chat]: { messages, hasOlder: messages.length === PAGE },
        })),
      (thrown: unknown) => {
        guard(thrown);
        // A hub that is away is read from when it is back; one that only stumbled is asked again.
        if (thrown instanceof Fault && (thrown.status === 0 || thrown.status < 500)) return;
        setTimeout(() => shown.current === chat && readChat(chat), AGAIN_MS);
      },
    );
  };
  const take = (push: PushView): void => {
    switch (push.kind) {
      case "listening":
        setPage((before) => before && { ...before, listening: push.listening });
        return;
      case "chat":
        setPage((before) => before && { ...before, chats: withChat(before.chats, push.chat) });
        return;
      case "typing":
        setTyping((before) => ({
          ...before,
          [push.chat]: { activity: push.activity, end: Date.now() + TYPING_MS },
        }));
        return;
      case "message": {
        const { message } = push;
        setKnown((before) => withMessage(before, message));
        if (message.author !== "session") return;
        setTyping(({ [message.chat]: _over, ...rest }) => rest);
        if (message.chat !== shown.current)
          setUnread((before) => new Set([...before, message.chat]));
        return;
      }
      default:
        push satisfies never;
    }
  };
  const refresh = (): void => {
    setOnline(true);
    call<PageView>("page").then(setPage, guard);
    setKnown({});
    if (shown.current !== undefined) readChat(shown.current);
  };
  useEffect(
    () =>
      keepStream({
        opened: refresh,
        pushed: take,
        lost: () => setOnline(false),
        refused: signedOut,
      }),
    [],
  );
  // What was said to be typed is forgotten by itself.
  useEffect(() => {
    const ends = Object.values(typing).map(({ end }) => end);
    if (ends.length === 0) return undefined;
    const timer = setTimeout(
      () =>
        setTyping((before) =>
          Object.fromEntries(Object.entries(before).filter(([, { end }]) => end > Date.now())),
        ),
      Math.max(0, Math.min(...ends) - Date.now()) + 50,
    );
    return () => clearTimeout(timer);
  }, [typing]);

  const post = (message: Unsent): void => {
    const { chat, key, text, files, replyTo } = message;
    call<MessageView>(`chats/${chat}/messages`, {
      key,
      text,
      files: files.map(({ id }) => id),
      ...(replyTo === undefined ? {} : { replyTo }),
    }).then(
      (sent) => {
        setKnown((before) => withMessage(before, sent));
        setUnsent((before) => before.filter((one) => one.key !== key));
      },
      (thrown: unknown) => {
        guard(thrown);
        const reason = thrown instanceof Error ? thrown.message : String(thrown);
        setUnsent((before) => before.map((one) => (one.key === key ? { ...one, reason } : one)));
      },
    );
  };

  return useMemo(
    () => ({
      isOnline,
      listening: page?.listening,
      list: page?.chats ?? [],
      limits: { maxFileBytes: page?.maxFileBytes ?? 0, maxFiles: page?.maxFiles ?? 0 },
      messages: (chat) => known[chat]?.messages,
      hasOlder: (chat) => known[chat]?.hasOlder ?? false,
      // The hub may tell every tab of it before it has answered this one.
      unsent: (chat) =>
        unsent.filter(
          (one) =>
            one.chat === chat &&
            known[chat]?.messages.every(({ id }) => id !== toMessageId(one.key)) !== false,
        ),
      activity: (chat) => typing[chat]?.activity,
      isUnread: (chat) => unread.has(chat),
      show(chat) {
        shown.current = chat;
        setUnread((before) => new Set([...before].filter((one) => one !== chat)));
        if (known[chat] === undefined) readChat(chat);
      },
      async loadOlder(chat) {
        const first = known[chat]?.messages[0];
        if (first === undefined) return;
        const path = `chats/${chat}/messages?limit=${PAGE}&before=${first.seq}`;
        const older = await call<MessageView[]>(path);
        setKnown((before) => ({
          ...before,
          [chat]: {
            messages: [...older, ...(before[chat]?.messages ?? [])],
            hasOlder: older.length === PAGE,
          },
        }));
      },
      async add() {
        const chat = await call<ChatView>("chats", {});
        setPage((before) => before && { ...before, chats: withChat(before.chats, chat) });
        return chat.id;
      },
      rename(chat, title) {
        call(`chats/${chat}/title`, { title }).catch(guard);
      },
      send(message) {
        const whole = { ...message, key: crypto.randomUUID(), reason: undefined };
        setUnsent((before) => [...before, whole]);
        post(whole);
      },
      retry(key) {
        const message = unsent.find((one) => one.key === key);
        if (message === undefined) return;
        const again = { ...message, reason: undefined };
        setUnsent((before) => before.map((one) => (one.key === key ? again : one)));
        post(again);
      },
      discard: (key) => setUnsent((before) => before.filter((one) => one.key !== key)),
      async correct({ chat, id }, text, key) {
        try {
          const edited = await call<MessageView>(`chats/${chat}/messages/${id}/text`, {
            text,
            key,
          });
          setKnown((before) => withMessage(before, edited));
          return undefined;
        } catch (thrown) {
          guard(thrown);
          return thrown instanceof Error ? thrown.message : String(thrown);
        }
      },
      react({ chat, id }, reaction) {
        call(`chats/${chat}/messages/${id}/reaction`, { reaction }).catch(guard);
      },
    }),
    [isOnline, page, known, unsent, typing, unread],
  );
}

function withChat(chats: readonly ChatView[], chat: ChatView): ChatView[] {
  return [chat, ...chats.filter(({ id }) => id !== chat.id)].toSorted(
    (a, b) => b.changedAt - a.changedAt,
  );
}

/** Only chats that were read are kept in step; another one is read whole when it is opened. */
function withMessage(known: Known, message: MessageView): Known {
  const chat = known[message.chat];
  if (chat === undefined) return known;
  const isKnown = chat.messages.some(({ id }) => id === message.id);
  const messages = isKnown
    ? chat.messages.map((one) => (one.id === message.id ? message : one))
    : [...chat.messages, message].toSorted((a, b) => a.seq - b.seq);
  return { ...known, [message.chat]: { ...chat, messages } };
}
