/**
 * Reads a request's body into its signature check, chunk by chunk, up to a cap.
 *
 * Owns: the cap, and how much unproven data may be in memory at once. Never: looks at the bytes.
 * It reads node's own stream: a web stream around it costs more than the rest of a request.
 *
 * B1 At most 64 bodies are unproven at a time, and 64 MiB of them. When there are more, the oldest (the largest) gives way
 *    to the newcomer: an honest body is in within milliseconds, so what has been here longest is what somebody holds open.
 */
import type { IncomingMessage } from "node:http";
import type { BodyCheck } from "../verify/verifier.ts";

export type BodyRead =
  /** Without a body: it was longer than what is kept. All of it went through the check. */
  | { kind: "complete"; body: Buffer | undefined }
  | { kind: "too_large" }
  | { kind: "gave_way" }
  | { kind: "aborted" };

const MAX_BODIES = 64;
const MAX_UNPROVEN_BYTES = 64 * 1024 * 1024;
const EMPTY = Buffer.alloc(0);

type Slot = { bytes: number; giveWay: () => void };

/** The bodies that are being read and have proved nothing yet (B1). */
export class UnprovenBodies {
  readonly #slots = new Set<Slot>();
  #bytes = 0;

  add(slot: Slot): void {
    this.#slots.add(slot);
    if (this.#slots.size > MAX_BODIES) [...this.#slots][0]?.giveWay();
  }

  /** By less than nothing when a slot lets go of what it held. */
  grow(slot: Slot, bytes: number): void {
    slot.bytes += bytes;
    this.#bytes += bytes;
    if (this.#bytes <= MAX_UNPROVEN_BYTES) return;
    let largest = slot;
    for (const other of this.#slots) if (other.bytes > largest.bytes) largest = other;
    largest.giveWay();
  }

  delete(slot: Slot): void {
    if (this.#slots.delete(slot)) this.#bytes -= slot.bytes;
  }
}

/** `keepBytes` is 0 for a sender who is refused in any case. */
export type BodyLimits = { maxBytes: number; keepBytes: number };

/**
 * Resolves with the whole body, every chunk of which has gone through `check`, or with why there is none. Never rejects.
 * After `too_large` and `gave_way` the stream is paused, so that nothing more comes into memory.
 */
export function readBody(
  incoming: IncomingMessage,
  check: Pick<BodyCheck, "update">,
  { maxBytes, keepBytes }: BodyLimits,
  bodies: UnprovenBodies,
): Promise<BodyRead> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const settle = (read: BodyRead): void => {
      incoming.off("data", onData).off("end", onEnd).off("error", onAbort).off("close", onAbort);
      bodies.delete(slot);
      resolve(read);
    };
    const stop = (kind: "too_large" | "gave_way"): void => {
      incoming.pause();
      settle({ kind });
    };
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > maxBytes) return stop("too_large");
      check.update(chunk);
      if (bytes > keepBytes) {
        chunks.length = 0;
        return bodies.grow(slot, -slot.bytes);
      }
      chunks.push(chunk);
      bodies.grow(slot, chunk.length);
    };
    const onEnd = (): void => {
      if (bytes > keepBytes) return settle({ kind: "complete", body: undefined });
      const [first = EMPTY] = chunks;
      settle({ kind: "complete", body: chunks.length > 1 ? Buffer.concat(chunks) : first });
    };
    const onAbort = (): void => settle({ kind: "aborted" });
    const slot: Slot = { bytes: 0, giveWay: () => stop("gave_way") };
    incoming.on("data", onData).on("end", onEnd).on("error", onAbort).on("close", onAbort);
    bodies.add(slot);
  });
}
