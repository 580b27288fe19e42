/**
 * Messages that go out to a chat.
 *
 * Owns: the shape that every channel translates to its platform, and the fault for a message that broke off.
 * Never: formats or sends.
 */
import { SluiceError } from "./errors.js";
/**
 * What became of a message, in the order of life. `sending` is on disk before it leaves. `maybe`: the hub or the connection died behind
 * the request and nobody knows; it is never repeated by itself. What broke before the request was written is `queued` still.
 */
export const OUTBOX_STATES = ["queued", "sending", "sent", "failed", "maybe"];
/**
 * The `cause` of a SluiceError thrown by `send` after which the message may have arrived: a connection that broke behind the request
 * (`request` of this SDK says so by itself). Such a message is never sent again by itself.
 */
export class MaybeSent extends Error {
    name = "MaybeSent";
    /** What the platform did confirm. */
    messageIds;
    constructor(message, messageIds = []) {
        super(message);
        this.messageIds = messageIds;
    }
}
/**
 * The `cause` of a retryable SluiceError thrown by `send` of which it is known what arrived: these parts, and nothing behind them. The
 * message is sent again with them as `arrived`.
 */
export class PartlySent extends Error {
    name = "PartlySent";
    messageIds;
    constructor(message, messageIds) {
        super(message);
        this.messageIds = messageIds;
    }
}
/** The fault of a message whose first parts, `messageIds`, arrived before `fault` came: with what is known then as its cause. */
export function toPartFault(fault, messageIds) {
    const { code, message, retryable, retryAfterMs } = fault;
    const words = `${messageIds.length} part(s) of the message arrived, then: ${message}`;
    // A credential that is refused is the owner's to mend.
    const goesOn = retryable || code === "unauthorized";
    if (fault.cause instanceof MaybeSent || !goesOn)
        return new SluiceError(code, message, { cause: new MaybeSent(words, messageIds) });
    return new SluiceError(code, message, {
        retryable,
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        cause: new PartlySent(words, messageIds),
    });
}
