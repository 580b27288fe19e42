/**
 * The messages of the chats on this tab: read from the hub when a chat is opened, and kept in step from then on.
 *
 * Owns: asking for messages, and the chat that is shown. Never: how pages become one list (chat-log.ts).
 */
import { useMemo, useRef, useState } from "preact/hooks";
import type { MessageView } from "../api/wire/web-wire.ts";
import { call, Fault } from "./api.ts";
import { type ChatLogs, PAGE, toLimit, withNewest, withOlder, withPushed } from "./chat-log.ts";
import { loadMarkdown } from "./markdown.tsx";
import { Meanwhile } from "./meanwhile.ts";

const AGAIN_MS = 2_000;

export type ChatLogsState = ReturnType<typeof useChatLogs>;

export function useChatLogs(guard: (thrown: unknown) => void) {
  const [logs, change] = useState<ChatLogs>({});
  const shown = useRef<string>(undefined);
  const current = useRef(logs);
  const pushes = useMemo(() => new Meanwhile<MessageView>(), []);
  current.current = logs;
  const read = (chat: string): void => {
    const limit = toLimit(current.current[chat]);
    const asked = Promise.all([
      call<MessageView[]>(`chats/${chat}/messages?limit=${limit}`),
      loadMarkdown(),
    ]).then(([messages]) => messages);
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
    /** Changes what is known by what the hub has answered. */
    change,
    /** Takes over a message, new or changed. */
    take(message: MessageView): void {
      pushes.note(message);
      change((before) => withPushed(before, message));
    },
    isShown: (chat: string) => chat === shown.current,
    show(chat: string): void {
      shown.current = chat;
      if (logs[chat] === undefined) read(chat);
    },
    /** Rejects where they cannot be read. */
    async loadOlder(chat: string): Promise<void> {
      const first = logs[chat]?.messages[0];
      if (first === undefined) return;
      const path = `chats/${chat}/messages?limit=${PAGE}&before=${first.seq}`;
      const older = await call<MessageView[]>(path);
      change((before) => {
        const log = before[chat];
        return log === undefined ? before : { ...before, [chat]: withOlder(log, first, older) };
      });
    },
    /** Reads the chat that is shown again. Any other is read again when it is opened. */
    refresh(): void {
      const chat = shown.current;
      if (chat === undefined) return;
      change(({ [chat]: log }) => (log === undefined ? {} : { [chat]: log }));
      read(chat);
    },
  };
}
