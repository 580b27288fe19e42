/**
 * How often something may come: buckets for channels, and for addresses that failed to prove themselves.
 *
 * Owns: counting in memory, bounded. Never: refuses; it says how long to wait. PROVE-2 stands in prove.ts.
 */
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
