/** Mutations of genuine requests at random: not one is accepted. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  genuine,
  NOW,
  openSample,
  run,
  SAMPLES,
  SENT_AT_S,
  SIGNED_SCHEMES,
  TIMED_SCHEMES,
} from "../../test/verify/samples.ts";
import type { SampledScheme } from "../../test/verify/samples.ts";
import type { Request } from "../../test/verify/samples.ts";
import { toRuns } from "../sdk/runs.fixture.ts";

const RUNS = toRuns(1_000);
const body = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes));

/** A change of one place in a row of items: replaced, inserted, removed or cut. Never none. */
function changed<T>(
  items: readonly T[],
  item: T,
  kind: "replace" | "insert" | "remove" | "cut",
  at: number,
): T[] {
  const index = at % items.length;
  switch (kind) {
    case "replace":
      return items.with(index, item);
    case "insert":
      return items.toSpliced(index, 0, item);
    case "remove":
      return items.toSpliced(index, 1);
    case "cut":
      return items.slice(0, index);
    default:
      return kind satisfies never;
  }
}

const change = fc.record({
  kind: fc.constantFrom("replace", "insert", "remove", "cut"),
  at: fc.nat(),
} as const);
const char = fc
  .oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.integer({ min: 0, max: 0xff }))
  .map((code) => String.fromCharCode(code));

// The keys of a Record over SampledScheme.
describe.each(Object.keys(SAMPLES) as SampledScheme[])("%s", (scheme) => {
  const verifier = openSample(scheme);

  test("every genuine request is accepted", () => {
    fc.assert(
      fc.property(
        body,
        fc.integer({ min: -300, max: 300 }),
        fc.nat(64),
        (bytes, offsetS, chunkBytes) => {
          const request = genuine(scheme, { body: bytes, timestamp: String(SENT_AT_S + offsetS) });
          expect(run(verifier, request, NOW, chunkBytes + 1).kind).toBe("verified");
        },
      ),
      { numRuns: RUNS },
    );
  });

  test("no change of a security header is accepted", () => {
    fc.assert(
      fc.property(
        body,
        fc.constantFrom(...SAMPLES[scheme].required),
        change,
        char,
        (bytes, header, { kind, at }, with_) => {
          const { headers } = genuine(scheme, { body: bytes });
          const value = headers[header]?.[0] ?? "";
          const text = changed(value.split(""), with_, kind, at).join("");
          // "bEarer" is the same name of the same authentication scheme.
          const isSame =
            text === value ||
            (scheme === "bearer" &&
              at % value.length < 6 &&
              text.toLowerCase() === value.toLowerCase());
          fc.pre(!isSame);
          expect(
            run(verifier, { headers: { ...headers, [header]: [text] }, body: bytes }).kind,
          ).toBe("refused");
        },
      ),
      { numRuns: RUNS },
    );
  });

  test("no random text in place of a security header is accepted", () => {
    fc.assert(
      fc.property(
        body,
        fc.constantFrom(...SAMPLES[scheme].required),
        fc.array(fc.string({ unit: "binary" }), { maxLength: 3 }),
        (bytes, header, values) => {
          const { headers } = genuine(scheme, { body: bytes });
          fc.pre(values.length !== 1 || values[0] !== headers[header]?.[0]);
          expect(
            run(verifier, { headers: { ...headers, [header]: values }, body: bytes }).kind,
          ).toBe("refused");
        },
      ),
      { numRuns: RUNS },
    );
  });
});

describe.each(SIGNED_SCHEMES)("%s", (scheme) => {
  const verifier = openSample(scheme);

  test("no change of the body is accepted", () => {
    fc.assert(
      fc.property(body, change, fc.integer({ min: 0, max: 255 }), (bytes, { kind, at }, byte) => {
        const mutated = Buffer.from(changed([...bytes], byte, kind, at));
        fc.pre(!mutated.equals(bytes));
        const request: Request = {
          headers: genuine(scheme, { body: bytes }).headers,
          body: mutated,
        };
        expect(run(verifier, request)).toEqual({ kind: "refused", reason: "bad_signature" });
      }),
      { numRuns: RUNS },
    );
  });
});

describe.each(TIMED_SCHEMES)("%s", (scheme) => {
  const verifier = openSample(scheme);

  test("no time outside of the window is accepted, signed or not", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999_999_999_999 }),
        fc.boolean(),
        (timestamp, isSigned) => {
          fc.pre(Math.abs(timestamp - SENT_AT_S) > 300);
          const { headers, body: bytes } = genuine(
            scheme,
            isSigned ? { timestamp: String(timestamp) } : {},
          );
          const outcome = run(verifier, {
            headers: { ...headers, "webhook-timestamp": [String(timestamp)] },
            body: bytes,
          });
          const signedReason = timestamp < SENT_AT_S ? "stale" : "future";
          expect(outcome).toMatchObject({
            kind: "refused",
            reason: isSigned ? signedReason : "bad_signature",
          });
        },
      ),
      { numRuns: RUNS },
    );
  });
});
