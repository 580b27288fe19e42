/** Known answers: published by the vendor, or (where `published` is null) computed by another program from the vendor's words. */
import { expect, test } from "vitest";

import { Secret } from "../sdk/secret.ts";
import { SENDER_SCHEMES } from "../../test/verify/sender-schemes.ts";
import vectors from "../../test/verify/vectors.json" with { type: "json" };
import { findScheme } from "./find-scheme.ts";
import { signParts } from "./sign.ts";
import { openVerifier } from "./verifier.ts";

type Vector = {
  scheme: string;
  secret: string;
  signingSecret?: string;
  body: string;
  sentAt?: number;
  url?: string;
  path?: string;
  query?: string;
  contentType?: string;
  /** The sender writes more than one form, and we sign another. */
  verifiesOnly?: boolean;
  headers: Record<string, string>;
};

for (const [name, vector] of Object.entries<Vector>(vectors)) {
  const { scheme, url, path = "", query = "", headers, contentType } = vector;
  const body = Buffer.from(vector.body);
  const sentAt = vector.sentAt ?? 0;
  const verifier = openVerifier({
    scheme,
    own: SENDER_SCHEMES,
    url,
    credentials: [{ keyId: "k1", secret: new Secret(vector.secret) }],
  });

  test(`${name}: the known request verifies, its body in one piece or byte by byte`, () => {
    for (const pieces of [[body], [...body].map((byte) => Buffer.from([byte]))]) {
      const begun = verifier.begin(distinct(headers), sentAt, { method: "POST", path, query });
      if (begun.kind !== "begun") throw new Error(begun.reason);
      for (const piece of pieces) begun.check.update(piece);
      expect(begun.check.finish()).toMatchObject({ kind: "verified", scheme, keyId: "k1" });
    }
  });

  test(`${name}: without the target, with another body or another secret it does not`, () => {
    const tryIt = (other: Buffer, secret = vector.secret, at = { path, query }): string => {
      const opened = openVerifier({
        scheme,
        own: SENDER_SCHEMES,
        url,
        credentials: [{ keyId: "k1", secret: new Secret(secret) }],
      });
      const begun = opened.begin(distinct(headers), sentAt, { method: "POST", ...at });
      if (begun.kind !== "begun") return begun.kind;
      begun.check.update(other);
      return begun.check.finish().kind;
    };
    const row = findScheme({ scheme, own: SENDER_SCHEMES });
    const isToken = row.signed === "nothing";
    expect(tryIt(Buffer.concat([body, Buffer.from("\n")]))).toBe(isToken ? "verified" : "refused");
    if (path !== "" || query !== "")
      expect(tryIt(body, vector.secret, { path: "", query: "" })).toBe("refused");
    if (row.key.encoding === "text") expect(tryIt(body, `${vector.secret}x`)).toBe("refused");
  });

  test.skipIf(vector.verifiesOnly === true)(`${name}: the signer makes exactly that`, () => {
    const credential = { keyId: "k1", secret: new Secret(vector.signingSecret ?? vector.secret) };
    const row = findScheme({ scheme, own: SENDER_SCHEMES });
    // A digest or a secret in the URL is the signer's to add.
    const plain = query.replace(/&bodySHA256=.*$/, "");
    const signed = signParts(row, credential, {
      id: headers["webhook-id"] ?? "d1",
      sentAt,
      body,
      url: url === undefined ? "" : `${url}?${plain}`,
      headers: contentType === undefined ? {} : { "content-type": contentType },
    });
    expect(signed.headers).toMatchObject(headers);
    const target = url === undefined ? signed.suffix : `?${plain}${signed.suffix}`;
    expect(target).toBe((path === "" ? "" : `/${path}`) + (query === "" ? "" : `?${query}`));
    if (row.timestamp === "none" || "place" in row.timestamp) expect(signed.body).toEqual(body);
  });
}

function distinct(headers: Record<string, string>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
}
