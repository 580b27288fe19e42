/** Real HTTP servers: validators, slow and broken answers, huge ones, redirects. */
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { Secret } from "../../../sdk/secret.ts";
import { getPage, parseAddress } from "../get.ts";
import { toPageText } from "../page-text.ts";
import { WatchRig } from "../watch-rig.fixture.ts";
import { pageKind } from "./index.ts";

async function serve(answer: RequestListener): Promise<string> {
  const server: Server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("it has a port");
  return `http://127.0.0.1:${address.port}`;
}

const MINUTES = 60_000;
const toOptions = () => ({
  accept: "*/*",
  maxBytes: 1_000,
  signal: new AbortController().signal,
});

test("a page is read again by its validators; what changed in what a person reads is told in lines", async () => {
  const asked: IncomingMessage[] = [];
  let text = "Release 1.0";
  const root = await serve((request, response) => {
    asked.push(request);
    const etag = `"${text}"`;
    if (request.headers["if-none-match"] === etag) return void response.writeHead(304).end();
    const nonce = `<script>var csrf = "${asked.length}"</script>`;
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", etag });
    response.end(`<html><head>${nonce}</head><body><h1>News</h1><p>${text} &amp; more</p></body>`);
  });
  const url = `${root}/news?token=secret`;
  const rig = new WatchRig(pageKind, { url, every: "5m" });
  await rig.start();
  await rig.advance(6 * MINUTES);
  await expect.poll(() => asked.length).toBe(2);
  expect(asked.map(({ headers }) => headers["if-none-match"])).toEqual([
    undefined,
    '"Release 1.0"',
  ]);
  text = "Release 2.0";
  await rig.advance(6 * MINUTES);
  await expect.poll(() => rig.quoted).toEqual(["+ Release 2.0 & more\n- Release 1.0 & more"]);
  expect(rig.taken[0]).toMatchObject({ kind: "page.changed", meta: { url: `${root}/news` } });
  expect(JSON.stringify(rig.taken)).not.toContain("secret");
  await rig.restart();
  await rig.advance(6 * MINUTES);
  expect(rig.taken).toHaveLength(1);
});

test("one value of a JSON answer; a page that is gone and comes back; an answer that is none is no news", async () => {
  let answer: { status: number; body: string } = { status: 200, body: '{"a":{"b":"ok"},"n":1}' };
  let count = 0;
  const root = await serve((_request, response) => {
    count++;
    response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
  });
  const rig = new WatchRig(pageKind, { url: `${root}/s`, json: "a.b", every: "1m" });
  await rig.start();
  const next = async (status: number, body: string): Promise<void> => {
    answer = { status, body };
    const before = count;
    await rig.advance(2 * MINUTES);
    await expect.poll(() => count).toBeGreaterThan(before);
    await expect.poll(() => rig.states.length).toBeGreaterThan(0);
  };
  await next(200, '{"a":{"b":"ok"},"n":2}');
  await next(503, "{}");
  await next(200, "<html>a portal</html>");
  await expect.poll(() => rig.states.at(-1)?.kind).toBe("retrying");
  expect(rig.taken).toEqual([]);
  await next(200, '{"a":{"b":"down"}}');
  await expect.poll(() => rig.quoted).toEqual(["down", "ok"]);
  expect(rig.texts[0]).toBe(`a.b of ${new URL(root).host}/s has changed`);
  await next(404, "no");
  await expect.poll(() => rig.taken.at(-1)?.kind).toBe("page.gone");
  await next(200, '{"a":{"b":"down"}}');
  await expect.poll(() => rig.texts.at(-1)).toContain("is there again");
});

// WATCHER-2
test("a server that is away is asked again and again, and the owner is told after three", async () => {
  const rig = new WatchRig(pageKind, { url: "http://127.0.0.1:9/", every: "1m" });
  await rig.start();
  for (let step = 0; step < 10 && rig.states.length < 3; step++) {
    const before = rig.states.length;
    await rig.advance(5_000);
    await expect.poll(() => rig.states.length).toBeGreaterThan(before);
  }
  expect(rig.states.slice(0, 3)).toMatchObject([
    { kind: "retrying" },
    { kind: "retrying" },
    { kind: "retrying", alarm: true },
  ]);
});

// GET-2
test("a page of more than it may have is refused while it is read, whatever it announces", async () => {
  const root = await serve((_request, response) => {
    response.writeHead(200, { "content-type": "text/plain" });
    const more = (): void => void (response.write("x".repeat(65_536)) && setImmediate(more));
    more();
  });
  await expect(getPage(root, toOptions())).rejects.toMatchObject({ code: "too_large" });
});

// GET-1
test("a redirect is followed within its origin, with the credential; elsewhere it may not lead to a private address, nor out of the web", async () => {
  const seen: (string | undefined)[] = [];
  const inner = await serve((request, response) => {
    seen.push(`inner ${request.headers.authorization}`);
    response.end("internal");
  });
  const root = await serve((request, response) => {
    seen.push(request.headers.authorization);
    const to: Record<string, string> = {
      "/moved": "/there",
      "/inner": inner,
      "/name": inner.replace("127.0.0.1", "localhost"),
      "/file": "file:///etc/passwd",
      "/round": "/round",
    };
    const location = to[request.url ?? ""];
    if (location === undefined) return void response.end("found");
    response.writeHead(302, { location }).end();
  });
  const secret = new Secret("Bearer abc");
  const read = (path: string) => getPage(`${root}${path}`, { ...toOptions(), secret });
  expect(await read("/moved")).toMatchObject({ kind: "page", status: 200 });
  expect(seen).toEqual(["Bearer abc", "Bearer abc"]);
  for (const path of ["/inner", "/file", "/round"])
    await expect(read(path), path).rejects.toMatchObject({ code: "send_failed" });
  await expect(read("/name")).rejects.toThrow("private or special address");
  expect(seen.filter((one) => one?.startsWith("inner") === true)).toEqual([]);
});

test("addresses that are none, or that hold a password, are refused", () => {
  for (const text of ["", "example.com", "ftp://example.com", "https://ada:secret@example.com/"])
    expect(() => parseAddress(text), text).toThrow("the address");
});

test("a page's text: no scripts, tags or comments; every page ends, however broken", () => {
  const html =
    "<!doctype html><style>p{}</style><p title='a>b'>One<br>two</p><!-- no --><ul><li>x &lt; 1 &#x263A; &unknown;<li>y</ul><svg><text>no</text></svg>1 < 2";
  expect(toPageText(html)).toBe("One\ntwo\nx < 1 ☺ &unknown;\ny\n1 < 2");
  for (const broken of [
    "<",
    "<p",
    "<script>",
    "<!--",
    "<p title='",
    "</",
    "&#99999999;",
    "<script>a</scrip",
  ])
    expect(typeof toPageText(broken), broken).toBe("string");
  const long = "<".repeat(200_000) + "<!--".repeat(50_000) + "<script>".repeat(20_000);
  expect(toPageText(long).length).toBeLessThan(300_000);
});
