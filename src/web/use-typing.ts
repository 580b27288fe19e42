/**
 * What sessions do about the chats now, as the hub last said it.
 *
 * Owns: forgetting it, since nobody says that it is over.
 */
import { useEffect, useState } from "preact/hooks";
import type { Activity } from "../sdk/message.ts";

const TYPING_MS = 6_000;

export function useTyping(): {
  activity(chat: string): Activity | undefined;
  begin(chat: string, activity: Activity): void;
  end(chat: string): void;
} {
  const [typing, setTyping] = useState<Record<string, { activity: Activity; end: number }>>({});
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
  return {
    activity: (chat) => typing[chat]?.activity,
    begin: (chat, activity) =>
      setTyping((before) => ({ ...before, [chat]: { activity, end: Date.now() + TYPING_MS } })),
    end: (chat) => setTyping(({ [chat]: _over, ...rest }) => rest),
  };
}
