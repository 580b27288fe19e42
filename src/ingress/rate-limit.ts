/**
 * Token buckets, and the two uses that ingress makes of them.
 *
 * Owns: how many requests a channel takes, and how many failures an address may cause. Never: answers or counts.
 *
 * RATE-1 Only verified requests use up a channel's bucket: a sender without the secret cannot empty it.
 * RATE-2 Failures are counted for the address, never for the channel. Loopback is exempt, and so is an address that has proved itself
 *    lately: behind a tunnel or a proxy everybody has one address, the honest sender included.
 */

/** `ratePerSecond` 0 is no limit. */
export type Rate = { ratePerSecond: number; burst: number };

type Bucket = { tokens: number; at: number };

/** Beyond these no more is remembered, oldest first: an attacker with a whole address range must not cost memory. */
const MAX_ADDRESSES = 4096;
const FAILURE_RATE: Rate = { ratePerSecond: 10, burst: 100 };
const PROVEN_FOR_MS = 3_600_000;

/** One bucket a channel, by name. */
export class ChannelRates {
  readonly #buckets = new Map<string, Bucket>();

  /** Takes one token and gives 0, or takes none and gives the ms until there will be one. */
  take(channel: string, rate: Rate, now: number): number {
    if (rate.ratePerSecond <= 0) return 0;
    const bucket = this.#buckets.get(channel) ?? { tokens: rate.burst, at: now };
    this.#buckets.set(channel, bucket);
    const waitMs = refill(bucket, rate, now);
    if (waitMs === 0) bucket.tokens--;
    return waitMs;
  }
}

/** Failed proofs by remote address (RATE-2). */
export class FailureBudget {
  readonly #buckets = new Map<string, Bucket>();
  readonly #provenAt = new Map<string, number>();

  /** Ms until the address may try again; 0 at once. */
  waitMs(address: string | undefined, now: number): number {
    const key = toKey(address);
    const bucket = key === undefined ? undefined : this.#buckets.get(key);
    if (key === undefined || bucket === undefined || this.#isProven(key, now)) return 0;
    return refill(bucket, FAILURE_RATE, now);
  }

  charge(address: string | undefined, now: number): void {
    const key = toKey(address);
    if (key === undefined) return;
    const bucket = this.#buckets.get(key) ?? { tokens: FAILURE_RATE.burst, at: now };
    setBounded(this.#buckets, key, bucket);
    refill(bucket, FAILURE_RATE, now);
    bucket.tokens = Math.max(0, bucket.tokens - 1);
  }

  /** A proof came from there. */
  forgive(address: string | undefined, now: number): void {
    const key = toKey(address);
    if (key !== undefined) setBounded(this.#provenAt, key, now);
  }

  #isProven(key: string, now: number): boolean {
    const at = this.#provenAt.get(key);
    return at !== undefined && now - at < PROVEN_FOR_MS;
  }
}

/** True for an address of this machine. */
export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(?:127\.|::1$|::ffff:127\.)/.test(address);
}

/** Adds what has trickled in since, and gives the ms until one whole token is there. */
function refill(bucket: Bucket, { ratePerSecond, burst }: Rate, now: number): number {
  // A clock set back gives nothing, rather than taking away.
  const elapsedMs = Math.max(0, now - bucket.at);
  bucket.tokens = Math.min(Math.max(1, burst), bucket.tokens + (elapsedMs * ratePerSecond) / 1000);
  bucket.at = now;
  return bucket.tokens >= 1 ? 0 : Math.ceil(((1 - bucket.tokens) * 1000) / ratePerSecond);
}

/** The address, or the /64 of an IPv6 one, which is what one customer gets; undefined where failures are not charged. */
function toKey(address: string | undefined): string | undefined {
  if (address === undefined || isLoopback(address)) return undefined;
  if (!address.includes(":") || address.includes(".")) return address;
  const [head = "", tail] = address.split("::");
  const groups = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  while (groups.length + after.length < 8) groups.push("0");
  return [...groups, ...after].slice(0, 4).join(":");
}

function setBounded<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= MAX_ADDRESSES) return;
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}
