/** GitHub's API by its answers, over real HTTP: redirects, limits, and what stands between. */
import { createServer, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { Secret } from "../../../sdk/secret.ts";
import { VirtualClock } from "../../../testing/virtual-clock.ts";
import { GithubApi } from "./github-api.ts";

type Reply = { status: number; headers?: OutgoingHttpHeaders; body?: string };

async function openServer(reply: (path: string) => Reply) {
  const asked: { path: string; headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    asked.push({ path, headers: request.headers });
    const { status, headers = {}, body = "{}" } = reply(path);
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(status === 304 ? undefined : body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("it has a port");
  return { asked, root: `http://127.0.0.1:${address.port}` };
}

async function openApi(reply: (path: string) => Reply, token = "github_pat_1") {
  const server = await openServer(reply);
  const clock = new VirtualClock();
  const signal = new AbortController().signal;
  const api = new GithubApi({
    base: `${server.root}/api/v3`,
    token: new Secret(token),
    clock,
    signal,
  });
  return { ...server, clock, api };
}

// GHAPI-1
test("the token goes to the API's own origin: a renamed repository is followed there, and nothing leads elsewhere", async () => {
  const other = await openServer(() => ({ status: 200 }));
  const { api, asked, root } = await openApi((path) => {
    if (path.endsWith("/renamed"))
      return { status: 301, headers: { location: "/api/v3/repositories/7" } };
    if (path.endsWith("/away")) return { status: 302, headers: { location: `${other.root}/x` } };
    if (path.endsWith("/circle")) return { status: 307, headers: { location: path } };
    if (path.endsWith("/paged"))
      return {
        status: 200,
        body: "[]",
        headers: {
          link: '<https://ghes.internal/api/v3/list?page=2>; rel="next", <https://x/y>; rel="last"',
        },
      };
    return { status: 200, body: '{"full_name":"octo-org/new"}', headers: { etag: '"a"' } };
  });
  expect(await api.get("repos/o/renamed")).toMatchObject({
    value: { full_name: "octo-org/new" },
    etag: '"a"',
  });
  expect(asked.map(({ headers }) => headers.authorization)).toEqual([
    "Bearer github_pat_1",
    "Bearer github_pat_1",
  ]);
  await expect(api.get("repos/o/away")).rejects.toThrow("leads to another host");
  await expect(api.get(`${other.root}/next`)).rejects.toThrow("leads to another host");
  await expect(api.get("repos/o/circle")).rejects.toThrow("in a circle");
  expect(other.asked).toEqual([]);
  expect(await api.get("repos/o/paged")).toMatchObject({ next: `${root}/api/v3/list?page=2` });
});

// GHAPI-3
test.each<[string, Reply, object]>([
  [
    "a page of a portal",
    { status: 200, headers: { "content-type": "text/html" }, body: "<b>secret</b>" },
    { retryable: true },
  ],
  [
    "a proxy's refusal",
    { status: 403, headers: { "content-type": "text/html" }, body: "secret" },
    { retryable: true, code: "send_failed" },
  ],
  ["broken JSON", { status: 200, body: '{"secret' }, { retryable: true }],
  ["an outage", { status: 503, body: '{"message":"secret"}' }, { retryable: true }],
  [
    "a question that it does not know",
    { status: 422, body: '{"message":"secret"}' },
    { retryable: true },
  ],
  [
    "a token that is none",
    { status: 401, body: '{"message":"secret"}' },
    { retryable: false, code: "unauthorized" },
  ],
])("%s is a fault in our own words", async (_name, reply, fault) => {
  const { api } = await openApi(() => reply);
  const thrown: unknown = await api.get("repos/o/r").catch((error: unknown) => error);
  expect(thrown).toMatchObject(fault);
  expect(String(thrown)).not.toMatch(/secret|github_pat/);
});

test("what is not there, and what the token may not, are answers", async () => {
  const { api } = await openApi((path) =>
    path.endsWith("/gone")
      ? { status: 410 }
      : path.endsWith("/sso")
        ? { status: 403, headers: { "x-github-sso": "required; url=https://github.com/x" } }
        : {
            status: 403,
            headers: { "x-accepted-github-permissions": "webhooks=read" },
            body: '{"message":"Resource not accessible by personal access token"}',
          },
  );
  expect(await api.get("gone")).toEqual({ kind: "missing", status: 410 });
  expect(await api.get("sso")).toMatchObject({ why: expect.stringContaining("single sign-on") });
  expect(await api.get("x")).toEqual({
    kind: "refused",
    why: "the token lacks a permission: webhooks=read",
  });
});

// GHAPI-2
test("limits are kept as GitHub tells them, by its own clock, and longer each time where it tells no time", async () => {
  let reply: Reply = { status: 429, headers: { "retry-after": "7" } };
  const { api, asked, clock } = await openApi(() => reply);
  const ask = async (): Promise<unknown> => api.get("x").catch((error: unknown) => error);
  expect(await ask()).toMatchObject({ code: "rate_limited", retryAfterMs: 7_000 });
  expect(await ask()).toMatchObject({ code: "rate_limited" });
  expect(asked).toHaveLength(1);
  await clock.advance(7_000);
  // Ours is two hours behind.
  const date = clock.now() + 2 * 3_600_000;
  reply = {
    status: 403,
    headers: {
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": String(date / 1_000 + 90),
      date: new Date(date).toUTCString(),
    },
  };
  expect(await ask()).toMatchObject({ code: "rate_limited", retryAfterMs: 90_000 });
  await clock.advance(90_000);
  reply = {
    status: 403,
    body: '{"message":"You have exceeded a secondary rate limit. Please wait"}',
  };
  const waits: unknown[] = [];
  for (let n = 0; n < 3; n++) {
    const { retryAfterMs = 0 } = (await ask()) as { retryAfterMs?: number };
    waits.push(retryAfterMs);
    await clock.advance(retryAfterMs);
  }
  expect(waits).toEqual([60_000, 120_000, 240_000]);
  reply = { status: 200, headers: { "x-poll-interval": "300" } };
  expect(await ask()).toMatchObject({ kind: "ok", pollMs: 300_000 });
});
