/**
 * The messages of a chat, as far as this tab knows them: pages that were read, and what was pushed.
 *
 * Owns: making one list of them, in order, each message once. Pure. Never: asks for any.
 */
import type { MessageView } from "../api/wire/web-wire.ts";

/** Oldest first, without a gap. */
export type ChatLog = { messages: readonly MessageView[]; hasOlder: boolean };

/** Messages that a page has at most. */
export const PAGE = 60;
const PAGE_MAX = 200;

/** How many messages to read again: as many as are known, so that a reader further up is not thrown back. */
export function toLimit(log: ChatLog | undefined): number {
  return Math.min(PAGE_MAX, Math.max(PAGE, log?.messages.length ?? 0));
}

/** The newest `limit` as they were read; with what was known before them, where there is no gap between. */
export function withNewest(
  before: ChatLog | undefined,
  read: readonly MessageView[],
  limit: number,
): ChatLog {
  const first = read[0]?.seq ?? 0;
  const isJoined = (before?.messages.at(-1)?.seq ?? -1) >= first;
  const older = isJoined ? (before?.messages.filter(({ seq }) => seq < first) ?? []) : [];
  return {
    messages: [...older, ...read],
    hasOlder: older.length > 0 ? before?.hasOlder === true : read.length === limit,
  };
}

/** With a page of what came before `first`; unchanged where that is no longer the oldest that is known. */
export function withOlder(log: ChatLog, first: MessageView, read: readonly MessageView[]): ChatLog {
  if (log.messages[0]?.seq !== first.seq) return log;
  return { messages: [...read, ...log.messages], hasOlder: read.length === PAGE };
}

/** With one message, new or changed. */
export function withMessage(log: ChatLog, message: MessageView): ChatLog {
  const at = log.messages.findIndex(({ id }) => id === message.id);
  if (at >= 0) return { ...log, messages: log.messages.with(at, message) };
  // Older than all that is known: it belongs to a page that was not read.
  if (log.hasOlder && message.seq < (log.messages[0]?.seq ?? 0)) return log;
  return { ...log, messages: [...log.messages, message].toSorted((a, b) => a.seq - b.seq) };
}

/** The chats that were read. Only these are kept in step; another one is read whole when it is opened. */
export type ChatLogs = Readonly<Record<string, ChatLog>>;

export function hasMessage(logs: ChatLogs, chat: string, id: string): boolean {
  return logs[chat]?.messages.some((message) => message.id === id) === true;
}

export function withPushed(logs: ChatLogs, message: MessageView): ChatLogs {
  const log = logs[message.chat];
  return log === undefined ? logs : { ...logs, [message.chat]: withMessage(log, message) };
}
