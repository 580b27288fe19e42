/**
 * The state of the chats on this tab, kept equal to the hub's.
 *
 * Owns: the known messages, and those that wait to be sent. Never: how they look.
 *
 * TABCHATS-1 After every reconnect the open chat is read again; messages that are pushed meanwhile are newer than those that are read
 *    (meanwhile.ts).
 * TABCHATS-2 A typed message has a key of its own: sent again after a broken connection, it is still one message.
 */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { ChatView, MessageView, PageView, PushView } from "../api/wire/web-wire.ts";
import type { Activity } from "../sdk/message.ts";
import { toMessageId } from "../sdk/page.ts";
import { call, Fault } from "./api.ts";
import { type ChatLog, PAGE, toLimit, withMessage, withNewest, withOlder } from "./chat-log.ts";
import { Meanwhile } from "./meanwhile.ts";
import { keepStream } from "./stream.ts";
import { keepUnsent, readUnsent, type Unsent } from "./unsent.ts";

export type ChatsState = {
  isOnline: boolean;
  /** The hub is another version than the one that this page came from. */
  isOutdated: boolean;
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
  /** Rejects where they cannot be read. */
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

const AGAIN_MS = 2_000;
const TYPING_MS = 6_000;

type Known = Record<string, ChatLog>;

export function useChats(signedOut: () => void): ChatsState {
  const [isOnline, setOnline] = useState(false);
  const [page, setPage] = useState<PageView>();
  const [known, setKnown] = useState<Known>({});
  const [unsent, setUnsent] = useState<Unsent[]>(readUnsent);
  const [typing, setTyping] = useState<Record<string, { activity: Activity; end: number }>>({});
  const [unread, setUnread] = useState<ReadonlySet<string>>(new Set());
  const [isOutdated, setOutdated] = useState(false);
  const shown = useRef<string>(undefined);
  const logs = useRef(known);
  const version = useRef<string>(undefined);
  const pushes = useMemo(() => new Meanwhile<PushView>(), []);
  logs.current = known;
  useEffect(() => keepUnsent(unsent), [unsent]);
  // The hub has it, whatever was heard of its answer.
  useEffect(() => {
    if (unsent.some((one) => isThere(known, one)))
      setUnsent((before) => before.filter((one) => !isThere(known, one)));
  }, [known, unsent]);

  const guard = (thrown: unknown): void => {
    if (thrown instanceof Fault && thrown.status === 401) signedOut();
  };
  const readChat = (chat: string): void => {
    const limit = toLimit(logs.current[chat]);
    const asked = call<MessageView[]>(`chats/${chat}/messages?limit=${limit}`);
    pushes
      .read(asked, (messages, pushed) =>
        setKnown((before) => {
          const log = withNewest(before[chat], messages, limit);
          return pushed.reduce(withPush, { ...before, [chat]: log });
        }),
      )
      .catch((thrown: unknown) => {
        guard(thrown);
        // What was refused is refused again; a hub that stumbled, or was not reached, is asked again.
        if (thrown instanceof Fault && thrown.status >= 400 && thrown.status < 500) return;
        setTimeout(() => shown.current === chat && readChat(chat), AGAIN_MS);
      });
  };
  const take = (push: PushView): void => {
    pushes.note(push);
    setPage((before) => before && withChange(before, push));
    setKnown((before) => withPush(before, push));
    if (push.kind === "typing")
      setTyping((before) => ({
        ...before,
        [push.chat]: { activity: push.activity, end: Date.now() + TYPING_MS },
      }));
    if (push.kind !== "message" || push.message.author !== "session") return;
    const { chat } = push.message;
    setTyping(({ [chat]: _over, ...rest }) => rest);
    if (chat !== shown.current) setUnread((before) => new Set([...before, chat]));
  };
  const refresh = (): void => {
    setOnline(true);
    pushes
      .read(call<PageView>("page"), (read, pushed) => {
        version.current ??= read.version;
        setOutdated(read.version !== version.current);
        setPage(pushed.reduce(withChange, read));
      })
      .catch(guard);
    const chat = shown.current;
    // Another chat is read when it is opened.
    setKnown(({ [chat ?? ""]: log }) =>
      chat === undefined || log === undefined ? {} : { [chat]: log },
    );
    if (chat !== undefined) readChat(chat);
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
        // A push of it may be newer than this answer.
        setKnown((before) =>
          before[chat]?.messages.some(({ id }) => id === sent.id) === true
            ? before
            : withPush(before, { kind: "message", message: sent }),
        );
        setUnsent((before) => before.filter((one) => one.key !== key));
      },
      (thrown: unknown) => {
        guard(thrown);
        const reason = thrown instanceof Error ? thrown.message : String(thrown);
        setUnsent((before) => before.map((one) => (one.key === key ? { ...one, reason } : one)));
      },
    );
  };

  // What was on its way when the page was loaded anew.
  useEffect(() => {
    for (const message of unsent) if (message.reason === undefined) post(message);
  }, []);

  return useMemo(
    () => ({
      isOnline,
      isOutdated,
      listening: page?.listening,
      list: page?.chats ?? [],
      limits: { maxFileBytes: page?.maxFileBytes ?? 0, maxFiles: page?.maxFiles ?? 0 },
      messages: (chat) => known[chat]?.messages,
      hasOlder: (chat) => known[chat]?.hasOlder ?? false,
      // The hub may tell every tab of it before it has answered this one.
      unsent: (chat) => unsent.filter((one) => one.chat === chat && !isThere(known, one)),
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
        setKnown((before) => {
          const log = before[chat];
          return log === undefined ? before : { ...before, [chat]: withOlder(log, first, older) };
        });
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
          setKnown((before) => withPush(before, { kind: "message", message: edited }));
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
    [isOnline, isOutdated, page, known, unsent, typing, unread],
  );
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

function isThere(known: Known, { chat, key }: Unsent): boolean {
  return known[chat]?.messages.some(({ id }) => id === toMessageId(key)) === true;
}

/** Only chats that were read are kept in step; another one is read whole when it is opened. */
function withPush(known: Known, push: PushView): Known {
  if (push.kind !== "message") return known;
  const { message } = push;
  const log = known[message.chat];
  return log === undefined ? known : { ...known, [message.chat]: withMessage(log, message) };
}
