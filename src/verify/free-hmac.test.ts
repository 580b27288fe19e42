import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { credential, NOW, run } from "../../test/verify/rows/samples.ts";
import { parseFreeHmac } from "./free-hmac.ts";
import { openRow } from "./verifier.ts";

test.each([
  ["", "is not understood"],
  ["sha256", "is not understood"],
  ["md5:hex:X-Sig:{body}", "is not understood"],
  ["sha256:base58:X-Sig:{body}", "is not understood"],
  ["sha256:hex::{body}", "is not understood"],
  ["sha256:hex:X Sig:{body}", "is not understood"],
  ["sha256:hex:X-Sig:", "is not understood"],
  ["sha256:hex:X-Sig:hello", "needs {body} once"],
  ["sha256:hex:X-Sig:{body}{body}", "needs {body} once"],
  ["sha256:hex:X-Sig:{timestamp}.{body}", "its time must be signed"],
  ["sha256:hex:X-Sig:{id:X-Id}.{body}", "a signed id counts with a signed time alone"],
  ["sha256:hex:X-Sig:{id:X-Id}{timestamp:X-T}.{body}", "needs a character behind {id}"],
  ["sha256:hex:X-Sig:{secret}{body}", "has no field {secret}"],
  ["sha256:hex:X-Sig:{constructor}{body}", "has no field {constructor}"],
  ["sha256:hex:X-Sig:{body}}", "has a brace"],
])("%j is refused with what is wrong", (line, says) => {
  expect(() => parseFreeHmac(line)).toThrow(says);
});

test("a line is a row: its header, prefix, time and text", () => {
  const row = parseFreeHmac(
    "sha512:base64:X-Sig=v0=:v0:{timestamp:X-Time}:{header:X-Topic}:{body}",
  );
  const verifier = openRow("hmac", row, [credential("0123456789abcdef")]);
  const body = Buffer.from("a: {body} b");
  const [time, topic] = [String(NOW / 1000), "orders"];
  const mac = createHmac("sha512", "0123456789abcdef")
    .update(`v0:${time}:${topic}:`)
    .update(body)
    .digest("base64");
  const headers = { "x-sig": `v0=${mac}`, "x-time": time, "x-topic": topic };
  const target = { method: "POST", path: "", query: "" };
  expect(run(verifier, { headers, body, target }).kind).toBe("verified");
  expect(run(verifier, { headers: { ...headers, "x-topic": "other" }, body, target }).kind).toBe(
    "refused",
  );
  expect(run(verifier, { headers, body, target }, NOW + 301_000)).toMatchObject({
    reason: "stale",
  });
});
