/**
 * Opens the host codex.
 *
 * Owns: nothing. Never: starts Codex.
 */
import type { OpenHost } from "../host.ts";
import { Daemon } from "./daemon.ts";

export const openCodex: OpenHost = async (setup) => {
  const daemon = new Daemon(setup);
  await daemon.open();
  return (isOff) => daemon.close(isOff);
};
