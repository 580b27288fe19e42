/** The libraries of single vendors as a second opinion: each verifies what we sign, and we what it signs; and where it is lax, we are not. */
import { createHmac } from "node:crypto";
import { verifySlackRequest } from "@slack/bolt";
import { verifyKey } from "discord-interactions";
import fc from "fast-check";
import { Stripe } from "stripe";
import { Webhook } from "svix";
import twilioLibrary from "twilio";
import { expect, test } from "vitest";

import {
  genuine,
  PUBLIC_URL,
  run,
  type RowRequest,
  toSample,
} from "../../test/verify/rows/samples.ts";
import { credential } from "../../test/verify/rows/samples.ts";
import { schemeOf } from "../../test/verify/sender-schemes.ts";
import type { Scheme } from "../sdk/scheme.ts";
import { SCHEMES } from "./schemes.ts";
import { signParts } from "./sign.ts";
import { openRow } from "./verifier.ts";

const [discord, slack, stripe] = [schemeOf("discord"), schemeOf("slack"), schemeOf("stripe")];
const [twilio, twilioSharedKey] = [schemeOf("twilio"), schemeOf("twilio-shared-key")];
const RUNS = { numRuns: 300 };
// Well-formed text only: some libraries turn a body into text and back.
const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 });
const secret = fc.stringMatching(/^[A-Za-z0-9_+/=-]{16,64}$/);
/** The libraries judge by the clock of the machine. */
const now = (): number => Math.floor(Date.now() / 1000) * 1000;

function isVerified(row: Scheme, key: string, request: RowRequest, at: number): boolean {
  const verifier = openRow("row", row, [credential(key)], { url: PUBLIC_URL });
  return run(verifier, request, at).kind === "verified";
}

function post(headers: Record<string, string>, body: string, query = ""): RowRequest {
  return { headers, body: Buffer.from(body), target: { method: "POST", path: "", query } };
}

test("stripe: its library and ours sign and verify alike", () => {
  const library = new Stripe("sk_test_x").webhooks;
  fc.assert(
    fc.property(secret, text, (key, value) => {
      const payload = JSON.stringify({ object: "event", value });
      const sentAt = now();
      const theirs = library.generateTestHeaderString({
        payload,
        secret: key,
        timestamp: sentAt / 1000,
      });
      const ours = signParts(stripe, credential(key), {
        id: "",
        sentAt,
        body: Buffer.from(payload),
      });
      expect(ours.headers["stripe-signature"]).toBe(theirs);
      expect(library.constructEvent(payload, theirs, key)).toMatchObject({ value });
      expect(isVerified(stripe, key, post({ "stripe-signature": theirs }, payload), sentAt)).toBe(
        true,
      );
      const other = `${payload} `;
      expect(() => library.constructEvent(other, theirs, key)).toThrow();
      expect(isVerified(stripe, key, post({ "stripe-signature": theirs }, other), sentAt)).toBe(
        false,
      );
    }),
    RUNS,
  );
});

test("stripe: a time a day ahead, which its library takes, is refused", () => {
  const key = "whsec_test_secret";
  const ahead = now() + 86_400_000;
  const signature = new Stripe("sk_test_x").webhooks.generateTestHeaderString({
    payload: '{"object":"event"}',
    secret: key,
    timestamp: ahead / 1000,
  });
  expect(() =>
    new Stripe("sk_test_x").webhooks.constructEvent('{"object":"event"}', signature, key),
  ).not.toThrow();
  const request = post({ "stripe-signature": signature }, '{"object":"event"}');
  expect(isVerified(stripe, key, request, now())).toBe(false);
});

test("svix: its library and ours sign and verify alike, under its names and the standard's", () => {
  const key = fc.uint8Array({ minLength: 24, maxLength: 64 });
  fc.assert(
    fc.property(key, fc.stringMatching(/^msg_[A-Za-z0-9]{1,40}$/), text, (bytes, id, value) => {
      const whole = `whsec_${Buffer.from(bytes).toString("base64")}`;
      const payload = JSON.stringify({ value });
      const sentAt = now();
      const library = new Webhook(whole);
      const theirs = library.sign(id, new Date(sentAt), payload);
      const timestamp = String(sentAt / 1000);
      for (const prefix of ["svix", "webhook"]) {
        const headers = {
          [`${prefix}-id`]: id,
          [`${prefix}-timestamp`]: timestamp,
          [`${prefix}-signature`]: theirs,
        };
        expect(isVerified(SCHEMES.standard, whole, post(headers, payload), sentAt)).toBe(true);
        library.verify(payload, headers);
      }
      const ours = signParts(SCHEMES.standard, credential(whole), {
        id,
        sentAt,
        body: Buffer.from(payload),
      });
      library.verify(payload, ours.headers);
      expect(() => library.verify(`${payload} `, ours.headers)).toThrow();
    }),
    RUNS,
  );
});

test("slack: its library and ours sign and verify alike", () => {
  fc.assert(
    fc.property(secret, text, (key, body) => {
      const sentAt = now();
      const { headers } = signParts(slack, credential(key), {
        id: "",
        sentAt,
        body: Buffer.from(body),
      });
      const check = (given: Record<string, string>, text: string): void =>
        verifySlackRequest({
          signingSecret: key,
          body: text,
          headers: {
            "x-slack-signature": given["x-slack-signature"] ?? "",
            "x-slack-request-timestamp": Number(given["x-slack-request-timestamp"]),
          },
        });
      check(headers, body);
      expect(() => check(headers, `${body} `)).toThrow();
      const mac = createHmac("sha256", key)
        .update(`v0:${sentAt / 1000}:${body}`)
        .digest("hex");
      const theirs = {
        "x-slack-signature": `v0=${mac}`,
        "x-slack-request-timestamp": String(sentAt / 1000),
      };
      expect(headers).toEqual(theirs);
      expect(isVerified(slack, key, post(theirs, body), sentAt)).toBe(true);
    }),
    RUNS,
  );
});

test("discord: its library verifies what we sign, and of a day ago too, which we refuse", async () => {
  const sample = toSample("discord");
  await fc.assert(
    fc.asyncProperty(text, async (body) => {
      for (const shift of [0, -86_400_000]) {
        const sentAt = now() + shift;
        const request = genuine(sample, { body: Buffer.from(body), sentAt });
        const signature = String(request.headers["x-signature-ed25519"]);
        const timestamp = String(request.headers["x-signature-timestamp"]);
        expect(await verifyKey(request.body, signature, timestamp, sample.secret)).toBe(true);
        expect(await verifyKey(`${body} `, signature, timestamp, sample.secret)).toBe(false);
        expect(isVerified(discord, sample.secret, request, now())).toBe(shift === 0);
      }
    }),
    { numRuns: 100 },
  );
});

test("twilio: its library and ours sign and verify alike, forms with any fields and JSON", () => {
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,12}$/);
  const value = fc.oneof(text, fc.array(text, { minLength: 2, maxLength: 4 }));
  const params = fc.dictionary(name, value, { minKeys: 1, maxKeys: 8, noNullPrototype: true });
  fc.assert(
    fc.property(secret, params, fc.constantFrom("", "a=1&b=%C3%A9"), (key, fields, query) => {
      const url = query === "" ? PUBLIC_URL : `${PUBLIC_URL}?${query}`;
      const theirs = twilioLibrary.getExpectedTwilioSignature(key, url, fields);
      const pairs = Object.entries(fields).flatMap(([one, values]) =>
        [values].flat().map((each): [string, string] => [one, each.toWellFormed()]),
      );
      const body = new URLSearchParams(pairs).toString();
      const form = { "content-type": "application/x-www-form-urlencoded" };
      const request = post({ ...form, "x-twilio-signature": theirs }, body, query);
      expect(isVerified(twilio, key, request, 0)).toBe(true);
      const outgoing = { id: "", sentAt: 0, body: Buffer.from(body), url, headers: form };
      const ours = signParts(twilio, credential(key), outgoing).headers["x-twilio-signature"] ?? "";
      expect(twilioLibrary.validateRequest(key, ours, url, fields)).toBe(true);

      const sha256 = twilioLibrary.getExpectedTwilioSignature(key, url, fields, "HMAC_SHA256");
      const shared = post({ ...form, "x-twilio-signature": sha256 }, body, query);
      expect(isVerified(twilioSharedKey, key, shared, 0)).toBe(true);
      expect(isVerified(twilioSharedKey, key, request, 0)).toBe(false);

      const json = JSON.stringify(fields);
      const signed = signParts(twilio, credential(key), {
        id: "",
        sentAt: 0,
        body: Buffer.from(json),
        url,
        headers: { "content-type": "application/json" },
      });
      const signature = signed.headers["x-twilio-signature"] ?? "";
      const whole = url + signed.suffix;
      expect(twilioLibrary.validateRequestWithBody(key, signature, whole, json)).toBe(true);
      const asked = whole.slice(PUBLIC_URL.length + 1);
      const sent = (text: string) => post({ "x-twilio-signature": signature }, text, asked);
      expect(isVerified(twilio, key, sent(json), 0)).toBe(true);
      expect(isVerified(twilio, key, sent(`${json} `), 0)).toBe(false);
    }),
    RUNS,
  );
});

test("twilio: an empty token, which its library takes, opens nothing", () => {
  expect(
    twilioLibrary.validateRequest(
      "",
      twilioLibrary.getExpectedTwilioSignature("", PUBLIC_URL, {}),
      PUBLIC_URL,
      {},
    ),
  ).toBe(true);
  expect(() => openRow("twilio", twilio, [credential("")], { url: PUBLIC_URL })).toThrow(
    "missing or empty",
  );
});
