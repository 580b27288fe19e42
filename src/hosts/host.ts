/**
 * What opens a host, and what it is given.
 *
 * Owns: these shapes. Never: behaviour.
 */
import type { FoundSession, HostDoor, HostGate } from "../flow/lanes/host.ts";
import type { LeaseMessage } from "../flow/session/leases.ts";
import type { RelayAsk } from "../flow/prompt/create-prompt.ts";
import type { Clock } from "../sdk/clock.ts";
import type { Logger } from "../sdk/log.ts";

export type HostSetup = {
  /** Where the agent keeps its things. */
  folder: string;
  clock: Clock;
  log: Logger;
  /** Sessions that are found are told here. */
  door: HostDoor;
  /** What stands between its sessions and an event now. */
  note(gates: readonly HostGate[]): void;
  /** Its sessions are told by a plugin of ours inside the agent, over the hub's socket. */
  serve(plugin: PluginDoor): void;
};

/**
 * Resolves with how to close it. It comes back by itself when the agent does. `isOff`: for good, so its sessions end; else the hub itself
 * ends, and its next life goes on with them.
 */
export type OpenHost = (setup: HostSetup) => Promise<(isOff: boolean) => Promise<void>>;

/** What a plugin inside an agent tells of the session that a person has open there. */
export type PluginReport =
  | { kind: "began" | "ended" | "failed"; turn: string }
  | { kind: "carried"; turn: string; events: string[] }
  | { kind: "read"; events: string[] }
  | { kind: "missed" | "refused" | "lost"; events: string[]; reason: string }
  | { kind: "spent"; tokens: number; dollars: number }
  | { kind: "asked"; ask: Omit<RelayAsk, "session"> }
  | { kind: "resolved"; requestId: string };

/** What it is told: messages, and once, first, what is out from before. `attachment`: under which it asks and calls tools. */
export type PluginMessage =
  | LeaseMessage
  | { kind: "out"; events: readonly string[]; attachment: string };

/** `most`: so many of them may be there at once. */
export type PluginSession = Omit<FoundSession, "send" | "id"> & { session: string; most?: number };

export type PluginDoor = {
  /** Returns what is called when its connection is gone. */
  attach(found: PluginSession, push: (message: PluginMessage) => void): () => void;
  /** @throws SluiceError `not_found`. */
  report(session: string, report: PluginReport): Promise<void>;
};
