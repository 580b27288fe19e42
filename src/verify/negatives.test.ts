/**
 * Everything that must be refused, by scheme. Each case starts from a genuine request, and most are signed anew, so that
 * only the fault named can be what is refused.
 */
import { describe, expect, test } from "vitest";

import { secretCases, signedCases } from "../../test/verify/negatives/body.ts";
import { headerCases, proofCases } from "../../test/verify/negatives/headers.ts";
import { ownCases } from "../../test/verify/negatives/own.ts";
import { timedCases } from "../../test/verify/negatives/standard.ts";
import { genuine, openSample, run, SAMPLES, SIGNED_SCHEMES } from "../../test/verify/samples.ts";
import type { SampledScheme } from "../../test/verify/samples.ts";

// The keys of a Record over SampledScheme.
for (const scheme of Object.keys(SAMPLES) as SampledScheme[]) {
  const cases = [headerCases, proofCases, secretCases, signedCases, timedCases, ownCases].flatMap(
    (toCases) => toCases(scheme),
  );

  // req:field.20
  describe(`${scheme} refuses`, () => {
    test.each(cases)("$name", ({ request, reason, now, verifier = openSample(scheme) }) => {
      expect(run(verifier, request, now)).toMatchObject({ kind: "refused", reason });
    });
  });

  test(`${scheme}: the genuine request, from which the cases start, is accepted`, () => {
    expect(run(openSample(scheme), genuine(scheme))).toMatchObject({
      kind: "verified",
      scheme,
      keyId: "k1",
    });
  });

  test(`${scheme}: the set is as wide as it is meant to be`, () => {
    expect(cases.length).toBeGreaterThanOrEqual(SIGNED_SCHEMES.includes(scheme) ? 40 : 22);
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  });
}
