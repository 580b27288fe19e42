/** Known answers: published by the vendor, or (where `published` is null) computed from the RFC 8032 test key. */
import { expect, test } from "vitest";

import { Secret } from "../sdk/secret.ts";
import type { SchemeName } from "./schemes.ts";
import { sign } from "./sign.ts";
import vectors from "../../test/verify/vectors.json" with { type: "json" };
import { openVerifier } from "./verifier.ts";

type Vector = {
  scheme: string;
  secret: string;
  signingSecret?: string;
  body: string;
  sentAt?: number;
  headers: Record<string, string>;
};

for (const [name, vector] of Object.entries<Vector>(vectors)) {
  const body = Buffer.from(vector.body);
  const sentAt = vector.sentAt ?? 0;
  const verifier = openVerifier({
    scheme: vector.scheme,
    credentials: [{ keyId: "k1", secret: new Secret(vector.secret) }],
  });

  test(`${name}: the known request verifies, its body in one piece or byte by byte`, () => {
    for (const pieces of [[body], [...body].map((byte) => Buffer.from([byte]))]) {
      const begun = verifier.begin(distinct(vector.headers), sentAt);
      if (begun.kind !== "begun") throw new Error(begun.reason);
      for (const piece of pieces) begun.check.update(piece);
      expect(begun.check.finish()).toMatchObject({
        kind: "verified",
        scheme: vector.scheme,
        keyId: "k1",
      });
    }
  });

  test(`${name}: the signer makes exactly the known headers`, () => {
    const credential = { keyId: "k1", secret: new Secret(vector.signingSecret ?? vector.secret) };
    const id = vector.headers["webhook-id"] ?? "d1";
    // The file holds names as plain text; openVerifier above has checked them.
    expect(sign(vector.scheme as SchemeName, credential, { id, sentAt, body })).toMatchObject(
      vector.headers,
    );
  });
}

function distinct(headers: Record<string, string>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
}
