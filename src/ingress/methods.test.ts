/** Other methods than POST, handshakes, and secrets in the URL: real sockets, and answers that tell no name from another. */
import { afterEach, describe, expect, test } from "vitest";
import type { HandshakeAnswer, Received, VerifiedRequest } from "../sdk/channel.ts";
import { SluiceError } from "../sdk/errors.ts";
import { Secret } from "../sdk/secret.ts";
import { signParts } from "../verify/sign.ts";
import { SCHEMES } from "../verify/schemes.ts";
import { schemeOf } from "../../test/verify/sender-schemes.ts";
import { openVerifier } from "../verify/verifier.ts";
import type { IngressChannel, IngressDefinition, RefusedRequest } from "./contract.ts";
import { type Ingress, openIngress, sendRaw, toRequest } from "./rig.fixture.ts";

const slack = schemeOf("slack");
const SECRET = "a_secret_of_sixteen_bytes";
const VERIFY_TOKEN = "verify_token_0123456789abcdef";
const SLACK_SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
const CONFIRM = { url: "https://sns.us-east-1.amazonaws.com/?Token=once", host: /sns\.aws/ };

type Seen = {
  requests: VerifiedRequest[];
  refused: RefusedRequest[];
  confirmed: HandshakeAnswer["confirm"][];
  logged: unknown[];
};

const opened: Ingress[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ listener }) => listener.close(0)));
});

/**
 * Channels: `path` and `query` (GET, PUT, HEAD, OPTIONS too), `post` (bearer, POST alone), `meta` (a verify token), `slack` and `twilio`
 * (what is answered is theirs).
 */
async function open(changes: { confirmFault?: Error } = {}): Promise<Ingress & Seen> {
  const seen: Seen = { requests: [], refused: [], confirmed: [], logged: [] };
  const receive = (request: VerifiedRequest): Received => {
    seen.requests.push(request);
    const text = request.body.toString();
    if (text.startsWith("answer:")) return JSON.parse(text.slice(7)) as Received;
    if (text === "confirm")
      return { kind: "answer", status: 200, code: "subscribed", confirm: CONFIRM };
    if (text === "ignore") return { kind: "ignore", reason: "not wanted" };
    return {
      kind: "arrival",
      arrival: {
        channel: request.channel,
        kind: "webhook",
        text: `${request.method} ${request.path}`,
        sender: { kind: "source", id: "x" },
      },
    } as unknown as Received;
  };
  const add = (name: string, scheme: string, secret: string, more: object = {}): void => {
    const { definition, ...rest } = more as { definition?: Partial<IngressDefinition> };
    const credentials = [{ keyId: "one", secret: new Secret(secret) }];
    channels.set(name, {
      name,
      definition: { maxBodyBytes: 1000, receive, ...definition },
      verifier: openVerifier({ scheme, own: { slack }, credentials }),
      options: { name, twoWay: false },
      paused: false,
      ratePerSecond: 0,
      burst: 0,
      ...rest,
    });
  };
  const channels = new Map<string, IngressChannel>();
  const all = { definition: { methods: ["GET", "PUT", "HEAD", "OPTIONS"] as const } };
  add("path", "path", SECRET, all);
  add("query", "query", SECRET, all);
  add("post", "bearer", SECRET);
  add("meta", "github", SECRET, {
    preflight: {
      rule: {
        when: { "hub.mode": "subscribe" },
        token: "hub.verify_token",
        echo: "hub.challenge",
        code: "challenge",
      },
      tokens: [new Secret(VERIFY_TOKEN)],
    },
  });
  add("slack", "slack", SLACK_SECRET, { definition: { answer: { status: 200 } } });
  add("twilio", "bearer", SECRET, {
    definition: { answer: { status: 200, type: "text/xml", body: "<Response/>" } },
  });
  const log = {
    info: (...line: unknown[]) => void seen.logged.push(line),
    warn: (...line: unknown[]) => void seen.logged.push(line),
  };
  const ingress = await openIngress({
    options: {
      channels,
      log,
      refused: (_channel, request) => void seen.refused.push(request),
      confirm: async (_channel, confirm) => {
        if (changes.confirmFault !== undefined) throw changes.confirmFault;
        seen.confirmed.push(confirm);
      },
    },
  });
  opened.push(ingress);
  return { ...ingress, ...seen };
}

const OTHERS = ["GET", "PUT", "HEAD", "OPTIONS", "DELETE", "PATCH", "TRACE"];

async function ask(
  { port }: Ingress,
  method: string,
  target: string,
  headers: readonly string[] = [],
  body = "",
): Promise<{ status: number; headers: Record<string, string>; body: string }> {
  const length = body === "" ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const lines = ["Host: hook.example", "Connection: close", ...length, ...headers];
  const {
    status,
    headers: told,
    body: text,
  } = await sendRaw(port, toRequest(`${method} ${target}`, lines, body));
  const { date: _date, ...rest } = told;
  return { status, headers: rest, body: text };
}

describe("INGRESS-6: by another method than POST no name can be told from another", () => {
  test.each(OTHERS)("%s", async (method) => {
    const ingress = await open();
    const asks: [string, string[]][] = [
      ["/in/NAME", []],
      ["/in/NAME/wrong_secret_of_sixteen", []],
      ["/in/NAME?token=wrong_secret_of_sixteen", []],
      ["/in/NAME?hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=123", []],
      ["/in/NAME", ["Authorization: Bearer wrong_secret_of_sixteen"]],
      ["/in/NAME", ["WebHook-Request-Origin: sender.example", "WebHook-Request-Rate: 120"]],
      ["/in/NAME", ["WebHook-Request-Origin: a<b>"]],
      ["/in/NAME", ["Origin: https://evil.example", "Access-Control-Request-Method: POST"]],
    ];
    for (const [target, headers] of asks) {
      const [unknown, ...known] = await Promise.all(
        ["nobody", "path", "query", "post", "meta", "slack", "twilio"].map((name) =>
          ask(ingress, method, target.replace("NAME", name), headers),
        ),
      );
      for (const answer of known) expect(answer).toEqual(unknown);
      expect(unknown?.headers).not.toHaveProperty("access-control-allow-origin");
      expect(unknown?.status).toBe(
        method === "HEAD" || unknown?.headers["webhook-allowed-origin"] ? 200 : 405,
      );
    }
    expect(ingress.requests).toEqual([]);
  });

  test("POST: each wrong proof gets the one 401, which asks for a password", async () => {
    const ingress = await open();
    const [unknown, ...known] = await Promise.all(
      ["nobody", "path", "query", "post", "meta", "slack", "twilio"].map((name) =>
        ask(ingress, "POST", `/in/${name}?token=wrong`, [], "{}"),
      ),
    );
    for (const answer of known) expect(answer).toEqual(unknown);
    expect(unknown).toMatchObject({
      status: 401,
      body: '{"error":"unauthorized"}',
      headers: { "www-authenticate": 'Basic realm="sluice"' },
    });
  });

  test("whoever looks at a URL in a browser is counted as refused nowhere", async () => {
    const ingress = await open();
    for (const name of ["nobody", "post", "slack"]) await ask(ingress, "GET", `/in/${name}`);
    expect(ingress.counts).toEqual([]);
    expect(ingress.refused).toEqual([]);
    await ask(ingress, "GET", "/in/path");
    expect(ingress.counts).toEqual(["path missing_header"]);
  });
});

test("a channel that takes a method gets its requests, with the secret in the path or the query", async () => {
  const ingress = await open();
  for (const method of ["POST", "PUT", "GET", "OPTIONS"]) {
    const body = method === "POST" || method === "PUT" ? "x" : "";
    for (const target of [`/in/path/${SECRET}/sub?a=1`, `/in/query/sub?a=1&token=${SECRET}`])
      expect(await ask(ingress, method, target, [], body)).toMatchObject({ status: 202 });
  }
  expect(await ask(ingress, "HEAD", `/in/path/${SECRET}/sub?a=1`)).toMatchObject({ status: 202 });
  expect(ingress.requests).toHaveLength(9);
  for (const request of ingress.requests)
    expect(request).toMatchObject({ path: "sub", query: "a=1", reach: "request" });
  expect(new Set(ingress.requests.map(({ method }) => method))).toEqual(
    new Set(["POST", "PUT", "GET", "OPTIONS", "HEAD"]),
  );
});

test("INGRESS-7: a secret in the URL, right or wrong, reaches no request, record, count or log", async () => {
  const ingress = await open({ confirmFault: new SluiceError("send_failed", "no connection") });
  const wrong = "nearly_the_secret_of_sixteen";
  await ask(ingress, "POST", `/in/path/${SECRET}/sub`, [], "x");
  await ask(ingress, "GET", `/in/query?token=${SECRET}`);
  await ask(ingress, "POST", `/in/path/${wrong}/sub`, [], "x");
  await ask(ingress, "POST", `/in/query?token=${wrong}`, [], "x");
  await ask(ingress, "POST", `/in/query?token=${SECRET}&token=${wrong}`, [], "x");
  await ask(ingress, "POST", `/in/path/${SECRET}`, [], "confirm");
  await expect.poll(() => ingress.refused.length).toBe(3);
  const { requests, refused, counts, logged, arrivals } = ingress;
  const all = JSON.stringify({ requests, refused, counts, logged, arrivals });
  expect(all).not.toContain(SECRET);
  expect(all).not.toContain(wrong);
  expect(refused.map(({ reason, header }) => [reason, header])).toEqual([
    ["bad_token", undefined],
    ["bad_token", undefined],
    ["doubled_header", "?token"],
  ]);
});

describe("the verify token of Meta and WebSub", () => {
  const toQuery = (change: Record<string, string> = {}): string =>
    new URLSearchParams({
      "hub.mode": "subscribe",
      "hub.challenge": "1158201444",
      "hub.verify_token": VERIFY_TOKEN,
      ...change,
    }).toString();

  test("is answered with the challenge alone, as plain text, and counted", async () => {
    const ingress = await open();
    expect(await ask(ingress, "GET", `/in/meta?${toQuery()}`)).toMatchObject({
      status: 200,
      body: "1158201444",
      headers: { "content-type": "text/plain", "x-content-type-options": "nosniff" },
    });
    expect(ingress.counts).toEqual(["meta handshake_challenge"]);
    expect(ingress.arrivals).toEqual([]);
  });

  test.each([
    ["another token", toQuery({ "hub.verify_token": `${VERIFY_TOKEN}x` })],
    ["no token", toQuery({ "hub.verify_token": "" })],
    ["another mode", toQuery({ "hub.mode": "unsubscribe" })],
    ["a challenge that is markup", toQuery({ "hub.challenge": "<script>alert(1)</script>" })],
    ["a challenge with a line break", toQuery({ "hub.challenge": "a\r\nb" })],
    ["no challenge", toQuery({ "hub.challenge": "" })],
    ["a long challenge", toQuery({ "hub.challenge": "a".repeat(129) })],
    ["the token twice", `${toQuery()}&hub.verify_token=${VERIFY_TOKEN}`],
    ["the challenge twice", `${toQuery()}&hub.challenge=1`],
    ["a broken escape", `${toQuery()}&hub.challenge=%zz`.replace("hub.challenge=1158201444&", "")],
  ])("is not answered with %s", async (_what, query) => {
    const ingress = await open();
    expect(await ask(ingress, "GET", `/in/meta?${query}`)).toMatchObject({ status: 405 });
    expect(await ask(ingress, "GET", `/in/post?${toQuery()}`)).toMatchObject({ status: 405 });
    expect(await ask(ingress, "POST", `/in/meta?${toQuery()}`, [], "x")).toMatchObject({
      status: 401,
    });
    expect(ingress.arrivals).toEqual([]);
  });
});

test("CloudEvents' question by OPTIONS is answered as the specification has it, and Trello's by HEAD", async () => {
  const ingress = await open();
  const asked = ["WebHook-Request-Origin: eventemitter.example.com", "WebHook-Request-Rate: 120"];
  expect(await ask(ingress, "OPTIONS", "/in/post", asked)).toMatchObject({
    status: 200,
    body: "",
    headers: {
      allow: "POST",
      "webhook-allowed-origin": "eventemitter.example.com",
      "webhook-allowed-rate": "*",
    },
  });
  expect(await ask(ingress, "HEAD", "/in/post")).toMatchObject({ status: 200, body: "" });
  // It is no event where a channel takes OPTIONS either, and its proof is right.
  expect(await ask(ingress, "OPTIONS", `/in/path/${SECRET}`, asked)).toMatchObject({ status: 200 });
  expect(ingress.requests).toEqual([]);
});

describe("answers in the platform's own words", () => {
  const bearer = [`Authorization: Bearer ${SECRET}`];

  test("a stored event, a known one and one that is left out are answered as the row says", async () => {
    const ingress = await open();
    for (const body of ["one", "one", "ignore"])
      expect(await ask(ingress, "POST", "/in/twilio", bearer, body)).toMatchObject({
        status: 200,
        body: "<Response/>",
        headers: { "content-type": "text/xml", "x-content-type-options": "nosniff" },
      });
  });

  test("a handshake after the proof is answered, counted, and no event", async () => {
    const ingress = await open();
    const challenge: Received = {
      kind: "answer",
      status: 200,
      type: "text/plain",
      body: "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P",
      code: "url_verification",
      headers: {
        "X-Mine": "1",
        Location: "https://evil.example",
        "Set-Cookie": "a=b",
        "Access-Control-Allow-Origin": "*",
      },
    };
    const body = `answer:${JSON.stringify(challenge)}`;
    const credential = { keyId: "one", secret: new Secret(SLACK_SECRET) };
    const outgoing = { id: "", sentAt: Date.now(), body: Buffer.from(body) };
    const signed = signParts(slack, credential, outgoing).headers;
    const headers = Object.entries(signed).map(([name, value]) => `${name}: ${value}`);
    const answer = await ask(ingress, "POST", "/in/slack", headers, body);
    expect(answer).toMatchObject({
      status: 200,
      body: challenge.body,
      headers: { "content-type": "text/plain", "x-mine": "1" },
    });
    for (const header of ["location", "set-cookie", "access-control-allow-origin"])
      expect(answer.headers).not.toHaveProperty(header);
    expect(ingress.counts).toEqual(["slack handshake_url_verification"]);
    expect(ingress.arrivals).toEqual([]);
    // Without the signature it is a request like any other.
    expect(await ask(ingress, "POST", "/in/slack", [], body)).toMatchObject({ status: 401 });
    // Zoom's answer is a MAC under the key that proved the request.
    const mac = ingress.requests[0]?.mac?.("plainToken").toString("hex");
    const { createHmac } = await import("node:crypto");
    expect(mac).toBe(createHmac("sha256", SLACK_SECRET).update("plainToken").digest("hex"));
  });

  test("an answer without content has no length", async () => {
    const ingress = await open();
    const body = `answer:${JSON.stringify({ kind: "answer", status: 204, code: "ping" })}`;
    const answer = await ask(ingress, "POST", "/in/post", bearer, body);
    expect(answer.status).toBe(204);
    expect(answer.headers).not.toHaveProperty("content-length");
  });

  test("a subscription is confirmed before its request is answered; where that fails the sender comes again", async () => {
    const ingress = await open();
    expect(await ask(ingress, "POST", "/in/post", bearer, "confirm")).toMatchObject({
      status: 200,
    });
    expect(ingress.confirmed).toEqual([CONFIRM]);
    expect(ingress.counts).toEqual(["post handshake_subscribed"]);
    const failing = await open({ confirmFault: new SluiceError("send_failed", "no connection") });
    expect(await ask(failing, "POST", "/in/post", bearer, "confirm")).toMatchObject({
      status: 503,
      headers: { "retry-after": "30" },
    });
    expect(failing.counts).toEqual(["post send_failed"]);
  });
});

test("a proof that needs what cannot be fetched now is 503, and refuses nobody", async () => {
  const verifier = openVerifier({
    scheme: "bearer",
    credentials: [{ keyId: "one", secret: new Secret(SECRET) }],
  });
  const ingress = await openIngress({
    channel: {
      verifier: {
        begin(headers, now) {
          const begun = verifier.begin(headers, now);
          if (begun.kind === "refused") return begun;
          const settle = () => Promise.reject(new Error("no network"));
          return { kind: "begun", check: { ...begun.check, settle } };
        },
      },
    },
  });
  opened.push(ingress);
  const headers = [`Authorization: Bearer ${SECRET}`];
  const answer = await ask(ingress, "POST", "/in/alerts", headers, "x");
  expect(answer).toMatchObject({ status: 503, headers: { "retry-after": "30" } });
  expect(ingress.counts).toEqual(["alerts proof_fault"]);
  expect(ingress.arrivals).toEqual([]);
});

test("HTTP Basic: the password alone, the user alone and another way of writing them are refused", async () => {
  const secret = "sluice:password_of_sixteen";
  const verifier = openVerifier({
    scheme: "basic",
    credentials: [{ keyId: "one", secret: new Secret(secret) }],
  });
  const ingress = await openIngress({ channel: { verifier } });
  opened.push(ingress);
  const send = (text: string) =>
    ask(ingress, "POST", "/in/alerts", [`Authorization: ${text}`, "Content-Type: text/plain"], "x");
  const right = Buffer.from(secret).toString("base64");
  expect(await send(`Basic ${right}`)).toMatchObject({ status: 202 });
  expect(await send(`basic ${right}`)).toMatchObject({ status: 202 });
  const others = ["sluice:", ":password_of_sixteen", `${secret} `, "sluice", ""];
  for (const text of others.map((one) => `Basic ${Buffer.from(one).toString("base64")}`))
    expect([text, (await send(text)).status]).toEqual([text, 401]);
  for (const text of [`Basic ${right}=`, `Basic ${secret}`, `Bearer ${right}`, `Basic  ${right}`])
    expect([text, (await send(text)).status]).toEqual([text, 401]);
  expect(SCHEMES.basic.proof.prefixIgnoresCase).toBe(true);
});
