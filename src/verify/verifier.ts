/**
 * The one engine that proves who sent a request, driven by the table in schemes.ts.
 *
 * Owns: the order (arity, shape, signature, window) and the reasons.
 * Never: parses or decodes the body; it sees raw bytes. Never falls back to a weaker version or header.
 *
 * VERIFY-1 A verifier fails closed: without a usable secret there is none.
 * VERIFY-2 Every security header must appear exactly once. `req.headersDistinct` shows that; in `req.headers` node joins a repeated
 *    header into one value or keeps the first.
 * VERIFY-3 All keys are tried, in constant time.
 * VERIFY-4 The time window reaches to both sides, and is judged only after the signature: a stale but genuine request shows a wrong
 *    clock.
 */
import { parseBase64, parseHex } from "./encoding.ts";
import { findScheme } from "./find-scheme.ts";
import { parseKeys } from "./key.ts";
import type { Credential } from "./key.ts";
import { openProver, PROOF_BYTES, toTokenDigest } from "./prover.ts";
import type { Prover } from "./prover.ts";
import { isIdSigned, toSignedHead } from "./schemes.ts";
import type { HeaderPlace, Scheme, Timestamp } from "./schemes.ts";

/** Node's `req.headersDistinct`: lower-case names, every value apart. */
export type DistinctHeaders = Readonly<Record<string, readonly string[] | undefined>>;

export type HeaderFault = {
  kind: "refused";
  reason: "missing_header" | "doubled_header" | "malformed_header" | "unknown_version";
  header: string;
};

/** More signatures than two versions under four rotating keys: not a sender but somebody who buys our CPU time. */
const MAX_ITEMS = 8;

export type VerifierOptions = {
  /** The name of a row. */
  scheme: string;
  /** One to four: the current one and those being rotated out. */
  credentials: readonly Credential[];
  /** The header to look at, where the scheme leaves it open. */
  header?: string;
};

/** Codes for the audit log. A sender gets one answer for all of them. */
export type RefusalReason =
  | HeaderFault["reason"]
  | "bad_signature"
  | "bad_token"
  | "stale" // genuine, but older than the window
  | "future" // genuine, but from a clock ahead of ours
  | "no_channel"; // only from the decoy

export type Refused = {
  kind: "refused";
  reason: RefusalReason;
  /** The header at fault. */
  header?: string;
  /** With `stale` and `future`: our clock minus the sender's, in ms. The signature was right. */
  skewMs?: number;
};

export type Verified = {
  kind: "verified";
  scheme: string;
  keyId: string;
  /** What the scheme's delivery header holds. */
  deliveryId?: string;
  /** Whether `deliveryId` was under the signature. */
  idSigned: boolean;
};

export interface Verifier {
  /** Looks at the headers only; nothing of the body is needed. `now` is epoch ms, and the one that the window is judged by. */
  begin(headers: DistinctHeaders, now: number): Refused | { kind: "begun"; check: BodyCheck };
}

export interface BodyCheck {
  /** A chunk of the raw body, in order. Not copied: do not write into it again. */
  update(chunk: Buffer): void;
  /** The outcome, once, after the last chunk. */
  finish(): Verified | Refused;
}

/** @throws SluiceError `bad_config` or `bad_secret`: a verifier that cannot verify is never made (VERIFY-1). */
export function openVerifier(options: VerifierOptions): Verifier {
  const { scheme, credentials, header } = options;
  return openRow(scheme, findScheme(scheme, header), credentials);
}

/** A verifier for a row. `openVerifier` is the everyday door. */
export function openRow(name: string, row: Scheme, credentials: readonly Credential[]): Verifier {
  const prover = openProver(row.algorithm, parseKeys(row, credentials));
  return { begin: (headers, now) => begin(name, row, prover, headers, now) };
}

function begin(
  name: string,
  row: Scheme,
  prover: Prover,
  headers: DistinctHeaders,
  now: number,
): ReturnType<Verifier["begin"]> {
  const presented = readItems(headers, row.proof);
  if (presented.kind === "refused") return presented;
  const candidates = presented.items
    .map((item) => decode(row, item))
    .filter((bytes) => bytes !== undefined);
  if (candidates.length === 0) return malformed(row.proof.header);

  const stamp = row.timestamp === "none" ? undefined : readTimestamp(headers, row.timestamp);
  if (stamp?.kind === "refused") return stamp;
  const id = readDeliveryId(headers, row);
  if (id?.kind === "refused") return id;

  const proof = prover(toSignedHead(row, { id: id?.value ?? "", timestamp: stamp?.text ?? "" }));
  const finish = (): Verified | Refused => {
    const keyId = proof.match(candidates);
    if (keyId === undefined)
      return {
        kind: "refused",
        reason: row.algorithm === "equality" ? "bad_token" : "bad_signature",
      };
    if (stamp !== undefined && row.timestamp !== "none") {
      const skewMs = now - stamp.sentAt;
      // Written so that a clock that is no number refuses too.
      if (!(Math.abs(skewMs) <= row.timestamp.windowMs))
        return { kind: "refused", reason: skewMs < 0 ? "future" : "stale", skewMs };
    }
    return {
      kind: "verified",
      scheme: name,
      keyId,
      ...(id && { deliveryId: id.value }),
      idSigned: isIdSigned(row),
    };
  };
  return { kind: "begun", check: { update: (chunk) => proof.update(chunk), finish } };
}

function decode(row: Scheme, item: string): Buffer | undefined {
  if (row.encoding === "text")
    return /^[\x21-\x7e]+$/.test(item) ? toTokenDigest(Buffer.from(item, "latin1")) : undefined;
  const bytes = row.encoding === "hex" ? parseHex(item) : parseBase64(item);
  return bytes?.length === PROOF_BYTES[row.algorithm] ? bytes : undefined;
}

function readTimestamp(
  headers: DistinctHeaders,
  { place, unit }: Timestamp,
): { kind: "stamp"; text: string; sentAt: number } | HeaderFault {
  const found = readItems(headers, place);
  if (found.kind === "refused") return found;
  const [text = ""] = found.items;
  const digits = unit === "s" ? /^\d{1,12}$/ : /^\d{1,15}$/;
  // Two of them: which one was signed would be the sender's word against ours.
  if (found.items.length > 1 || !digits.test(text)) return malformed(place.header);
  return { kind: "stamp", text, sentAt: Number(text) * (unit === "s" ? 1000 : 1) };
}

function readDeliveryId(
  headers: DistinctHeaders,
  row: Scheme,
): { kind: "one"; value: string } | HeaderFault | undefined {
  if (row.deliveryId === "none") return undefined;
  const { header } = row.deliveryId;
  const one = readOne(headers, header);
  if (one.kind === "refused") {
    // An unsigned id can be left out or made up by whoever replays a request, so demanding it would prove nothing.
    return one.reason === "missing_header" && !isIdSigned(row) ? undefined : one;
  }
  // The separator inside a signed id would let one signature fit two readings of id, time and body.
  const wellFormed = isIdSigned(row) ? /^[\x21-\x2d\x2f-\x7e]{1,256}$/ : /^[\x21-\x7e]{1,256}$/;
  return wellFormed.test(one.value) ? one : malformed(header);
}

function malformed(header: string): HeaderFault {
  return { kind: "refused", reason: "malformed_header", header };
}

/** The value of a header that must be there once. */
function readOne(
  headers: DistinctHeaders,
  header: string,
): { kind: "one"; value: string } | HeaderFault {
  // hasOwn: a configured name such as "constructor" must not find Object.prototype.
  const values = Object.hasOwn(headers, header) ? (headers[header] ?? []) : [];
  const [value] = values;
  if (value === undefined) return { kind: "refused", reason: "missing_header", header };
  if (values.length > 1) return { kind: "refused", reason: "doubled_header", header };
  return { kind: "one", value };
}

/** The values at a place: one, or as many as a list holds of the row's version. Other versions are passed over, never tried. */
function readItems(
  headers: DistinctHeaders,
  place: HeaderPlace,
): { kind: "items"; items: string[] } | HeaderFault {
  const { header, prefix, separator } = place;
  const one = readOne(headers, header);
  if (one.kind === "refused") return one;
  const parts = separator === "" ? [one.value] : one.value.split(separator);
  if (parts.includes("")) return { kind: "refused", reason: "malformed_header", header };
  const items = parts
    .filter((part) => startsWith(part, place))
    .map((part) => part.slice(prefix.length));
  if (items.length === 0) return { kind: "refused", reason: "unknown_version", header };
  if (items.length > MAX_ITEMS) return { kind: "refused", reason: "malformed_header", header };
  return { kind: "items", items };
}

function startsWith(part: string, place: HeaderPlace): boolean {
  if (!place.prefixIgnoresCase) return part.startsWith(place.prefix);
  return part.slice(0, place.prefix.length).toLowerCase() === place.prefix.toLowerCase();
}
