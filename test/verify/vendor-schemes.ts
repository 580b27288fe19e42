/**
 * Schemes of vendors that have no row in the catalogue, so that their algorithms are tried too.
 *
 * Owns: the facts, with the page they come from. Never: behaviour.
 */
import type { Scheme } from "../../src/sdk/scheme.ts";

/** https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features */
const sendgrid = {
  title: "SendGrid",
  algorithm: "ecdsa-p256",
  encoding: "base64",
  key: { encoding: "base64", prefix: "", minBytes: 59 },
  signingKey: { encoding: "base64", prefix: "", minBytes: 32 },
  proof: { header: "x-twilio-email-event-webhook-signature", prefix: "", separator: "" },
  signed: "{timestamp}{body}",
  timestamp: {
    place: { header: "x-twilio-email-event-webhook-timestamp", prefix: "", separator: "" },
    unit: "s",
    windowMs: 300_000,
  },
  deliveryId: "none",
} as const satisfies Scheme;

/** By the names that a row would give them in `ownSchemes`. */
export const VENDOR_SCHEMES = { sendgrid } as const satisfies Record<string, Scheme>;
