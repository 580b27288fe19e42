/**
 * Words of the chat page.
 *
 * Owns: the reasons for refusing a typed text, and the title of a new chat. Pure.
 */
import { SluiceError } from "../../../sdk/errors.js";
import { toPlainLine } from "../../../sdk/plain-line.js";
const TITLE_MAX_CHARS = 48;
/** Why what was typed is not taken. */
export function toDropped(reason) {
    switch (reason) {
        case "loop":
            return new SluiceError("rate_limited", "this chat and the session answered each other ten times within a minute, as two machines would; wait a minute, then send it again", {
                retryable: true,
                retryAfterMs: 60_000,
            });
        case "paused":
            return new SluiceError("conflict", 'the chat channel is paused; run "sluice resume chat"');
        default:
            return new SluiceError("bad_input", `the chat channel did not take it (${reason})`);
    }
}
/** The title of a chat that begins with this. */
export function toTitle(text) {
    return toPlainLine(text, TITLE_MAX_CHARS) || text.trim().slice(0, TITLE_MAX_CHARS).toWellFormed();
}
