/**
 * The one engine that proves who sent a request, driven by rows of data (sdk/scheme.ts).
 *
 * Owns: the order (arity, shape, signature, window) and the reasons; which prover compares.
 * Never: parses or decodes the body before its signature has held (SNS-1 is the one exception). Never falls back to a weaker version or
 * header.
 *
 * VERIFY-1 A verifier fails closed: without a usable secret there is none.
 * VERIFY-2 Every security header must appear exactly once. `req.headersDistinct` shows that; in `req.headers` node joins a repeated
 *    header into one value or keeps the first.
 * VERIFY-3 All keys are tried, in constant time.
 * VERIFY-4 The time window reaches to both sides, and is judged only after the signature: a stale but genuine request shows a wrong
 *    clock.
 * VERIFY-5 A secret that is being replaced proves nothing once its time is over, by the clock of the request: a machine that slept runs no timers.
 */
import { createHmac } from "node:crypto";
import type { Scheme, SignatureReach } from "../sdk/scheme.ts";
import { decode, openProver } from "./algorithms.ts";
import type { Certificates } from "./certificates.ts";
import { checkScheme } from "./check-scheme.ts";
import type {
  BodyCheck,
  DistinctHeaders,
  HeaderFault,
  Refused,
  RequestTarget,
  Verified,
  Verifier,
} from "./contract.ts";
import { findScheme, type SchemeChoice } from "./find-scheme.ts";
import { type Credential, type Key, parseKeys } from "./key.ts";
import { type FoundItems, readItems, readUrl } from "./places.ts";
import type { Proof, Prover } from "./prover.ts";
import { parsePublicUrl, toPublicUrl } from "./public-url.ts";
import { toReach } from "./schemes.ts";
import type { SignedFields, Template } from "./template.ts";
import { readBodyTime, readTimestamp } from "./times.ts";
import { malformed, openTokenVerifier, readOne, toTokenRow } from "./token.ts";

export type RowOptions = {
  /** The URL that the sender was given, for schemes that sign it. */
  url?: string | undefined;
  /** Where certificates come from. Default: the network. */
  certificates?: Certificates;
};

export type VerifierOptions = SchemeChoice &
  RowOptions & {
    /** One to four: the current one and those being rotated out. */
    credentials: readonly Credential[];
  };

/** @throws SluiceError `bad_config` or `bad_secret`: a verifier that cannot verify is never made (VERIFY-1). */
export function openVerifier(options: VerifierOptions): Verifier {
  const { credentials, scheme } = options;
  const verifier = openRow(scheme, findScheme(options), credentials, options);
  return credentials.some(({ until }) => until !== undefined)
    ? withEnds(verifier, credentials)
    : verifier;
}

/** VERIFY-5 */
function withEnds(verifier: Verifier, credentials: readonly Credential[]): Verifier {
  const ends = new Map(credentials.map(({ keyId, until }) => [keyId, until]));
  return {
    ...verifier,
    begin(headers, now, target) {
      const begun = verifier.begin(headers, now, target);
      if (begun.kind === "refused") return begun;
      const { check } = begun;
      const finish = (): Verified | Refused => {
        const result = check.finish();
        const until = result.kind === "verified" ? ends.get(result.keyId) : undefined;
        return until === undefined || now < until
          ? result
          : { kind: "refused", reason: "bad_signature" };
      };
      return { kind: "begun", check: { ...check, finish } };
    },
  };
}

/** A verifier for a row. `openVerifier` is the everyday door. */
export function openRow(
  name: string,
  row: Scheme,
  credentials: readonly Credential[],
  options: RowOptions = {},
): Verifier {
  const keys = parseKeys(row, credentials);
  const token = toTokenRow(row);
  if (token !== undefined) {
    checkScheme(row);
    return openTokenVerifier(name, token, keys);
  }
  const compiled = listVariants(row).map((variant) => compile(name, variant, keys, options));
  const [first] = compiled;
  if (first === undefined) throw new TypeError("a row has at least itself");
  const verifier: Verifier = {
    begin:
      compiled.length === 1
        ? (headers, now, target) => begin(first, headers, now, target)
        : (headers, now, target) => begin(choose(compiled, headers) ?? first, headers, now, target),
  };
  if (!row.algorithm.startsWith("hmac-")) return verifier;
  return {
    ...verifier,
    mac(keyId, text) {
      const key = keys.find((one) => one.keyId === keyId);
      if (key === undefined) throw new TypeError(`no key "${keyId}"`);
      return createHmac("sha256", key.bytes).update(text, "utf8").digest();
    },
  };
}

/** A row with all that can be known before a request. */
type Compiled = {
  name: string;
  row: Scheme;
  prover: Prover;
  template: Template | undefined;
  url: string | undefined;
  reach: SignatureReach;
  isIdSigned: boolean;
};

function compile(
  name: string,
  row: Scheme,
  keys: readonly Key[],
  { url: text, certificates }: RowOptions,
): Compiled {
  const template = checkScheme(row);
  const needsUrl = template?.has.has("url") === true || row.signed === "{url}{sorted-form}";
  const url = needsUrl ? parsePublicUrl(row.title, text) : undefined;
  const prover = openProver(row, keys, { url, certificates });
  const isIdSigned = template?.has.has("id") === true;
  return { name, row, prover, template, url, reach: toReach(row), isIdSigned };
}

/** The row, and the row under each set of other names. */
function listVariants(row: Scheme): Scheme[] {
  return [row, ...(row.aliases ?? []).map((names) => rename(row, names))];
}

function rename(row: Scheme, names: Readonly<Record<string, string>>): Scheme {
  const to = <P extends { header: string }>(place: P): P => ({
    ...place,
    header: names[place.header] ?? place.header,
  });
  const { proof, timestamp, deliveryId } = row;
  // The same row: only names of headers differ.
  return {
    ...row,
    proof: "header" in proof ? to(proof) : proof,
    timestamp:
      timestamp !== "none" && "place" in timestamp
        ? { ...timestamp, place: to(timestamp.place) }
        : timestamp,
    deliveryId: deliveryId === "none" ? deliveryId : to(deliveryId),
  } as Scheme;
}

/** The first whose proof is there: from then on only its own names count. */
function choose(compiled: readonly Compiled[], headers: DistinctHeaders): Compiled | undefined {
  return compiled.find(
    ({ row: { proof } }) => "header" in proof && Object.hasOwn(headers, proof.header),
  );
}

function begin(
  compiled: Compiled,
  headers: DistinctHeaders,
  now: number,
  target: RequestTarget | undefined,
): ReturnType<Verifier["begin"]> {
  const { row, prover, template } = compiled;
  const { proof: place, timestamp } = row;
  const presented = "header" in place ? readItems(headers, place) : readUrl(target, place);
  if (presented.kind === "refused") return presented;
  const candidates = presented.items
    .map((item) => decode(row, item))
    .filter((bytes) => bytes !== undefined);
  if (candidates.length === 0)
    return malformed("header" in place ? place.header : toUrlName(place));

  const stamp =
    timestamp !== "none" && "place" in timestamp ? readTimestamp(headers, timestamp) : undefined;
  if (stamp?.kind === "refused") return stamp;
  const id = readDeliveryId(compiled, headers);
  if (id?.kind === "refused") return id;

  let head = "";
  let tail = "";
  if (template !== undefined && template.hasFields) {
    const named = readNamed(template.headers, headers);
    if ("kind" in named) return named;
    const fields: SignedFields = {
      id: id?.value ?? "",
      timestamp: stamp?.text ?? "",
      url: compiled.url === undefined ? "" : toPublicUrl(compiled.url, target),
      method: target?.method ?? "POST",
      headers: named.values,
    };
    head = template.toHead(fields);
    tail = template.toTail(fields);
  }
  const proof = prover({ head, tail, candidates, target, now });
  const told = { now, sentAt: stamp?.sentAt, id: id?.value, presented };
  return { kind: "begun", check: toCheck(compiled, proof, told) };
}

type Told = {
  now: number;
  sentAt: number | undefined;
  id: string | undefined;
  presented: FoundItems;
};

function toCheck(compiled: Compiled, proof: Proof, told: Told): BodyCheck {
  const { timestamp } = compiled.row;
  if (timestamp !== "none" && "body" in timestamp) return toTimedCheck(compiled, proof, told);
  const { update, settle } = proof;
  const finish = (): Verified | Refused => conclude(compiled, proof.match(), told, told.sentAt);
  return settle === undefined ? { update, finish } : { update, settle, finish };
}

/** Whose time stands in the body, which is kept for that. */
function toTimedCheck(compiled: Compiled, proof: Proof, told: Told): BodyCheck {
  const { timestamp } = compiled.row;
  const chunks: Buffer[] = [];
  return {
    ...proof,
    update(chunk) {
      chunks.push(chunk);
      proof.update(chunk);
    },
    finish() {
      const keyId = proof.match();
      const isRead = keyId !== undefined && timestamp !== "none" && "body" in timestamp;
      const sentAt = isRead ? readBodyTime(Buffer.concat(chunks), timestamp) : undefined;
      if (isRead && sentAt === "absent" && timestamp.isOptional === true)
        return toVerified(compiled, keyId, told);
      return conclude(compiled, keyId, told, sentAt === "absent" ? undefined : sentAt);
    },
  };
}

function conclude(
  compiled: Compiled,
  keyId: string | undefined,
  told: Told,
  sentAt: number | undefined,
): Verified | Refused {
  const { algorithm, timestamp } = compiled.row;
  if (keyId === undefined)
    return { kind: "refused", reason: algorithm === "equality" ? "bad_token" : "bad_signature" };
  if (timestamp !== "none") {
    if (sentAt === undefined) return { kind: "refused", reason: "no_time" };
    const skewMs = told.now - sentAt;
    // Written so that a clock that is no number refuses too.
    if (!(Math.abs(skewMs) <= timestamp.windowMs))
      return { kind: "refused", reason: skewMs < 0 ? "future" : "stale", skewMs };
  }
  return toVerified(compiled, keyId, told);
}

function toVerified(
  { name, reach, isIdSigned }: Compiled,
  keyId: string,
  { id, presented: { rest } }: Told,
): Verified {
  return {
    kind: "verified",
    scheme: name,
    keyId,
    ...(id !== undefined && { deliveryId: id }),
    idSigned: isIdSigned,
    reach,
    ...(rest !== undefined && { rest }),
  };
}

function toUrlName(place: { query: string } | { path: "first" }): string {
  return "query" in place ? `?${place.query}` : "/in/<channel>/<secret>";
}

function readDeliveryId(
  { row: { deliveryId }, template, isIdSigned }: Compiled,
  headers: DistinctHeaders,
): { kind: "one"; value: string } | HeaderFault | undefined {
  if (deliveryId === "none") return undefined;
  const { header } = deliveryId;
  const one = readOne(headers, header);
  if (one.kind === "refused") {
    // An unsigned id can be left out or made up by whoever replays a request, so demanding it would prove nothing.
    return one.reason === "missing_header" && !isIdSigned ? undefined : one;
  }
  if (!/^[\x21-\x7e]{1,256}$/.test(one.value)) return malformed(header);
  // The separator inside a signed id would let one signature fit two readings of id, time and body.
  const isSplit = isIdSigned && template !== undefined && one.value.includes(template.idEnd);
  return isSplit ? malformed(header) : one;
}

/** Headers that the signed text names: each once. */
function readNamed(
  names: readonly string[],
  headers: DistinctHeaders,
): { values: Readonly<Record<string, string>> } | HeaderFault {
  if (names.length === 0) return NONE;
  const values: Record<string, string> = {};
  for (const name of names) {
    const one = readOne(headers, name);
    if (one.kind === "refused") return one;
    values[name] = one.value;
  }
  return { values };
}

const NONE = Object.freeze({ values: Object.freeze({}) });
