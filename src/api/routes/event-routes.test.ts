/** Lists of events, over the routes themselves and a real file. */
import { hc } from "hono/client";
import { expect, test } from "vitest";
import { systemClock } from "../../sdk/clock.ts";
import { markDone } from "../../store/events/deliveries.ts";
import { COPIED } from "../../store/events/copied-state.ts";
import { listCopiesOf, toCopyFor } from "../../store/events/copies.ts";
import { addEvent } from "../../store/events/add-event.ts";
import {
  addEffect,
  markSent,
  markUnsent,
  markWaiting,
  retryEffect,
} from "../../store/outbox/outbox.ts";
import { openDatabase, toArrival } from "../../store/sample.fixture.ts";
import { setLabel } from "../../store/sessions/session-names.ts";
import type { Api } from "./app.ts";
import { type HubClient, read } from "../client/client.ts";
import { createEventRoutes } from "./event-routes.ts";
import type { ApiOptions } from "./options.ts";
import { readRecent } from "../client/read-recent.ts";
import type { EventView } from "../wire/wire.ts";

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
  const routes = createEventRoutes({ db, clock: systemClock } as ApiOptions);
  const pages: number[] = [];
  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const answer = await routes.request(String(input).replace("/v1", ""), init);
    const text = await answer.text();
    pages.push(text.length);
    return new Response(text, answer);
  };
  const api: HubClient["api"] = hc<Api>("http://localhost", { fetch }).v1;
  return { api, pages, db };
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

test("an event whose answer is not known to be there never reads as answered: lists and trace say how it stands", async () => {
  const { api, db } = await open(1, 1);
  const [{ id = "" } = {}] = await read(api.events.$get({ query: { limit: "9" } }));
  const look = async () => {
    const [event] = await read(api.events.$get({ query: { limit: "9" } }));
    const { steps } = await read(api.events[":id"].trace.$get({ param: { id } }));
    return [event?.state, event?.answer, steps.at(-1)?.reason];
  };
  const effect = { kind: "reply", event: id, channel: "tg", chatId: "7", session: "s" } as const;
  const row = await db.write(() => {
    markDone(db, id, "the session has answered", "s", 5);
    return addEffect(db, { ...effect, text: "yes" }, 5).row.id;
  });
  const heard: string[] = [];
  db.watch((ids) => heard.push(...ids));
  expect(await look()).toEqual(["done", undefined, "its answer waits to be sent"]);
  await db.write(() => markWaiting(db, row, 9, "no connection (ECONNRESET)"));
  const waits = "its answer waits to be sent (no connection (ECONNRESET))";
  expect(await look()).toEqual(["done", undefined, waits]);
  await db.write(() => markUnsent(db, row, "maybe", "no answer in 30 s"));
  const hint = `"sluice outbox retry ${row}" sends it again`;
  const unsure = `its answer may not have arrived, nobody knows (no answer in 30 s); ${hint}`;
  expect(await look()).toEqual(["done", "maybe", unsure]);
  expect(heard).toEqual([id]);
  await db.write(() => retryEffect(db, row, 10));
  expect(heard).toEqual([id, id]);
  await db.write(() => markUnsent(db, row, "failed", "blocked"));
  expect(await look()).toEqual(["done", "failed", `its answer was not sent (blocked); ${hint}`]);
  await db.write(() => retryEffect(db, row, 11));
  await db.write(() => markSent(db, row, 12));
  expect(await look()).toEqual(["done", undefined, "the session has answered"]);
});

test("an event with copies is one of a list, its trace has theirs in order, and it is closed by closing them", async () => {
  const { api, db } = await open(0, 0);
  const assign = () => ({ watchers: COPIED, copies: ["s1", "s2"].map(toCopyFor) });
  const { id } = await db.write(() => addEvent(db, toArrival(), "source", 1, 1, { assign }));
  const [first, second] = listCopiesOf(db, id);
  if (first === undefined || second === undefined) throw new Error("no copies");
  await db.write(() => markDone(db, first.id, "acknowledged", "s1", 2));
  await db.write(() =>
    setLabel(db, { id: "s2", attachment: "", cwd: "/", lane: "pull" }, "web", 1),
  );
  const ids = [id, first.id, second.id].join(",");
  for (const query of [{ limit: "9" }, { limit: "9", ids } as { limit: string }]) {
    const listed = await read(api.events.$get({ query }));
    expect(listed.map((one) => [one.id, one.state])).toEqual([[id, "offered"]]);
  }
  await read(api.events.ack.$post({ json: { ids: [id] } }));
  const trace = await read(api.events[":id"].trace.$get({ param: { id } }));
  expect(trace.copies).toMatchObject([
    { id: first.id, session: "s1", state: "done" },
    { id: second.id, session: "s2", state: "done" },
  ]);
  expect(trace.steps.slice(3).map(({ copy, session, reason }) => [copy, session, reason])).toEqual([
    [first.id, "s1", "acknowledged"],
    [second.id, "s2", "closed by hand"],
    [undefined, undefined, "all 2 copies are done"],
  ]);
  // Of a closed session nobody knows the id.
  expect(trace.names).toEqual({ s2: "web" });
  const own = await read(api.events[":id"].trace.$get({ param: { id: second.id } }));
  expect(own.event).toMatchObject({ id: second.id, copyOf: id, state: "done" });
});

test("what failed is found: by its own words, its end or its answer, and nothing that is over", async () => {
  const db = openDatabase();
  const routes = createEventRoutes({ db, clock: systemClock } as ApiOptions);
  const add = (changes: Parameters<typeof toArrival>[0]): Promise<string> =>
    db.write(() => addEvent(db, toArrival({ text: "x", ...changes }), "source", 1, 1).id);
  const build = await add({ kind: "workflow_run.completed", meta: { conclusion: "failure" } });
  const alert = await add({ kind: "alert", meta: { severity: "critical", status: "firing" } });
  const warned = await add({ kind: "alert", meta: { severity: "warning" } });
  await add({ kind: "alert", meta: { severity: "critical", status: "resolved" }, stateOf: "a" });
  await add({ kind: "push" });
  const asked = await add({ kind: "message", chatId: "7" });
  await db.write(() => {
    const effect = { kind: "reply", event: asked, channel: "alerts", chatId: "7" } as const;
    const { row } = addEffect(db, { ...effect, session: "s1", text: "hi" }, 2);
    markUnsent(db, row.id, "failed", "gone");
  });
  const list = async (query: string): Promise<EventView[]> =>
    (await (await routes.request(`/events?${query}`)).json()) as EventView[];
  expect((await list("failed=true")).map(({ id }) => id)).toEqual([build, alert, asked]);
  expect((await list("failed=true&limit=1")).map(({ id }) => id)).toEqual([asked]);
  expect(await list("failed=true&channel=other")).toEqual([]);
  // Named, as the page asks for what has changed.
  const named = await list(`failed=true&ids=${[build, warned].join(",")}`);
  expect(named.map(({ id }) => id)).toEqual([build]);
  const levels = (await list("maxChars=10")).map(({ level }) => level);
  expect(levels).toEqual(["failed", "failed", "warning", undefined, undefined, "failed"]);
});
