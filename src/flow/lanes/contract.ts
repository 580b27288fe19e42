/**
 * The types that lanes, pace and receipts share: the facts of a session, the signals of its client, and what a signal proves.
 *
 * Owns: these shapes. Never: behaviour.
 */
import type { ClientFacts } from "../session/client.ts";

export type Turn = Readonly<
  | { kind: "idle"; since: number }
  | {
      kind: "busy";
      since: number;
      lastHookAt: number;
      promptId: string | undefined;
      /** When the first of the events that its prompt carried was offered: of what came with it, the rest may follow in the next turn. */
      carriesFrom?: number;
    }
>;

export type Ring = Readonly<{
  bell: string;
  at: number;
  /** How often this call for attention has rung. */
  times: number;
}>;

/** Whether receipts have shown that the lane reaches the session. */
export type Health = "proven" | "unproven" | "none";

export type Project = Readonly<{
  /** `owner/name` of the remote `origin`, else of the first one; lower case. */
  repository: string | undefined;
  /** The same of its other remotes. */
  remotes?: readonly string[];
  branch: string | undefined;
}>;

/** All that the hub knows of an attachment but its lane. Changed by the transitions of session/attachment.ts only. */
export type SessionFacts = Readonly<{
  id: string;
  client: ClientFacts;
  /** The conversation now open in it. */
  session: string;
  /** What the user calls it, where they gave it a name. */
  label: string | undefined;
  /** `owner/name` of the project's remote: `origin`, else the first. */
  repository: string | undefined;
  /** The same of its other remotes: a fork's upstream. */
  remotes: readonly string[];
  branch: string | undefined;
  /** May be given events: it has shown a sign of life beyond being spawned. */
  target: boolean;
  health: Health;
  /** The likely reason, where unproven. */
  reason: string | undefined;
  turn: Turn;
  /** The bell's connection, if it has one. */
  hasBell: boolean;
  /** The shim's connection. */
  hasLease: boolean;
  ring: Ring | undefined;
  lastRingAt: number;
  /** Turn ends counted, for the channel lane. */
  stops: number;
  /** No wakes before this (epoch ms): set after a failed turn. */
  quietUntil: number;
  /** Turns that failed since one ended well. */
  failures: number;
  /** Its hooks see what a channel turn is prompted with: then that, not a count, proves what arrived. */
  showsPrompts: boolean;
  /** Epoch ms of the last prompt that hooks told of, 0 for none. */
  lastPromptAt: number;
  /** The latest prompt of this life of the hub, and the bell that was answered in it. */
  lastPrompt: Readonly<{ promptId: string; bell: string | undefined }> | undefined;
  attachedAt: number;
  lastActiveAt: number;
  lastHookAt: number | undefined;
}>;

/** A signal as far as receipts go. */
export type Signal =
  | {
      kind: "stop";
      promptId: string | undefined;
      stops: number;
      /** Epoch ms before which an event must have been offered for the turn to have carried it. */
      turnSince: number;
      /** The host shows hooks what its channel turns are prompted with. */
      showsPrompts: boolean;
      proven: boolean;
      /** Epoch ms of the last prompt that hooks told of, 0 for none. */
      lastPromptAt: number;
    }
  | { kind: "stop-failure"; promptId: string | undefined }
  | { kind: "named"; events: readonly string[] }
  /** The host itself says that these stand in the conversation. */
  | { kind: "read"; events: readonly string[] }
  | { kind: "session-end" }
  /** These will not be read any more. */
  | { kind: "lost"; deliveries: readonly number[]; reason: string }
  | { kind: "tool-result"; toolUseId: string; isSubagent: boolean; isFailure: boolean }
  /** A prompt that the client shows its hooks holds these events: its turn end will prove them. */
  | { kind: "carried"; promptId: string; events: readonly string[] }
  /** The hook answer to this prompt came too late to be used. */
  | { kind: "too-late"; promptId: string }
  /** What was sent over the session's connection may not have arrived, or is not listened to. */
  | { kind: "cut"; reason: string };

/** What only the lane can judge. */
export type LaneSignal = Exclude<Signal, { kind: CommonKind }>;
type CommonKind = "named" | "read" | "session-end" | "lost";

/** Proven; given back; or under way, with what will prove it from now on. */
export type ReceiptOutcome =
  | { to: "seen" | "back"; reason: string }
  | { to: "carried"; receipt: string };
