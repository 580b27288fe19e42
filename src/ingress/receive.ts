/**
 * `POST /in/<channel>`: from a request to an answer, in a fixed order.
 *
 * Owns: method and path, and what comes after the proof: pause, rate, channel, accept. Never: the proof (prove.ts),
 * the meaning of a body (channels/), storage. Invariants I1 to I5 stand in app.ts.
 */
import type { VerifiedRequest } from "../sdk/channel.ts";
import { isSluiceError } from "../sdk/errors.ts";
import { NOT_FOUND, sendAnswer, toError, UNAUTHORIZED } from "./answer.ts";
import type { Answer } from "./answer.ts";
import { openProof } from "./prove.ts";
import type { Proof } from "./prove.ts";
import { splitTarget, toSingleHeaders } from "./shape.ts";
import type { IngressBindings, IngressOptions } from "./app.ts";
import { ChannelRates } from "./rate-limit.ts";

const PAUSED_RETRY_MS = 60_000;
const FAULT_RETRY_MS = 30_000;
/** One line a minute for each kind of fault: a full disk under a flood of requests must not be filled by its own log. */
const WARN_EVERY_MS = 60_000;

export function openReceiver(options: IngressOptions): (env: IngressBindings) => Promise<void> {
  const { channels, count, clock, log } = options;
  const rates = new ChannelRates();
  const warnedAt = new Map<string, number>();
  const prove = openProof(options, warn);

  return async (env) => {
    const { incoming, outgoing } = env;
    if (incoming.method !== "POST") {
      return sendAnswer(incoming, outgoing, { status: 405, allow: "POST" });
    }
    const { name, path } = splitTarget("in", incoming.url ?? "");
    if (name === "") return sendAnswer(incoming, outgoing, NOT_FOUND);
    const proof = await prove(channels(name), env);
    switch (proof.kind) {
      case "gone":
        return;
      case "refused":
        return sendAnswer(incoming, outgoing, proof.answer);
      case "proved":
        return sendAnswer(incoming, outgoing, await take(proof, env, path));
      default:
        proof satisfies never;
    }
  };

  /** From here on the sender is proved, and may be told the truth. */
  async function take(
    { channel, verified, body }: Proof & { kind: "proved" },
    { incoming }: IngressBindings,
    path: string,
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
    const { scheme, idSigned, deliveryId } = verified;
    const request: VerifiedRequest = {
      channel: name,
      path,
      method: "POST",
      headers: toSingleHeaders(incoming),
      body,
      verified: scheme,
      // An id that no signature covers is the channel's business: it may read the header, knowing that.
      ...(idSigned && deliveryId !== undefined && { signedId: deliveryId }),
      receivedAt,
    };
    try {
      const received = channel.definition.receive(request, channel.options);
      if (received.kind === "refuse") {
        const { status, reason, code } = received;
        const error = status === 415 ? "unsupported" : "bad_input";
        count(name, code ?? error);
        if (code !== undefined)
          warn(name, code, { reason }, "ingress: a proven request was refused");
        return toError(status, error, { reason });
      }
      if (received.kind === "ignore") {
        count(name, "ignored");
        return { status: 202, body: JSON.stringify({ id: null, ignored: received.reason }) };
      }
      received.kind satisfies "arrival";
      const accepted = await options.accept(received.arrival, receivedAt); // I1
      if (accepted.kind === "dropped") {
        count(name, accepted.reason);
        return UNAUTHORIZED;
      }
      if (accepted.kind === "heard")
        return { status: 200, body: JSON.stringify({ id: null, heard: true }) };
      const { id, duplicate, sameBody = false } = accepted;
      if (sameBody) {
        count(name, "same_body");
        warn(
          name,
          "same_body",
          { id },
          "ingress: the signed bytes of an event came again under another id",
        );
      }
      return { status: duplicate ? 200 : 202, body: JSON.stringify({ id, duplicate }) };
    } catch (error) {
      return toFault(name, error);
    }
  }

  /** I4. */
  function toFault(name: string, error: unknown): Answer {
    const isOurs = isSluiceError(error);
    const code = isOurs ? error.code : "internal";
    // Said of a channel whose events nobody takes; its own rate is asked before.
    const isFull = code === "rate_limited";
    count(name, isFull ? "quota_full" : code);
    const fields = isOurs ? { error: error.message } : { at: toFrames(error) };
    warn(name, code, fields, "ingress: an event was not kept; its sender was told to retry");
    const retryAfterMs = isOurs ? (error.retryAfterMs ?? FAULT_RETRY_MS) : FAULT_RETRY_MS;
    return toError(isFull ? 429 : 503, code, { retryAfterMs });
  }

  function warn(channel: string, code: string, fields: object, message: string): void {
    const key = `${channel} ${code}`;
    const now = clock();
    if (now - (warnedAt.get(key) ?? Number.NEGATIVE_INFINITY) < WARN_EVERY_MS) return;
    warnedAt.set(key, now);
    log.warn({ channel, code, ...fields }, message);
  }
}

/** Where a foreign error was thrown, without its message: that may quote what a stranger sent. */
function toFrames(error: unknown): string {
  const stack = error instanceof Error ? `${error.name}\n${error.stack ?? ""}` : typeof error;
  const [name, ...lines] = stack.split("\n");
  return [name, ...lines.filter((line) => /^ {4}at /.test(line)).slice(0, 5)].join("\n");
}
