/**
 * What the requests that a channel refuses look like: enough for its owner to find the fault.
 *
 * Owns: the latest of them for each channel, since the hub's start. Never: keeps a value, a body or a name that a stranger chose: of the
 * headers it knows those of its own table. How many there were stands in the store (store/events/counters.ts).
 */
import type { IngressChannel, RefusedRequest } from "../../ingress/contract.ts";
import type { Clock } from "../../sdk/clock.ts";
import { forgetCounters } from "../../store/events/counters.ts";
import { SCHEMES } from "../../verify/schemes.ts";
import type { DistinctHeaders } from "../../verify/contract.ts";
import type { Channels } from "../channels/channels.ts";
import type { Core } from "../core.ts";

/** What a sender proves itself by, here or elsewhere. */
const PROOFS: readonly string[] = [
  ...new Set([
    ...Object.values(SCHEMES).flatMap(({ proof }) => ("header" in proof ? [proof.header] : [])),
    "cf-webhook-auth",
    "circleci-signature",
    "linear-signature",
    "sentry-hook-signature",
    "stripe-signature",
    "svix-signature",
    "x-api-key",
    "x-auth-token",
    "x-buildkite-signature",
    "x-buildkite-token",
    "x-checkly-signature",
    "x-forgejo-signature",
    "x-gitea-signature",
    "x-gitlab-token",
    "x-gogs-signature",
    "x-grafana-alerting-signature",
    "x-hub-signature",
    "x-notion-signature",
    "x-pagerduty-signature",
    "x-shopify-hmac-sha256",
    "x-signature",
    "x-signature-256",
    "x-signature-ed25519",
    "x-slack-signature",
    "x-telegram-bot-api-secret-token",
    "x-twilio-email-event-webhook-signature",
    "x-twilio-signature",
    "x-vercel-signature",
    "x-webhook-secret",
    "x-webhook-signature",
    "x-webhook-token",
    "x-zm-signature",
  ]),
];
const IN_A_ROW = 3;

export type RefusedProof = {
  reason: string;
  /** The header at fault, where one is: missing, doubled, of another form. */
  header: string | undefined;
  /** Headers by which it may have meant to prove itself. */
  others: readonly string[];
  /** Its body begins and ends as JSON does. */
  isJson: boolean;
  /** When the last few came that brought the header of the proof (epoch ms), oldest first. */
  provedAt: readonly number[];
};

/** A channel that is removed takes its refusals along: another one of its name begins anew. */
export function openRefusals(
  { db, clock }: Pick<Core, "db" | "clock">,
  { channels }: { channels: Pick<Channels, "onRemoved"> },
): Refusals {
  const refusals = new Refusals(clock);
  channels.onRemoved(async (name) => {
    refusals.forget(name);
    await db.write(() => forgetCounters(db, name));
  });
  return refusals;
}

export class Refusals {
  readonly #clock: Clock;
  readonly #latest = new Map<string, RefusedProof>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  find(channel: string): RefusedProof | undefined {
    return this.#latest.get(channel);
  }

  forget(channel: string): void {
    this.#latest.delete(channel);
  }

  note({ name, verifier }: IngressChannel, request: RefusedRequest): void {
    const { reason, header, headers, body } = request;
    const now = this.#clock.now();
    const before = this.#latest.get(name)?.provedAt ?? [];
    const isProof = verifier !== "unsigned" && reason !== "missing_header";
    this.#latest.set(name, {
      reason,
      header,
      others: reason === "missing_header" ? listProofs(headers) : [],
      isJson: body !== undefined && looksLikeJson(body),
      provedAt: isProof ? [...before, now].slice(-IN_A_ROW) : before,
    });
  }
}

/** True where the last few requests that brought a proof were refused, and none was accepted since. */
export function isInARow({ provedAt }: RefusedProof, acceptedAt: number): boolean {
  return provedAt.length >= IN_A_ROW && provedAt.every((at) => at > acceptedAt);
}

function listProofs(headers: DistinctHeaders): string[] {
  return PROOFS.filter((name) => Object.hasOwn(headers, name));
}

/** By its ends only: what is not proved is not parsed (INGRESS-2). */
function looksLikeJson(body: Buffer): boolean {
  const isBlank = (byte: number | undefined): boolean =>
    byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
  let [first, last] = [0, body.length - 1];
  while (first < last && isBlank(body[first])) first++;
  while (last > first && isBlank(body[last])) last--;
  const ends = String.fromCharCode(body[first] ?? 0, body[last] ?? 0);
  return first < last && (ends === "{}" || ends === "[]");
}
