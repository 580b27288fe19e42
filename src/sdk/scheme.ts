/**
 * The shape of a signature scheme: all differences between senders, as data. A row of verify/schemes.ts or of a sender is one.
 *
 * Owns: nothing that runs. Never: cryptography, or behaviour; a sender that needs code is a sign that these types lack a column.
 * What the types cannot forbid (a template whose field is read nowhere) verify/check-scheme.ts refuses when a verifier is opened.
 */

/** Where a value stands in the headers: `sha256=<value>`, one of `v1,<value> v1,<value>`, or the `t=` of `t=..,v1=..`. */
export type HeaderPlace = {
  /** Lower case. Must appear exactly once in a request. */
  header: string;
  /** The user may name another header; `header` is then only the default. */
  configurable?: true;
  /** What stands before the value. Items of a list that begin otherwise are other versions, and never count. */
  prefix: string;
  /** RFC 9110, 11.1: the name of an authentication scheme is compared without regard to case. */
  prefixIgnoresCase?: true;
  /** Between the items of a list, with or without blanks around; empty where the header holds one value. */
  separator: "" | " " | "," | ";";
};

/** In the URL, where the sender can set nothing else. Never logged, never shown, never kept with a refused request. */
export type QueryPlace = { query: string };
/** `/in/<channel>/<secret>`: the first part of the path behind the channel's name. */
export type PathPlace = { path: "first" };
export type UrlPlace = QueryPlace | PathPlace;

/** Of `s-or-ms` the number of digits tells which. */
export type HeaderTimestamp = {
  place: HeaderPlace;
  unit: "s" | "ms" | "s-or-ms";
  windowMs: number;
};
/** A time inside the signed JSON body, by its path: read only once the signature has held. `iso`: 2026-11-30T12:00:00.000Z. */
export type BodyTimestamp = {
  body: string;
  unit: "s" | "ms" | "iso";
  windowMs: number;
  /** A body without one counts as well; one that is no time never does. */
  isOptional?: true;
};

/**
 * How the configured credential becomes key bytes. `minBytes` counts decoded bytes and is the least that is taken; a secret of fewer than
 * 16 is taken with a warning at `add` where the row's minimum lets it, since the sender or the user made it.
 */
export type KeyFormat = {
  encoding: "text" | "base64" | "hex";
  prefix: string;
  minBytes: number;
};

export type HmacAlgorithm = "hmac-sha256" | "hmac-sha1" | "hmac-sha512";

/**
 * What is signed: text with `{body}` once (the raw bytes), and any of `{timestamp}`, `{id}`, `{url}` (the public URL that the owner
 * configured, with the path and query that came; never Host), `{method}`, and `{header:x-name}`. Behind `{id}` stands a character that no
 * id may hold.
 */
export type SignedTemplate = `${string}{body}${string}`;
/** Without a time the template has no `{timestamp}`; with one in a header it has. */
type Timed =
  | { signed: SignedTemplate; timestamp: BodyTimestamp | "none" }
  | { signed: `${string}{timestamp}${string}`; timestamp: HeaderTimestamp };

/** The header with the sender's own id of a delivery: the key against duplicates. */
export type DeliveryId = { header: string };

type SchemeBase = {
  /** For people: error messages and help. */
  title: string;
  key: KeyFormat;
  /** How a signer's key looks where it is not the verifier's own. */
  signingKey?: KeyFormat;
  deliveryId: DeliveryId | "none";
  /**
   * Other names of all its headers, whole set by whole set: `{ "webhook-id": "svix-id", ... }`. One set counts for a request: the first
   * whose proof is there.
   */
  aliases?: readonly Readonly<Record<string, string>>[];
};

/** The place simply holds the secret. */
export type EqualityScheme = SchemeBase & {
  algorithm: "equality";
  proof: HeaderPlace | UrlPlace;
  /** `base64`: of `user:password`, as HTTP Basic has it. */
  encoding: "text" | "base64";
  /** Blanks inside a token count: GitLab lets users choose one freely. */
  blanks?: true;
  signed: "nothing";
  timestamp: "none";
};

export type SignatureScheme = SchemeBase & {
  proof: HeaderPlace;
  encoding: "hex" | "base64";
} & Timed &
  (
    | { algorithm: HmacAlgorithm }
    | { algorithm: "ed25519"; signingKey: KeyFormat }
    /** P-256 and SHA-256, the signature in DER, the key as SubjectPublicKeyInfo (SendGrid). */
    | { algorithm: "ecdsa-p256"; signingKey: KeyFormat }
  );

/** Twilio: HMAC of the public URL and the sorted fields of a form; of any other body, a query parameter of that URL holds the SHA-256 in hex. */
export type UrlFormScheme = SchemeBase & {
  algorithm: "hmac-sha1" | "hmac-sha256";
  proof: HeaderPlace;
  encoding: "base64";
  signed: "{url}{sorted-form}";
  bodyDigest: QueryPlace;
  timestamp: "none";
};

/** Netlify: a JWS (HS256) in the header, whose payload holds the SHA-256 of the body in hex. */
export type JwsScheme = SchemeBase & {
  algorithm: "jws-hs256";
  proof: HeaderPlace;
  encoding: "jws";
  signed: "jws";
  /** The claim that holds the digest of the body. */
  bodyClaim: string;
  /** Claims that must be there with these values. */
  claims: Readonly<Record<string, string>>;
  timestamp: "none";
};

/**
 * AWS SNS: RSA over fields of the body, by a certificate that the body names. The credential is no secret: it is the topic (its ARN) that
 * may send, since anybody's topic has a genuine signature.
 */
export type SnsScheme = SchemeBase & {
  algorithm: "sns";
  /** The header that every message has; what proves it stands in the body. */
  proof: HeaderPlace;
  encoding: "base64";
  signed: "sns";
  /** Hosts of certificates. Matched whole. */
  certificateHost: RegExp;
  timestamp: BodyTimestamp;
};

export type Scheme = EqualityScheme | SignatureScheme | UrlFormScheme | JwsScheme | SnsScheme;

/**
 * How much of a request its sender has vouched for: all of it, since who shows the secret itself chose every header; the one delivery
 * (id, time and body), which counts once; or the body alone, which whoever has captured one may send again under other headers.
 */
export type SignatureReach = "request" | "delivery" | "body";
