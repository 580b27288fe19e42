/**
 * What opens a host, and what it is given.
 *
 * Owns: these shapes. Never: behaviour.
 */
import type { HostDoor, HostGate } from "../flow/lanes/host.ts";
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
};

/**
 * Resolves with how to close it. It comes back by itself when the agent does. `isOff`: for good, so its sessions end; else the hub itself
 * ends, and its next life goes on with them.
 */
export type OpenHost = (setup: HostSetup) => Promise<(isOff: boolean) => Promise<void>>;
