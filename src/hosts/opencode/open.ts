/**
 * Opens the host opencode.
 *
 * Owns: nothing. Never: starts opencode.
 */
import type { OpenHost } from "../host.ts";
import { OpencodeDoor } from "./door.ts";

export const openOpencode: OpenHost = async (setup) => {
  const door = new OpencodeDoor(setup);
  setup.serve(door);
  return async (isOff) => door.close(isOff);
};
