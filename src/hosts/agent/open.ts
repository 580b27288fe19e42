/**
 * Opens the host of `sluice agent`.
 *
 * Owns: nothing. Never: starts an agent.
 */
import type { OpenHost } from "../host.ts";
import { AgentDoor } from "./door.ts";

export const openAgents: OpenHost = async (setup) => {
  const door = new AgentDoor(setup);
  setup.serve(door);
  return async () => door.close();
};
