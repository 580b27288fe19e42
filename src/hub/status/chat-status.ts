/**
 * The status for a person in a chat.
 *
 * Owns: the part that they may read: counts, never names, folders or texts; a person who may write is not always the owner. Pure.
 */
import type { StatusView } from "../../api/wire/wire.ts";

export function toChatStatus(
  { sessions, events }: Pick<StatusView, "sessions" | "events">,
  channel: string,
): string[] {
  const open = sessions.filter(({ target }) => target);
  const busy = open.filter((session) => session.busy).length;
  const waiting = (events["stored"] ?? 0) + (events["offered"] ?? 0);
  return [
    `${channel} is connected.`,
    open.length === 0
      ? "No session is open: your messages wait for the next one."
      : `${toCount(open.length, "session")} open, ${busy} at work.`,
    waiting === 0 ? "Nothing waits." : `${toCount(waiting, "event")} not yet read.`,
  ];
}

function toCount(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
