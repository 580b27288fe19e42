/**
 * The vocabulary of events: arrival, stored event, sender, state.
 *
 * Owns: names and shapes. Never: behaviour.
 */

/** What a sender may do. None implies another. */
export const ROLES = ["source", "chatter", "approver", "owner"] as const;
export type Role = (typeof ROLES)[number];

export const PRIORITIES = ["low", "normal", "urgent"] as const;
export type Priority = (typeof PRIORITIES)[number];

/** How an event gets into a session: the name of a lane, as it is stored. */
export type LaneName = string;
/** Lanes that `SLUICE_LANE` may force. */
export const LANES = ["monitor", "channel", "pull"] as const satisfies LaneName[];
export type ForcedLane = (typeof LANES)[number];

/**
 * What became of an event, in the order of life.
 * `stored` on disk, waiting. `offered` committed and handed to a lane: not yet proof of anything.
 * `seen` a turn that must have contained it ended. `done` answered or acknowledged.
 * `expired` too old to matter. `dead` five attempts without a receipt.
 */
export const DELIVERY_STATES = ["stored", "offered", "seen", "done", "expired", "dead"] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** What makes an event `done`: `auto` seen is done, `reply` a reply or an ack, `explicit` an ack only. */
export const ACK_POLICIES = ["auto", "reply", "explicit"] as const;
export type AckPolicy = (typeof ACK_POLICIES)[number];

/** Who caused an event. The id is the platform's immutable one; the name is for people and never identity. */
export type Sender = { id: string; name?: string };

/** Free text written by somebody outside, kept apart from what a channel composes, so that it can be marked and capped. */
export type Quote = {
  /** What it is: `title`, `body`, `comment`, `commit`. */
  label: string;
  text: string;
};

/** String facts about an event. Keys match `^[a-zA-Z_][a-zA-Z0-9_]*$`, never `source`. */
export type Meta = Record<string, string>;

/** What the gate must know of a message in a chat, beyond its sender's id. */
export type ChatFacts = {
  /** `dm` with one person; `broadcast` is a channel post or an anonymous admin: nobody who could be known. */
  place: "dm" | "group" | "thread" | "broadcast";
  /** The account of ours that was written to: approvals of one bot do not count for another. */
  account: string;
  /** The chat that a group's rules are kept for: a thread's parent. */
  groupId?: string;
  /** Names or answers us; a direct message always does where a person wrote it to us. */
  isAddressed: boolean;
  isBot: boolean;
  isForwarded: boolean;
  isEdited: boolean;
  /** A guest, or somebody of another organisation who shares a channel: no role counts for them, whatever the list says. */
  isOutsider?: boolean;
  /** Whoever may write there counts as one sender: nobody can be told apart, so nothing is allowed by it. */
  isShared?: boolean;
  /** A tap on one of our buttons; with the sender's own words where the button asked for some. */
  button?: string;
  /** A command of the platform's own menu: what the hub answers is the line of `take`, for who gave it alone, and no message. */
  isCommand?: boolean;
};

/** A file that came with a message, by reference: it is fetched after the gate, through the channel's `download`. */
export type IncomingFile = {
  /** What `download` takes: the platform's file id, or a URL. Never shown to a model. */
  reference: string;
  /** As the sender named it; made safe before it becomes a path. */
  name: string;
  mime?: string;
  /** As the platform says; the true size is checked while it is fetched. */
  bytes?: number;
  /** How long it plays, where the platform says so. */
  seconds?: number;
};

/** One thing that a channel received and verified, before the gate has spoken. */
export type Arrival = {
  /** The configured name of the channel, not its kind. */
  channel: string;
  /** What happened, in the channel's own words: `pull_request.opened`, `message`. */
  kind: string;
  sender: Sender;
  /** Lines the channel composed for a model: the summary first, then the few facts that matter. */
  text: string;
  quotes: Quote[];
  meta: Meta;
  priority: Priority;
  ack: AckPolicy;
  /** How it was proved: the scheme and the key that matched, e.g. `github`, `bearer`. `none` where unsigned was allowed. */
  verified: string;
  /** The sender's own id of this delivery: the key against duplicates. Absent: never a duplicate. */
  deliveryId?: string;
  /**
   * A digest of what was signed, where the signature covers no id and honest senders do not repeat a body: the same again is a
   * duplicate, whatever its id. Absent: only the id counts.
   */
  bodyDigest?: string;
  /** What the event is about, so that several can be told to belong together: `octo/app#12`. */
  entity?: string;
  /**
   * What the event is a state of: one workflow or check on one pull request or branch, one alert, one deployment. A later event of the
   * same `stateOf` supersedes an earlier one. Absent: nothing supersedes it, and it supersedes nothing: what people write, and anything
   * that happened once.
   */
  stateOf?: string;
  /** Conversation on a two-way channel. */
  chatId?: string;
  /** Present for messages from people in chats: the gate decides by it. Absent: the channel's credential is the sender. */
  chat?: ChatFacts;
  /** Files of the message, in its order: `attachment_count` and `attachments` in meta are made of them. */
  files?: readonly IncomingFile[];
  /** The repository it concerns, `owner/name` in lower case: routing prefers a session that works on it. */
  repository?: string;
  /**
   * What the sender sent, reduced and without credentials, where the channel's own words do not tell all of it. `details` reads it; no note
   * ever shows it.
   */
  payload?: string;
  /** What the channel must know to answer it, in words of its own: it comes back as `OutgoingMessage.answering`. No model reads it. */
  answering?: string;
  /** The one session it is for, by id or label; only from a sender whom the owner lets say so. */
  session?: string;
  /**
   * Written, and caused, by the owner's own alone: what is not shown to be so is false, and no agent without a person is given it. A channel
   * that can tell who is known says it of each; in chats the gate does. Absent: the channel's credential is the sender.
   */
  isKnown?: boolean;
  /** Epoch ms at which it happened, where the sender says so. */
  occurredAt?: number;
  /** It is not worth telling after so long: it may end earlier than its channel's others, and never later. */
  ttlMs?: number;
};

/** An admitted arrival as the inbox keeps it. Immutable. */
export type Event = Omit<
  Arrival,
  "sender" | "chat" | "files" | "bodyDigest" | "payload" | "answering" | "ttlMs" | "isKnown"
> & {
  id: string;
  sender: Sender & { role: Role };
  /** Epoch ms at which the bytes were in. */
  receivedAt: number;
};
