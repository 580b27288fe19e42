/**
 * Faults of a channel's process, as the hub's own.
 *
 * Owns: which code each has, and what is known of a message that broke off. Never: what is done about one.
 *
 * CHILDFAULT-1 What a channel knows of a message crosses the pipe: whether it may have arrived, which parts did, and when to try again.
 */
import type { WireFault } from "../../author/child/wire.ts";
import { ERROR_CODES, type ErrorCode, SluiceError } from "../../sdk/errors.ts";
import { MaybeSent, PartlySent } from "../../sdk/message.ts";

/** What was asked may have been done. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

export function toFault(what: string, retryAfterMs?: number): SluiceError {
  const again = retryAfterMs === undefined ? {} : { retryAfterMs };
  return new SluiceError("channel_failed", what, { retryable: true, ...again });
}

export function toNoAnswer(what: string): SluiceError {
  return new SluiceError("channel_failed", what, { retryable: true, cause: new NoAnswer(what) });
}

export function toBusy(): SluiceError {
  return toFault("too many requests wait for it", 5_000);
}

/** CHILDFAULT-1 */
export function fromWire({ code, message, retryable, ...more }: WireFault): SluiceError {
  if (more.isTooLate === true) return toNoAnswer(message);
  const { retryAfterMs, sent } = more;
  return new SluiceError(toCode(code), message, {
    retryable,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(sent === undefined ? {} : { cause: toSent(sent) }),
  });
}

function toSent({ kind, message, messageIds }: NonNullable<WireFault["sent"]>): Error {
  return kind === "maybe"
    ? new MaybeSent(message, messageIds)
    : new PartlySent(message, messageIds);
}

function toCode(code: string): ErrorCode {
  return ERROR_CODES.find((known) => known === code) ?? "channel_failed";
}
