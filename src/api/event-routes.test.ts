/** Lists of events, over the routes themselves and a real file. */
import { hc } from "hono/client";
import { expect, test } from "vitest";
import { addEvent } from "../store/inbox.ts";
import { openDatabase, toArrival } from "../store/sample.fixture.ts";
import type { Api } from "./app.ts";
import { type HubClient, read } from "./client.ts";
import { createEventRoutes } from "./event-routes.ts";
import type { ApiOptions } from "./options.ts";
import { readRecent } from "./read-recent.ts";
import type { EventView } from "./wire.ts";

const MIB = 1024 ** 2;

async function open(count: number, textChars: number) {
  const db = openDatabase();
  await db.write(() => {
    for (let i = 0; i < count; i++) {
      const quotes = [{ label: "body", text: "x".repeat(textChars) }];
      addEvent(db, toArrival({ text: `event ${i}`, quotes }), "source", i, i);
    }
  });
  // Lists need no more of it.
  const routes = createEventRoutes({ db } as ApiOptions);
  const pages: number[] = [];
  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const answer = await routes.request(String(input).replace("/v1", ""), init);
    const text = await answer.text();
    pages.push(text.length);
    return new Response(text, answer);
  };
  const api: HubClient["api"] = hc<Api>("http://localhost", { fetch }).v1;
  return { api, pages };
}

const toNumber = ({ text }: EventView): number => Number(/^event (\d+)/.exec(text)?.[1]);

test("a long list of large events comes in pages of a few MiB, whole and in order", async () => {
  const { api, pages } = await open(60, 300_000);
  const events = await readRecent(api, { query: {}, limit: 10_000 });
  expect(events.map(toNumber)).toEqual(Array.from({ length: 60 }, (_, i) => i));
  expect(pages.length).toBeGreaterThan(3);
  expect(Math.max(...pages)).toBeLessThan(6 * MIB);
});

test("the newest come first where fewer are wanted, and none from before a moment", async () => {
  const { api } = await open(20, 10);
  const newest = await readRecent(api, { query: {}, limit: 3 });
  expect(newest.map(toNumber)).toEqual([17, 18, 19]);
  const recent = await readRecent(api, { query: {}, limit: 10_000, from: 15 });
  expect(recent.map(toNumber)).toEqual([15, 16, 17, 18, 19]);
});

test("one event larger than a page is a page", async () => {
  const { api } = await open(3, 5 * MIB);
  expect((await readRecent(api, { query: {}, limit: 10 })).map(toNumber)).toEqual([0, 1, 2]);
});

test("a list for people is as long as wanted, however large its events are", async () => {
  const { api, pages } = await open(60, 300_000);
  const list = async (query: Record<string, string>) =>
    (await read(api.events.$get({ query: { limit: "50", ...query } as { limit: string } }))).map(
      toNumber,
    );
  const newest = Array.from({ length: 50 }, (_, i) => i + 10);
  expect(await list({ maxChars: "300" })).toEqual(newest);
  expect(await list({ maxChars: "300", text: "event" })).toEqual(newest);
  expect(Math.max(...pages)).toBeLessThan(MIB);
  // Whole ones come as far as they fit a page.
  for (const query of [{}, { text: "event" }]) {
    const whole = await list(query);
    expect(whole.at(-1)).toBe(59);
    expect(whole.length).toBeLessThan(20);
  }
  expect(Math.max(...pages)).toBeLessThan(6 * MIB);
});

test("a list for people is short, and is asked for by name, text, state and channel", async () => {
  const { api } = await open(5, 1_000);
  const list = (query: Record<string, string>) =>
    read(api.events.$get({ query: { limit: "100", ...query } as { limit: string } }));
  const all = await list({ maxChars: "10" });
  expect(all.map(({ text, meta }) => [text.length, meta])).toEqual(
    Array.from({ length: 5 }, () => [10, {}]),
  );
  const ids = [all[3]?.id, all[1]?.id, `evt_${"0".repeat(26)}`].join(",");
  expect((await list({ ids })).map(toNumber)).toEqual([1, 3]);
  expect((await list({ ids, text: "EVENT 3" })).map(toNumber)).toEqual([3]);
  expect(await list({ ids, state: "done" })).toEqual([]);
  expect(await list({ ids, channel: "other" })).toEqual([]);
  expect((await list({ text: "event 4" })).map(toNumber)).toEqual([4]);
});
