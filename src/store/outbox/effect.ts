/**
 * An effect (a message, an edit, a reaction) that a session or the hub wants, before it is a row of the outbox.
 *
 * Owns: its shape. Never: keeps it (outbox.ts).
 */
import type { OutgoingFile } from "../../sdk/message.ts";

/** `notice` is a line of our own to a chat; the others are a session's tools. */
export type EffectKind = "reply" | "send" | "notice" | "edit" | "react";

/** What somebody wants to happen outside. */
export type Effect = {
  kind: EffectKind;
  /** Null where it answers no event. */
  event: string | null;
  /** Which copy of it is answered, where it has copies. */
  copy?: string;
  channel: string;
  chatId: string | null;
  threadId?: string;
  /** The platform's id of the message that is answered. */
  replyTo?: string;
  /** The platform's id of the message that is edited or reacted to. */
  target?: string;
  session: string;
  text: string;
  files?: readonly OutgoingFile[];
};
