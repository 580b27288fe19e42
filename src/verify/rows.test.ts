/** Every row that there is, of the table, of single senders and of the user's own line: what it accepts, and that nothing else is. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { listFaults, OTHER_URLS } from "../../test/verify/rows/faults.ts";
import {
  credential,
  genuine,
  listRequired,
  NOW,
  openSample,
  ROWS,
  run,
  toSample,
} from "../../test/verify/rows/samples.ts";
import { checkScheme } from "./check-scheme.ts";
import { isWeakSecret, makeSecret, toVerifyToken } from "./key.ts";
import { toSortedForm } from "./url-form.ts";
import { openRow } from "./verifier.ts";

const NAMES = [...ROWS.keys()];
const samples = new Map(NAMES.map((name) => [name, toSample(name)]));

function sampleOf(name: string): ReturnType<typeof toSample> {
  const sample = samples.get(name);
  if (sample === undefined) throw new Error(name);
  return sample;
}

describe.each(NAMES)("%s", (name) => {
  const sample = sampleOf(name);
  const verifier = openSample(sample);
  const { row } = sample;

  test("a genuine request is accepted, with a path and a query of its own", () => {
    checkScheme(row);
    for (const parts of [{}, { path: "sub/x" }, { query: "a=1&b=%2F" }, { path: "p", query: "q" }])
      expect(run(verifier, genuine(sample, parts))).toMatchObject({
        kind: "verified",
        scheme: name,
        keyId: "k1",
      });
  });

  test("what is left of the URL holds no secret", () => {
    const request = genuine(sample, { path: "sub", query: "a=1" });
    const outcome = run(verifier, request);
    const rest = outcome.kind === "verified" ? (outcome.rest ?? request.target) : request.target;
    if (!("header" in row.proof)) expect(rest).toMatchObject({ path: "sub", query: "a=1" });
    expect(JSON.stringify(outcome)).not.toContain(sample.secret);
  });

  const faults = listFaults(sample);
  // VERIFY-2 VERIFY-4
  test.each(faults)("is refused: $name", ({ request }) => {
    const outcome = run(verifier, request);
    expect(outcome.kind).toBe("refused");
    expect(JSON.stringify(outcome)).not.toContain(sample.secret);
  });

  test("the set of faults is as wide as it is meant to be", () => {
    expect(new Set(faults.map((fault) => fault.name)).size).toBe(faults.length);
    expect(faults.length).toBeGreaterThanOrEqual(row.signed === "nothing" ? 9 : 28);
  });

  test("a time inside the window is accepted, to its edges", () => {
    if (row.timestamp === "none") return;
    const { windowMs } = row.timestamp;
    for (const shift of [-windowMs, -299_000, 299_000, windowMs])
      expect(run(verifier, genuine(sample, { sentAt: NOW + shift })).kind).toBe("verified");
  });

  test("during a rotation both secrets count, by their names; afterwards only the new one", () => {
    const other = toSample(name, "rotated");
    const url = "https://hook.example/in/channel";
    const both = [credential(sample.secret, "old"), credential(other.secret, "new")];
    const rotating = openRow(name, row, both, { url });
    expect(run(rotating, genuine(sample))).toMatchObject({ kind: "verified", keyId: "old" });
    expect(run(rotating, genuine(other))).toMatchObject({ kind: "verified", keyId: "new" });
    const after = openRow(name, row, both.slice(1), { url });
    expect(run(after, genuine(sample)).kind).toBe("refused");
  });

  test("a secret that Sluice makes is one that the row takes, and no weak one", () => {
    const made = makeSecret(row);
    if (made === undefined) return expect(["ed25519", "ecdsa-p256"]).toContain(row.algorithm);
    const url = "https://hook.example/in/channel";
    openRow(name, row, [{ keyId: "k1", secret: made }], { url });
    expect(isWeakSecret(row, { keyId: "k1", secret: made })).toBe(false);
  });

  test("no change of a security header or of the body is accepted", () => {
    const base = genuine(sample);
    const required = listRequired(sample, base);
    const char = fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code));
    fc.assert(
      fc.property(fc.nat(), char, fc.boolean(), fc.nat(), (at, put, inBody, which) => {
        if (inBody && row.signed !== "nothing") {
          const body = Buffer.from(base.body);
          const index = at % body.length;
          body[index] = (body[index] ?? 0) ^ (1 + (put.charCodeAt(0) % 255));
          // Of a form its fields are signed, not how they are escaped.
          const isSame =
            row.signed === "{url}{sorted-form}" &&
            toSortedForm(body.toString("latin1")) === toSortedForm(base.body.toString("latin1"));
          fc.pre(!isSame);
          expect(run(verifier, { ...base, body }).kind).toBe("refused");
          return;
        }
        const header = required[which % required.length];
        if (header === undefined) return;
        const value = String(base.headers[header]);
        const index = at % value.length;
        const text = value.slice(0, index) + put + value.slice(index + 1);
        // "bEarer" is the same name of the same authentication scheme; a blank in a list is no part of an item.
        fc.pre(text.toLowerCase() !== value.toLowerCase());
        expect(run(verifier, { ...base, headers: { ...base.headers, [header]: text } }).kind).toBe(
          "refused",
        );
      }),
      { numRuns: 300 },
    );
  });
});

// VERIFY-3
test("no row's genuine request is accepted for a channel of another row or another secret", () => {
  const accepted: string[] = [];
  for (const from of NAMES) {
    const request = genuine(sampleOf(from));
    for (const to of NAMES)
      if (to !== from && run(openSample(sampleOf(to)), request).kind === "verified")
        accepted.push(`${from} -> ${to}`);
  }
  expect(accepted).toEqual([]);
});

test("a row that signs the URL goes by the configured one, whatever the request calls itself", () => {
  for (const name of NAMES.filter((one) => sampleOf(one).row.signed.includes("{url}"))) {
    const sample = sampleOf(name);
    const { secret, row } = sample;
    for (const url of OTHER_URLS)
      expect(run(openRow(name, row, [credential(secret)], { url }), genuine(sample)).kind).toBe(
        "refused",
      );
    for (const url of [undefined, "", "hook.example", "ftp://a/b", "https://a/b?c", "https://a b"])
      expect(() => openRow(name, row, [credential(secret)], { url })).toThrow(/URL/);
    const hostile = genuine(sample);
    const headers = {
      ...hostile.headers,
      host: "evil.example",
      "x-forwarded-host": "evil",
      forwarded: "host=evil",
    };
    expect(run(openSample(sample), { ...hostile, headers }).kind).toBe("verified");
  }
});

test("twilio: the port counts as Twilio has it, with or without", () => {
  const sample = sampleOf("twilio");
  const open = (url: string) => openRow("twilio", sample.row, [credential(sample.secret)], { url });
  const request = genuine(sample);
  expect(run(open("https://hook.example:443/in/channel"), request).kind).toBe("verified");
  expect(run(open("https://hook.example:8443/in/channel"), request).kind).toBe("verified");
  expect(run(open("http://hook.example:443/in/channel"), request).kind).toBe("refused");
});

test("a valid signature counts beside an invalid one, garbled ones and other versions", () => {
  for (const name of ["stripe", "pagerduty", "circleci", "buildkite"]) {
    const sample = sampleOf(name);
    const { proof } = sample.row;
    if (!("header" in proof)) throw new Error(name);
    const base = genuine(sample);
    const value = String(base.headers[proof.header]);
    const wrong = `${proof.prefix}${"0".repeat(64)}`;
    const set = (text: string) => ({ ...base, headers: { ...base.headers, [proof.header]: text } });
    for (const text of [
      `${wrong} , ${value}`,
      `${wrong},${value}`,
      `${value},${wrong}`,
      `${value},v9=x`,
      `v0=1, ${value}`,
    ])
      expect([name, text, run(openSample(sample), set(text)).kind]).toEqual([
        name,
        text,
        "verified",
      ]);
    const many = Array.from({ length: 9 }, () => wrong).join(",");
    expect(run(openSample(sample), set(`${many},${value}`)).kind).toBe("refused");
    expect(run(openSample(sample), set(wrong)).kind).toBe("refused");
    expect(run(openSample(sample), set(`${value},`)).kind).toBe("refused");
  }
});

test("in a path a plus is a plus, in a query it is a blank; escaped it is one in both", () => {
  const secret = "a+secret+of+sixteen";
  const escaped = secret.replaceAll("+", "%2B");
  const ask = (name: "path" | "query", text: string): string => {
    const target = {
      method: "POST",
      path: name === "path" ? text : "",
      query: name === "query" ? `token=${text}` : "",
    };
    const verifier = openRow(name, sampleOf(name).row, [credential(secret)]);
    return run(verifier, { headers: {}, body: Buffer.alloc(0), target }).kind;
  };
  expect([ask("path", secret), ask("path", escaped)]).toEqual(["verified", "verified"]);
  expect([ask("query", secret), ask("query", escaped)]).toEqual(["refused", "verified"]);
});

test("a verify token proves no request under the secret that it is made of", () => {
  const sample = sampleOf("meta");
  const token = toVerifyToken(credential(sample.secret).secret).reveal();
  const hex = Buffer.from(token, "base64url").toString("hex");
  for (const body of ["sluice verify token", "token", ""]) {
    const headers = { "x-hub-signature-256": `sha256=${hex}` };
    const target = { method: "POST", path: "", query: "" };
    expect(run(openSample(sample), { headers, body: Buffer.from(body), target }).kind).toBe(
      "refused",
    );
  }
});

test("stripe: the v0 of test mode proves nothing", () => {
  const sample = sampleOf("stripe");
  const base = genuine(sample);
  const text = String(base.headers["stripe-signature"]).replace("v1=", "v0=");
  const headers = { ...base.headers, "stripe-signature": text };
  expect(run(openSample(sample), { ...base, headers })).toMatchObject({
    reason: "unknown_version",
  });
});

test("svix headers count as a set: mixed with the standard's they do not", () => {
  const sample = sampleOf("standard");
  const { headers, ...rest } = genuine(sample);
  const rename = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        names.includes(name) ? name.replace("webhook-", "svix-") : name,
        String(value),
      ]),
    );
  const all = ["webhook-id", "webhook-timestamp", "webhook-signature"];
  const open = openSample(sample);
  expect(run(open, { ...rest, headers: rename(all) }).kind).toBe("verified");
  for (const name of all) {
    expect(run(open, { ...rest, headers: rename([name]) }).kind).toBe("refused");
    const others = all.filter((one) => one !== name);
    expect(run(open, { ...rest, headers: rename(others) }).kind).toBe("refused");
  }
  const both = { ...headers, ...rename(all) };
  expect(run(open, { ...rest, headers: both }).kind).toBe("verified");
  const wrong = { ...both, "webhook-signature": "v1,AAAA" };
  expect(run(open, { ...rest, headers: wrong }).kind).toBe("refused");
});

test("netlify: a token of another issuer, algorithm or body is refused, signed as it may be", async () => {
  const { createHash, createHmac } = await import("node:crypto");
  const sample = sampleOf("netlify");
  const base = genuine(sample);
  const sha256 = createHash("sha256").update(base.body).digest("hex");
  const write = (part: unknown): string =>
    Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url");
  const toToken = (header: unknown, payload: unknown, key = sample.secret): string => {
    const signed = `${write(header)}.${write(payload)}`;
    return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
  };
  const good = { alg: "HS256", typ: "JWT" };
  const right = toToken(good, { iss: "netlify", sha256, extra: 1 });
  const outcome = (token: string) =>
    run(openSample(sample), {
      ...base,
      headers: { ...base.headers, "x-webhook-signature": token },
    });
  expect(outcome(right).kind).toBe("verified");
  const unsigned = `${write({ alg: "none" })}.${write({ iss: "netlify", sha256 })}.`;
  for (const token of [
    unsigned,
    toToken({ alg: "none" }, { iss: "netlify", sha256 }),
    toToken({ alg: "HS512" }, { iss: "netlify", sha256 }),
    toToken({ ...good, crit: ["exp"] }, { iss: "netlify", sha256 }),
    toToken(good, { iss: "other", sha256 }),
    toToken(good, { sha256 }),
    toToken(good, { iss: "netlify" }),
    toToken(good, { iss: "netlify", sha256: sha256.toUpperCase() }),
    toToken(good, { iss: "netlify", sha256: "0".repeat(64) }),
    toToken(good, { iss: "netlify", sha256: [sha256] }),
    toToken(good, "no JSON"),
    toToken("no JSON", { iss: "netlify", sha256 }),
    toToken(good, { iss: "netlify", sha256 }, "another-secret"),
    `${right}=`,
    `${right}.x`,
    right.split(".").slice(0, 2).join("."),
  ])
    expect([token, outcome(token).kind]).toEqual([token, "refused"]);
});

test("a key that is none is refused when it is loaded", () => {
  const open = (name: string, secret: string) => () =>
    openRow(name, sampleOf(name).row, [credential(secret)]);
  expect(open("basic", "no-colon-in-this-one")).toThrow('is not "user:password"');
  expect(open("basic", ":no-user-in-this-one")).toThrow('is not "user:password"');
  expect(open("sendgrid", Buffer.alloc(91, 1).toString("base64"))).toThrow("curve P-256");
  expect(open("discord", "00".repeat(32))).toThrow("not a safe Ed25519 public key");
  expect(open("jira", "abc")).toThrow("has 3 bytes; at least 4 are needed");
  expect(open("gitlab", " leading")).toThrow("white space");
  expect(isWeakSecret(sampleOf("jira").row, credential("jira-secret"))).toBe(true);
  expect(isWeakSecret(sampleOf("discord").row, credential(sampleOf("discord").secret))).toBe(false);
});
