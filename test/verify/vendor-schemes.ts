/**
 * Schemes of senders that have no row in the catalogue, to try what a row can say. One that gets a row moves into its file.
 *
 * Owns: the facts, with the page they come from. Never: behaviour.
 */
import type { Scheme } from "../../src/sdk/scheme.ts";

const WINDOW_MS = 300_000;
/** What a sender or its user made: no shorter one is a secret; `add` warns below 16. */
const THEIRS = { encoding: "text", prefix: "", minBytes: 4 } as const;

const BODY_HEX = {
  algorithm: "hmac-sha256",
  encoding: "hex",
  key: THEIRS,
  signed: "{body}",
  timestamp: "none",
} as const;

/** https://docs.sentry.io/integrations/integration-platform/webhooks/ Sentry-Hook-Timestamp is not signed, so it is not read. */
export const sentry = {
  ...BODY_HEX,
  title: "Sentry",
  proof: { header: "sentry-hook-signature", prefix: "", separator: "" },
  deliveryId: { header: "request-id" },
} as const satisfies Scheme;

/** https://developer.pagerduty.com/docs/verifying-signatures During a rotation there are several v1. */
export const pagerduty = {
  ...BODY_HEX,
  title: "PagerDuty",
  proof: { header: "x-pagerduty-signature", prefix: "v1=", separator: "," },
  deliveryId: { header: "x-webhook-id" },
} as const satisfies Scheme;

/** https://docs.gitlab.com/user/project/integrations/webhooks/ Users choose the token freely. Its signing token is `standard`. */
export const gitlab = {
  algorithm: "equality",
  encoding: "text",
  blanks: true,
  signed: "nothing",
  timestamp: "none",
  title: "GitLab",
  key: THEIRS,
  proof: { header: "x-gitlab-token", prefix: "", separator: "" },
  deliveryId: { header: "idempotency-key" },
} as const satisfies Scheme;

/** https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/ SHA-256 in this header; X-Hook-UUID names the hook. */
export const bitbucket = {
  ...BODY_HEX,
  title: "Bitbucket",
  proof: { header: "x-hub-signature", prefix: "sha256=", separator: "" },
  deliveryId: { header: "x-request-uuid" },
} as const satisfies Scheme;

/** https://developer.atlassian.com/cloud/jira/platform/webhooks/ The identifier stays over retries. */
export const jira = {
  ...BODY_HEX,
  title: "Jira",
  proof: { header: "x-hub-signature", prefix: "sha256=", separator: "" },
  deliveryId: { header: "x-atlassian-webhook-identifier" },
} as const satisfies Scheme;

/** https://linear.app/developers/webhooks#securing-webhooks The time stands in the body, in ms. */
export const linear = {
  ...BODY_HEX,
  title: "Linear",
  proof: { header: "linear-signature", prefix: "", separator: "" },
  timestamp: { body: "webhookTimestamp", unit: "ms", windowMs: WINDOW_MS, isOptional: true },
  deliveryId: { header: "linear-delivery" },
} as const satisfies Scheme;

/** https://circleci.com/docs/guides/integration/outbound-webhooks/#validate-webhooks "Check only the latest" version. */
export const circleci = {
  ...BODY_HEX,
  title: "CircleCI",
  proof: { header: "circleci-signature", prefix: "v1=", separator: "," },
  deliveryId: "none",
} as const satisfies Scheme;

/** https://buildkite.com/docs/apis/webhooks/pipelines#http-headers */
export const buildkite = {
  ...BODY_HEX,
  title: "Buildkite",
  proof: { header: "x-buildkite-signature", prefix: "signature=", separator: "," },
  signed: "{timestamp}.{body}",
  timestamp: {
    place: { header: "x-buildkite-signature", prefix: "timestamp=", separator: "," },
    unit: "s",
    windowMs: WINDOW_MS,
  },
  deliveryId: { header: "x-buildkite-request" },
} as const satisfies Scheme;

/** https://buildkite.com/docs/apis/webhooks/pipelines#http-headers The other choice in its settings. */
export const buildkiteToken = {
  algorithm: "equality",
  encoding: "text",
  signed: "nothing",
  timestamp: "none",
  title: "Buildkite token",
  key: THEIRS,
  proof: { header: "x-buildkite-token", prefix: "", separator: "" },
  deliveryId: { header: "x-buildkite-request" },
} as const satisfies Scheme;

/** https://fluxcd.io/flux/components/notification/providers/#generic-webhook-with-hmac */
export const flux = {
  ...BODY_HEX,
  title: "Flux",
  proof: { header: "x-signature", prefix: "sha256=", separator: "" },
  deliveryId: "none",
} as const satisfies Scheme;

/** https://vercel.com/docs/webhooks/webhooks-api#securing-webhooks SHA-1 is all that it signs with. */
export const vercel = {
  ...BODY_HEX,
  title: "Vercel",
  algorithm: "hmac-sha1",
  proof: { header: "x-vercel-signature", prefix: "", separator: "" },
  deliveryId: "none",
} as const satisfies Scheme;

/** https://docs.netlify.com/site-deploys/notifications/#payload-signature */
export const netlify = {
  title: "Netlify",
  algorithm: "jws-hs256",
  encoding: "jws",
  signed: "jws",
  bodyClaim: "sha256",
  claims: { iss: "netlify" },
  timestamp: "none",
  key: THEIRS,
  proof: { header: "x-webhook-signature", prefix: "", separator: "" },
  deliveryId: "none",
} as const satisfies Scheme;

/** https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/#hmac-signature */
export const grafana = {
  ...BODY_HEX,
  title: "Grafana",
  proof: {
    header: "x-grafana-alerting-signature",
    configurable: true,
    prefix: "",
    separator: "",
  },
  deliveryId: "none",
} as const satisfies Scheme;

/** With the timestamp header that its settings leave empty: name it X-Grafana-Alerting-Timestamp there. */
export const grafanaTimed = {
  ...grafana,
  title: "Grafana with a timestamp header",
  signed: "{timestamp}:{body}",
  timestamp: {
    place: { header: "x-grafana-alerting-timestamp", prefix: "", separator: "" },
    unit: "s",
    windowMs: WINDOW_MS,
  },
} as const satisfies Scheme;

/** https://docs.stripe.com/webhooks#verify-manually The key is the whole `whsec_...`; `v0` is of test mode and proves nothing. */
export const stripe = {
  ...BODY_HEX,
  title: "Stripe",
  key: { encoding: "text", prefix: "", minBytes: 16 },
  proof: { header: "stripe-signature", prefix: "v1=", separator: "," },
  signed: "{timestamp}.{body}",
  timestamp: {
    place: { header: "stripe-signature", prefix: "t=", separator: "," },
    unit: "s",
    windowMs: WINDOW_MS,
  },
  deliveryId: "none",
} as const satisfies Scheme;

/** https://shopify.dev/docs/apps/build/webhooks/subscribe/https#step-2-validate-the-origin-of-your-webhook-to-ensure-its-coming-from-shopify */
export const shopify = {
  ...BODY_HEX,
  title: "Shopify",
  encoding: "base64",
  proof: { header: "x-shopify-hmac-sha256", prefix: "", separator: "" },
  deliveryId: { header: "x-shopify-webhook-id" },
} as const satisfies Scheme;

/** https://docs.slack.dev/authentication/verifying-requests-from-slack/ */
export const slack = {
  ...BODY_HEX,
  title: "Slack",
  key: { encoding: "text", prefix: "", minBytes: 16 },
  proof: { header: "x-slack-signature", prefix: "v0=", separator: "" },
  signed: "v0:{timestamp}:{body}",
  timestamp: {
    place: { header: "x-slack-request-timestamp", prefix: "", separator: "" },
    unit: "s",
    windowMs: WINDOW_MS,
  },
  deliveryId: "none",
} as const satisfies Scheme;

/** https://docs.discord.com/developers/interactions/receiving-and-responding#security-and-authorization The key is the application's public one. */
export const discord = {
  title: "Discord",
  algorithm: "ed25519",
  encoding: "hex",
  key: { encoding: "hex", prefix: "", minBytes: 32 },
  signingKey: { encoding: "hex", prefix: "", minBytes: 32 },
  proof: { header: "x-signature-ed25519", prefix: "", separator: "" },
  signed: "{timestamp}{body}",
  timestamp: {
    place: { header: "x-signature-timestamp", prefix: "", separator: "" },
    unit: "s",
    windowMs: WINDOW_MS,
  },
  deliveryId: "none",
} as const satisfies Scheme;

/** https://www.twilio.com/docs/usage/webhooks/webhooks-security The key is the account's auth token. */
export const twilio = {
  title: "Twilio",
  algorithm: "hmac-sha1",
  encoding: "base64",
  key: THEIRS,
  proof: { header: "x-twilio-signature", prefix: "", separator: "" },
  signed: "{url}{sorted-form}",
  bodyDigest: { query: "bodySHA256" },
  timestamp: "none",
  deliveryId: { header: "i-twilio-idempotency-token" },
} as const satisfies Scheme;

/** Of an account that signs with a shared key (X-Twilio-Webhooks-Signature-Settings: algorithm=HMAC_SHA256). That header is not signed, so the row says which. */
export const twilioSharedKey = {
  ...twilio,
  title: "Twilio with a shared key",
  algorithm: "hmac-sha256",
} as const satisfies Scheme;

/** https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features */
export const sendgrid = {
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
    windowMs: WINDOW_MS,
  },
  deliveryId: "none",
} as const satisfies Scheme;

/**
 * https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html The credential is the topic's ARN. A message is sent again
 * for up to an hour, with the time of its first attempt.
 */
export const sns = {
  title: "AWS SNS",
  algorithm: "sns",
  encoding: "base64",
  signed: "sns",
  certificateHost: /sns\.[a-z]{2}(?:-[a-z]{2,12}){1,2}-\d{1,2}\.amazonaws\.com(?:\.cn)?/,
  key: { encoding: "text", prefix: "", minBytes: 1 },
  proof: { header: "x-amz-sns-message-type", prefix: "", separator: "" },
  timestamp: { body: "Timestamp", unit: "iso", windowMs: 3_900_000 },
  deliveryId: "none",
} as const satisfies Scheme;

/** https://developers.zoom.us/docs/api/webhooks/#verify-webhook-events */
export const zoom = {
  ...BODY_HEX,
  title: "Zoom",
  proof: { header: "x-zm-signature", prefix: "v0=", separator: "" },
  signed: "v0:{timestamp}:{body}",
  timestamp: {
    place: { header: "x-zm-request-timestamp", prefix: "", separator: "" },
    unit: "s-or-ms",
    windowMs: WINDOW_MS,
  },
  deliveryId: "none",
} as const satisfies Scheme;

/** https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads The key is the app's secret. */
export const meta = {
  ...BODY_HEX,
  title: "Meta",
  proof: { header: "x-hub-signature-256", prefix: "sha256=", separator: "" },
  deliveryId: "none",
} as const satisfies Scheme;

/** https://docs.gitea.com/usage/webhooks Forgejo sends the same. */
export const gitea = {
  ...BODY_HEX,
  title: "Gitea",
  proof: { header: "x-gitea-signature", prefix: "", separator: "" },
  aliases: [
    {
      "x-gitea-signature": "x-forgejo-signature",
      "x-gitea-delivery": "x-forgejo-delivery",
    },
  ],
  deliveryId: { header: "x-gitea-delivery" },
} as const satisfies Scheme;

/** https://developers.notion.com/reference/webhooks#step-3-validating-event-payloads-recommended The key is the verification token. */
export const notion = {
  ...BODY_HEX,
  title: "Notion",
  proof: { header: "x-notion-signature", prefix: "sha256=", separator: "" },
  deliveryId: "none",
} as const satisfies Scheme;

/** https://developers.cloudflare.com/notifications/get-started/configure-webhooks/ */
export const cloudflare = {
  algorithm: "equality",
  encoding: "text",
  signed: "nothing",
  timestamp: "none",
  title: "Cloudflare",
  key: THEIRS,
  proof: { header: "cf-webhook-auth", prefix: "", separator: "" },
  deliveryId: "none",
} as const satisfies Scheme;

/** https://www.checklyhq.com/docs/alerting-and-retries/webhooks */
export const checkly = {
  ...BODY_HEX,
  title: "Checkly",
  proof: { header: "x-checkly-signature", prefix: "", separator: "" },
  deliveryId: "none",
} as const satisfies Scheme;

/** By the names that a row gives them in `ownSchemes`. */
export const VENDOR_SCHEMES = {
  sentry,
  pagerduty,
  gitlab,
  bitbucket,
  jira,
  linear,
  circleci,
  buildkite,
  "buildkite-token": buildkiteToken,
  flux,
  vercel,
  netlify,
  grafana,
  "grafana-timed": grafanaTimed,
  stripe,
  shopify,
  slack,
  discord,
  twilio,
  "twilio-shared-key": twilioSharedKey,
  sendgrid,
  sns,
  zoom,
  meta,
  gitea,
  notion,
  cloudflare,
  checkly,
} as const satisfies Record<string, Scheme>;
