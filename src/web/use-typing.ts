/**
 * What sessions do about the chats now, as the hub last said it.
 *
 * Owns: forgetting it, since nobody says that it is over.
 */
import { useRef, useState } from "preact/hooks";
import type { Activity } from "../sdk/message.ts";

const TYPING_MS = 6_000;

export function useTyping() {
  const [typing, setTyping] = useState<Record<string, Activity>>({});
  const timers = useRef(new Map<string, ReturnType<typeof setTimeout>>());
  const end = (chat: string): void => setTyping(({ [chat]: _over, ...rest }) => rest);
  return {
    /** What a session does about this chat now. */
    activity: (chat: string) => typing[chat],
    begin(chat: string, activity: Activity): void {
      clearTimeout(timers.current.get(chat));
      timers.current.set(chat, setTimeout(end, TYPING_MS, chat));
      setTyping((before) => ({ ...before, [chat]: activity }));
    },
    end,
  };
}
