/** What a verifier is not opened with: a channel must never listen without a secret that can be relied on. */
import { describe, expect, test } from "vitest";

import { isSluiceError } from "../sdk/errors.ts";
import { Secret } from "../sdk/secret.ts";
import { credential, SAMPLES } from "../../test/verify/samples.ts";
import type { SampledScheme } from "../../test/verify/samples.ts";
import { openVerifier } from "./verifier.ts";
import type { VerifierOptions } from "./verifier.ts";

// The keys of a Record over SampledScheme.
const ALL = Object.keys(SAMPLES) as SampledScheme[];

describe.each(ALL)("%s", (scheme) => {
  const { secret, other } = SAMPLES[scheme];
  const usable = { keyId: "k1", secret: new Secret(secret) };
  const head = secret.slice(0, secret.indexOf("_") + 1);
  const refused: [string, string, VerifierOptions["credentials"]][] = [
    ["no secret", "bad_secret", []],
    ["an empty secret", "bad_secret", [credential("")]],
    ["a blank secret", "bad_secret", [credential(" ".repeat(40))]],
    ["a secret of line breaks", "bad_secret", [credential("\n".repeat(40))]],
    ["a secret that is its prefix only", "bad_secret", [credential(head)]],
    ["a short secret", "bad_secret", [credential(head + "QUJD".repeat(2))]],
    ["a line break behind", "bad_secret", [credential(`${secret}\n`)]],
    ["a space in front", "bad_secret", [credential(` ${secret}`)]],
    ["a tab inside", "bad_secret", [credential(`${secret.slice(0, 10)}\t${secret.slice(10)}`)]],
    ["a bad second secret", "bad_secret", [usable, credential("", "k2")]],
    // From a file that was parsed badly: the types do not hold there.
    [
      "a secret that is not there",
      "bad_secret",
      [{ keyId: "k1" } as unknown as { keyId: string; secret: Secret }],
    ],
    ["five secrets", "bad_config", [1, 2, 3, 4, 5].map((n) => credential(secret, `k${n}`))],
    ["two secrets under one key id", "bad_config", [usable, credential(other.secret, "k1")]],
    ["an empty key id", "bad_config", [credential(secret, "")]],
  ];

  // VERIFY-1
  test.each(refused)("is not opened with %s", (_name, code, credentials) => {
    const thrown = capture(() => openVerifier({ scheme, credentials }));
    expect(isSluiceError(thrown) && thrown.code).toBe(code);
    // A message may be printed and logged, so it never holds the secret.
    for (const { secret: held } of credentials) {
      const text = held?.reveal().slice(head.length).trim();
      if (text) expect(String(thrown)).not.toContain(text);
    }
  });
});

test.each([
  "Host",
  "Content-Length",
  "transfer-encoding",
  "X Token",
  "x-token\r\n",
  "",
  "__proto__",
])("token-header: %j cannot be the header", (header) => {
  const thrown = capture(() =>
    openVerifier({
      scheme: "token-header",
      header,
      credentials: [credential(SAMPLES["token-header"].secret)],
    }),
  );
  expect(isSluiceError(thrown, "bad_config")).toBe(true);
});

test("a header is refused where the scheme fixes it", () => {
  const thrown = capture(() =>
    openVerifier({
      scheme: "github",
      header: "x-mine",
      credentials: [credential(SAMPLES.github.secret)],
    }),
  );
  expect(isSluiceError(thrown, "bad_config")).toBe(true);
});

test.each(["", "none", "GitHub", "constructor", "__proto__"])("there is no scheme %j", (scheme) => {
  const thrown = capture(() =>
    openVerifier({ scheme, credentials: [credential(SAMPLES.github.secret)] }),
  );
  expect(isSluiceError(thrown, "bad_config")).toBe(true);
});

test.each([
  ["bearer", "tökén_0123456789abcdef"],
  ["bearer", "two words of a token"],
  ["standard", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
  ["standard", `whsec_${Buffer.alloc(23, 1).toString("base64")}`],
  ["standard", `whsec_${Buffer.alloc(32, 1).toString("base64").replace("=", "")}`],
  ["standard", `whsec_${Buffer.alloc(33, 255).toString("base64url")}`],
  ["standard-v1a", SAMPLES["standard-v1a"].signing],
  ["standard-v1a", `whpk_${Buffer.alloc(33, 1).toString("base64")}`],
  ["github", "fifteen_bytes.."],
] as const)("%s is not opened with %j", (scheme, secret) => {
  expect(
    isSluiceError(
      capture(() => openVerifier({ scheme, credentials: [credential(secret)] })),
      "bad_secret",
    ),
  ).toBe(true);
});

test("sixteen bytes are enough for a text secret, twenty-four for Standard Webhooks", () => {
  openVerifier({ scheme: "github", credentials: [credential("sixteen_bytes...")] });
  openVerifier({
    scheme: "standard",
    credentials: [credential(`whsec_${Buffer.alloc(24, 1).toString("base64")}`)],
  });
});

function capture(act: () => unknown): unknown {
  try {
    act();
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}
