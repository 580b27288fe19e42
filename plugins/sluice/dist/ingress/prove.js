import { openDecoy } from "../verify/decoy.js";
import { SCHEMES } from "../verify/schemes.js";
import { SluiceError, toMessage } from "../sdk/errors.js";
import { toError, UNAUTHORIZED } from "./answer.js";
import { isLocalProgram, OWN_CHECK, UNSIGNED } from "./local-program.js";
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
const MAX_BODIES = 64;
const MAX_UNPROVEN_BYTES = 64 * 1024 * 1024;
const EMPTY = Buffer.alloc(0);
/** Proofs that wait for something that is fetched. Each holds a body. */
const MAX_SETTLING = 16;
const UNSETTLED = toError(503, "send_failed", { retryAfterMs: 30_000 });
export class RequestProver {
    #options;
    #warn;
    #bodies = new UnprovenBodies();
    #failures = new FailureBudget();
    #decoy = openDecoy();
    #settling = 0;
    /** `warn` is called for a genuine request whose clock, or ours, is off. */
    constructor(options, warn) {
        this.#options = options;
        this.#warn = warn;
    }
    /**
     * Calls `told` once, with how to find out what came of it, which may throw. Not a promise: several of them on an event's way cost more
     * than its proof.
     */
    prove(channel, env, target, told) {
        const { count, clock } = this.#options;
        const { incoming, outgoing } = env;
        const startedAt = clock();
        // Who looks at a URL in a browser is refused by nobody.
        const isCounted = channel !== undefined || target.method === "POST";
        const refuse = (reason, answer) => {
            if (isCounted)
                count(channel?.name ?? "-", reason);
            return { kind: "refused", answer };
        };
        const maxBytes = incoming.headers[LARGE_HEADER] === undefined ? MAX_BYTES : LARGE_MAX_BYTES;
        const unread = this.#refuseUnread(incoming, maxBytes, startedAt);
        if (unread !== undefined)
            return told(() => refuse(...unread));
        const begun = this.#begin(channel, env, target, startedAt);
        if (incoming.headers.expect !== undefined)
            outgoing.writeContinue();
        const keepBytes = begun.refusal === undefined ? (channel?.definition.maxBodyBytes ?? 0) : 0;
        const toOutcome = (read) => {
            switch (read.kind) {
                case "complete":
                    return this.#finish(channel, begun, read.body, env, startedAt, refuse);
                case "too_large":
                    return refuse("too_large", TOO_LARGE);
                case "gave_way":
                    return refuse("overload", OVERLOAD);
                case "aborted":
                    if (isCounted)
                        count(channel?.name ?? "-", "aborted");
                    return { kind: "gone" };
                default:
                    return read;
            }
        };
        const limits = { maxBytes, keepBytes };
        readBody(incoming, begun.check, limits, this.#bodies, (read) => {
            if (read.kind !== "complete" || begun.check.settle === undefined)
                return told(() => toOutcome(read));
            this.#settle(begun.check.settle).then(() => told(() => toOutcome(read)), (error) => told(() => this.#toUnsettled(channel, error, refuse)));
        });
    }
    async #settle(settle) {
        if (this.#settling >= MAX_SETTLING)
            throw new SluiceError("rate_limited", "too many proofs wait for a certificate");
        this.#settling++;
        try {
            await settle();
        }
        finally {
            this.#settling--;
        }
    }
    /** INGRESS-4: nothing is known of the request. */
    #toUnsettled(channel, error, refuse) {
        const message = "ingress: what a proof needs could not be fetched; its sender was told to retry";
        this.#warn(channel?.name ?? "-", "proof_fault", { error: toMessage(error) }, message);
        return refuse("proof_fault", UNSETTLED);
    }
    /** What the head of a request says already; by the request alone (INGRESS-3). */
    #refuseUnread({ headers, socket }, maxBytes, now) {
        // Reading an address has its cost: it is looked at only where one has failed.
        const waitMs = this.#failures.isEmpty ? 0 : this.#failures.waitMs(socket.remoteAddress, now);
        if (waitMs > 0)
            return ["too_many_failures", toError(429, "rate_limited", { retryAfterMs: waitMs })];
        const encoding = headers["content-encoding"];
        if (encoding !== undefined && encoding.toLowerCase() !== "identity")
            return ["content_encoding", COMPRESSED];
        return Number(headers["content-length"] ?? 0) > maxBytes ? ["too_large", TOO_LARGE] : undefined;
    }
    /** The check to read the body into. When the headers alone refuse, the body is read into the decoy all the same (INGRESS-3). */
    #begin(channel, { incoming, headers }, target, now) {
        if (channel?.verifier === "unsigned") {
            if (isLoopback(incoming.socket.remoteAddress) && isLocalProgram(incoming))
                return { check: UNSIGNED };
            return { check: this.#beginDecoy(now), refusal: "not_local" };
        }
        const begun = channel?.verifier.begin(headers.all, now, target);
        if (begun?.kind === "begun")
            return { check: begun.check };
        const { reason = "no_channel", header } = begun ?? {};
        return { check: this.#beginDecoy(now), refusal: reason, ...(header && { header }) };
    }
    #beginDecoy(now) {
        const begun = this.#decoy.begin({}, now);
        if (begun.kind === "begun")
            return begun.check;
        throw new TypeError("the decoy refused to begin"); // It takes any headers.
    }
    /** All of the body is in. */
    #finish(channel, { check, refusal, header }, body, { incoming, proven }, startedAt, refuse) {
        const address = incoming.socket.remoteAddress;
        const verdict = check.finish();
        if (channel !== undefined && refusal === undefined && verdict.kind === "verified") {
            // An author's own check comes later: nothing is proved yet.
            if (channel.verifier !== OWN_CHECK) {
                this.#failures.forgive(address, startedAt);
                proven();
            }
            if (body === undefined)
                return refuse("too_large", TOO_LARGE);
            return { kind: "proved", channel, verified: verdict, body };
        }
        this.#failures.charge(address, startedAt);
        if (verdict.kind === "refused" && verdict.skewMs !== undefined) {
            const { reason, skewMs } = verdict;
            const message = "ingress: a genuine request is outside the time window";
            this.#warn(channel?.name ?? "-", reason, { skewMs }, message);
        }
        const reason = refusal ?? (verdict.kind === "refused" ? verdict.reason : "");
        const { refused } = this.#options;
        // After the answer: it may not tell by its time which names there are (INGRESS-3).
        if (channel !== undefined && refused !== undefined)
            setImmediate(() => refused(channel, {
                reason,
                ...(header && { header }),
                headers: incoming.headersDistinct,
                body,
            }));
        return refuse(reason, UNAUTHORIZED);
    }
}
/** The bodies that are being read and have proved nothing yet (PROVE-1). */
class UnprovenBodies {
    #slots = new Set();
    #bytes = 0;
    add(slot) {
        this.#slots.add(slot);
        if (this.#slots.size > MAX_BODIES)
            [...this.#slots][0]?.giveWay();
    }
    /** By less than nothing when a slot lets go of what it held. */
    grow(slot, bytes) {
        slot.bytes += bytes;
        this.#bytes += bytes;
        if (this.#bytes <= MAX_UNPROVEN_BYTES)
            return;
        let largest = slot;
        for (const other of this.#slots)
            if (other.bytes > largest.bytes)
                largest = other;
        largest.giveWay();
    }
    delete(slot) {
        if (this.#slots.delete(slot))
            this.#bytes -= slot.bytes;
    }
}
/**
 * Calls `done` once with the whole body, every chunk of which has gone through `check`, or with why there is none.
 * After `too_large` and `gave_way` the stream is paused, so that nothing more comes into memory.
 */
function readBody(incoming, check, { maxBytes, keepBytes }, bodies, done) {
    const chunks = [];
    let bytes = 0;
    let isSettled = false;
    const settle = (read) => {
        if (isSettled)
            return;
        // Listeners are left: taking them off costs as much as a token's proof, and the request ends soon.
        isSettled = true;
        chunks.length = 0;
        bodies.delete(slot);
        done(read);
    };
    const stop = (kind) => {
        incoming.pause();
        settle({ kind });
    };
    const onData = (chunk) => {
        if (isSettled)
            return;
        bytes += chunk.length;
        if (bytes > maxBytes)
            return stop("too_large");
        check.update(chunk);
        if (bytes > keepBytes) {
            chunks.length = 0;
            return bodies.grow(slot, -slot.bytes);
        }
        chunks.push(chunk);
        bodies.grow(slot, chunk.length);
    };
    const onEnd = () => {
        if (bytes > keepBytes)
            return settle({ kind: "complete", body: undefined });
        const [first = EMPTY] = chunks;
        settle({ kind: "complete", body: chunks.length > 1 ? Buffer.concat(chunks) : first });
    };
    // Its own error too: node tells nobody of one that nobody listens for.
    const onClose = () => settle({ kind: "aborted" });
    const slot = { bytes: 0, giveWay: () => stop("gave_way") };
    incoming.on("data", onData).on("end", onEnd).on("close", onClose);
    bodies.add(slot);
}
/** Beyond these no more is remembered, oldest first: an attacker with a whole address range must not cost memory. */
const MAX_ADDRESSES = 4096;
const FAILURE_RATE = { ratePerSecond: 10, burst: 100 };
const PROVEN_FOR_MS = 3_600_000;
/** Failed proofs by remote address (L2). */
export class FailureBudget {
    #buckets = new Map();
    #provenAt = new Map();
    get isEmpty() {
        return this.#buckets.size === 0;
    }
    /** Ms until the address may try again; 0 at once. */
    waitMs(address, now) {
        const key = toKey(address);
        const bucket = key === undefined ? undefined : this.#buckets.get(key);
        if (key === undefined || bucket === undefined)
            return 0;
        const isProven = now - (this.#provenAt.get(key) ?? Number.NEGATIVE_INFINITY) < PROVEN_FOR_MS;
        return isProven ? 0 : refill(bucket, FAILURE_RATE, now);
    }
    charge(address, now) {
        const key = toKey(address);
        if (key === undefined)
            return;
        const bucket = this.#buckets.get(key) ?? { tokens: FAILURE_RATE.burst, at: now };
        setBounded(this.#buckets, key, bucket);
        refill(bucket, FAILURE_RATE, now);
        bucket.tokens = Math.max(0, bucket.tokens - 1);
    }
    /** A proof came from there. */
    forgive(address, now) {
        const key = toKey(address);
        if (key !== undefined)
            setBounded(this.#provenAt, key, now);
    }
}
/** True for an address of this machine. */
export function isLoopback(address) {
    return (address !== undefined &&
        (address.startsWith("127.") || address === "::1" || address.startsWith("::ffff:127.")));
}
/** Adds what has trickled in since, and gives the ms until one whole token is there. */
export function refill(bucket, { ratePerSecond, burst }, now) {
    // A clock set back gives nothing, rather than taking away.
    const elapsedMs = Math.max(0, now - bucket.at);
    bucket.tokens = Math.min(Math.max(1, burst), bucket.tokens + (elapsedMs * ratePerSecond) / 1000);
    bucket.at = now;
    return bucket.tokens >= 1 ? 0 : Math.ceil(((1 - bucket.tokens) * 1000) / ratePerSecond);
}
/** The address, or the /64 of an IPv6 one, which is what one customer gets; undefined where failures are not charged. */
function toKey(address) {
    if (address === undefined || isLoopback(address))
        return undefined;
    if (!address.includes(":") || address.includes("."))
        return address;
    const [head = "", tail] = address.split("::");
    const groups = head === "" ? [] : head.split(":");
    const after = tail === undefined || tail === "" ? [] : tail.split(":");
    while (groups.length + after.length < 8)
        groups.push("0");
    return [...groups, ...after].slice(0, 4).join(":");
}
function setBounded(map, key, value) {
    map.delete(key);
    map.set(key, value);
    const [oldest] = map.keys();
    if (map.size > MAX_ADDRESSES && oldest !== undefined)
        map.delete(oldest);
}
