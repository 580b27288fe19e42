import { SluiceError } from "../../sdk/errors.js";
/** CALLER-1. Returns who it is, for the audit. @throws SluiceError `unauthorized`. */
export function requirePerson({ isTerminal, origin }, what) {
    if (isTerminal)
        return origin;
    throw new SluiceError("unauthorized", `${what} by a person at a terminal only, and this came from ${origin}; nothing was changed`);
}
/** CALLER-2. @throws SluiceError `unauthorized`. */
export function refuseSession({ isSession, origin }, what) {
    if (isSession !== true)
        return;
    throw new SluiceError("unauthorized", `${what} by no session, and this came from ${origin}: type it in a terminal of your own; nothing was changed`);
}
