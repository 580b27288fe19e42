/** Messages of AWS SNS, signed by a certificate of our own that stands in for theirs: what is believed, and what is fetched. */
import { execFileSync } from "node:child_process";
import { createPrivateKey, sign } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";

import { credential } from "../../test/verify/rows/samples.ts";
import { schemeOf } from "../../test/verify/sender-schemes.ts";
import type { SnsScheme } from "../sdk/scheme.ts";
import { Certificates } from "./certificates.ts";
import type { Refused, Verified } from "./contract.ts";
import { openRow } from "./verifier.ts";

const sns = schemeOf("sns") as SnsScheme;
const TOPIC = "arn:aws:sns:us-west-2:123456789012:MyTopic";
const CERT_URL =
  "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ecfb7224c7233fe7bb5f59f96de52f.pem";
/** A little later: the certificates are made after it is read. */
const NOW = Date.now() + 60_000;

type Fields = Record<string, unknown>;
const pems: { key: string; cert: Buffer; other: Buffer; ec: Buffer } = {} as never;

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), "sluice-sns-"));
  const make = (name: string, ...alg: string[]): [string, Buffer] => {
    const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
    const args = ["req", "-x509", "-nodes", ...alg, "-keyout", key, "-out", cert, "-days", "30"];
    execFileSync("openssl", [...args, "-subj", "/CN=sns.amazonaws.com"], { stdio: "ignore" });
    return [readFileSync(key, "utf8"), readFileSync(cert)];
  };
  const rsa = ["-newkey", "rsa:2048"];
  [pems.key, pems.cert] = make("sns", ...rsa);
  [, pems.other] = make("other", ...rsa);
  [, pems.ec] = make("ec", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1");
  rmSync(folder, { recursive: true });
});

const ORDER = {
  Notification: ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
  SubscriptionConfirmation: "Message MessageId SubscribeURL Timestamp Token TopicArn Type".split(
    " ",
  ),
} as const;

/** As AWS writes it (docs: Notification and SubscriptionConfirmation), signed anew after each change. */
function message(
  type: keyof typeof ORDER,
  change: Fields = {},
  { version = "2", signed = true } = {},
): { fields: Fields; body: Buffer } {
  const fields: Fields = {
    Type: type,
    MessageId: "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
    TopicArn: TOPIC,
    ...(type === "Notification"
      ? { Subject: "My First Message" }
      : { Token: "2336412f37", SubscribeURL: "https://sns.us-west-2.amazonaws.com/?Action=x" }),
    Message: "Hello\nwörld!",
    Timestamp: new Date(NOW).toISOString(),
    SignatureVersion: version,
    SigningCertURL: CERT_URL,
    ...change,
  };
  const text = ORDER[type]
    .filter((name) => fields[name] !== undefined)
    .map((name) => `${name}\n${String(fields[name])}\n`)
    .join("");
  const hash = version === "1" ? "sha1" : "sha256";
  const signature = sign(hash, Buffer.from(text), createPrivateKey(pems.key)).toString("base64");
  const whole = signed ? { Signature: signature, ...fields } : fields;
  return { fields: whole, body: Buffer.from(JSON.stringify(whole)) };
}

type Fetched = { urls: string[]; fault?: Error; pem?: Buffer };

async function prove(
  body: Buffer,
  { type = "Notification", fetched = { urls: [] } as Fetched, now = NOW, topic = TOPIC } = {},
): Promise<Verified | Refused> {
  const certificates = new Certificates((url) => {
    fetched.urls.push(url);
    return fetched.fault
      ? Promise.reject(fetched.fault)
      : Promise.resolve(fetched.pem ?? pems.cert);
  });
  const verifier = openRow("sns", sns, [credential(topic)], { certificates });
  const begun = verifier.begin({ "x-amz-sns-message-type": type }, now);
  if (begun.kind === "refused") return begun;
  begun.check.update(body.subarray(0, 9));
  begun.check.update(body.subarray(9));
  await begun.check.settle?.();
  return begun.check.finish();
}

test.each(["1", "2"])("a notification signed by version %s is proved", async (version) => {
  for (const change of [{}, { Subject: undefined }]) {
    const { body } = message("Notification", change, { version });
    expect(await prove(body)).toMatchObject({ kind: "verified", scheme: "sns", reach: "body" });
  }
});

test("a request to confirm a subscription is proved", async () => {
  const type = "SubscriptionConfirmation";
  expect(await prove(message(type).body, { type })).toMatchObject({ kind: "verified" });
});

// SNS-1 SNS-2
describe("nothing is believed, and nothing fetched, where a message", () => {
  const cases: [string, Fields, object?][] = [
    ["is of another topic, which is signed by AWS as well", { TopicArn: `${TOPIC}2` }],
    ["names no topic", { TopicArn: undefined }],
    ["names a certificate without TLS", { SigningCertURL: CERT_URL.replace("https", "http") }],
    [
      "names a certificate elsewhere",
      { SigningCertURL: CERT_URL.replace("amazonaws.com", "example.com") },
    ],
    [
      "names a host that begins so",
      { SigningCertURL: CERT_URL.replace("amazonaws.com", "amazonaws.com.example.com") },
    ],
    ["names a host that ends so", { SigningCertURL: CERT_URL.replace("sns.", "evil-sns.") }],
    [
      "names a bucket of that name",
      { SigningCertURL: CERT_URL.replace("sns.us-west-2", "sns.s3-us-west-2") },
    ],
    [
      "names a user in the URL",
      { SigningCertURL: CERT_URL.replace("https://", "https://sns.us-west-2.amazonaws.com@") },
    ],
    [
      "names a user of the right host",
      { SigningCertURL: CERT_URL.replace("https://", "https://x@") },
    ],
    ["names a port", { SigningCertURL: CERT_URL.replace(".com/", ".com:8443/") }],
    ["names a query", { SigningCertURL: `${CERT_URL}?x=.pem` }],
    ["names a path up", { SigningCertURL: "https://sns.us-west-2.amazonaws.com/a/../b.crt" }],
    ["names no file of a certificate", { SigningCertURL: CERT_URL.replace(".pem", ".json") }],
    ["names an address", { SigningCertURL: "https://169.254.169.254/x.pem" }],
    ["names a file here", { SigningCertURL: "file:///etc/x.pem" }],
    ["names no URL", { SigningCertURL: "x" }],
    ["has the URL as a list", { SigningCertURL: [CERT_URL] }],
    ["has no message", { Message: undefined }],
    ["has its message as an object", { Message: {} }],
    ["has another version", { SignatureVersion: "3" }],
    ["has a version of an object's own", { SignatureVersion: "constructor" }],
    ["has another type than its header", { Type: "UnsubscribeConfirmation" }],
  ];
  test.each(cases)("%s", async (_name, change) => {
    const fetched: Fetched = { urls: [] };
    const { body } = message("Notification", change);
    expect(await prove(body, { fetched })).toMatchObject({
      kind: "refused",
      reason: "bad_signature",
    });
    expect(fetched.urls).toEqual([]);
  });

  test("is no JSON, no object, without a signature or too large", async () => {
    const fetched: Fetched = { urls: [] };
    const unsigned = message("Notification", {}, { signed: false }).body;
    const large = message("Notification", { Message: "x".repeat(1_100_000) }).body;
    for (const body of ["", "null", "[]", "{", '"x"', "[".repeat(5_000)].map((text) =>
      Buffer.from(text),
    ))
      expect((await prove(body, { fetched })).kind).toBe("refused");
    for (const body of [unsigned, large])
      expect((await prove(body, { fetched })).kind).toBe("refused");
    expect(fetched.urls).toEqual([]);
  });
});

test("a message that was changed after it was signed is refused", async () => {
  const { fields } = message("Notification");
  const type = "SubscriptionConfirmation";
  const confirmation = message(type).fields;
  for (const [base, name, value] of [
    [fields, "Message", "Hello\nwörld"],
    [fields, "Subject", undefined],
    [fields, "MessageId", "x"],
    [fields, "Timestamp", new Date(NOW + 1).toISOString()],
    [fields, "SignatureVersion", "1"],
    [fields, "Signature", Buffer.alloc(256).toString("base64")],
    [fields, "Signature", String(fields["Signature"]).replaceAll("+", "-").replace(/=*$/, "")],
    [confirmation, "SubscribeURL", "https://sns.us-west-2.amazonaws.com/?Action=y"],
    [confirmation, "Token", "x"],
  ] as const) {
    const body = Buffer.from(JSON.stringify({ ...base, [name]: value }));
    const asked = base === confirmation ? { type } : {};
    expect([name, (await prove(body, asked)).kind]).toEqual([name, "refused"]);
  }
});

test("a field that is there twice counts once, as it was signed", async () => {
  const { body } = message("Notification");
  const twice = Buffer.from(body.toString().replace("{", '{"Message":"forged",'));
  expect((await prove(twice)).kind).toBe("verified");
  const after = Buffer.from(body.toString().replace(/}$/, ',"Message":"forged"}'));
  expect((await prove(after)).kind).toBe("refused");
});

test("a message of an hour ago counts, of two hours ago or a morrow it does not", async () => {
  const at = (shift: number) =>
    message("Notification", { Timestamp: new Date(NOW + shift).toISOString() });
  expect((await prove(at(-3_600_000).body)).kind).toBe("verified");
  expect(await prove(at(-7_200_000).body)).toMatchObject({ reason: "stale" });
  expect(await prove(at(86_400_000).body)).toMatchObject({ reason: "future" });
  expect(await prove(message("Notification", { Timestamp: "yesterday" }).body)).toMatchObject({
    reason: "no_time",
  });
});

test("another certificate, an expired one and what is none prove nothing", async () => {
  const { body } = message("Notification");
  const refused = { kind: "refused", reason: "bad_signature" };
  for (const pem of [pems.other, pems.ec, Buffer.from("x"), Buffer.alloc(0)])
    expect(await prove(body, { fetched: { urls: [], pem } })).toMatchObject(refused);
  const later = NOW + 31 * 86_400_000;
  const late = message("Notification", { Timestamp: new Date(later).toISOString() });
  expect(await prove(late.body, { now: later })).toMatchObject(refused);
});

test("a certificate that cannot be had now refuses nobody: the sender is to come again", async () => {
  const fetched: Fetched = { urls: [], fault: new Error("no network") };
  await expect(prove(message("Notification").body, { fetched })).rejects.toThrow("no network");
});

describe("certificates", () => {
  const HOST = sns.certificateHost;
  const url = (n: number): string => CERT_URL.replace("f3ecfb72", String(n).padStart(8, "0"));

  test("one is fetched once, also by many at a time", async () => {
    let count = 0;
    const kept = new Certificates(async () => (count++, pems.cert));
    await Promise.all(Array.from({ length: 20 }, () => kept.find(CERT_URL, HOST, NOW)));
    expect(await kept.find(CERT_URL, HOST, NOW + 3_600_000)).toBeDefined();
    expect(count).toBe(1);
  });

  // CERT-2
  test("whoever names many URLs makes eight fetches a minute, and pushes no good one out", async () => {
    let count = 0;
    const kept = new Certificates(async (asked) => {
      count++;
      return asked === CERT_URL ? pems.cert : Buffer.from("none");
    });
    expect(await kept.find(CERT_URL, HOST, NOW)).toBeDefined();
    const asked = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) => kept.find(url(n), HOST, NOW)),
    );
    expect(count).toBe(8);
    expect(asked.filter(({ status }) => status === "rejected")).toHaveLength(43);
    for (let minute = 1; minute < 9; minute++)
      await Promise.allSettled(
        Array.from({ length: 9 }, (_, n) =>
          kept.find(url(minute * 100 + n), HOST, NOW + minute * 61_000),
        ),
      );
    expect(await kept.find(CERT_URL, HOST, NOW + 600_000)).toBeDefined();
    expect(count).toBe(8 * 9);
  });

  test("what could not be had is asked for again after ten seconds", async () => {
    let count = 0;
    const kept = new Certificates(async () => {
      if (count++ === 0) throw new Error("no network");
      return pems.cert;
    });
    await expect(kept.find(CERT_URL, HOST, NOW)).rejects.toThrow();
    await expect(kept.find(CERT_URL, HOST, NOW + 9_000)).rejects.toThrow("no network");
    expect(await kept.find(CERT_URL, HOST, NOW + 10_001)).toBeDefined();
    expect(count).toBe(2);
  });

  // CERT-1
  test("by the network itself, a host that is not the row's is not asked", async () => {
    const kept = new Certificates();
    expect(await kept.find("https://example.com/x.pem", HOST, NOW)).toBeUndefined();
  });
});

test("a topic that is none is refused when it is set", () => {
  for (const topic of [
    "arn:aws:s3:::my-bucket",
    "arn:aws:sns:us-west-2:1:x",
    "https://sns.us-west-2.amazonaws.com/",
  ])
    expect(() => openRow("sns", sns, [credential(topic)])).toThrow("is no topic");
});
