/**
 * The table of signature schemes, one row for each family of senders, and the shape of a row: all differences between senders, as data.
 *
 * Owns: the facts of each scheme, with the page they come from, and the text that a row says is signed. Never: cryptography, or behaviour;
 * a row that needs code is a sign that its type lacks a column.
 * The types forbid half a row: a signed timestamp without a place to read it, an equality check that claims to sign the body.
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
  /** Between the items of a list; empty where the header holds one value. */
  separator: "" | " " | ",";
};

export type Timestamp = { place: HeaderPlace; unit: "s" | "ms"; windowMs: number };

/** How the configured credential becomes key bytes. `minBytes` counts decoded bytes. */
export type KeyFormat = { encoding: "text" | "base64" | "hex"; prefix: string; minBytes: number };

export type HmacAlgorithm = "hmac-sha256" | "hmac-sha1";

/** What is signed: the text before `{body}` with its fields filled in, then the raw body. */
export type TimedTemplate = `${"" | "v0:"}{timestamp}${"" | "." | ":"}{body}`;
export type IdTimedTemplate = "{id}.{timestamp}.{body}";

/** The header with the sender's own id of a delivery: the key against duplicates. */
export type DeliveryId = { header: string };

type Common = {
  /** For people: error messages and help. */
  title: string;
  /** Where the signature or token is. */
  proof: HeaderPlace;
  key: KeyFormat;
  /** How a signer's key looks where it is not the verifier's own. */
  signingKey?: KeyFormat;
};

/** The header simply holds the secret. */
export type EqualityScheme = Common & {
  algorithm: "equality";
  encoding: "text";
  signed: "nothing";
  timestamp: "none";
  deliveryId: DeliveryId | "none";
};

type Signature = Common &
  ({ algorithm: HmacAlgorithm } | { algorithm: "ed25519"; signingKey: KeyFormat }) & {
    encoding: "hex" | "base64";
  };

export type SignatureScheme = Signature &
  (
    | { signed: "{body}"; timestamp: "none"; deliveryId: DeliveryId | "none" }
    | { signed: TimedTemplate; timestamp: Timestamp; deliveryId: DeliveryId | "none" }
    | { signed: IdTimedTemplate; timestamp: Timestamp; deliveryId: DeliveryId }
  );

export type Scheme = EqualityScheme | SignatureScheme;

const WINDOW_MS = 300_000;

/** Standard Webhooks: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
const STANDARD = {
  encoding: "base64",
  signed: "{id}.{timestamp}.{body}",
  timestamp: {
    place: { header: "webhook-timestamp", prefix: "", separator: "" },
    unit: "s",
    windowMs: WINDOW_MS,
  },
  deliveryId: { header: "webhook-id" },
} as const;

const TOKEN = {
  algorithm: "equality",
  encoding: "text",
  signed: "nothing",
  timestamp: "none",
  key: { encoding: "text", prefix: "", minBytes: 16 },
  deliveryId: "none",
} as const;

export const SCHEMES = {
  bearer: {
    ...TOKEN,
    title: "bearer token",
    proof: { header: "authorization", prefix: "Bearer ", prefixIgnoresCase: true, separator: "" },
  },
  "token-header": {
    ...TOKEN,
    title: "token in a header",
    proof: { header: "x-sluice-token", configurable: true, prefix: "", separator: "" },
  },
  standard: {
    ...STANDARD,
    title: "Standard Webhooks v1",
    algorithm: "hmac-sha256",
    proof: { header: "webhook-signature", prefix: "v1,", separator: " " },
    key: { encoding: "base64", prefix: "whsec_", minBytes: 24 },
  },
  "standard-v1a": {
    ...STANDARD,
    title: "Standard Webhooks v1a",
    algorithm: "ed25519",
    proof: { header: "webhook-signature", prefix: "v1a,", separator: " " },
    key: { encoding: "base64", prefix: "whpk_", minBytes: 32 },
    signingKey: { encoding: "base64", prefix: "whsk_", minBytes: 32 },
  },
  // https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
  // X-Hub-Signature (SHA-1) is not read at all, so nothing can fall back to it. GitHub does not sign the delivery id.
  github: {
    title: "GitHub",
    algorithm: "hmac-sha256",
    encoding: "hex",
    proof: { header: "x-hub-signature-256", prefix: "sha256=", separator: "" },
    key: { encoding: "text", prefix: "", minBytes: 16 },
    signed: "{body}",
    timestamp: "none",
    deliveryId: { header: "x-github-delivery" },
  },
} as const satisfies Record<string, Scheme>;

export type SchemeName = keyof typeof SCHEMES;

export function isSchemeName(name: string): name is SchemeName {
  return Object.hasOwn(SCHEMES, name);
}

/** Whether the delivery id is part of what was signed; an unsigned one is only the word of whoever sent the request. */
export function isIdSigned(scheme: Scheme): boolean {
  return scheme.signed === "{id}.{timestamp}.{body}";
}

/**
 * How much of a request its sender has vouched for: all of it, since who shows the secret itself chose every header; the one delivery
 * (id, time and body), which counts once; or the body alone, which whoever has captured one may send again under other headers.
 */
export type SignatureReach = "request" | "delivery" | "body";

function toReach(scheme: Scheme): SignatureReach {
  if (scheme.signed === "nothing") return "request";
  return isIdSigned(scheme) ? "delivery" : "body";
}

/** The reach of each scheme by its name; one that is not in the table has the least, `body`. */
export const REACH_OF: ReadonlyMap<string, SignatureReach> = new Map(
  Object.entries(SCHEMES).map(([name, scheme]) => [name, toReach(scheme)]),
);

/** The signed text in front of the body. The one place that fills a template, so that signing and verifying cannot drift. */
export function toSignedHead(scheme: Scheme, fields: { id: string; timestamp: string }): string {
  if (scheme.signed === "nothing") return "";
  // The id goes in last and by function: `{timestamp}` or `$&` inside an id must stay text. (Timestamps are digits.)
  return scheme.signed
    .replace("{body}", "")
    .replace("{timestamp}", () => fields.timestamp)
    .replace("{id}", () => fields.id);
}
