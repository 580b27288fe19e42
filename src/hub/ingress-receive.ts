/**
 * `POST /in/<channel>`: from a request to an answer, in a fixed order.
 *
 * Owns: the order: method, path, address, encoding, declared size, headers, body, proof, pause, rate, channel, accept.
 * Never: the proof itself (verify/), the meaning of a body (channels/), storage. Invariants I1 to I5 stand in ingress.ts.
 */
import { isSluiceError, toMessage } from "../sdk/errors.ts";
import type { VerifiedRequest } from "../sdk/channel.ts";
import { openDecoy } from "../verify/decoy.ts";
import type { BodyCheck, Verified } from "../verify/verifier.ts";
import { NOT_FOUND, sendAnswer, toError, UNAUTHORIZED } from "./ingress-answer.ts";
import type { Answer } from "./ingress-answer.ts";
import { readBody, UnprovenBodies } from "./ingress-body.ts";
import { isLocalProgram, splitTarget, toSingleHeaders } from "./ingress-shape.ts";
import type { IngressBindings, IngressChannel, IngressOptions } from "./ingress.ts";
import { ChannelRates, FailureBudget } from "./rate-limit.ts";

/** Cap for names that do not exist: that of most kinds. */
const DECOY_MAX_BYTES = 1024 * 1024;
const PAUSED_RETRY_MS = 60_000;
const FAULT_RETRY_MS = 30_000;
/** One line a minute for each kind of fault: a full disk under a flood of requests must not be filled by its own log. */
const FAULT_LOG_MS = 60_000;

const TOO_LARGE = toError(413, "too_large");

/** Proves everything: stands behind an explicit flag and `isLocalProgram`. */
const UNSIGNED: BodyCheck = {
  update() {},
  finish: () => ({ kind: "verified", scheme: "none", keyId: "none", idSigned: false }),
};

export function openReceiver(options: IngressOptions): (env: IngressBindings) => Promise<void> {
  const { channels, count, clock } = options;
  const bodies = new UnprovenBodies();
  const rates = new ChannelRates();
  const failures = new FailureBudget();
  const decoy = openDecoy();
  const faults = new Map<string, number>();

  /** The check to read the body into. When the headers alone refuse, the body is read into the decoy all the same (I3). */
  function beginCheck(
    channel: IngressChannel | undefined,
    env: IngressBindings,
    now: number,
  ): { check: BodyCheck; refusal?: string } {
    const { incoming } = env;
    if (channel?.verifier === "unsigned") {
      if (isLocalProgram(incoming)) return { check: UNSIGNED };
      return { check: beginDecoy(now), refusal: "not_local" };
    }
    const begun = channel?.verifier.begin(incoming.headersDistinct, now);
    if (begun?.kind === "begun") return { check: begun.check };
    return { check: beginDecoy(now), refusal: begun?.reason ?? "no_channel" };
  }

  function beginDecoy(now: number): BodyCheck {
    const begun = decoy.begin({}, now);
    if (begun.kind === "begun") return begun.check;
    throw new TypeError("the decoy refused to begin"); // It takes any headers.
  }

  /** Everything up to the proof: an answer that refuses, the proof and the body, or undefined when the sender has gone. */
  async function prove(
    channel: IngressChannel | undefined,
    env: IngressBindings,
  ): Promise<{ verified: Verified; body: Buffer } | Answer | undefined> {
    const { incoming, outgoing } = env;
    const name = channel?.name ?? "-";
    const address = incoming.socket.remoteAddress;
    const startedAt = clock();
    const refuse = (reason: string, answer: Answer): Answer => {
      count(name, reason);
      return answer;
    };

    const waitMs = failures.waitMs(address, startedAt);
    if (waitMs > 0)
      return refuse("too_many_failures", toError(429, "rate_limited", { retryAfterMs: waitMs }));
    const encoding = incoming.headers["content-encoding"];
    if (encoding !== undefined && encoding.toLowerCase() !== "identity") {
      // Never inflated: a megabyte can hold a gigabyte. Alike for every name.
      return refuse(
        "content_encoding",
        toError(415, "unsupported", { reason: "send the body uncompressed" }),
      );
    }
    const maxBytes = channel?.definition.maxBodyBytes ?? DECOY_MAX_BYTES;
    if (Number(incoming.headers["content-length"] ?? 0) > maxBytes)
      return refuse("too_large", TOO_LARGE);

    const { check, refusal } = beginCheck(channel, env, startedAt);
    if (incoming.headers.expect !== undefined) outgoing.writeContinue();
    const read = await readBody(incoming, check, maxBytes, bodies);
    if (read.kind === "too_large") return refuse("too_large", TOO_LARGE);
    if (read.kind === "gave_way")
      return refuse("overload", toError(503, "rate_limited", { retryAfterMs: 1000 }));
    if (read.kind === "aborted") {
      count(name, "aborted");
      return undefined;
    }
    const verdict = check.finish();
    if (refusal !== undefined || verdict.kind === "refused") {
      failures.charge(address, startedAt);
      return refuse(refusal ?? (verdict.kind === "refused" ? verdict.reason : ""), UNAUTHORIZED);
    }
    failures.forgive(address, startedAt);
    env.proven();
    return { verified: verdict, body: read.body };
  }

  /** From here on the sender is proved, and may be told the truth. */
  async function take(
    channel: IngressChannel,
    env: IngressBindings,
    path: string,
    { verified, body }: { verified: Verified; body: Buffer },
  ): Promise<Answer> {
    const receivedAt = clock();
    const { name } = channel;
    if (channel.paused) {
      count(name, "paused");
      return toError(503, "paused", { retryAfterMs: PAUSED_RETRY_MS });
    }
    const waitMs = rates.take(name, channel, receivedAt);
    if (waitMs > 0) {
      count(name, "rate_limited");
      return toError(429, "rate_limited", { retryAfterMs: waitMs });
    }
    const request: VerifiedRequest = {
      channel: name,
      path,
      method: "POST",
      headers: toSingleHeaders(env.incoming),
      body,
      verified: verified.scheme,
      // An id that no signature covers is the channel's business: it may read the header, knowing that.
      ...(verified.idSigned &&
        verified.deliveryId !== undefined && { signedId: verified.deliveryId }),
      receivedAt,
    };
    try {
      const received = channel.definition.receive(request, channel.options);
      switch (received.kind) {
        case "refuse":
          count(name, received.status === 415 ? "unsupported" : "bad_input");
          return toError(received.status, received.status === 415 ? "unsupported" : "bad_input", {
            reason: received.reason,
          });
        case "ignore":
          count(name, "ignored");
          return { status: 202, body: JSON.stringify({ id: null, ignored: received.reason }) };
        case "arrival":
          break;
        default:
          received satisfies never;
          throw new TypeError("receive returned an unknown kind");
      }
      const accepted = await options.accept(received.arrival, receivedAt); // I1
      if (accepted.kind === "dropped") {
        count(name, accepted.reason);
        return UNAUTHORIZED;
      }
      const { id, duplicate } = accepted;
      return { status: duplicate ? 200 : 202, body: JSON.stringify({ id, duplicate }) };
    } catch (error) {
      return toFault(name, error, receivedAt);
    }
  }

  /** I4. */
  function toFault(name: string, error: unknown, now: number): Answer {
    const code = isSluiceError(error) ? error.code : "internal";
    count(name, code);
    const key = `${name} ${code}`;
    if (now - (faults.get(key) ?? Number.NEGATIVE_INFINITY) >= FAULT_LOG_MS) {
      faults.set(key, now);
      options.log.warn(
        { channel: name, code, error: toMessage(error) },
        "ingress: an event could not be kept; the sender was told to retry",
      );
    }
    const retryAfterMs = isSluiceError(error)
      ? (error.retryAfterMs ?? FAULT_RETRY_MS)
      : FAULT_RETRY_MS;
    return toError(503, code, { retryAfterMs });
  }

  return async (env) => {
    const { incoming, outgoing } = env;
    if (incoming.method !== "POST")
      return sendAnswer(incoming, outgoing, { status: 405, allow: "POST" });
    const { name, path } = splitTarget(incoming.url ?? "");
    if (name === "") return sendAnswer(incoming, outgoing, NOT_FOUND);
    const channel = channels(name);
    const proof = await prove(channel, env);
    if (proof === undefined) return;
    if ("status" in proof) return sendAnswer(incoming, outgoing, proof);
    // Without a channel the decoy never proves anything; the type system cannot know.
    if (channel === undefined) return sendAnswer(incoming, outgoing, UNAUTHORIZED);
    sendAnswer(incoming, outgoing, await take(channel, env, path, proof));
  };
}
