/**
 * Who may change something over the hub's socket.
 *
 * Owns: refusing, in words. Never: looks at the process that calls (hub/process/terminal.ts).
 *
 * Q1 What gives a session more needs a person at a terminal.
 * Q2 Set-up is a person's or their scripts': no session changes it, since it was perhaps talked into it.
 */
import type { Caller } from "../../flow/access/admin.ts";
import { SluiceError } from "../../sdk/errors.ts";

/** Q1. Returns who it is, for the audit. @throws SluiceError `unauthorized`. */
export function requirePerson({ isTerminal, origin }: Caller, what: string): string {
  if (isTerminal) return origin;
  throw new SluiceError(
    "unauthorized",
    `${what} by a person at a terminal only, and this came from ${origin}; nothing was changed`,
  );
}

/** Q2. @throws SluiceError `unauthorized`. */
export function refuseSession({ isSession, origin }: Caller, what: string): void {
  if (isSession !== true) return;
  throw new SluiceError(
    "unauthorized",
    `${what} by no session, and this came from ${origin}: type it in a terminal of your own; nothing was changed`,
  );
}
