/**
 * What the hub and the process of an author's channel say to each other: one JSON object a line, over one pipe.
 *
 * Owns: these shapes, and the longest line. Never: believes one (hub/authored/check.ts checks what a channel's process says).
 */
import type { ChatAct, ChatActInputs } from "../../sdk/author/chat.ts";
import type { ChannelOutline } from "../../sdk/author/describe.ts";
import type { PushResult } from "../../sdk/author/new-event.ts";
import type { ConnectionState } from "../../sdk/channel.ts";
import type { OutgoingMessage } from "../../sdk/message.ts";
import type { AuthorArrival } from "../port.ts";

/** The pipe, beside stdin, stdout and stderr. */
export const WIRE_FD = 3;
export const MAX_LINE_BYTES = 8 * 1024 * 1024;
/** No platform asks for a longer wait. */
export const MAX_RETRY_AFTER_MS = 86_400_000;
/** Of a file, before base64: what goes over the pipe at once. */
export const PIECE_BYTES = 1024 * 1024;

/** A verified request; the body in base64. */
export type WireRequest = {
  path: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  verified: string;
  signedId?: string;
  receivedAt: number;
};

export type WireCall =
  | { op: "receive"; source: string; request: WireRequest }
  | { op: "reply"; message: OutgoingMessage }
  | { op: "act"; act: ChatAct; input: ChatActInputs[ChatAct] }
  | { op: "tool"; tool: string; input: unknown };

/**
 * `isTooLate`: it ran out of time, and may have been done. `sent`: what is known of a message that broke off, as `MaybeSent` and
 * `PartlySent` say it.
 */
export type WireFault = {
  code: string;
  message: string;
  retryable: boolean;
  retryAfterMs?: number;
  isTooLate?: true;
  sent?: { kind: "maybe" | "part"; message: string; messageIds: readonly string[] };
};
export type WireResult = { value: unknown } | { fault: WireFault };

/** The first line that the process reads. Secrets come this way alone. */
export type WireStart = {
  kind: "start";
  /** `describe`: says what it is and ends; nothing of it is begun. */
  mode: "run" | "describe";
  /** The path of the author's file. */
  entry: string;
  name: string;
  settings: Readonly<Record<string, string>>;
  cursor?: string;
  secrets: Readonly<Record<string, string>>;
};

export type ToChild =
  | WireStart
  | ({ kind: "call"; id: number } & WireCall)
  | { kind: "taken"; id: number; results?: readonly PushResult[]; fault?: WireFault }
  /** The answer to `file` and `undelivered`; `data` is base64. */
  | { kind: "told"; id: number; data?: string; fault?: WireFault }
  | { kind: "ping"; n: number }
  | { kind: "close" };

export type FromChild =
  /** `files`: what was loaded until then, by path. */
  | { kind: "ready"; outline: ChannelOutline; files: readonly string[] }
  | { kind: "failed"; fault: WireFault }
  | ({ kind: "result"; id: number } & WireResult)
  | { kind: "take"; id: number; arrivals: readonly AuthorArrival[]; cursor?: string }
  /** Asks for a piece of a file of a message that it was asked to send, from a byte on. */
  | { kind: "file"; id: number; path: string; from: number }
  /** A piece of what the call `id` brings, in base64: before its result. */
  | { kind: "piece"; id: number; data: string }
  | { kind: "undelivered"; id: number; messageId: string; reason: string }
  | { kind: "report"; source: string; state: ConnectionState }
  | { kind: "left"; count: number }
  | { kind: "log"; level: "debug" | "info" | "warn" | "error"; fields: unknown; message: string }
  | { kind: "pong"; n: number }
  | { kind: "closed" };
