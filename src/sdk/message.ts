/**
 * Messages that go out to a chat.
 *
 * Owns: the shape that every channel translates to its platform, and the fault for a message that broke off.
 * Never: formats or sends.
 */
import { SluiceError } from "./errors.ts";

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
 * messages; a channel that knows neither shows no buttons. `asks`: a tap opens a form, and the tap comes with what was written in it as
 * the sender's own words; only a connection that `hasForms` is given such a button. `isChoice`: one of several answers, so that a platform
 * that has menus may show them as one.
 */
export type OutgoingButton = {
  id: string;
  label: string;
  says?: string;
  asks?: ButtonForm;
  isChoice?: boolean;
};

/** A form with one field, which may be left empty. */
export type ButtonForm = { title: string; label: string };

export type OutgoingMessage = {
  chatId: string;
  threadId?: string;
  /** The message that this one answers. */
  replyTo?: string;
  /** Of an answer to an event: the event's own `answering`, as its channel gave it. */
  answering?: string;
  /** Markdown as models write it; a channel renders what its platform can, and falls back to plain text. */
  text: string;
  files?: readonly OutgoingFile[];
  buttons?: readonly (readonly OutgoingButton[])[];
  /**
   * The platform's ids of the parts that an earlier try has brought there (`PartlySent`), in their order: `send` goes on behind them, and
   * resolves with all ids.
   */
  arrived?: readonly string[];
  /** A line of Sluice's own, not a session's: for channels that can show the difference. */
  isNotice?: boolean;
};

/**
 * What became of a message, in the order of life. `sending` is on disk before it leaves. `maybe`: the hub or the connection died behind
 * the request and nobody knows; it is never repeated by itself. What broke before the request was written is `queued` still.
 */
export const OUTBOX_STATES = ["queued", "sending", "sent", "failed", "maybe"] as const;
export type OutboxState = (typeof OUTBOX_STATES)[number];

/** The platform's ids of what was sent: more than one where the text had to be split. */
export type SentMessage = { messageIds: readonly string[] };

/**
 * The `cause` of a SluiceError thrown by `send` after which the message may have arrived: a connection that broke behind the request
 * (`request` of this SDK says so by itself). Such a message is never sent again by itself.
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

/**
 * The `cause` of a retryable SluiceError thrown by `send` of which it is known what arrived: these parts, and nothing behind them. The
 * message is sent again with them as `arrived`.
 */
export class PartlySent extends Error {
  override readonly name = "PartlySent";
  readonly messageIds: readonly string[];

  constructor(message: string, messageIds: readonly string[]) {
    super(message);
    this.messageIds = messageIds;
  }
}

/** The fault of a message whose first parts, `messageIds`, arrived before `fault` came: with what is known then as its cause. */
export function toPartFault(fault: SluiceError, messageIds: readonly string[]): SluiceError {
  const { code, message, retryable, retryAfterMs } = fault;
  const words = `${messageIds.length} part(s) of the message arrived, then: ${message}`;
  // A credential that is refused is the owner's to mend.
  const goesOn = retryable || code === "unauthorized";
  if (fault.cause instanceof MaybeSent || !goesOn)
    return new SluiceError(code, message, { cause: new MaybeSent(words, messageIds) });
  return new SluiceError(code, message, {
    retryable,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    cause: new PartlySent(words, messageIds),
  });
}

/** What a session does about a chat: it works, or what it wants to do waits for a person's word. */
export type Activity = "working" | "approval";

/**
 * How far a person's message got. `received` kept and waiting, or being worked on; `approval` what the session wants to do about it
 * waits for a person's word; `answered` the answer says it all; `maybe` its answer may not have arrived, and nobody knows; `done` closed
 * without an answer; `lost` expired, given up, not made out (a voice note), or its answer could not be sent.
 */
export type Sign = "received" | "approval" | "answered" | "maybe" | "done" | "lost";
