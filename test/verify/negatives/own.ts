/** Refused for what only one scheme knows. */
import { credential, genuine, SAMPLES } from "../samples.ts";
import type { SampledScheme } from "../samples.ts";
import type { Request } from "../samples.ts";
import { openVerifier } from "../../../src/verify/verifier.ts";
import { base64Variant } from "./base64-variant.ts";
import type { Case } from "./case.ts";

const ED25519_L = 2n ** 252n + 27742317777372353535851937790883648493n;

export function ownCases(scheme: SampledScheme): Case[] {
  return OWN_CASES[scheme]();
}

const OWN_CASES: Record<SampledScheme, () => Case[]> = {
  bearer: bearerCases,
  "token-header": tokenHeaderCases,
  standard: () => [],
  "standard-v1a": ed25519Cases,
  github: githubCases,
};

function bearerCases(): Case[] {
  const { body } = genuine("bearer");
  return [
    {
      name: "basic authentication",
      reason: "unknown_version",
      request: {
        headers: { authorization: [`Basic ${Buffer.from("a:b").toString("base64")}`] },
        body,
      },
    },
    {
      name: "two spaces",
      reason: "malformed_header",
      request: { headers: { authorization: [`Bearer  ${SAMPLES.bearer.secret}`] }, body },
    },
    {
      name: "the token in the other header",
      reason: "missing_header",
      request: genuine("token-header"),
    },
  ];
}

function tokenHeaderCases(): Case[] {
  const { body } = genuine("token-header");
  return [
    {
      name: "the token in the other header",
      reason: "missing_header",
      request: genuine("bearer"),
    },
    {
      name: 'with "Bearer"',
      reason: "malformed_header",
      request: { headers: { "x-sluice-token": [`Bearer ${SAMPLES.bearer.secret}`] }, body },
    },
    {
      name: "the default header where another is configured",
      reason: "missing_header",
      request: genuine("token-header"),
      verifier: openVerifier({
        scheme: "token-header",
        header: "X-Sentry-Token",
        credentials: [credential(SAMPLES["token-header"].secret)],
      }),
    },
    {
      name: "a header named like a method of objects",
      reason: "missing_header",
      request: genuine("token-header"),
      verifier: openVerifier({
        scheme: "token-header",
        header: "constructor",
        credentials: [credential(SAMPLES["token-header"].secret)],
      }),
    },
  ];
}

function ed25519Cases(): Case[] {
  return [
    {
      name: "a signature made malleable (S + L)",
      reason: "bad_signature",
      request: base64Variant("standard-v1a", withOrderAdded),
    },
    { name: "a public key sent along", reason: "bad_signature", request: withKeySent() },
    {
      name: "the signature of everything under small keys",
      reason: "bad_signature",
      request: base64Variant("standard-v1a", () =>
        Buffer.concat([Buffer.from([1]), Buffer.alloc(63)]).toString("base64"),
      ),
    },
  ];
}

function githubCases(): Case[] {
  const { headers, body } = genuine("github");
  const signature = headers["x-hub-signature-256"]?.[0] ?? "";
  const sha1 = `sha1=${signature.slice(7, 47)}`;
  return [
    {
      name: "X-Hub-Signature (SHA-1) alone",
      reason: "missing_header",
      request: { headers: { "x-hub-signature": [sha1] }, body },
    },
    {
      name: "the SHA-256 signature in X-Hub-Signature",
      reason: "missing_header",
      request: { headers: { "x-hub-signature": [signature] }, body },
    },
    {
      name: "a SHA-1 signature in the header of SHA-256",
      reason: "unknown_version",
      request: { headers: { "x-hub-signature-256": [sha1] }, body },
    },
    {
      name: "a wrong signature beside a SHA-1 one",
      reason: "bad_signature",
      request: {
        headers: {
          "x-hub-signature-256": [`sha256=${"0".repeat(64)}`],
          "x-hub-signature": [sha1],
        },
        body,
      },
    },
    {
      name: "base64",
      reason: "malformed_header",
      request: {
        headers: {
          "x-hub-signature-256": [
            `sha256=${Buffer.from(signature.slice(7), "hex").toString("base64")}`,
          ],
        },
        body,
      },
    },
    {
      name: "a good digit run, then junk",
      reason: "malformed_header",
      request: { headers: { "x-hub-signature-256": [`${signature.slice(0, -2)}zz`] }, body },
    },
    {
      name: "prefix in upper case",
      reason: "unknown_version",
      request: {
        headers: { "x-hub-signature-256": [signature.replace("sha256", "SHA256")] },
        body,
      },
    },
    {
      name: "delivery id twice",
      reason: "doubled_header",
      request: { headers: { ...headers, "x-github-delivery": ["a", "b"] }, body },
    },
    {
      name: "delivery id empty",
      reason: "malformed_header",
      request: { headers: { ...headers, "x-github-delivery": [""] }, body },
    },
    {
      name: "delivery id with a line break",
      reason: "malformed_header",
      request: { headers: { ...headers, "x-github-delivery": ["a\nb"] }, body },
    },
  ];
}

function withOrderAdded(base64: string): string {
  const bytes = Buffer.from(base64, "base64");
  let s =
    BigInt(`0x${Buffer.from(Buffer.from(bytes.subarray(32)).toReversed()).toString("hex")}`) +
    ED25519_L;
  for (let at = 32; at < 64; at++, s >>= 8n) bytes[at] = Number(s & 255n);
  return bytes.toString("base64");
}

function withKeySent(): Request {
  const { other } = SAMPLES["standard-v1a"];
  const { headers, body } = genuine("standard-v1a", { signing: other.signing });
  return {
    headers: { ...headers, "webhook-public-key": [other.secret], "webhook-key": [other.secret] },
    body,
  };
}
