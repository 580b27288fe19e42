/**
 * Messages on their way to the hub, kept for as long as the tab lives: a reload, or a sign-in that ended, loses none.
 *
 * Owns: sending them, and the tab's storage of them.
 *
 * UNSENT-1 A typed message has a key of its own: sent again after a broken connection, it is still one message.
 */
import { useEffect, useState } from "preact/hooks";
import type { FileView, MessageView } from "../api/wire/web-wire.ts";
import { toMessage } from "../sdk/errors.ts";
import { toMessageId } from "../sdk/page.ts";
import { call } from "./api.ts";
import { type ChatLogs, hasMessage, withPushed } from "./chat-log.ts";
import type { ChatLogsState } from "./use-chat-logs.ts";

/** `reason`: why it is not sent. Without one it is on its way. */
export type Unsent = {
  key: string;
  chat: string;
  text: string;
  files: FileView[];
  replyTo?: string | undefined;
  reason?: string | undefined;
};

const PLACE = "unsent";

export function useUnsent({ logs, change }: ChatLogsState, guard: (thrown: unknown) => void) {
  const [unsent, setUnsent] = useState<Unsent[]>(readUnsent);
  useEffect(() => sessionStorage.setItem(PLACE, JSON.stringify(unsent)), [unsent]);
  // The hub has it, even where its answer was lost.
  useEffect(() => {
    if (unsent.some((one) => isSent(logs, one)))
      setUnsent((before) => before.filter((one) => !isSent(logs, one)));
  }, [logs, unsent]);
  const discard = (key: string): void =>
    setUnsent((before) => before.filter((one) => one.key !== key));
  const setReason = (key: string, reason: string | undefined): void =>
    setUnsent((before) => before.map((one) => (one.key === key ? { ...one, reason } : one)));
  const post = ({ chat, key, text, files, replyTo }: Unsent): void => {
    call<MessageView>(`chats/${chat}/messages`, {
      key,
      text,
      files: files.map(({ id }) => id),
      replyTo,
    }).then(
      (sent) => {
        // A push of it may be newer than this answer.
        change((before) => (hasMessage(before, chat, sent.id) ? before : withPushed(before, sent)));
        discard(key);
      },
      (thrown: unknown) => {
        guard(thrown);
        setReason(key, toMessage(thrown));
      },
    );
  };
  // Those that were on their way when the page was loaded anew.
  useEffect(() => {
    for (const message of unsent) if (message.reason === undefined) post(message);
  }, []);
  return {
    // The hub may push it to every tab before it has answered this one.
    unsent: (chat: string) => unsent.filter((one) => one.chat === chat && !isSent(logs, one)),
    send(message: Omit<Unsent, "key" | "reason">): void {
      const whole = { ...message, key: crypto.randomUUID() };
      setUnsent((before) => [...before, whole]);
      post(whole);
    },
    retry(key: string): void {
      const message = unsent.find((one) => one.key === key);
      if (message === undefined) return;
      setReason(key, undefined);
      post(message);
    },
    discard,
  };
}

function readUnsent(): Unsent[] {
  // Written by useUnsent alone.
  return JSON.parse(sessionStorage.getItem(PLACE) ?? "[]") as Unsent[];
}

function isSent(logs: ChatLogs, { chat, key }: Unsent): boolean {
  return hasMessage(logs, chat, toMessageId(key));
}
