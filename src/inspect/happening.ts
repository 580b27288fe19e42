/**
 * What an inspector shows: one shape for each thing that happens, for the terminal, the page, `--json` and `--record` alike.
 *
 * Owns: these shapes, and the counters. Never: makes them (inspector.ts); words them (lines.ts).
 */
import type { GateName, GateOutcome } from "../host/gates.ts";
import type { Json } from "../host/wire.ts";
import type { Listener } from "./ports.ts";

export type Happening = { seq: number; at: number } & What;

export type What =
  | { kind: "start"; run: number; command: string; pid: number | undefined; why: string }
  | {
      kind: "connected";
      era: string;
      server: string;
      tools: number;
      relays: boolean;
      tookMs: number;
    }
  /** The handshake has failed, in the client's words or the host's. */
  | { kind: "failed"; reason: string }
  /** As the client logs it. */
  | { kind: "gate"; outcome: GateOutcome; line: string; fix?: string }
  /** A question that the server has not answered for so long. */
  | { kind: "waiting"; method: string; forMs: number }
  /** An event, as the model reads it. `how`: it woke an idle session, or came with the next turn. */
  | { kind: "event"; event: number; text: string; how: "woke" | "next-turn" }
  /** It came while the session is busy. */
  | { kind: "queued"; event: number }
  | { kind: "dropped"; event: number; reason: string; fix?: string; params: Json }
  /** Meta keys that the client leaves out of event. */
  | { kind: "dropped-keys"; event: number; keys: readonly string[] }
  /** Something that works, or is silently ignored, and is not what its author means. */
  | { kind: "hint"; text: string }
  | { kind: "prompt"; id: string | undefined; tool: string; input: Json }
  | { kind: "verdict"; id: string; behavior: string; counted: boolean; why?: string }
  | { kind: "answered"; tool: string; answer: "allow" | "deny"; by: string }
  | { kind: "called"; tool: string; input: Json; output: string; isError: boolean; tookMs: number }
  | { kind: "tools"; tools: readonly ListedTool[] }
  | { kind: "stderr"; text: string }
  /** What the server printed to stdout that is no message. */
  | { kind: "stray"; text: string; length: number; why: string }
  | {
      kind: "raw";
      from: "client" | "server";
      text: string;
      length: number;
      method?: string;
      tookMs?: number;
    }
  | { kind: "listens"; listeners: readonly Listener[] }
  | { kind: "exit"; reason: string; livedMs: number; againMs?: number }
  | { kind: "changed"; path: string }
  | { kind: "saved"; event: number; path: string }
  | { kind: "busy"; on: boolean }
  | { kind: "page"; url: string }
  | { kind: "why"; checks: readonly ReachCheck[] }
  | { kind: "notice"; text: string };

/** A tool as the server lists it. */
export type ListedTool = { name: string; description: string; schema: Json };

/** One thing that must be so for an event to be read. `unknown`: nothing says so yet. */
export type ReachCheck = {
  name: "process" | "handshake" | GateName | "relay" | "events";
  state: "yes" | "no" | "unknown";
  text: string;
  fix?: string;
};

/** One channel notification of the server, numbered. */
export type SeenEvent = {
  event: number;
  at: number;
  params: Json;
  /** `params` as text. */
  key: string;
  outcome: "waiting" | "read" | "dropped";
  /** As it was read; or the reason. */
  text: string;
};

export type Tally = {
  runs: number;
  events: number;
  read: number;
  dropped: number;
  droppedKeys: number;
  stray: number;
  messages: number;
  calls: number;
  failedCalls: number;
  verdicts: number;
  strayVerdicts: number;
};

export function newTally(): Tally {
  return {
    runs: 0,
    events: 0,
    read: 0,
    dropped: 0,
    droppedKeys: 0,
    stray: 0,
    messages: 0,
    calls: 0,
    failedCalls: 0,
    verdicts: 0,
    strayVerdicts: 0,
  };
}
