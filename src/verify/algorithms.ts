/**
 * What stands behind the name of an algorithm in a row: how it compares, and how a presented value becomes bytes.
 *
 * Owns: that list. Never: headers, clocks, reasons (verifier.ts).
 */
import type { Scheme } from "../sdk/scheme.ts";
import { Certificates } from "./certificates.ts";
import { parseBase64, parseHex } from "./encoding.ts";
import { openJwsProver } from "./jws.ts";
import type { Key } from "./key.ts";
import { openEqualityProver, openHmacProver, openPublicKeyProver, type Prover } from "./prover.ts";
import { toEd25519Key, toP256Key } from "./public-keys.ts";
import { openSnsProver } from "./sns.ts";
import { TOKEN_IMAGE_BYTES, toTokenImage } from "./token.ts";
import { openUrlFormProver } from "./url-form.ts";

/** Bytes of a decoded candidate; others need not be tried. */
const PROOF_BYTES: Readonly<Record<string, number>> = {
  equality: TOKEN_IMAGE_BYTES,
  "hmac-sha256": 32,
  "hmac-sha1": 20,
  "hmac-sha512": 64,
  ed25519: 64,
};
/** DER of two numbers of at most 33 bytes. */
const MAX_ECDSA_BYTES = 72;

export type ProverNeeds = {
  /** Checked, where the row signs it. */
  url: string | undefined;
  certificates: Certificates | undefined;
};

export function openProver(
  row: Scheme,
  keys: readonly Key[],
  { url = "", certificates }: ProverNeeds,
): Prover {
  switch (row.algorithm) {
    case "equality":
      return openEqualityProver(keys);
    case "hmac-sha1":
    case "hmac-sha256":
    case "hmac-sha512":
      return row.signed === "{url}{sorted-form}"
        ? openUrlFormProver(row, keys, url)
        : openHmacProver(row.algorithm, keys);
    case "ed25519":
      return openPublicKeyProver(null, keys, toEd25519Key);
    case "ecdsa-p256":
      return openPublicKeyProver("sha256", keys, toP256Key);
    case "jws-hs256":
      return openJwsProver(row, keys);
    case "sns":
      return openSnsProver(row, keys, certificates ?? new Certificates());
    default:
      return row satisfies never;
  }
}

/** The bytes of a presented value; undefined for one that can be no proof. */
export function decode(row: Scheme, item: string): Buffer | undefined {
  const { encoding, algorithm } = row;
  if (algorithm === "sns" || encoding === "jws")
    return /^[\x21-\x7e]{1,4096}$/.test(item) ? Buffer.from(item, "latin1") : undefined;
  if (algorithm === "equality") {
    if (encoding === "text")
      return (row.blanks === true ? /^[\x20-\x7e]+$/ : /^[\x21-\x7e]+$/).test(item)
        ? toTokenImage(item)
        : undefined;
    const token = parseBase64(item);
    return token === undefined || token.length === 0 ? undefined : toTokenImage(token);
  }
  const bytes = encoding === "hex" ? parseHex(item) : parseBase64(item);
  if (algorithm === "ecdsa-p256")
    return bytes !== undefined && bytes.length <= MAX_ECDSA_BYTES ? bytes : undefined;
  return bytes?.length === PROOF_BYTES[algorithm] ? bytes : undefined;
}
