import { createHmac } from "node:crypto";

import { expect, test } from "vitest";

import { openHmacProver, type Proof } from "./prover.ts";

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
