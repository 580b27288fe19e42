/** What the engine accepts. What it refuses: negatives.test.ts. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";

import {
  credential,
  genuine,
  NOW,
  openSample,
  run,
  SAMPLES,
  SENT_AT_S,
  TIMED_SCHEMES,
} from "../../test/verify/samples.ts";
import type { SampledScheme } from "../../test/verify/samples.ts";
import { sign } from "./sign.ts";
import { openVerifier } from "./verifier.ts";

// The keys of a Record over SampledScheme.
const ALL = Object.keys(SAMPLES) as SampledScheme[];

describe.each(ALL)("%s", (scheme) => {
  const { secret, signing, other } = SAMPLES[scheme];

  test("any body verifies, in chunks of any size", () => {
    const bodies = [
      Buffer.alloc(0),
      Buffer.from([0xff, 0x00, 0xfe]),
      Buffer.from("\ufeff{}\n"),
      Buffer.alloc(100_000, 7),
    ];
    for (const body of bodies) {
      for (const chunkBytes of [1000, 65_536, 1_000_000]) {
        expect(run(openSample(scheme), genuine(scheme, { body }), NOW, chunkBytes).kind).toBe(
          "verified",
        );
      }
    }
  });

  // VERIFY-3
  test("while a secret is rotated both are good, and the outcome names the one that fitted", () => {
    const verifier = openVerifier({
      scheme,
      credentials: [credential(other.secret, "new"), credential(secret, "old")],
    });
    expect(run(verifier, genuine(scheme, { signing: other.signing }))).toMatchObject({
      kind: "verified",
      keyId: "new",
    });
    expect(run(verifier, genuine(scheme, { signing }))).toMatchObject({
      kind: "verified",
      keyId: "old",
    });
  });

  // VERIFY-5
  test("a secret whose time is over proves nothing, whatever timers ran", () => {
    const old = { ...credential(secret, "old"), until: NOW + 1_000 };
    const verifier = openVerifier({
      scheme,
      credentials: [credential(other.secret, "new"), old],
    });
    const at = (now: number) => run(verifier, genuine(scheme, { signing }), now).kind;
    expect([at(NOW + 999), at(NOW + 1_000)]).toEqual(["verified", "refused"]);
  });

  test("what our signer signs verifies, and is the same as the second signer's", () => {
    const body = Buffer.from([1, 0xff, 2]);
    const headers = sign(scheme, credential(signing), { id: "msg_1", sentAt: NOW + 999, body });
    const theirs = genuine(scheme, { body });
    expect(headers).toEqual(
      Object.fromEntries(Object.entries(theirs.headers).map(([name, [value]]) => [name, value])),
    );
    expect(run(openSample(scheme), theirs).kind).toBe("verified");
  });

  test("one verifier proves many requests at once, each by itself", () => {
    const verifier = openSample(scheme);
    const bodies = ["a", "b"].map((text) => Buffer.from(text));
    const checks = bodies.map((body) => {
      const begun = verifier.begin(genuine(scheme, { body }).headers, NOW);
      if (begun.kind === "refused") throw new Error(begun.reason);
      return begun.check;
    });
    for (const at of [1, 0]) checks[at]?.update(bodies[at] ?? Buffer.alloc(0));
    expect(checks.map((check) => check.finish().kind)).toEqual(["verified", "verified"]);
  });

  test("headers that prove nothing may come twice", () => {
    const { headers, body } = genuine(scheme);
    expect(
      run(openSample(scheme), { headers: { ...headers, "x-other": ["a", "b"] }, body }).kind,
    ).toBe("verified");
  });
});

describe.each(TIMED_SCHEMES)("%s", (scheme) => {
  test.each([-300, -299, 0, 299, 300])(
    "a request sent %i s from now is inside the window",
    (offsetS) => {
      const request = genuine(scheme, { timestamp: String(SENT_AT_S + offsetS) });
      expect(run(openSample(scheme), request)).toMatchObject({ kind: "verified" });
    },
  );

  // VERIFY-4
  test("a genuine request out of the window tells by how much the clocks differ; a forged one does not", () => {
    const old = genuine(scheme, { timestamp: String(SENT_AT_S - 3600) });
    expect(run(openSample(scheme), old)).toEqual({
      kind: "refused",
      reason: "stale",
      skewMs: 3_600_000,
    });
    const early = genuine(scheme, { timestamp: String(SENT_AT_S + 301) });
    expect(run(openSample(scheme), early)).toEqual({
      kind: "refused",
      reason: "future",
      skewMs: -301_000,
    });
    const forged = { ...old, body: Buffer.from("{}") };
    expect(run(openSample(scheme), forged)).toEqual({ kind: "refused", reason: "bad_signature" });
  });

  test("one good signature among wrong ones, garbled ones and other versions is enough", () => {
    const { headers, body } = genuine(scheme);
    const good = headers["webhook-signature"]?.[0] ?? "";
    const [wrong = ""] =
      genuine(scheme, { signing: SAMPLES[scheme].other.signing }).headers["webhook-signature"] ??
      [];
    const garbled = good.slice(0, 20);
    for (const list of [
      `${wrong} ${good}`,
      `${good} ${wrong}`,
      `${garbled} ${good}`,
      `v0,AAAA v2,BBBB ${good}`,
      `${wrong} ${wrong} ${good}`,
      `${`${wrong} `.repeat(7)}${good}`,
    ]) {
      const request = { headers: { ...headers, "webhook-signature": [list] }, body };
      expect(run(openSample(scheme), request).kind).toBe("verified");
    }
  });

  test("the delivery id comes with the outcome, and is marked as signed", () => {
    expect(run(openSample(scheme), genuine(scheme, { id: "msg_{timestamp}$&" }))).toEqual({
      kind: "verified",
      scheme,
      keyId: "k1",
      deliveryId: "msg_{timestamp}$&",
      idSigned: true,
      reach: "delivery",
    });
  });
});

test("standard-v1a: a signing key written as seed and public key together signs the same", () => {
  const { signing, secret } = SAMPLES["standard-v1a"];
  const bytes = [signing.slice("whsk_".length), secret.slice("whpk_".length)].map((base64) =>
    Buffer.from(base64, "base64"),
  );
  const both = `whsk_${Buffer.concat(bytes).toString("base64")}`;
  const outgoing = { id: "m1", sentAt: NOW, body: Buffer.from("{}") };
  expect(sign("standard-v1a", credential(both), outgoing)).toEqual(
    sign("standard-v1a", credential(signing), outgoing),
  );
});

test("github: the delivery id is not under the signature; it is told so, and may be absent", () => {
  const { headers, body } = genuine("github", { id: "72d3162e-cc78-11e3-81ab-4c9367dc0958" });
  expect(run(openSample("github"), { headers, body })).toMatchObject({
    deliveryId: "72d3162e-cc78-11e3-81ab-4c9367dc0958",
    idSigned: false,
  });
  const { "x-github-delivery": _absent, ...without } = headers;
  expect(run(openSample("github"), { headers: without, body })).toEqual({
    kind: "verified",
    scheme: "github",
    keyId: "k1",
    idSigned: false,
    reach: "body",
  });
});

test("github: a SHA-1 signature beside the SHA-256 one is not looked at", () => {
  const { headers, body } = genuine("github");
  expect(
    run(openSample("github"), {
      headers: { ...headers, "x-hub-signature": ["sha1=junk", "twice"] },
      body,
    }).kind,
  ).toBe("verified");
});

test("bearer: the name of the authentication scheme is compared without regard to case, the token is not", () => {
  const { secret } = SAMPLES.bearer;
  for (const name of ["bearer", "BEARER"]) {
    const request = { headers: { authorization: [`${name} ${secret}`] }, body: Buffer.alloc(0) };
    expect(run(openSample("bearer"), request).kind).toBe("verified");
  }
});

test("token-header: the user may name another header, in any case", () => {
  const { secret } = SAMPLES["token-header"];
  const verifier = openVerifier({
    scheme: "token-header",
    header: "X-Sentry-Token",
    credentials: [credential(secret)],
  });
  const headers = sign("token-header", credential(secret), {
    id: "",
    sentAt: NOW,
    body: Buffer.alloc(0),
    header: "X-Sentry-Token",
  });
  expect(headers).toEqual({ "x-sentry-token": secret });
  expect(
    run(verifier, { headers: { "x-sentry-token": [secret] }, body: Buffer.alloc(0) }).kind,
  ).toBe("verified");
});

test("a token counts whole: none that is longer, shorter, filled up, or the digest of a long one is as good", () => {
  for (const length of [16, 63, 64, 65, 255, 256, 257, 300]) {
    const secret = "t".repeat(length);
    const verifier = openVerifier({ scheme: "bearer", credentials: [credential(secret)] });
    const prove = (token: string): string => {
      const begun = verifier.begin({ authorization: `Bearer ${token}` }, NOW);
      return begun.kind === "begun" ? begun.check.finish().kind : begun.kind;
    };
    expect(prove(secret)).toBe("verified");
    const digest = createHash("sha256").update(secret).digest("hex");
    const others = [`${secret}t`, secret.slice(1), `${secret}\0`, `\u0001${digest}`, digest];
    for (const token of others) expect([length, prove(token)]).toEqual([length, "refused"]);
  }
});
