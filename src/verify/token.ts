/**
 * The everyday proof: a secret that is shown whole, in one header.
 *
 * Owns: a verifier for such rows that does no more than they need, and what the general one (verifier.ts) shares with it: reading one header, and
 * comparing tokens. Never: lists, times, ids, or a secret that stands elsewhere.
 */
import {
  createHmac,
  createSecretKey,
  hash as digestOf,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import type { HeaderPlace, Scheme } from "../sdk/scheme.ts";
import type { BodyCheck, DistinctHeaders, HeaderFault, Verifier } from "./contract.ts";
import type { Key } from "./key.ts";

/** What of a row `openTokenVerifier` goes by. */
type TokenRow = { header: string; place: HeaderPlace };

/** The row's header, where all that it asks for is a token in one; else undefined. */
export function toTokenRow(row: Scheme): TokenRow | undefined {
  const { proof: place } = row;
  const isPlain =
    row.algorithm === "equality" &&
    row.encoding === "text" &&
    row.blanks !== true &&
    row.aliases === undefined &&
    row.timestamp === "none" &&
    row.deliveryId === "none";
  return isPlain && "header" in place && place.separator === ""
    ? { header: place.header, place }
    : undefined;
}

/** As `openRow`, for a row of which `toTokenRow` knows. */
export function openTokenVerifier(
  name: string,
  { header, place }: TokenRow,
  keys: readonly Key[],
): Verifier {
  const prove = openTokenProof(keys);
  return {
    begin(headers) {
      const one = readOne(headers, header);
      if (one.kind === "refused") return one;
      if (one.value === "") return malformed(header);
      if (!startsWith(one.value, place))
        return { kind: "refused", reason: "unknown_version", header };
      const item = one.value.slice(place.prefix.length);
      if (!/^[\x21-\x7e]+$/.test(item)) return malformed(header);
      const { update, match } = prove([toTokenImage(item)]);
      const finish: BodyCheck["finish"] = () => {
        const keyId = match();
        return keyId === undefined
          ? { kind: "refused", reason: "bad_token" }
          : { kind: "verified", scheme: name, keyId, idSigned: false, reach: "request" };
      };
      return { kind: "begun", check: { update, finish } };
    },
  };
}

/** Compares candidates with every key (VERIFY-3). */
export function openTokenProof(keys: readonly Key[]) {
  const digests = keys.map(({ keyId, bytes }) => ({ keyId, digest: toTokenImage(bytes) }));
  const fillerKey = createSecretKey(randomBytes(32));
  return (
    candidates: readonly Buffer[],
  ): { update(chunk: Buffer): void; match(): string | undefined } => {
    const matched = firstMatch(digests, candidates);
    if (matched !== undefined) return { update: () => {}, match: () => matched };
    // The body proves nothing here. Where it is refused it is hashed all the same, so that the time of a refusal does not tell a token
    // channel from a signed or an unknown one.
    const filler = createHmac("sha256", fillerKey);
    return {
      update(chunk) {
        filler.update(chunk);
      },
      match() {
        filler.digest();
        return undefined;
      },
    };
  };
}

export function malformed(header: string): HeaderFault {
  return { kind: "refused", reason: "malformed_header", header };
}

/** The value of a header that must be there once. */
export function readOne(
  headers: DistinctHeaders,
  header: string,
): { kind: "one"; value: string } | HeaderFault {
  // hasOwn: a configured name such as "constructor" must not find Object.prototype.
  const found = Object.hasOwn(headers, header) ? headers[header] : undefined;
  if (typeof found === "string") return { kind: "one", value: found };
  const [value, ...more] = found ?? [];
  if (value === undefined) return { kind: "refused", reason: "missing_header", header };
  if (more.length > 0) return { kind: "refused", reason: "doubled_header", header };
  return { kind: "one", value };
}

export function startsWith(part: string, place: HeaderPlace): boolean {
  if (!place.prefixIgnoresCase) return part.startsWith(place.prefix);
  return part.slice(0, place.prefix.length).toLowerCase() === place.prefix.toLowerCase();
}

/** Bytes that stand for a token: see toTokenImage. */
export const TOKEN_IMAGE_BYTES = 256;

/**
 * What stands for a token in comparisons: of one length for all, so that not even a secret's length shows in the time. The token itself,
 * filled up with zeros; of one that is longer than any that Sluice makes, its digest behind a byte that no token has.
 */
export function toTokenImage(token: Buffer | string): Buffer {
  const image = Buffer.allocUnsafe(TOKEN_IMAGE_BYTES).fill(0);
  if (token.length <= TOKEN_IMAGE_BYTES) write(image, token, 0);
  else {
    image[0] = 1;
    write(image, digestOf("sha256", token, "hex"), 1);
  }
  return image;
}

/** Tokens are printable ASCII: a character is a byte. */
function write(image: Buffer, token: Buffer | string, at: number): void {
  if (typeof token === "string") image.write(token, at, "latin1");
  else image.set(token, at);
}

export function firstMatch(
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
