import { forgetCounters } from "../../store/events/counters.js";
import { SCHEMES } from "../../verify/schemes.js";
/** What a sender proves itself by, here or elsewhere. */
const PROOFS = [
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
/** A channel that is removed takes its refusals along: another one of its name begins anew. */
export function openRefusals({ db, clock }, { channels }) {
    const refusals = new Refusals(clock);
    channels.onRemoved(async (name) => {
        refusals.forget(name);
        await db.write(() => forgetCounters(db, name));
    });
    return refusals;
}
export class Refusals {
    #clock;
    #latest = new Map();
    constructor(clock) {
        this.#clock = clock;
    }
    find(channel) {
        return this.#latest.get(channel);
    }
    forget(channel) {
        this.#latest.delete(channel);
    }
    note({ name, verifier }, request) {
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
export function isInARow({ provedAt }, acceptedAt) {
    return provedAt.length >= IN_A_ROW && provedAt.every((at) => at > acceptedAt);
}
function listProofs(headers) {
    return PROOFS.filter((name) => Object.hasOwn(headers, name));
}
/** By its ends only: what is not proved is not parsed (INGRESS-2). */
function looksLikeJson(body) {
    const isBlank = (byte) => byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
    let [first, last] = [0, body.length - 1];
    while (first < last && isBlank(body[first]))
        first++;
    while (last > first && isBlank(body[last]))
        last--;
    const ends = String.fromCharCode(body[first] ?? 0, body[last] ?? 0);
    return first < last && (ends === "{}" || ends === "[]");
}
