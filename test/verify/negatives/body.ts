/** Refused because the body or the secret is not the one that was signed. */
import { gzipSync } from "node:zlib";

import { credential, genuine, SAMPLES, SIGNED_SCHEMES } from "../samples.ts";
import type { SampledScheme } from "../samples.ts";
import { SCHEMES } from "../../../src/verify/schemes.ts";
import { openVerifier } from "../../../src/verify/verifier.ts";
import type { Case } from "./case.ts";

export function secretCases(scheme: SampledScheme): Case[] {
  const { other, secret } = SAMPLES[scheme];
  const wrong = SCHEMES[scheme].algorithm === "equality" ? "bad_token" : "bad_signature";
  const four = [1, 2, 3, 4].map((n) =>
    credential(scheme === "standard-v1a" ? other.secret : `${secret.slice(0, -4)}AAA${n}`, `k${n}`),
  );
  return [
    {
      name: "the secret of another channel",
      reason: wrong,
      request: genuine(scheme, { signing: other.signing }),
    },
    {
      name: "the old secret after its rotation ended",
      reason: wrong,
      request: genuine(scheme),
      verifier: openVerifier({ scheme, credentials: [credential(other.secret, "new")] }),
    },
    {
      name: "none of four keys",
      reason: wrong,
      request: genuine(scheme),
      verifier: openVerifier({
        scheme,
        credentials: scheme === "standard" ? [credential(other.secret)] : four,
      }),
    },
  ];
}

export function signedCases(scheme: SampledScheme): Case[] {
  if (!SIGNED_SCHEMES.includes(scheme)) return [];
  const { headers, body } = genuine(scheme);
  const flip = (at: number): Buffer =>
    Buffer.from(body.map((byte, index) => (index === at ? byte ^ 1 : byte)));
  const chunked = Buffer.concat([
    Buffer.from(`${body.length.toString(16)}\r\n`),
    body,
    Buffer.from("\r\n0\r\n\r\n"),
  ]);
  const bodies: Record<string, Buffer> = {
    "first byte flipped": flip(0),
    "middle byte flipped": flip(body.length >> 1),
    "last byte flipped": flip(body.length - 1),
    "line break appended": Buffer.concat([body, Buffer.from("\n")]),
    "NUL appended": Buffer.concat([body, Buffer.from([0])]),
    "last byte cut": body.subarray(0, -1),
    "JSON written anew": Buffer.from(JSON.stringify(JSON.parse(body.toString()))),
    "byte order mark in front": Buffer.concat([Buffer.from("\ufeff"), body]),
    "gzip of the body": gzipSync(body),
    "chunked framing left in": chunked,
    "no body": Buffer.alloc(0),
    "read as latin1, written as UTF-8": Buffer.from(body.toString("latin1")),
    "twice the body": Buffer.concat([body, body]),
  };
  const raw = Buffer.from([0x7b, 0xff, 0x7d]);
  const lossy = Buffer.from(raw.toString("utf8"));
  return [
    ...Object.entries(bodies).map(
      ([name, changed]): Case => ({
        name,
        reason: "bad_signature",
        request: { headers, body: changed },
      }),
    ),
    {
      name: "signed 0xFF, sent its replacement character",
      reason: "bad_signature",
      request: { ...genuine(scheme, { body: raw }), body: lossy },
    },
    {
      name: "signed the replacement character, sent 0xFF",
      reason: "bad_signature",
      request: { ...genuine(scheme, { body: lossy }), body: raw },
    },
  ];
}
