/**
 * What goes out to a chat.
 *
 * Owns: the shape that every channel translates to its platform, and how a channel says that it cannot know what became of it.
 * Never: formats or sends.
 */

/** A file on this machine that may be sent: it has been checked, and is sent under `name`. */
export type OutgoingFile = {
  /** A private copy: what was checked is what is sent. */
  path: string;
  name: string;
  bytes: number;
  /** SHA-256 of the content. */
  digest?: string;
};

/**
 * A button under a message. `id` comes back with a tap, at most 60 bytes. `says` is what a tap writes where a platform's buttons write
 * messages; a channel that knows neither shows no buttons.
 */
export type OutgoingButton = { id: string; label: string; says?: string };

export type OutgoingMessage = {
  chatId: string;
  threadId?: string;
  /** The message that this one answers. */
  replyTo?: string;
  /** Markdown as models write it; a channel renders what its platform can, and falls back to plain text. */
  text: string;
  files?: readonly OutgoingFile[];
  buttons?: readonly (readonly OutgoingButton[])[];
  /** A line of Sluice's own, not a session's: for channels that can show the difference. */
  isNotice?: boolean;
};

/**
 * What became of a message, in the order of life. `sending` is on disk before it leaves. `maybe`: the hub or the connection died in
 * the middle and nobody knows; it is never repeated by itself.
 */
export const OUTBOX_STATES = ["queued", "sending", "sent", "failed", "maybe"] as const;
export type OutboxState = (typeof OUTBOX_STATES)[number];

/** The platform's ids of what was sent: more than one where the text had to be split. */
export type SentMessage = { messageIds: readonly string[] };

/**
 * The `cause` of a SluiceError thrown by `send` after which the message may have arrived: a connection that broke behind the request,
 * or a text of which only the first parts went out. Such a message is never sent again by itself.
 */
export class MaybeSent extends Error {
  override readonly name = "MaybeSent";
  /** What the platform did confirm. */
  readonly messageIds: readonly string[];

  constructor(message: string, messageIds: readonly string[] = []) {
    super(message);
    this.messageIds = messageIds;
  }
}
