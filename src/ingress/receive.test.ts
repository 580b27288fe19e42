import { afterEach, expect, test } from "vitest";
import { webhook } from "../channels/webhook/index.ts";
import { defineKind } from "../sdk/channel.ts";
import { SluiceError } from "../sdk/errors.ts";
import { Secret } from "../sdk/secret.ts";
import { sign } from "../verify/sign.ts";
import { openVerifier } from "../verify/verifier.ts";
import type { IngressOutcome } from "./contract.ts";
import { GITHUB_SECRET, openIngress, signGithub, TOKEN } from "./rig.fixture.ts";
import type { Ingress, IngressChanges } from "./rig.fixture.ts";

const opened: Ingress[] = [];

async function open(changes?: IngressChanges): Promise<Ingress & { post: typeof post }> {
  const ingress = await openIngress(changes);
  opened.push(ingress);
  return { ...ingress, post };

  function post(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`http://127.0.0.1:${ingress.port}${path}`, { method: "POST", ...init });
  }
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ listener }) => listener.close(0)));
});

const plain = { "content-type": "text/plain" };
const bearer = { authorization: `Bearer ${TOKEN}`, "content-type": "text/plain" };

// req:field.21
test("a new event is 202 with its id, the same delivery again is 200 with the same id", async () => {
  const { post, arrivals } = await open();
  const headers = { ...bearer, "idempotency-key": "k1" };
  const first = await post("/in/alerts", { headers, body: "disk full" });
  expect([first.status, await first.json()]).toEqual([202, { id: "evt_1", duplicate: false }]);
  const second = await post("/in/alerts", { headers, body: "disk full" });
  expect([second.status, await second.json()]).toEqual([200, { id: "evt_1", duplicate: true }]);
  expect(arrivals).toHaveLength(1);
  expect(arrivals[0]).toMatchObject({ channel: "alerts", verified: "bearer", deliveryId: "k1" });
});

test("what follows the name reaches the channel as path, without the query", async () => {
  const { post, arrivals } = await open();
  await post("/in/alerts/prod/eu?token=secret", { headers: bearer, body: "x" });
  expect(arrivals[0]?.meta).toMatchObject({ path: "prod/eu", method: "POST" });
});

// req:field.19 req:field.20
test("a signed GitHub delivery is verified over the raw bytes", async () => {
  const { post, arrivals } = await open();
  const body = JSON.stringify({
    zen: "Keep it logically awesome.",
    hook_id: 1,
    repository: { full_name: "o/r" },
  });
  const event = { "x-github-event": "ping", "content-type": "application/json" };
  const good = await post("/in/gh", { headers: { ...signGithub(body), ...event }, body });
  expect(good.status).toBe(202);
  const bad = await post("/in/gh", {
    headers: { ...signGithub(body), ...event },
    body: `${body}\n`,
  });
  expect(bad.status).toBe(401);
  expect(arrivals).toHaveLength(1);
});

// INGRESS-3
test("wrong token, no token, wrong signature and unknown channel get one and the same answer", async () => {
  const { post, counts } = await open();
  const tries = [
    await post("/in/alerts", {
      headers: { ...bearer, authorization: "Bearer tok_wrong_wrong_wrong_wrong" },
      body: "x",
    }),
    await post("/in/alerts", { body: "x" }),
    await post("/in/gh", {
      headers: { "x-hub-signature-256": `sha256=${"0".repeat(64)}` },
      body: "x",
    }),
    await post("/in/nobody", { headers: bearer, body: "x" }),
    await post("/in/__proto__", { headers: bearer, body: "x" }),
  ];
  for (const answer of tries) {
    expect(answer.status).toBe(401);
    expect(await answer.text()).toBe('{"error":"unauthorized"}');
  }
  const names = tries.map(({ headers }) => [...headers.keys()].join());
  expect(new Set(names).size).toBe(1);
  expect(counts).toEqual([
    "alerts bad_token",
    "alerts missing_header",
    "gh bad_signature",
    "- no_channel",
    "- no_channel",
  ]);
});

test("an arrival that the gate drops is answered like a wrong proof", async () => {
  const { post, counts } = await open({
    options: { accept: async () => ({ kind: "dropped", reason: "not_allowed" }) },
  });
  const answer = await post("/in/alerts", { headers: bearer, body: "x" });
  expect([answer.status, await answer.text()]).toEqual([401, '{"error":"unauthorized"}']);
  expect(counts).toEqual(["alerts not_allowed"]);
});

// INGRESS-1
// req:field.22
test("there is no answer before the event is kept", async () => {
  const held = Promise.withResolvers<IngressOutcome>();
  const { post } = await open({ options: { accept: () => held.promise } });
  let answered = false;
  const answer = post("/in/alerts", { headers: bearer, body: "x" }).finally(
    () => (answered = true),
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(answered).toBe(false);
  held.resolve({ kind: "stored", id: "evt_held", duplicate: false });
  expect((await answer).status).toBe(202);
});

// INGRESS-4
// req:field.22
test("what cannot be kept is 503 with Retry-After in whole seconds, whoever is at fault", async () => {
  for (const [error, seconds] of [
    [new SluiceError("store_full", "inbox full", { retryable: true, retryAfterMs: 1200 }), "2"],
    [new SluiceError("store_busy", "locked", { retryable: true }), "30"],
    [new TypeError("a bug"), "30"],
  ] as const) {
    const { post, warnings } = await open({ options: { accept: () => Promise.reject(error) } });
    const answer = await post("/in/alerts", { headers: bearer, body: "x" });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, seconds]);
    await post("/in/alerts", { headers: bearer, body: "x" });
    expect(warnings).toHaveLength(1); // One line a minute, not one a request.
  }
});

test("a paused channel verifies first, then asks to come back", async () => {
  const { post, arrivals } = await open({ channel: { paused: true } });
  const wrong = await post("/in/alerts", { body: "x" });
  expect(wrong.status).toBe(401);
  const right = await post("/in/alerts", { headers: bearer, body: "x" });
  expect([right.status, right.headers.get("retry-after")]).toEqual([503, "60"]);
  expect(arrivals).toEqual([]);
});

// RECEIVE-1
// req:field.22 req:field.45
test("over its rate a channel answers 429 with Retry-After, and failed proofs do not use up the rate", async () => {
  let now = 1_000_000;
  const { post } = await open({
    channel: { ratePerSecond: 1, burst: 3 },
    options: { clock: () => now },
  });
  for (let i = 0; i < 20; i++) await post("/in/alerts", { body: "no token" });
  const send = async (): Promise<number> =>
    (await post("/in/alerts", { headers: bearer, body: "x" })).status;
  expect([await send(), await send(), await send()]).toEqual([202, 202, 202]);
  const over = await post("/in/alerts", { headers: bearer, body: "x" });
  expect([over.status, over.headers.get("retry-after")]).toEqual([429, "1"]);
  now += 1000;
  expect([await send(), await send()]).toEqual([202, 429]);
});

test("a verified body that a channel cannot read is 400 or 415 with the reason, and nothing is kept", async () => {
  const { post, arrivals } = await open();
  const json = { ...bearer, "content-type": "application/json" };
  const broken = await post("/in/alerts", { headers: json, body: '{"a":' });
  expect(broken.status).toBe(400);
  expect(await broken.json()).toMatchObject({
    error: "bad_input",
    reason: expect.stringContaining("JSON"),
  });
  const image = await post("/in/alerts", {
    headers: { ...bearer, "content-type": "image/png" },
    body: "x",
  });
  expect(image.status).toBe(415);
  expect(arrivals).toEqual([]);
});

test("a genuine request from a wrong clock is 401 like any other, and one line in the log", async () => {
  const secret = new Secret(`whsec_${Buffer.alloc(24, 7).toString("base64")}`);
  const credential = { keyId: "one", secret };
  const verifier = openVerifier({ scheme: "standard", credentials: [credential] });
  const { post, counts, warnings } = await open({ channel: { verifier } });
  const body = Buffer.from("x");
  for (const sentAt of [Date.now() - 600_000, Date.now() + 600_000, Date.now() - 600_000]) {
    const signed = sign("standard", credential, { id: "m-1", sentAt, body });
    const answer = await post("/in/alerts", { headers: { ...signed, ...plain }, body });
    expect([answer.status, await answer.text()]).toEqual([401, '{"error":"unauthorized"}']);
  }
  expect(counts).toEqual(["alerts stale", "alerts future", "alerts stale"]);
  expect(warnings).toHaveLength(2);
});

test("a signed delivery id reaches the channel as the key against duplicates", async () => {
  const secret = new Secret(`whsec_${Buffer.alloc(24, 7).toString("base64")}`);
  const credential = { keyId: "one", secret };
  const verifier = openVerifier({ scheme: "standard", credentials: [credential] });
  const { post, arrivals } = await open({ channel: { verifier } });
  const body = Buffer.from("x");
  const signed = sign("standard", credential, { id: "m-1", sentAt: Date.now(), body });
  const send = async (): Promise<number> =>
    (await post("/in/alerts", { headers: { ...signed, ...plain }, body })).status;
  expect([await send(), await send()]).toEqual([202, 200]);
  expect(arrivals.map(({ deliveryId }) => deliveryId)).toEqual(["m-1"]);
});

// INGRESS-2
test("an unread body is never parsed: broken JSON without a proof is 401", async () => {
  const { post } = await open();
  const answer = await post("/in/alerts", {
    headers: { "content-type": "application/json" },
    body: '{"a":',
  });
  expect(answer.status).toBe(401);
});

// req:field.17
test("a channel may ignore an event: 202 without an id", async () => {
  const definition = defineKind({
    ...webhook,
    receive: () => ({ kind: "ignore", reason: "not of interest" }),
  });
  const { post, arrivals, counts } = await open({ channel: { definition } });
  const answer = await post("/in/alerts", { headers: bearer, body: "x" });
  expect([answer.status, await answer.json()]).toEqual([
    202,
    { id: null, ignored: "not of interest" },
  ]);
  expect([arrivals, counts]).toEqual([[], ["alerts ignored"]]);
});

// req:field.64
test("a channel that throws is our fault: 503, and its message, which may quote the body, is not logged", async () => {
  const definition = defineKind({
    ...webhook,
    receive: ({ body }) => {
      throw new TypeError(`cannot read ${body.toString()}`);
    },
  });
  const fields: object[] = [];
  const log = { info() {}, warn: (more: object) => void fields.push(more) };
  const { post } = await open({ channel: { definition }, options: { log } });
  expect((await post("/in/alerts", { headers: bearer, body: "private text" })).status).toBe(503);
  expect(fields).toHaveLength(1);
  expect(JSON.stringify(fields)).toMatch(/TypeError/);
  expect(JSON.stringify(fields)).not.toContain("private");
});

test("compressed bodies are 415, for every name", async () => {
  const { post } = await open();
  for (const name of ["alerts", "nobody"]) {
    const answer = await post(`/in/${name}`, {
      headers: { ...bearer, "content-encoding": "gzip" },
      body: "x",
    });
    expect(answer.status).toBe(415);
  }
  const identity = { ...bearer, "content-encoding": "identity" };
  expect((await post("/in/alerts", { headers: identity, body: "x" })).status).toBe(202);
});

test("other methods are 405 with Allow and say in JSON what is expected, alike for every name; other paths are 404", async () => {
  const { post } = await open();
  for (const method of ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
    for (const name of ["alerts", "nobody"]) {
      const answer = await post(`/in/${name}`, { method });
      expect([method, answer.status, answer.headers.get("allow"), await answer.text()]).toEqual([
        method,
        405,
        "POST",
        '{"error":"method_not_allowed","reason":"events come here by POST"}',
      ]);
    }
  }
  for (const path of [
    "/",
    "/in",
    "/in/",
    "/inbox",
    "/api/status",
    "/favicon.ico",
    "/%69n/alerts",
    "//in/alerts",
    "/out",
    "/health",
  ]) {
    expect([path, (await post(path, { headers: bearer, body: "x" })).status]).toEqual([
      path,
      path === "/out" ? 405 : 404,
    ]);
  }
});

test("no answer carries a CORS header, and every answer says nosniff and no-store", async () => {
  const { post } = await open();
  const origin = { origin: "https://evil.example", "access-control-request-method": "POST" };
  const answers = [
    await post("/in/alerts", { method: "OPTIONS", headers: origin }),
    await post("/in/alerts", { headers: { ...bearer, ...origin }, body: "x" }),
    await post("/in/nobody", { headers: origin, body: "x" }),
    await post("/nowhere", { headers: origin }),
    await post("/in/alerts", { headers: { ...bearer, "content-encoding": "br" }, body: "x" }),
    await post("/out/alerts", { method: "GET", headers: origin }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([405, 202, 401, 404, 415, 401]);
  for (const { headers } of answers) {
    expect([...headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    expect([headers.get("x-content-type-options"), headers.get("cache-control")]).toEqual([
      "nosniff",
      "no-store",
    ]);
  }
});

test("an unsigned channel takes programs of this machine, and no page in a browser", async () => {
  const { post, arrivals, counts } = await open();
  const text = { "content-type": "text/plain" };
  expect((await post("/in/local", { headers: text, body: "x" })).status).toBe(202);
  for (const page of [
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: "http://127.0.0.1" },
    { "sec-fetch-site": "cross-site" },
    { "x-forwarded-for": "203.0.113.9" },
    { "cf-connecting-ip": "203.0.113.9" },
  ]) {
    const answer = await post("/in/local", { headers: { ...text, ...page }, body: "x" });
    expect([page, answer.status]).toEqual([page, 401]);
  }
  expect(arrivals).toHaveLength(1);
  expect(new Set(counts)).toEqual(new Set(["local not_local"]));
});

test("secrets and contents are in no counter and no log line", async () => {
  const { post, counts, warnings } = await open({
    options: { accept: () => Promise.reject(new Error("disk")) },
  });
  await post("/in/alerts", { headers: bearer, body: "private text" });
  await post("/in/gh", { headers: { "x-hub-signature-256": GITHUB_SECRET }, body: "private text" });
  expect([...counts, ...warnings].join()).not.toMatch(/private|secret|tok_/);
});

test("a request with several events is answered by the first that is new, and comes again whole where one of them could not be kept", async () => {
  const base = {
    channel: "alerts",
    kind: "k",
    sender: { id: "s" },
    text: "t",
    quotes: [],
    meta: {},
  };
  const toArrival = (id: string) =>
    ({ ...base, priority: "normal", ack: "auto", verified: "bearer", deliveryId: id }) as const;
  let isFull = false;
  const kept = new Map<string, string>();
  const definition = {
    ...webhook,
    receive: ({ body }: { body: Buffer }) => {
      const [first = "", ...more] = body.toString().split(" ");
      return { kind: "arrival", arrival: toArrival(first), more: more.map(toArrival) } as const;
    },
  };
  const { post } = await open({
    channel: { definition },
    options: {
      accept: async ({ deliveryId = "" }) => {
        if (isFull && deliveryId === "c")
          throw new SluiceError("store_full", "no room", { retryable: true, retryAfterMs: 1_000 });
        const known = kept.get(deliveryId);
        kept.set(deliveryId, known ?? `evt_${deliveryId}`);
        return { kind: "stored", id: `evt_${deliveryId}`, duplicate: known !== undefined };
      },
    },
  });
  const send = async (body: string) => {
    const answer = await post("/in/alerts", { headers: bearer, body });
    return [answer.status, answer.ok ? await answer.json() : undefined];
  };
  expect(await send("a b")).toEqual([202, { id: "evt_a", duplicate: false }]);
  isFull = true;
  expect((await send("a c d"))[0]).toBe(503);
  isFull = false;
  expect(await send("a c d")).toEqual([202, { id: "evt_c", duplicate: false }]);
  expect(await send("d c a")).toEqual([200, { id: "evt_d", duplicate: true }]);
});
