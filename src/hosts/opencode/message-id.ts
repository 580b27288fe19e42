/**
 * The id of a message of ours inside opencode: it orders like opencode's own, and says which event it carries.
 *
 * Owns: that id. Pure.
 *
 * opencode's ids are `msg_`, twelve hex digits of the time, and fourteen letters of chance. In place of chance stands the event.
 */
import { createHash } from "node:crypto";

const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const TAIL_CHARS = 14;
/** Milliseconds times this, and a counter below it, in 48 bits. */
const STEPS = 0x1000n;

/** The same for the same event, whenever it is sent. */
export function toTail(event: string): string {
  const digest = createHash("sha256").update(event).digest();
  return Array.from(digest.subarray(0, TAIL_CHARS), (byte) => LETTERS[byte % LETTERS.length]).join(
    "",
  );
}

export function toMessageId(event: string, now: number): string {
  const time = BigInt.asUintN(48, BigInt(now) * STEPS + STEPS - 1n);
  return `msg_${time.toString(16).padStart(12, "0")}${toTail(event)}`;
}

export function isOf(messageId: string, event: string): boolean {
  return messageId.endsWith(toTail(event));
}
