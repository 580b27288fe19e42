/**
 * The cryptography: one small prover for each algorithm.
 *
 * Owns: comparing the proof of a request with every active key, in the same time whether one fits or none.
 * Never: headers, clocks, reasons.
 */
import {
  createHmac,
  createPublicKey,
  createSecretKey,
  hash as digestOf,
  randomBytes,
  timingSafeEqual,
  verify,
} from "node:crypto";
import type { Hmac } from "node:crypto";

import type { Key } from "./key.ts";
import type { Scheme } from "./schemes.ts";

/** One request being proved. */
export type Proof = {
  /** A chunk of the raw body, in order. Not copied: the caller must not write into it again. */
  update(chunk: Buffer): void;
  /** The id of the first key under which one of the candidates holds. Once. */
  match(candidates: readonly Buffer[]): string | undefined;
};

/** Starts a proof over `head` and the body. */
export type Prover = (head: string) => Proof;

/** Bytes of a decoded candidate; others need not be tried. Ed25519 and digests have one length each. */
export const PROOF_BYTES = {
  equality: 32,
  "hmac-sha256": 32,
  "hmac-sha1": 20,
  ed25519: 64,
} as const;

export function openProver(algorithm: Scheme["algorithm"], keys: readonly Key[]): Prover {
  switch (algorithm) {
    case "equality":
      return openEqualityProver(keys);
    case "hmac-sha256":
      return openHmacProver("sha256", keys);
    case "hmac-sha1":
      return openHmacProver("sha1", keys);
    case "ed25519":
      return openEd25519Prover(keys);
    default:
      return algorithm satisfies never;
  }
}

/** What stands for a token in comparisons: of one length for all, so that not even a secret's length shows in the time. */
export function toTokenDigest(token: Buffer): Buffer {
  return digestOf("sha256", token, "buffer");
}

function openHmacProver(hash: "sha256" | "sha1", keys: readonly Key[]): Prover {
  // As key objects, once: a key given as bytes is imported anew for each HMAC, which costs more than hashing a small body.
  const secretKeys = keys.map(({ keyId, bytes }) => ({ keyId, key: createSecretKey(bytes) }));
  return (head) => {
    const macs = secretKeys.map(({ keyId, key }) => ({
      keyId,
      mac: createHmac(hash, key).update(head, "latin1"),
    }));
    return {
      update(chunk) {
        for (const { mac } of macs) mac.update(chunk);
      },
      match(candidates) {
        return firstMatch(
          macs.map(({ keyId, mac }) => ({ keyId, digest: mac.digest() })),
          candidates,
        );
      },
    };
  };
}

function openEqualityProver(keys: readonly Key[]): Prover {
  const digests = keys.map(({ keyId, bytes }) => ({ keyId, digest: toTokenDigest(bytes) }));
  const fillerKey = createSecretKey(randomBytes(32));
  return () => {
    // The body proves nothing here. It is hashed all the same, so that the time of a refusal does not tell a token
    // channel from a signed or an unknown one.
    const filler: Hmac = createHmac("sha256", fillerKey);
    return {
      update(chunk) {
        filler.update(chunk);
      },
      match(candidates) {
        filler.digest();
        return firstMatch(digests, candidates);
      },
    };
  };
}

function openEd25519Prover(keys: readonly Key[]): Prover {
  const publicKeys = keys.map(({ keyId, bytes }) => ({
    keyId,
    key: createPublicKey({
      key: { kty: "OKP", crv: "Ed25519", x: bytes.toString("base64url") },
      format: "jwk",
    }),
  }));
  return (head) => {
    // Ed25519 reads its message twice (RFC 8032, 5.1.6), so it cannot stream.
    const chunks: Buffer[] = [Buffer.from(head, "latin1")];
    return {
      update(chunk) {
        chunks.push(chunk);
      },
      match(candidates) {
        const message = Buffer.concat(chunks);
        let matched: string | undefined;
        for (const { keyId, key } of publicKeys) {
          for (const candidate of candidates) {
            if (verify(null, message, key, candidate)) matched ??= keyId;
          }
        }
        return matched;
      },
    };
  };
}

function firstMatch(
  expected: readonly { keyId: string; digest: Buffer }[],
  candidates: readonly Buffer[],
): string | undefined {
  let matched: string | undefined;
  // Every key against every candidate, no early exit: the time must not tell which key is active.
  for (const { keyId, digest } of expected) {
    for (const candidate of candidates) {
      // Lengths are public; timingSafeEqual throws on unequal ones.
      if (candidate.length === digest.length && timingSafeEqual(candidate, digest))
        matched ??= keyId;
    }
  }
  return matched;
}
