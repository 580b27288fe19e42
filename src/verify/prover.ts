/**
 * Proofs under keys that sender and verifier share, and under public keys: what a request presents against every active key.
 *
 * Owns: comparing in the same time whichever key fits, or none (VERIFY-3). Never: headers, clocks, reasons (verifier.ts).
 */
import { createHmac, createSecretKey, type KeyObject, verify } from "node:crypto";
import type { HmacAlgorithm } from "../sdk/scheme.ts";
import type { RequestTarget } from "./contract.ts";
import type { Key } from "./key.ts";
import { firstMatch, openTokenProof } from "./token.ts";

/** One request being proved. */
export type Proof = {
  /** A chunk of the raw body, in order. Not copied: the caller must not write into it again. */
  update(chunk: Buffer): void;
  /** As `BodyCheck.settle`. */
  settle?(): Promise<void>;
  /** The id of the first key under which one of the candidates holds. Once. */
  match(): string | undefined;
};

export type ProofInput = {
  /** What is signed in front of the body, and behind it. */
  head: string;
  tail: string;
  candidates: readonly Buffer[];
  target: RequestTarget | undefined;
  now: number;
};

/** Starts a proof that one of the candidates holds for head, body and tail. */
export type Prover = (input: ProofInput) => Proof;

export function openHmacProver(algorithm: HmacAlgorithm, keys: readonly Key[]): Prover {
  const hash = algorithm.slice("hmac-".length);
  // As key objects, once: a key given as bytes is imported anew for each HMAC, which costs more than hashing a small body.
  const secretKeys = keys.map(({ keyId, bytes }) => ({ keyId, key: createSecretKey(bytes) }));
  return ({ head, tail, candidates }) => {
    const macs = secretKeys.map(({ keyId, key }) => ({
      keyId,
      mac: createHmac(hash, key).update(head, "latin1"),
    }));
    return {
      update(chunk) {
        for (const { mac } of macs) mac.update(chunk);
      },
      match() {
        if (tail !== "") for (const { mac } of macs) mac.update(tail, "latin1");
        return firstMatch(
          macs.map(({ keyId, mac }) => ({ keyId, digest: mac.digest() })),
          candidates,
        );
      },
    };
  };
}

export function openEqualityProver(keys: readonly Key[]): Prover {
  const prove = openTokenProof(keys);
  return ({ candidates }) => prove(candidates);
}

/** `hash` null: the algorithm has its own. */
export function openPublicKeyProver(
  hash: "sha256" | null,
  keys: readonly Key[],
  toKey: (bytes: Buffer) => KeyObject,
): Prover {
  const publicKeys = keys.map(({ keyId, bytes }) => ({ keyId, key: toKey(bytes) }));
  return ({ head, tail, candidates }) => {
    // Ed25519 reads its message twice (RFC 8032, 5.1.6), so it cannot stream.
    const chunks: Buffer[] = [Buffer.from(head, "latin1")];
    return {
      update(chunk) {
        chunks.push(chunk);
      },
      match() {
        const message = Buffer.concat([...chunks, Buffer.from(tail, "latin1")]);
        let matched: string | undefined;
        for (const { keyId, key } of publicKeys) {
          for (const candidate of candidates) {
            if (verify(hash, message, key, candidate)) matched ??= keyId;
          }
        }
        return matched;
      },
    };
  };
}
