/** Keys under which anybody can sign are refused when they are configured. */
import { generateKeyPairSync } from "node:crypto";

import { expect, test } from "vitest";

import { isSluiceError } from "../sdk/errors.ts";
import { isSafePublicKey } from "./ed25519.ts";
import { credential } from "../../test/verify/samples.ts";
import { openVerifier } from "./verifier.ts";

/** All encodings, canonical or not, of the eight points of small order. */
const SMALL_ORDER = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0000000000000000000000000000000000000000000000000000000000000080",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000080",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
];

test.each(SMALL_ORDER)("a key of small order is not loaded: %s", (hex) => {
  const key = Buffer.from(hex, "hex");
  expect(isSafePublicKey(key)).toBe(false);
  const credentials = [credential(`whpk_${key.toString("base64")}`)];
  expect(() => openVerifier({ scheme: "standard-v1a", credentials })).toThrow(
    /not a safe Ed25519 public key/,
  );
});

test("keys that people generate are loaded", () => {
  for (let n = 0; n < 20; n++) {
    const { x } = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" });
    expect(isSafePublicKey(Buffer.from(x ?? "", "base64url"))).toBe(true);
  }
});

test.each([
  // Honest key (RFC 8032, 7.1, test 1) plus the point of order two: the group of prime order is left.
  [
    "with a part of small order",
    "16a567fe7d4ef5482ab4012c369bf8c5f11e8d0c2559dcda50fde59708f8aee5",
  ],
  [
    "whose y has no x on the curve",
    "0200000000000000000000000000000000000000000000000000000000000000",
  ],
  ["of 31 bytes", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f70751"],
  ["of 33 bytes", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a00"],
  ["of no bytes", ""],
])("a key %s is not safe", (_name, hex) => {
  expect(isSafePublicKey(Buffer.from(hex, "hex"))).toBe(false);
});

test("the private key in place of the public one is refused, and is not in the message", () => {
  const seed = Buffer.alloc(32, 9).toString("base64");
  try {
    openVerifier({ scheme: "standard-v1a", credentials: [credential(`whsk_${seed}`)] });
    expect.unreachable();
  } catch (thrown) {
    expect(isSluiceError(thrown, "bad_secret")).toBe(true);
    expect(String(thrown)).toContain('must begin with "whpk_"');
    expect(String(thrown)).not.toContain(seed);
  }
});
