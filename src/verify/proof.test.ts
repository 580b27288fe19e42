import { createHmac } from "node:crypto";

import { expect, test } from "vitest";

import { openHmacProver, openPublicKeyProver, type Proof } from "./prover.ts";
import { toEd25519Key } from "./public-keys.ts";

const keys = [1, 2].map((n) => ({ keyId: `k${n}`, bytes: Buffer.alloc(32, n) }));
const mac = createHmac("sha256", Buffer.alloc(32, 2)).update("v0:body").digest();

function prove(candidates: readonly Buffer[]): Proof {
  const input = { head: "v0:", tail: "", candidates, target: undefined, now: 0 };
  return openHmacProver("hmac-sha256", keys)(input);
}

test("a candidate of another length does not fit, and throws nothing", () => {
  const candidates = [Buffer.alloc(0), mac.subarray(1), Buffer.concat([mac, mac])];
  const proof = prove(candidates);
  proof.update(Buffer.from("body"));
  expect(proof.match()).toBeUndefined();
});

test("any candidate may fit any key", () => {
  const proof = prove([Buffer.alloc(32), mac]);
  proof.update(Buffer.from("body"));
  expect(proof.match()).toBe("k2");
});

test("Ed25519: the first test of RFC 8032, 7.1, an empty message, and the same with a byte more", () => {
  const key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
  const signature = Buffer.from(
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    "hex",
  );
  const prover = openPublicKeyProver(
    null,
    [{ keyId: "k1", bytes: Buffer.from(key, "hex") }],
    toEd25519Key,
  );
  const input = { head: "", tail: "", candidates: [signature], target: undefined, now: 0 };
  expect(prover(input).match()).toBe("k1");
  expect(prover({ ...input, tail: " " }).match()).toBeUndefined();
});
