/**
 * Which callers may change something over the hub's socket.
 *
 * Owns: the refusal and its words. Never: looks at the calling process (hub/process/terminal.ts).
 *
 * CALLER-1 Only a person at a terminal may give a session more rights.
 * CALLER-2 A person or their scripts may change the set-up. A session may not, since an event may have talked it into the change.
 */
import type { Caller } from "../../flow/access/admin.ts";
import { SluiceError } from "../../sdk/errors.ts";

/** CALLER-1. Returns who it is, for the audit. @throws SluiceError `unauthorized`. */
export function requirePerson({ isTerminal, origin }: Caller, what: string): string {
  if (isTerminal) return origin;
  throw new SluiceError(
    "unauthorized",
    `${what} by a person at a terminal only, and this came from ${origin}; nothing was changed`,
  );
}

/** CALLER-2. @throws SluiceError `unauthorized`. */
export function refuseSession({ isSession, origin }: Caller, what: string): void {
  if (isSession !== true) return;
  throw new SluiceError(
    "unauthorized",
    `${what} by no session, and this came from ${origin}: type it in a terminal of your own; nothing was changed`,
  );
}
