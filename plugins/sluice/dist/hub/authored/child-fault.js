import { ERROR_CODES, SluiceError } from "../../sdk/errors.js";
import { MaybeSent, PartlySent } from "../../sdk/message.js";
/** What was asked may have been done. */
export class NoAnswer extends Error {
    name = "NoAnswer";
}
export function toFault(what, retryAfterMs) {
    const again = retryAfterMs === undefined ? {} : { retryAfterMs };
    return new SluiceError("channel_failed", what, { retryable: true, ...again });
}
export function toNoAnswer(what) {
    return new SluiceError("channel_failed", what, { retryable: true, cause: new NoAnswer(what) });
}
export function toBusy() {
    return toFault("too many requests wait for it", 5_000);
}
/** CHILDFAULT-1 */
export function fromWire({ code, message, retryable, ...more }) {
    if (more.isTooLate === true)
        return toNoAnswer(message);
    const { retryAfterMs, sent } = more;
    return new SluiceError(toCode(code), message, {
        retryable,
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        ...(sent === undefined ? {} : { cause: toSent(sent) }),
    });
}
function toSent({ kind, message, messageIds }) {
    return kind === "maybe"
        ? new MaybeSent(message, messageIds)
        : new PartlySent(message, messageIds);
}
function toCode(code) {
    return ERROR_CODES.find((known) => known === code) ?? "channel_failed";
}
