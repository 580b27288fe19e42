/** The test kit's parts, each against what they stand in for. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Secret } from "../sdk/secret.ts";
import { request } from "../sdk/net/request.ts";
import { MaybeSent } from "../sdk/message.ts";
import { isSluiceError } from "../sdk/errors.ts";
import { makeFolder } from "../store/sample.fixture.ts";
import { openVerifier } from "../verify/verifier.ts";
import { makeMemoryServer } from "../host/memory-server.fixture.ts";
import {
  checkGolden,
  FakePlatform,
  makeSecret,
  openSession,
  readChannelTexts,
  SIGNATURE_SCHEMES,
  signRequest,
} from "./index.ts";

describe.each(SIGNATURE_SCHEMES)("a request under %s", (scheme) => {
  const SENT_AT = 1_767_603_600_000;
  const { secret, signing } = makeSecret(scheme);
  const verify = (
    { headers, body, suffix }: ReturnType<typeof signRequest>,
    key = secret,
    now = SENT_AT,
  ) => {
    const verifier = openVerifier({
      scheme,
      credentials: [{ keyId: "k", secret: new Secret(key) }],
    });
    const [path = "", query = ""] = suffix.split("?");
    const target = { method: "POST", path: path.replace("/", ""), query };
    const begun = verifier.begin(headers, now, target);
    if (begun.kind === "refused") return begun;
    begun.check.update(Buffer.from(body));
    return begun.check.finish();
  };

  test("is verified with the secret that was made for it, and with no other", () => {
    const signed = signRequest(scheme, { secret: signing, body: { ok: "ü" }, sentAt: SENT_AT });
    expect(verify(signed)).toMatchObject({ kind: "verified" });
    expect(verify(signed, makeSecret(scheme).secret)).toMatchObject({ kind: "refused" });
  });

  test("has each header once, however it is written, and the proof cannot be written over", () => {
    const proof = signRequest(scheme, { secret: signing, sentAt: SENT_AT }).headers;
    const own = Object.keys(proof).filter((name) => name !== "content-type");
    const over = Object.fromEntries(own.map((name) => [name.toUpperCase(), "x"]));
    const signed = signRequest(scheme, {
      secret: signing,
      sentAt: SENT_AT,
      headers: { "Content-Type": "text/csv", ...over },
    });
    expect(signed.headers["content-type"]).toBe("text/csv");
    expect(Object.keys(signed.headers).toSorted()).toEqual(Object.keys(proof).toSorted());
    expect(signed.body).toHaveLength(0);
    expect(verify(signed)).toMatchObject({ kind: "verified" });
  });

  test("carries the body as it was given, and further headers under the proof's", () => {
    for (const [body, bytes, type] of [
      ["plain", Buffer.from("plain"), "text/plain"],
      [Buffer.from([0, 255, 10]), Buffer.from([0, 255, 10]), "application/json"],
      [{ a: [1] }, Buffer.from('{"a":[1]}'), "application/json"],
    ] as const) {
      const signed = signRequest(scheme, {
        secret: signing,
        body,
        sentAt: SENT_AT,
        headers: { "x-event": "push" },
      });
      expect(Buffer.from(signed.body)).toEqual(bytes);
      expect(signed.headers).toMatchObject({ "content-type": type, "x-event": "push" });
      expect(verify(signed)).toMatchObject({ kind: "verified" });
    }
  });
});

test("a scheme that there is not is refused by its name", () => {
  const nope = "nope" as (typeof SIGNATURE_SCHEMES)[number];
  expect(() => makeSecret(nope)).toThrow('unknown signature scheme "nope"');
  expect(() => signRequest(nope, { secret: "x" })).toThrow('unknown signature scheme "nope"');
});

describe("a fake platform", () => {
  const open = () => FakePlatform.open(({ path, json }) => ({ json: { path, got: json() } }));
  const post = (platform: FakePlatform) =>
    request(`${platform.root}/say?x=1`, { method: "POST", body: '{"text":"hi"}', timeoutMs: 500 });

  test("answers by the test's function, and keeps what came", async () => {
    await using platform = await open();
    const { status, body } = await post(platform);
    expect([status, JSON.parse(body.toString())]).toEqual([
      200,
      { path: "/say", got: { text: "hi" } },
    ]);
    expect(platform.requests).toHaveLength(1);
    expect(platform.requests[0]?.query.get("x")).toBe("1");
  });

  test.each([
    ["break", true, 1],
    ["hang", true, 1],
    ["reset", true, 0],
  ] as const)(
    "%s: the caller cannot know, and the platform has done it or not",
    async (kind, isMaybe, kept) => {
      await using platform = await open();
      platform.fail({ kind });
      const thrown: unknown = await post(platform).catch((error: unknown) => error);
      expect(isSluiceError(thrown) && thrown.cause instanceof MaybeSent).toBe(isMaybe);
      expect(platform.requests).toHaveLength(kept);
      expect((await post(platform)).status).toBe(200);
    },
  );

  test("faults are for the requests that fit, in their order; a refusal says when to come back", async () => {
    await using platform = await open();
    platform.fail({ kind: "status", status: 500 }, 1, ({ method }) => method === "GET");
    platform.fail({ kind: "status", status: 429, retryAfterSeconds: 7 }, 2);
    const first = await post(platform);
    expect([first.status, first.headers["retry-after"]]).toEqual([429, "7"]);
    expect((await request(`${platform.root}/x`)).status).toBe(500);
    expect((await post(platform)).status).toBe(429);
    expect((await post(platform)).status).toBe(200);
  });

  test("a path is a path, also one that begins like a host", async () => {
    await using platform = await FakePlatform.open(() => ({ text: "" }));
    await request(`${platform.root}//other.test/x?a=%2F`);
    expect(platform.requests[0]).toMatchObject({ path: "//other.test/x" });
    expect(platform.requests[0]?.query.get("a")).toBe("/");
  });

  test("a mistake in the test's own answers is thrown at its end, and is no fault of the platform's", async () => {
    const platform = await FakePlatform.open(() => {
      throw new TypeError("my own mistake");
    });
    await expect(request(platform.root)).rejects.toThrow();
    await expect(platform.close()).rejects.toThrow("my own mistake");
    await platform.close();
  });

  test("once it has gone nobody listens, and nothing is open", async () => {
    const platform = await open();
    await post(platform);
    await platform.close();
    expect(platform.openCount).toBe(0);
    await expect(post(platform)).rejects.toMatchObject({ code: "send_failed" });
  });
});

describe("golden texts", () => {
  test("what a session's model read is compared letter for letter with a file", async () => {
    const path = join(makeFolder(), "golden", "alert.txt");
    const made = makeMemoryServer();
    await using session = await openSession({ serverName: "alerts", connect: made.connect });
    await made.push("disk full", { severity: "high" });
    const [text = ""] = await readChannelTexts(session);
    expect(() => checkGolden(path, text, false)).toThrow("does not exist");
    checkGolden(path, text, true);
    checkGolden(path, text, false);
    expect(() => checkGolden(path, `${text} `, false)).toThrow("UPDATE_GOLDEN=1");
    expect(readFileSync(path, "utf8")).toBe(
      '<channel source="alerts" severity="high">\ndisk full\n</channel>\n',
    );
  });

  test("a file with the line ends of Windows is the same text", () => {
    const folder = makeFolder();
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "a.txt"), "one\r\ntwo\r\n");
    checkGolden(join(folder, "a.txt"), "one\ntwo", false);
  });

  test("fewer texts than wanted is an error, not an empty list", async () => {
    const made = makeMemoryServer();
    await using session = await openSession({ serverName: "alerts", connect: made.connect });
    await expect(readChannelTexts(session, 1, 20)).rejects.toThrow(
      "the model has read 0 texts of channels, not 1",
    );
  });
});
