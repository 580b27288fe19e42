/**
 * What runs an agent, and what it is given: the types that the parts of `sluice agent` share.
 *
 * Owns: these shapes. Never: behaviour.
 */

/** A call that the agent wants to make, whole. */
export type AgentCall = {
  tool: string;
  input: Record<string, unknown>;
  /** The helper that makes it; empty: the agent itself. */
  agentId: string;
  /** The folder in which it would run; empty: unknown. */
  cwd: string;
};

export type CallAnswer =
  | { kind: "allow" }
  | { kind: "deny"; message: string }
  /** To its questions, in their order. */
  | { kind: "answers"; answers: readonly string[] };

export type AgentTurnEnd =
  | { how: "ended"; tokens: number; dollars: number }
  | { how: "failed"; reason: string; tokens: number; dollars: number };

/** What became of an event that was given to it: a turn answered it, or it stands there unanswered. */
export type Fate = "answered" | "stored";

/** One conversation with an agent. */
export type AgentSession = {
  readonly id: string;
  /** Begins a turn, and resolves at its end. `carried` is called once the message stands in the conversation. Never rejects. */
  turn(text: string, carried: () => void): Promise<AgentTurnEnd>;
  /** The turn that runs is to end. */
  interrupt(): Promise<void>;
  /** By the agent's own history, these events; absent: it does not stand there. @throws where that cannot be read. */
  find(events: readonly string[]): Promise<ReadonlyMap<string, Fate>>;
  close(): Promise<void>;
};

export type AgentHelp = {
  ask(call: AgentCall, signal: AbortSignal): Promise<CallAnswer>;
  tool(name: string, input: Record<string, unknown>): Promise<{ text: string; isError: boolean }>;
  log(line: string): void;
};
