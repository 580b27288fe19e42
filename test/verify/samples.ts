/**
 * One genuine request for each scheme, for the tests of src/verify.
 *
 * Owns: a second way of signing, straight from the vendors' words, that knows no row: it can disagree with sign.ts.
 * Never: a negative (negatives).
 */
import { createHmac, createPrivateKey, sign } from "node:crypto";

import { Secret } from "../../src/sdk/secret.ts";
import type { Credential } from "../../src/verify/key.ts";
import type { SchemeName } from "../../src/verify/schemes.ts";
import { openVerifier } from "../../src/verify/verifier.ts";
import type { Refused, Verified, Verifier } from "../../src/verify/contract.ts";

export type Headers = Record<string, string[]>;
export type Request = { headers: Headers; body: Buffer };

/** Epoch seconds at which the samples are sent. */
export const SENT_AT_S = 1_700_000_000;
export const NOW = SENT_AT_S * 1000;

/** `secret` verifies, `signing` signs; `other` is a pair that the verifier does not know. */
type Pair = { secret: string; signing: string };
type Sample = Pair & { other: Pair; proof: string; required: string[] };

const WHSEC = `whsec_${Buffer.alloc(24, 1).toString("base64")}`;
const OTHER_WHSEC = `whsec_${Buffer.alloc(24, 2).toString("base64")}`;
const STANDARD_HEADERS = ["webhook-id", "webhook-timestamp", "webhook-signature"];

/** The first is the key pair of RFC 8032, 7.1, test 1; the second that of test 2. */
const RFC_1: Pair = {
  secret: "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
  signing: "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=",
};
const RFC_2: Pair = {
  secret: "whpk_PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=",
  signing: "whsk_TM0Imyj/ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U+4pvs=",
};

/** Those whose whole proof stands in headers of its own; the others have their cases in test/verify/rows. */
export type SampledScheme = Exclude<SchemeName, "basic" | "query" | "path">;

export const SAMPLES: Record<SampledScheme, Sample> = {
  bearer: {
    ...same("tok_0123456789abcdef"),
    other: same("tok_fedcba9876543210"),
    proof: "authorization",
    required: ["authorization"],
  },
  "token-header": {
    ...same("tok_0123456789abcdef"),
    other: same("tok_fedcba9876543210"),
    proof: "x-sluice-token",
    required: ["x-sluice-token"],
  },
  standard: {
    ...same(WHSEC),
    other: same(OTHER_WHSEC),
    proof: "webhook-signature",
    required: STANDARD_HEADERS,
  },
  "standard-v1a": {
    ...RFC_1,
    other: RFC_2,
    proof: "webhook-signature",
    required: STANDARD_HEADERS,
  },
  github: {
    ...same("gh_0123456789abcdef"),
    other: same("gh_fedcba9876543210"),
    proof: "x-hub-signature-256",
    required: ["x-hub-signature-256"],
  },
};

export const SIGNED_SCHEMES: readonly SampledScheme[] = ["standard", "standard-v1a", "github"];
export const TIMED_SCHEMES: readonly SampledScheme[] = ["standard", "standard-v1a"];

export type Parts = { id?: string; timestamp?: string; body?: Buffer; signing?: string };

/** A request as the sender would make it. Whatever is put into `timestamp` or `id` is signed as it stands. */
export function genuine(scheme: SampledScheme, parts: Parts = {}): Request {
  const {
    id = "msg_1",
    timestamp = String(SENT_AT_S),
    body = Buffer.from('{"hello": "wörld", "n": 1}'),
  } = parts;
  const signing = parts.signing ?? SAMPLES[scheme].signing;
  const standard = Buffer.concat([Buffer.from(`${id}.${timestamp}.`, "latin1"), body]);
  const stamped = { "webhook-id": [id], "webhook-timestamp": [timestamp] };
  switch (scheme) {
    case "bearer":
      return { headers: { authorization: [`Bearer ${signing}`] }, body };
    case "token-header":
      return { headers: { "x-sluice-token": [signing] }, body };
    case "standard": {
      const key = Buffer.from(signing.slice("whsec_".length), "base64");
      const mac = createHmac("sha256", key).update(standard).digest("base64");
      return { headers: { ...stamped, "webhook-signature": [`v1,${mac}`] }, body };
    }
    case "standard-v1a": {
      const seed = Buffer.from(signing.slice("whsk_".length), "base64");
      const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
      const signature = sign(
        null,
        standard,
        createPrivateKey({ key: der, format: "der", type: "pkcs8" }),
      );
      return {
        headers: { ...stamped, "webhook-signature": [`v1a,${signature.toString("base64")}`] },
        body,
      };
    }
    case "github": {
      const mac = createHmac("sha256", signing).update(body).digest("hex");
      return {
        headers: { "x-hub-signature-256": [`sha256=${mac}`], "x-github-delivery": [id] },
        body,
      };
    }
    default:
      return scheme satisfies never;
  }
}

export function credential(secret: string, keyId = "k1"): Credential {
  return { keyId, secret: new Secret(secret) };
}

/** The verifier that the sample's request satisfies. */
export function openSample(scheme: SampledScheme): Verifier {
  return openVerifier({ scheme, credentials: [credential(SAMPLES[scheme].secret)] });
}

/** Runs one request through, the body cut into chunks of `chunkBytes`. */
export function run(
  verifier: Verifier,
  { headers, body }: Request,
  now = NOW,
  chunkBytes = 7,
): Refused | Verified {
  const begun = verifier.begin(headers, now);
  if (begun.kind === "refused") return begun;
  for (let at = 0; at < body.length; at += chunkBytes)
    begun.check.update(body.subarray(at, at + chunkBytes));
  return begun.check.finish();
}

function same(secret: string): Pair {
  return { secret, signing: secret };
}
