/** Feeds over real HTTP: RSS, Atom, RDF and JSON, with ids that repeat, move and are missing. */
import { createServer } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { WatchRig } from "../watch-rig.fixture.ts";
import { feed } from "./index.ts";
import { parseItems } from "./items.ts";

const MINUTE = 60_000;

function toRss(items: readonly string[]): string {
  const entries = items.map(
    (id) =>
      `<item><title>Title ${id} &amp; co</title><link>/posts/${id}</link><guid isPermaLink="false">${id}</guid><description><![CDATA[<p>About <b>${id}</b></p>]]></description></item>`,
  );
  return `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>${entries.join("")}</channel></rss>`;
}

async function open(first: string) {
  const state = { body: first, asked: 0, status: 200 };
  const server = createServer((request, response) => {
    state.asked++;
    const etag = `"${state.body.length}-${state.status}"`;
    if (request.headers["if-none-match"] === etag) return void response.writeHead(304).end();
    response.writeHead(state.status, { etag, "content-type": "application/rss+xml" });
    response.end(state.body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("it has a port");
  const rig = new WatchRig(feed, { url: `http://127.0.0.1:${address.port}/f.xml`, every: "10m" });
  await rig.start();
  const next = async (body: string, status = 200): Promise<void> => {
    state.body = body;
    state.status = status;
    const before = state.asked;
    await rig.advance(11 * MINUTE);
    await expect.poll(() => state.asked).toBeGreaterThan(before);
  };
  return { rig, next, origin: `http://127.0.0.1:${address.port}` };
}

// FEED-1
test("new items are told, the oldest first; what was there before, comes again or is sorted anew is not", async () => {
  const { rig, next, origin } = await open(toRss(["b", "a"]));
  expect(rig.taken).toEqual([]);
  await next(toRss(["d", "c", "b", "a"]));
  await expect
    .poll(() => rig.texts)
    .toEqual(["New in News: Title c & co", "New in News: Title d & co"]);
  expect(rig.taken[0]).toMatchObject({
    kind: "feed.item",
    quotes: [{ label: "summary", text: "About c" }],
    meta: { url: `${origin}/posts/c` },
  });
  await next(toRss(["a", "d"]));
  await next(toRss(["e", "c", "b", "a", "d", "e"]));
  await expect.poll(() => rig.texts.at(-1)).toBe("New in News: Title e & co");
  await rig.restart();
  await next("<html>maintenance</html>");
  await next(toRss(["g", "f"]), 503);
  rig.fault = { when: "before", error: new Error("the inbox is full") };
  await next(toRss(["g", "f", "e"]));
  await rig.advance(2 * MINUTE);
  await expect.poll(() => rig.taken.length).toBe(5);
  await rig.restart();
  await rig.advance(11 * MINUTE);
  expect(rig.taken).toHaveLength(5);
});

test("of a flood the newest are told, and how many were left behind is counted", async () => {
  const { rig, next } = await open(toRss(["a"]));
  await next(toRss(Array.from({ length: 80 }, (_, n) => `n${79 - n}`)));
  await expect.poll(() => rig.taken.length).toBe(50);
  expect([rig.texts.at(-1), rig.leftBehind]).toEqual(["New in News: Title n79 & co", 30]);
});

test("Atom, RDF and JSON feeds, and items without an id", () => {
  const atom = parseItems(
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><title type="html">A &lt;b&gt;x&lt;/b&gt;</title><id>urn:1</id><link rel="self" href="/s"/><link href="https://x/1"/><updated>2026-11-30T10:00:00Z</updated><author><name>Ada</name></author><content type="html">&lt;p&gt;c&lt;/p&gt;</content></entry></feed>',
  );
  expect(atom).toMatchObject({
    title: "T",
    items: [
      {
        title: "A x",
        link: "https://x/1",
        author: "Ada",
        summary: "c",
        at: Date.UTC(2026, 10, 30, 10),
      },
    ],
  });
  const rdf = parseItems(
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel rdf:about="x"><title>t</title></channel><item rdf:about="https://x/9"><title>R</title><link>https://x/9</link></item></rdf:RDF>',
  );
  expect(rdf.items).toMatchObject([{ title: "R", link: "https://x/9" }]);
  const json = parseItems(
    '{"version":"https://jsonfeed.org/version/1.1","title":"J","items":[{"id":"1","title":"j","url":"https://x/1","content_text":"c"}]}',
  );
  expect(json.items).toMatchObject([{ title: "j", link: "https://x/1", summary: "c" }]);
  const bare = (title: string) =>
    parseItems(
      `<rss version="2.0"><channel><title>n</title><item><title>${title}</title></item></channel></rss>`,
    ).items[0]?.key;
  expect(bare("a")).toBe(bare("a"));
  expect(bare("a")).not.toBe(bare("b"));
});

test("what is no feed, or is made to hurt its reader, is a fault in plain words and quotes nothing", () => {
  const entities = '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>';
  const bomb = parseItems(
    `<?xml version="1.0"?>${entities}<rss version="2.0"><channel><title>&b;</title><item><title>&b;</title></item></channel></rss>`,
  );
  expect(bomb.items[0]?.title.length).toBeLessThan(100);
  const deep = `<rss version="2.0"><channel>${"<a>".repeat(100_000)}`;
  for (const text of ["", "secret words", "{}", "<html></html>", deep])
    expect(() => parseItems(text), text.slice(0, 20)).toThrow("no RSS, Atom or JSON feed");
});
