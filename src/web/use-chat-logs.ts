/**
 * The messages of the chats on this tab: read from the hub when a chat is opened, and kept in step from then on.
 *
 * Owns: asking for messages, and the chat that is shown. Never: how pages become one list (chat-log.ts).
 */
import { useMemo, useRef, useState } from "preact/hooks";
import type { MessageView } from "../api/wire/web-wire.ts";
import { call, Fault } from "./api.ts";
import { type ChatLogs, PAGE, toLimit, withNewest, withOlder, withPushed } from "./chat-log.ts";
import { Meanwhile } from "./meanwhile.ts";

const AGAIN_MS = 2_000;

export type ChatLogsState = {
  logs: ChatLogs;
  /** Takes over a message, new or changed. */
  take(message: MessageView): void;
  /** Changes what is known by what the hub has answered. */
  change(to: (before: ChatLogs) => ChatLogs): void;
  isShown(chat: string): boolean;
  show(chat: string): void;
  /** Rejects where they cannot be read. */
  loadOlder(chat: string): Promise<void>;
  /** Reads the chat that is shown again. Any other is read again when it is opened. */
  refresh(): void;
};

export function useChatLogs(guard: (thrown: unknown) => void): ChatLogsState {
  const [logs, change] = useState<ChatLogs>({});
  const shown = useRef<string>(undefined);
  const current = useRef(logs);
  const pushes = useMemo(() => new Meanwhile<MessageView>(), []);
  current.current = logs;
  const read = (chat: string): void => {
    const limit = toLimit(current.current[chat]);
    const asked = call<MessageView[]>(`chats/${chat}/messages?limit=${limit}`);
    pushes
      .read(asked, (messages, pushed) =>
        change((before) => {
          const log = withNewest(before[chat], messages, limit);
          return pushed.reduce(withPushed, { ...before, [chat]: log });
        }),
      )
      .catch((thrown: unknown) => {
        guard(thrown);
        // A refusal stays one. A hub that failed, or was not reached, is asked again.
        if (thrown instanceof Fault && thrown.status >= 400 && thrown.status < 500) return;
        setTimeout(() => shown.current === chat && read(chat), AGAIN_MS);
      });
  };
  return {
    logs,
    change,
    take(message) {
      pushes.note(message);
      change((before) => withPushed(before, message));
    },
    isShown: (chat) => chat === shown.current,
    show(chat) {
      shown.current = chat;
      if (logs[chat] === undefined) read(chat);
    },
    async loadOlder(chat) {
      const first = logs[chat]?.messages[0];
      if (first === undefined) return;
      const path = `chats/${chat}/messages?limit=${PAGE}&before=${first.seq}`;
      const older = await call<MessageView[]>(path);
      change((before) => {
        const log = before[chat];
        return log === undefined ? before : { ...before, [chat]: withOlder(log, first, older) };
      });
    },
    refresh() {
      const chat = shown.current ?? "";
      change(({ [chat]: log }) => (log === undefined ? {} : { [chat]: log }));
      if (chat !== "") read(chat);
    },
  };
}
