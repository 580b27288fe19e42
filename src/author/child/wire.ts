/**
 * What the hub and the process of an author's channel say to each other: one JSON object a line, over one pipe.
 *
 * Owns: these shapes, and the longest line. Never: believes one (hub/authored/check.ts checks what a channel's process says).
 */
import type { ChannelOutline } from "../../sdk/author/describe.ts";
import type { PushResult } from "../../sdk/author/new-event.ts";
import type { ConnectionState } from "../../sdk/channel.ts";
import type { OutgoingMessage } from "../../sdk/message.ts";
import type { AuthorArrival } from "../port.ts";

/** The pipe, beside stdin, stdout and stderr. */
export const WIRE_FD = 3;
export const MAX_LINE_BYTES = 8 * 1024 * 1024;

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
  | { op: "tool"; tool: string; input: unknown };

/** `isTooLate`: it ran out of time, and may have been done. */
export type WireFault = { code: string; message: string; retryable: boolean; isTooLate?: true };
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
  | { kind: "ping"; n: number }
  | { kind: "close" };

export type FromChild =
  /** `files`: what was loaded until then, by path. */
  | { kind: "ready"; outline: ChannelOutline; files: readonly string[] }
  | { kind: "failed"; fault: WireFault }
  | ({ kind: "result"; id: number } & WireResult)
  | { kind: "take"; id: number; arrivals: readonly AuthorArrival[]; cursor?: string }
  | { kind: "report"; source: string; state: ConnectionState }
  | { kind: "left"; count: number }
  | { kind: "log"; level: "debug" | "info" | "warn" | "error"; fields: unknown; message: string }
  | { kind: "pong"; n: number }
  | { kind: "closed" };
