/**
 * The table of signature schemes: one row a sender family.
 *
 * Owns: the facts of each scheme, with the page they come from. Never: behaviour; a row that needs code is a sign that
 * the row type (scheme.ts) lacks a column.
 */
import { toReach } from "./scheme.ts";
import type { Reach, Scheme } from "./scheme.ts";

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

/** The reach of a scheme by its name; of one that is not in the table the least. */
export function readReach(name: string): Reach {
  return isSchemeName(name) ? toReach(SCHEMES[name]) : "body";
}
