/** The vendors' own libraries as a second opinion: each verifies what the other signs. */
import { sign as signGithub, verify as verifyGithub } from "@octokit/webhooks-methods";
import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";

import { credential, run } from "../../test/verify/samples.ts";
import { sign } from "./sign.ts";
import { openVerifier } from "./verifier.ts";

// Well-formed text only: the libraries turn a body into text and back, so that bytes which are no UTF-8 are not what they sign.
const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 });
const githubSecret = fc
  .string({ unit: "grapheme-ascii", minLength: 16, maxLength: 64 })
  .filter((secret) => secret.trim() === secret);
const standardSecret = fc
  .uint8Array({ minLength: 24, maxLength: 64 })
  .map((bytes) => `whsec_${Buffer.from(bytes).toString("base64")}`);
const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/);

test("github: @octokit/webhooks-methods verifies what we sign, and we what it signs", async () => {
  await fc.assert(
    fc.asyncProperty(githubSecret, text, async (secret, payload) => {
      const body = Buffer.from(payload);
      const ours =
        sign("github", credential(secret), { id: "d1", sentAt: 0, body })["x-hub-signature-256"] ??
        "";
      const theirs = await signGithub(secret, payload);
      expect(ours).toBe(theirs);
      expect(await verifyGithub(secret, payload, ours)).toBe(true);
      const verifier = openVerifier({ scheme: "github", credentials: [credential(secret)] });
      expect(run(verifier, { headers: { "x-hub-signature-256": [theirs] }, body }).kind).toBe(
        "verified",
      );
    }),
    { numRuns: 500 },
  );
});

test("standard: standardwebhooks verifies what we sign, and we what it signs", () => {
  fc.assert(
    fc.property(standardSecret, id, text, (secret, messageId, payload) => {
      const body = Buffer.from(payload);
      // The library judges by the clock of the machine.
      const sentAt = Math.floor(Date.now() / 1000) * 1000;
      const library = new Webhook(secret);
      const ours = sign("standard", credential(secret), { id: messageId, sentAt, body });
      const theirs = library.sign(messageId, new Date(sentAt), payload);
      expect(ours["webhook-signature"]).toBe(theirs);
      library.verify(payload, ours, { jsonParse: false });
      const headers = {
        "webhook-id": [messageId],
        "webhook-timestamp": [String(sentAt / 1000)],
        "webhook-signature": [theirs],
      };
      const verifier = openVerifier({ scheme: "standard", credentials: [credential(secret)] });
      expect(run(verifier, { headers, body }, sentAt).kind).toBe("verified");
    }),
    { numRuns: 500 },
  );
});

test("standard: where the library is lax (junk behind the time), we are not", () => {
  const secret = `whsec_${Buffer.alloc(24, 1).toString("base64")}`;
  const nowS = Math.floor(Date.now() / 1000);
  const ours = sign("standard", credential(secret), {
    id: "m1",
    sentAt: nowS * 1000,
    body: Buffer.from("{}"),
  });
  const verifier = openVerifier({ scheme: "standard", credentials: [credential(secret)] });
  const headers = {
    "webhook-id": ["m1"],
    "webhook-timestamp": [`${nowS}junk`],
    "webhook-signature": [ours["webhook-signature"] ?? ""],
  };
  expect(() =>
    new Webhook(secret).verify("{}", { ...ours, "webhook-timestamp": `${nowS}junk` }),
  ).not.toThrow();
  expect(run(verifier, { headers, body: Buffer.from("{}") }, nowS * 1000)).toMatchObject({
    kind: "refused",
    reason: "malformed_header",
  });
});
