/**
 * The first half of a request's way in: everything that happens while the sender may still be anybody.
 *
 * Owns: the order: address, encoding, declared size, headers, body, proof. Never: parses, and never tells a refused sender
 * why. Invariants I1 to I5 stand in app.ts.
 */
import { openDecoy } from "../verify/decoy.ts";
import { SCHEMES } from "../verify/schemes.ts";
import type { BodyCheck, Verified } from "../verify/verifier.ts";
import { toError, UNAUTHORIZED } from "./answer.ts";
import type { Answer } from "./answer.ts";
import { readBody, UnprovenBodies } from "./body.ts";
import { isLocalProgram } from "./shape.ts";
import type { IngressBindings, IngressChannel, IngressOptions } from "./app.ts";
import { FailureBudget } from "./rate-limit.ts";

export type Proof =
  | { kind: "proved"; channel: IngressChannel; verified: Verified; body: Buffer }
  | { kind: "refused"; answer: Answer }
  /** The sender hung up; nobody is there to be answered. */
  | { kind: "gone" };

/**
 * What may be sent before anything is proved. By the request alone: a channel's own cap would tell which names there are (I3), so it
 * counts after the proof. The large one is GitHub's (https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap).
 */
const MAX_BYTES = 1024 * 1024;
const LARGE_MAX_BYTES = 25 * 1024 * 1024;
const LARGE_HEADER = SCHEMES.github.proof.header;
const OVERLOAD_RETRY_MS = 1000;
const TOO_LARGE = toError(413, "too_large");
/** Never inflated: a megabyte can hold a gigabyte. */
const COMPRESSED = toError(415, "unsupported", { reason: "send the body uncompressed" });

/** Proves everything: stands behind the user's explicit flag and `isLocalProgram`. */
const UNSIGNED: BodyCheck = {
  update() {},
  finish: () => ({ kind: "verified", scheme: "none", keyId: "none", idSigned: false }),
};

/** `warn` is called for a genuine request whose clock, or ours, is off. */
export function openProof(
  { count, clock }: Pick<IngressOptions, "count" | "clock">,
  warn: (channel: string, code: string, fields: object, message: string) => void,
): (channel: IngressChannel | undefined, env: IngressBindings) => Promise<Proof> {
  const bodies = new UnprovenBodies();
  const failures = new FailureBudget();
  const decoy = openDecoy();

  /** The check to read the body into. When the headers alone refuse, the body is read into the decoy all the same (I3). */
  function beginCheck(
    channel: IngressChannel | undefined,
    { incoming }: IngressBindings,
    now: number,
  ): { check: BodyCheck; refusal?: string } {
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

  return async (channel, env) => {
    const { incoming, outgoing } = env;
    const { headers } = incoming;
    const name = channel?.name ?? "-";
    const address = incoming.socket.remoteAddress;
    const startedAt = clock();
    const refuse = (reason: string, answer: Answer): Proof => {
      count(name, reason);
      return { kind: "refused", answer };
    };

    const waitMs = failures.waitMs(address, startedAt);
    if (waitMs > 0) {
      return refuse("too_many_failures", toError(429, "rate_limited", { retryAfterMs: waitMs }));
    }
    const encoding = headers["content-encoding"];
    if (encoding !== undefined && encoding.toLowerCase() !== "identity") {
      return refuse("content_encoding", COMPRESSED);
    }
    const maxBytes = headers[LARGE_HEADER] === undefined ? MAX_BYTES : LARGE_MAX_BYTES;
    if (Number(headers["content-length"] ?? 0) > maxBytes) return refuse("too_large", TOO_LARGE);

    const { check, refusal } = beginCheck(channel, env, startedAt);
    if (headers.expect !== undefined) outgoing.writeContinue();
    const keepBytes = refusal === undefined ? (channel?.definition.maxBodyBytes ?? 0) : 0;
    const read = await readBody(incoming, check, { maxBytes, keepBytes }, bodies);
    switch (read.kind) {
      case "complete":
        break;
      case "too_large":
        return refuse("too_large", TOO_LARGE);
      case "gave_way":
        return refuse(
          "overload",
          toError(503, "rate_limited", { retryAfterMs: OVERLOAD_RETRY_MS }),
        );
      case "aborted":
        count(name, "aborted");
        return { kind: "gone" };
      default:
        return read satisfies never;
    }
    const verdict = check.finish();
    if (channel !== undefined && refusal === undefined && verdict.kind === "verified") {
      failures.forgive(address, startedAt);
      env.proven();
      if (read.body === undefined) return refuse("too_large", TOO_LARGE);
      return { kind: "proved", channel, verified: verdict, body: read.body };
    }
    failures.charge(address, startedAt);
    if (verdict.kind === "refused" && verdict.skewMs !== undefined) {
      const { reason, skewMs } = verdict;
      warn(name, reason, { skewMs }, "ingress: a genuine request is outside the time window");
    }
    return refuse(refusal ?? (verdict.kind === "refused" ? verdict.reason : ""), UNAUTHORIZED);
  };
}
