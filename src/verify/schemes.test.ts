/** The table: what a row must hold, and that schemes which are not in it yet need nothing but a row. */
import { expect, test } from "vitest";

import { credential, run } from "../../test/verify/samples.ts";
import type { HeaderPlace, HeaderTimestamp, Scheme } from "../sdk/scheme.ts";
import { checkScheme, listHeaderPlaces } from "./check-scheme.ts";
import { isSchemeName, SCHEMES } from "./schemes.ts";
import { signRow } from "./sign.ts";
import { openRow } from "./verifier.ts";

const rows = Object.entries<Scheme>(SCHEMES);
const SENT_AT = 1_700_000_000_000;

test("the names are what users type, and stay", () => {
  expect(Object.keys(SCHEMES)).toEqual([
    "bearer",
    "token-header",
    "standard",
    "standard-v1a",
    "github",
    "basic",
    "query",
    "path",
  ]);
  expect(isSchemeName("github")).toBe(true);
  expect(isSchemeName("toString")).toBe(false);
});

test.each(rows)("%s: header names are in lower case, as node gives them", (_name, row) => {
  const headers = listHeaderPlaces(row).map(({ header }) => header);
  if (row.deliveryId !== "none") headers.push(row.deliveryId.header);
  expect(headers).toEqual(headers.map((header) => header.toLowerCase()));
});

test.each(rows)(
  "%s: a text secret has at least 16 bytes, and no window is wider than five minutes",
  (_name, row) => {
    expect(row.key.minBytes).toBeGreaterThanOrEqual(16);
    if (row.timestamp !== "none") expect(row.timestamp.windowMs).toBe(300_000);
  },
);

test.each(rows)("%s: what is signed is text with its fields filled in", (_name, row) => {
  const fields = { id: "ID", timestamp: "7", url: "", method: "POST", headers: {} };
  expect(checkScheme(row)?.toHead(fields) ?? "").not.toMatch(/[{}]/);
});

test("the types forbid half a row", () => {
  const timed = {
    place: { header: "x-time", prefix: "", separator: "" },
    unit: "s",
    windowMs: 300_000,
  } as const;
  const whole = {
    title: "whole",
    algorithm: "hmac-sha256",
    encoding: "hex",
    proof: { header: "x-sig", prefix: "", separator: "" },
    key: { encoding: "text", prefix: "", minBytes: 16 },
    signed: "{timestamp}.{body}",
    timestamp: timed,
    deliveryId: "none",
  } as const satisfies Scheme;
  const { proof: _proof, ...withoutProof } = whole;
  const { key: _key, ...withoutKey } = whole;
  const half = [
    // @ts-expect-error -- nowhere to find the signature
    withoutProof satisfies Scheme,
    // @ts-expect-error -- no key format, so no least length
    withoutKey satisfies Scheme,
    // @ts-expect-error -- a time that nothing signs proves nothing
    { ...whole, signed: "{body}" } satisfies Scheme,
    // @ts-expect-error -- a token is not a signature
    { ...whole, algorithm: "equality" } satisfies Scheme,
    // @ts-expect-error -- a signer's key looks otherwise than the public one
    { ...whole, algorithm: "ed25519" } satisfies Scheme,
    // @ts-expect-error -- a time without a window is no protection
    { ...whole, timestamp: { place: timed.place, unit: "s" } } satisfies Scheme,
  ];
  expect(half).toHaveLength(6);
});

test.each<[string, Record<string, unknown>]>([
  ["a signed time that is read nowhere", { timestamp: "none" }],
  ["a signed id that is read nowhere", { signed: "{id}.{timestamp}.{body}" }],
  ["a signature that leaves out the body", { signed: "{timestamp}" }],
  ["the body twice", { signed: "{timestamp}{body}{body}" }],
  ["a field that there is not", { signed: "{timestamp}.{nonce}.{body}" }],
  ["a brace of no field", { signed: "{timestamp}.}{body}" }],
  ["an id without an end", { signed: "{id}{timestamp}{body}", deliveryId: { header: "x-id" } }],
  ["a header in capital letters", { proof: { header: "X-Sig", prefix: "", separator: "" } }],
  ["no window", { timestamp: { ...time(place("x-time", ""), "s"), windowMs: 0 } }],
  ["a window of days", { timestamp: { ...time(place("x-time", ""), "s"), windowMs: 9e8 } }],
  ["secrets of any length", { key: { encoding: "text", prefix: "", minBytes: 0 } }],
])("what the types cannot forbid is refused when it is opened: %s", (_name, fault) => {
  const whole = row({
    proof: place("x-sig", ""),
    signed: "{timestamp}.{body}",
    timestamp: time(place("x-time", ""), "s"),
  });
  const faulty = { ...whole, ...fault } as Scheme;
  expect(() => openRow("faulty", faulty, [credential("0123456789abcdef")])).toThrow();
  expect(() => openRow("whole", whole, [credential("0123456789abcdef")])).not.toThrow();
});

/** As Stripe, Slack, PagerDuty, Discord and a millisecond sender have it: rows, no code. */
const later = {
  "time and signatures in one list": {
    row: row({
      proof: place("stripe-signature", "v1=", ","),
      signed: "{timestamp}.{body}",
      timestamp: time(place("stripe-signature", "t=", ","), "s"),
    }),
    secret: "whsec_test_secret",
    sentAt: 1_614_265_330_000,
    headers: {
      "stripe-signature":
        "t=1614265330,v1=cda2370c45cfc12f829d160bd4c5ca4d8e1614dfa4f593033f56bf0e7aa6511c",
    },
  },
  "a version in the signed text": {
    row: row({
      proof: place("x-slack-signature", "v0="),
      signed: "v0:{timestamp}:{body}",
      timestamp: time(place("x-slack-request-timestamp", ""), "s"),
    }),
    secret: "8f742231b10e8888abcd99yyyzzz85a5",
    sentAt: 1_531_420_618_000,
    body: "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
    headers: {
      "x-slack-request-timestamp": "1531420618",
      "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    },
  },
  "SHA-1, bare": {
    row: {
      ...row({ proof: place("x-vercel-signature", ""), signed: "{body}", timestamp: "none" }),
      algorithm: "hmac-sha1",
      key: { encoding: "text", prefix: "", minBytes: 13 },
    },
    secret: "vercel-secret",
    sentAt: SENT_AT,
    headers: { "x-vercel-signature": "b3346e836ad7c99d0052f840358006658b124eb3" },
  },
  "Ed25519 with keys in hex": {
    row: {
      ...row({
        proof: place("x-signature-ed25519", ""),
        signed: "{timestamp}{body}",
        timestamp: time(place("x-signature-timestamp", ""), "s"),
      }),
      algorithm: "ed25519",
      key: { encoding: "hex", prefix: "", minBytes: 32 },
      signingKey: { encoding: "hex", prefix: "", minBytes: 32 },
    },
    secret: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    signing: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    sentAt: SENT_AT,
    body: '{"type":1}',
    headers: {
      "x-signature-timestamp": "1700000000",
      "x-signature-ed25519":
        "1695961a47c91a1ec033b819b7e87e3dbc583dd0cee6d1fd0216f58ac87b6228ae531ddbf91fb7bc28d7edf7f08604da16f54624f38a6bc0614e4dc13cd47f0f",
    },
  },
} satisfies Record<
  string,
  {
    row: Scheme;
    secret: string;
    signing?: string;
    sentAt: number;
    body?: string;
    headers: Record<string, string>;
  }
>;

test.each(
  Object.entries<(typeof later)[keyof typeof later] & { signing?: string; body?: string }>(later),
)("%s is a row", (_name, vector) => {
  const body = Buffer.from(vector.body ?? '{"hello":"world"}');
  const verifier = openRow("later", vector.row, [credential(vector.secret)]);
  const headers = Object.fromEntries(
    Object.entries<string>(vector.headers).map(([name, value]) => [name, [value]]),
  );
  expect(run(verifier, { headers, body }, vector.sentAt)).toMatchObject({
    kind: "verified",
    keyId: "k1",
  });
  expect(
    run(verifier, { headers, body: Buffer.concat([body, Buffer.from(" ")]) }, vector.sentAt),
  ).toEqual({ kind: "refused", reason: "bad_signature" });
  expect(
    signRow(vector.row, credential(vector.signing ?? vector.secret), {
      id: "",
      sentAt: vector.sentAt,
      body,
    }),
  ).toEqual(vector.headers);
});

test("two times in one list are refused: which was signed would be a guess", () => {
  const { row: stripe, secret, headers } = later["time and signatures in one list"];
  const verifier = openRow("later", stripe, [credential(secret)]);
  const doubled = { "stripe-signature": [`t=1,${headers["stripe-signature"]}`] };
  expect(run(verifier, { headers: doubled, body: Buffer.alloc(0) })).toMatchObject({
    kind: "refused",
    reason: "malformed_header",
  });
});

test("a time in milliseconds is judged in milliseconds", () => {
  const millis = row({
    proof: place("x-sig", ""),
    signed: "{timestamp}:{body}",
    timestamp: time(place("x-time", ""), "ms"),
  });
  const headers = signRow(millis, credential("0123456789abcdef"), {
    id: "",
    sentAt: SENT_AT,
    body: Buffer.alloc(0),
  });
  const request = {
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    body: Buffer.alloc(0),
  };
  const verifier = openRow("later", millis, [credential("0123456789abcdef")]);
  expect(headers["x-time"]).toBe(String(SENT_AT));
  expect(run(verifier, request, SENT_AT + 300_000).kind).toBe("verified");
  expect(run(verifier, request, SENT_AT + 300_001)).toMatchObject({
    kind: "refused",
    reason: "stale",
  });
  const long = { ...request, headers: { ...request.headers, "x-time": ["0001700000000000"] } };
  expect(run(verifier, long, SENT_AT)).toMatchObject({
    kind: "refused",
    reason: "malformed_header",
  });
});

function place(header: string, prefix: string, separator: "" | "," = ""): HeaderPlace {
  return { header, prefix, separator };
}

function time(where: HeaderPlace, unit: HeaderTimestamp["unit"]): HeaderTimestamp {
  return { place: where, unit, windowMs: 300_000 };
}

function row<const Fields>(fields: Fields) {
  const key = { encoding: "text", prefix: "", minBytes: 16 } as const;
  return {
    title: "later",
    algorithm: "hmac-sha256",
    encoding: "hex",
    key,
    deliveryId: "none",
    ...fields,
  } as const;
}
