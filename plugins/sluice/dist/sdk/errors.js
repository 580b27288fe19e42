/**
 * The one error class of Sluice and the one list of its codes.
 *
 * Owns: the names of faults. Never: how one is shown (cli) or answered over HTTP (ingress, api).
 * Expected outcomes (a refused signature, a dropped arrival) are values, not errors.
 */
/** Every code a SluiceError may carry. Scripts match on them: pinned by a test, changed only with a CHANGELOG note. */
export const ERROR_CODES = [
    "bad_config", // a file or flag the user wrote cannot be used as it stands
    "bad_input", // a request or argument is malformed
    "bad_secret", // a secret is missing, empty, too short or of the wrong shape
    "unauthorized", // a credential is missing or wrong
    "not_found", // the named channel, event or session does not exist
    "conflict", // the name or the thing is taken, or already done
    "too_large", // a body, text or file over its cap
    "rate_limited", // over a quota; retryAfterMs says when to come back
    "store_corrupt", // the database cannot be trusted; nothing was changed
    "store_readonly", // the database or its folder cannot be written
    "store_full", // no space left for the inbox
    "store_newer", // the database was written by a newer Sluice
    "store_busy", // another process holds the database
    "hub_unreachable", // no hub answers on the socket
    "hub_running", // another hub already owns this home
    "hub_stopping", // the hub is draining
    "unsafe_home", // SLUICE_HOME or a parent is foreign-owned or writable by others
    "port_taken", // another program holds a port that is ours
    "unsupported", // this Node, client or platform cannot do it
    "send_failed", // the outside system refused or lost what we sent
    "channel_failed", // an author's channel threw, took too long, or returned what is no event
    "internal", // a bug in Sluice
];
/**
 * A fault. The message is one sentence: what failed, with what value, what to do next.
 * It never holds a secret: messages are printed, logged and returned over HTTP.
 */
export class SluiceError extends Error {
    name = "SluiceError";
    code;
    retryable;
    retryAfterMs;
    constructor(code, message, options = {}) {
        super(message, options.cause === undefined ? undefined : { cause: options.cause });
        this.code = code;
        this.retryable = options.retryable ?? false;
        this.retryAfterMs = options.retryAfterMs;
    }
}
/**
 * True for a SluiceError, with or without one certain code. By its name: the bundle of the command line has a class of its own beside that
 * of the hub which it runs.
 */
export function isSluiceError(value, code) {
    if (!(value instanceof Error) || value.name !== "SluiceError")
        return false;
    return code === undefined || ("code" in value && value.code === code);
}
/** The code of a fault of the system, such as `ENOENT`; undefined where there is none. */
export function readErrorCode(thrown) {
    return thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
}
/** The message of anything that was thrown, also of what cannot be made a text. */
export function toMessage(thrown) {
    try {
        return String(thrown instanceof Error ? thrown.message : thrown);
    }
    catch {
        return `${typeof thrown} that has no text was thrown`;
    }
}
