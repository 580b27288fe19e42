/**
 * The first half of a request: everything that happens before its sender is proved.
 *
 * Owns: the order: address, encoding, declared size, headers, body, proof; the cap of a body, and how much unproven data may be in memory
 * at once. Never: parses, and never tells a refused sender why. Invariants INGRESS-1 to INGRESS-5 stand in contract.ts.
 * It reads node's own stream: a web stream around it costs more than the rest of a request.
 *
 * PROVE-1 At most 64 bodies are unproven at a time, and 64 MiB of them. When there are more, the oldest (the largest) makes room for
 *    the newcomer: an honest body arrives within milliseconds, so the oldest is most likely one that somebody holds open.
 */
import type { IncomingMessage } from "node:http";
import { openDecoy } from "../verify/decoy.ts";
import { SCHEMES } from "../verify/schemes.ts";
import type { BodyCheck, Verified } from "../verify/verifier.ts";
import { toError, UNAUTHORIZED } from "./answer.ts";
import type { IngressAnswer } from "./answer.ts";
import type { IngressBindings, IngressChannel, IngressOptions } from "./contract.ts";
import { FailureBudget, isLoopback } from "./rate-limit.ts";

export type ProofOutcome =
  | { kind: "proved"; channel: IngressChannel; verified: Verified; body: Buffer }
  | { kind: "refused"; answer: IngressAnswer }
  /** The sender hung up; nobody is there to be answered. */
  | { kind: "gone" };

/**
 * What may be sent before anything is proved. By the request alone: a channel's own cap would tell which names there are (INGRESS-3), so it
 * counts after the proof. The large one is GitHub's (https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap).
 */
const MAX_BYTES = 1024 * 1024;
const LARGE_MAX_BYTES = 25 * 1024 * 1024;
const LARGE_HEADER = SCHEMES.github.proof.header;
const OVERLOAD = toError(503, "rate_limited", { retryAfterMs: 1000 });
const TOO_LARGE = toError(413, "too_large");
/** Never inflated: a megabyte can hold a gigabyte. */
const COMPRESSED = toError(415, "unsupported", { reason: "send the body uncompressed" });

/** Proves everything: stands behind the user's explicit flag and `isLocalProgram`. */
const UNSIGNED: BodyCheck = {
  update() {},
  finish: () => ({ kind: "verified", scheme: "none", keyId: "none", idSigned: false }),
};

/**
 * Headers that a browser adds, or a proxy: an unsigned channel is for programs on this machine alone.
 * Not `sec-fetch-mode`: node's own fetch sends it.
 */
const FOREIGN_HEADERS =
  /^(?:origin$|sec-fetch-site$|forwarded$|x-forwarded-|x-real-ip$|via$|cf-|true-client-ip$)/;

const MAX_BODIES = 64;
const MAX_UNPROVEN_BYTES = 64 * 1024 * 1024;
const EMPTY = Buffer.alloc(0);

type Read = { check: BodyCheck; refusal?: string };

export class RequestProver {
  readonly #options: Pick<IngressOptions, "count" | "clock">;
  readonly #warn: (channel: string, code: string, fields: object, message: string) => void;
  readonly #bodies = new UnprovenBodies();
  readonly #failures = new FailureBudget();
  readonly #decoy = openDecoy();

  /** `warn` is called for a genuine request whose clock, or ours, is off. */
  constructor(
    options: Pick<IngressOptions, "count" | "clock">,
    warn: (channel: string, code: string, fields: object, message: string) => void,
  ) {
    this.#options = options;
    this.#warn = warn;
  }

  async prove(channel: IngressChannel | undefined, env: IngressBindings): Promise<ProofOutcome> {
    const { count, clock } = this.#options;
    const { incoming, outgoing } = env;
    const startedAt = clock();
    const refuse = (reason: string, answer: IngressAnswer): ProofOutcome => {
      count(channel?.name ?? "-", reason);
      return { kind: "refused", answer };
    };
    const maxBytes = incoming.headers[LARGE_HEADER] === undefined ? MAX_BYTES : LARGE_MAX_BYTES;
    const unread = this.#refuseUnread(incoming, maxBytes, startedAt);
    if (unread !== undefined) return refuse(...unread);

    const begun = this.#begin(channel, incoming, startedAt);
    if (incoming.headers.expect !== undefined) outgoing.writeContinue();
    const keepBytes = begun.refusal === undefined ? (channel?.definition.maxBodyBytes ?? 0) : 0;
    const read = await readBody(incoming, begun.check, { maxBytes, keepBytes }, this.#bodies);
    switch (read.kind) {
      case "complete":
        return this.#finish(channel, begun, read.body, env, startedAt, refuse);
      case "too_large":
        return refuse("too_large", TOO_LARGE);
      case "gave_way":
        return refuse("overload", OVERLOAD);
      case "aborted":
        count(channel?.name ?? "-", "aborted");
        return { kind: "gone" };
      default:
        return read satisfies never;
    }
  }

  /** What the head of a request says already; by the request alone (INGRESS-3). */
  #refuseUnread(
    { headers, socket }: IncomingMessage,
    maxBytes: number,
    now: number,
  ): [reason: string, answer: IngressAnswer] | undefined {
    const waitMs = this.#failures.waitMs(socket.remoteAddress, now);
    if (waitMs > 0)
      return ["too_many_failures", toError(429, "rate_limited", { retryAfterMs: waitMs })];
    const encoding = headers["content-encoding"];
    if (encoding !== undefined && encoding.toLowerCase() !== "identity")
      return ["content_encoding", COMPRESSED];
    return Number(headers["content-length"] ?? 0) > maxBytes ? ["too_large", TOO_LARGE] : undefined;
  }

  /** The check to read the body into. When the headers alone refuse, the body is read into the decoy all the same (INGRESS-3). */
  #begin(channel: IngressChannel | undefined, incoming: IncomingMessage, now: number): Read {
    if (channel?.verifier === "unsigned") {
      if (isLocalProgram(incoming)) return { check: UNSIGNED };
      return { check: this.#beginDecoy(now), refusal: "not_local" };
    }
    const begun = channel?.verifier.begin(incoming.headersDistinct, now);
    if (begun?.kind === "begun") return { check: begun.check };
    return { check: this.#beginDecoy(now), refusal: begun?.reason ?? "no_channel" };
  }

  #beginDecoy(now: number): BodyCheck {
    const begun = this.#decoy.begin({}, now);
    if (begun.kind === "begun") return begun.check;
    throw new TypeError("the decoy refused to begin"); // It takes any headers.
  }

  /** All of the body is in. */
  #finish(
    channel: IngressChannel | undefined,
    { check, refusal }: Read,
    body: Buffer | undefined,
    { incoming, proven }: IngressBindings,
    startedAt: number,
    refuse: (reason: string, answer: IngressAnswer) => ProofOutcome,
  ): ProofOutcome {
    const address = incoming.socket.remoteAddress;
    const verdict = check.finish();
    if (channel !== undefined && refusal === undefined && verdict.kind === "verified") {
      this.#failures.forgive(address, startedAt);
      proven();
      if (body === undefined) return refuse("too_large", TOO_LARGE);
      return { kind: "proved", channel, verified: verdict, body };
    }
    this.#failures.charge(address, startedAt);
    if (verdict.kind === "refused" && verdict.skewMs !== undefined) {
      const { reason, skewMs } = verdict;
      const message = "ingress: a genuine request is outside the time window";
      this.#warn(channel?.name ?? "-", reason, { skewMs }, message);
    }
    return refuse(refusal ?? (verdict.kind === "refused" ? verdict.reason : ""), UNAUTHORIZED);
  }
}

type BodyRead =
  /** Without a body: it was longer than what is kept. All of it went through the check. */
  | { kind: "complete"; body: Buffer | undefined }
  | { kind: "too_large" }
  | { kind: "gave_way" }
  | { kind: "aborted" };

type Slot = { bytes: number; giveWay: () => void };

/** The bodies that are being read and have proved nothing yet (PROVE-1). */
class UnprovenBodies {
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
type BodyLimits = { maxBytes: number; keepBytes: number };

/**
 * Resolves with the whole body, every chunk of which has gone through `check`, or with why there is none. Never rejects.
 * After `too_large` and `gave_way` the stream is paused, so that nothing more comes into memory.
 */
function readBody(
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

/**
 * True for a request that a program on this machine made itself, by a loopback name and this very port.
 * A page in a browser may know the port: its requests carry Origin or Sec-Fetch-Site, or, after DNS rebinding, another Host.
 */
function isLocalProgram(incoming: IncomingMessage): boolean {
  const { socket, headers } = incoming;
  if (!isLoopback(socket.remoteAddress)) return false;
  const port = socket.localPort;
  const { host } = headers;
  const isOurName =
    host === `127.0.0.1:${port}` || host === `localhost:${port}` || host === `[::1]:${port}`;
  return isOurName && !Object.keys(headers).some((name) => FOREIGN_HEADERS.test(name));
}
