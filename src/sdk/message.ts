/**
 * What goes out to a chat.
 *
 * Owns: the shape that every channel translates to its platform. Never: formats or sends.
 */

/** A file on this machine that may be sent: it has been checked, and is sent under `name`. */
export type OutgoingFile = { path: string; name: string; bytes: number };

/** A button under a message. `id` comes back with a tap, at most 60 bytes. */
export type OutgoingButton = { id: string; label: string };

export type OutgoingMessage = {
  chatId: string;
  threadId?: string;
  /** The message that this one answers. */
  replyTo?: string;
  /** Markdown as models write it; a channel renders what its platform can, and falls back to plain text. */
  text: string;
  files?: readonly OutgoingFile[];
  buttons?: readonly (readonly OutgoingButton[])[];
};

/** The platform's ids of what was sent: more than one where the text had to be split. */
export type SentMessage = { messageIds: readonly string[] };
