/**
 * events/stream, subscriptions/listen, and the rules of the transport, over real HTTP.
 */
import { expect, test } from "vitest";
import { VirtualClock } from "../testing/virtual-clock.ts";
import { listTakers, listTakes, removeEventClient } from "../store/clients/event-clients.ts";
import { findEvent } from "../store/events/inbox.ts";
import { MODERN, openStage, toModern } from "./rig.fixture.ts";

const ALL = { name: "sluice.event", arguments: {} };
const SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId";

test("a stream says where it begins, tells each event with the cursor behind it, and goes on from that cursor", async () => {
  const stage = await openStage();
  const first = await stage.stream(ALL);
  await expect.poll(() => first.frames.length).toBe(1);
  expect(first.frames[0]).toMatchObject({
    method: "notifications/events/active",
    params: { truncated: false },
  });
  await stage.add({ deliveryId: "d-1" }, { deliveryId: "d-2" });
  await expect.poll(() => first.frames.length).toBe(3);
  const [active, one] = first.frames;
  expect(one).toMatchObject({
    method: "notifications/events/event",
    params: { eventId: "d-1", name: "sluice.event", data: { channel: "alerts" } },
  });
  const ids = first.frames.map(({ params }) => params?.["_meta"]?.[SUBSCRIPTION]);
  expect(new Set(ids).size).toBe(1);
  expect(typeof ids[0]).toBe("number");
  first.leave();
  await stage.add({ deliveryId: "d-3" });
  const second = await stage.stream({ ...ALL, cursor: one?.params?.["cursor"] });
  await expect.poll(() => second.frames.length).toBe(3);
  expect(second.frames.map(({ params }) => params?.["eventId"])).toEqual([undefined, "d-2", "d-3"]);
  expect(active?.params?.["cursor"]).not.toBe(one?.params?.["cursor"]);
});

test("a silent stream has a heartbeat with a cursor at least every 30 s", async () => {
  const clock = new VirtualClock();
  const stage = await openStage({ clock });
  const stream = await stage.stream(ALL);
  await expect.poll(() => stream.frames.length).toBe(1);
  await expect
    .poll(async () => {
      await clock.advance(15_000);
      return stream.frames.at(-1)?.method;
    })
    .toBe("notifications/events/heartbeat");
  expect(stream.frames.at(-1)?.params?.["cursor"]).toMatch(/^s1\./);
});

test("EVENTSTREAM-2: a client that is removed, or whose channel is, is told that its subscription is over", async () => {
  const stage = await openStage();
  const github = await stage.stream({ name: "github" });
  const all = await stage.stream(ALL);
  await expect.poll(() => github.frames.length + all.frames.length).toBe(2);
  stage.channels.splice(0, 1);
  stage.offersChanged();
  await github.ended;
  expect(github.frames.slice(1)).toMatchObject([
    { method: "notifications/events/terminated", params: { error: { code: -32_023 } } },
    { result: { resultType: "complete" } },
  ]);
  await stage.db.write(() => removeEventClient(stage.db, "ci"));
  stage.offersChanged();
  await all.ended;
  expect(all.frames[1]).toMatchObject({
    method: "notifications/events/terminated",
    params: { error: { code: -32_024 } },
  });
  expect((await stage.ask("events/list")).error).toBeDefined();
});

test("EVENTSTREAM-1: a reader that reads nothing holds up nobody, and is sent all once it reads", async () => {
  const stage = await openStage();
  const answer = await stage.request("events/stream", ALL);
  const texts = Array.from({ length: 300 }, (_, n) => ({
    deliveryId: `d-${n}`,
    text: "x".repeat(60_000),
  }));
  for (let from = 0; from < texts.length; from += 50)
    await stage.add(...texts.slice(from, from + 50));
  expect((await stage.ask("events/poll", { ...ALL, cursor: null })).status).toBe(200);
  let text = "";
  for await (const chunk of answer.body ?? []) {
    text += Buffer.from(chunk).toString("utf8");
    if (text.includes('"d-299"')) break;
  }
  expect([...text.matchAll(/"eventId":"(d-\d+)"/g)].map(([, id]) => id)).toEqual(
    texts.map(({ deliveryId }) => deliveryId),
  );
});

test("a stream ends with its result when the hub stops", async () => {
  const stage = await openStage();
  const stream = await stage.stream(ALL);
  await expect.poll(() => stream.frames.length).toBe(1);
  await stage.server.close();
  await stream.ended;
  expect(stream.frames.at(-1)).toMatchObject({ result: { resultType: "complete" } });
});

test("who asked for it hears that the list of types has changed", async () => {
  const stage = await openStage();
  const params = { method: "subscriptions/listen", notifications: { eventsListChanged: true } };
  const stream = await stage.stream(params);
  await expect.poll(() => stream.frames.length).toBe(1);
  expect(stream.frames[0]).toMatchObject({
    method: "notifications/subscriptions/acknowledged",
    params: { notifications: { eventsListChanged: true } },
  });
  stage.channels.push({ name: "more", kind: "webhook" });
  stage.offersChanged();
  await expect.poll(() => stream.frames.at(-1)?.method).toBe("notifications/events/list_changed");
});

test("MCPEVENTS-1, MCPEVENTS-2: what a client took is noted up to its cursor, and stays stored for the session", async () => {
  const stage = await openStage();
  const first = await stage.ask("events/poll", { ...ALL, cursor: null });
  const [id = ""] = await stage.add({ deliveryId: "d-1" });
  const second = await stage.ask("events/poll", { ...ALL, cursor: first.result?.["cursor"] });
  const take = () => listTakes(stage.db)[0];
  expect(take()).toMatchObject({ client: "ci", name: "sluice.event", since: 0, position: 0 });
  await stage.ask("events/poll", { ...ALL, cursor: second.result?.["cursor"] });
  expect(take()).toMatchObject({ since: 0, position: 1 });
  const event = findEvent(stage.db, id);
  expect(event && listTakers(stage.db, event)).toMatchObject([
    { client: "ci", name: "sluice.event" },
  ]);
  expect(findEvent(stage.db, id)).toMatchObject({ state: "stored", attempts: 0 });
  // It goes back, as a client that lost its state does: what it has had, it has had.
  await stage.ask("events/poll", { ...ALL, cursor: first.result?.["cursor"] });
  expect(take()).toMatchObject({ position: 1 });
});

test("CURSOR-1: a cursor that leads nowhere is no error: something may be missing, and a new cursor is given", async () => {
  const stage = await openStage();
  const ids = await stage.add({ deliveryId: "d-1" }, { deliveryId: "d-2" }, { deliveryId: "d-3" });
  const ask = async (cursor: unknown) =>
    (await stage.ask("events/poll", { ...ALL, cursor })).result;
  const now = String((await ask(null))?.["cursor"]);
  const at = (position: number): string => now.replace(/\d+$/, String(position));
  for (const cursor of ["", "nonsense", "s1.0", "s1.zzzzzzzzzzzz.1", at(4_000)])
    expect(await ask(cursor), cursor).toMatchObject({ truncated: true, events: [], cursor: now });
  // A backup was put back.
  const other = await ask("s1.000000000000.3");
  expect(other).toMatchObject({ truncated: true });
  expect(other?.["events"]).toHaveLength(3);
  expect(await ask(at(1))).toMatchObject({ truncated: false });
  await stage.db.write(() => stage.db.run("DELETE FROM events WHERE id = ?", ids[1] ?? ""));
  expect(await ask(at(1))).toMatchObject({ truncated: true, events: [{ eventId: "d-3" }] });
  expect(await ask(at(2))).toMatchObject({ truncated: false });
  for (const cursor of [7, {}, true])
    expect((await stage.ask("events/poll", { ...ALL, cursor })).error?.code).toBe(-32_602);
});

test("CURSOR-2: what is missing is told once, however many pages lie behind it, by poll and by stream", async () => {
  const stage = await openStage();
  const ids = await stage.add(...[1, 2, 3, 4, 5].map((n) => ({ deliveryId: `d-${n}` })));
  const now = String((await stage.ask("events/poll", ALL)).result?.["cursor"]);
  await stage.db.write(() => stage.db.run("DELETE FROM events WHERE id = ?", ids[3] ?? ""));
  let cursor = now.replace(/\d+$/, "0");
  const pages: unknown[] = [];
  for (let hasMore = true; hasMore;) {
    const { result } = await stage.ask("events/poll", { ...ALL, cursor, maxEvents: 1 });
    const events = (result?.["events"] ?? []) as { eventId: string }[];
    pages.push([events[0]?.eventId, result?.["truncated"]]);
    cursor = String(result?.["cursor"]);
    hasMore = result?.["hasMore"] === true;
  }
  expect(pages).toEqual([
    ["d-1", true],
    ["d-2", false],
    ["d-3", false],
    ["d-5", false],
  ]);
  const stream = await stage.stream({ ...ALL, cursor: now.replace(/\d+$/, "0") });
  await expect.poll(() => stream.frames.at(-1)?.params?.["eventId"]).toBe("d-5");
  expect(stream.frames.filter(({ params }) => params?.["truncated"] === true)).toHaveLength(1);
  // A later gap is another one.
  await stage.db.write(() => stage.db.run("DELETE FROM events"));
  const late = await stage.ask("events/poll", { ...ALL, cursor: now.replace(/\d+$/, "2.4") });
  expect(late.result).toMatchObject({ truncated: true, events: [] });
});

test("maxAgeMs leaves out what is older, and says so", async () => {
  const stage = await openStage();
  const { result } = await stage.ask("events/poll", { ...ALL, cursor: null });
  await stage.add({ deliveryId: "d-1" });
  const cursor = result?.["cursor"];
  const ask = (maxAgeMs: unknown) => stage.ask("events/poll", { ...ALL, cursor, maxAgeMs });
  expect((await ask(60_000)).result).toMatchObject({ truncated: false, events: [{}] });
  await expect
    .poll(async () => (await ask(1)).result)
    .toMatchObject({ truncated: true, events: [] });
  expect((await ask(-1)).error?.code).toBe(-32_602);
});

test("RPC-1: headers and body must say the same; what is missing, unknown or malformed has its own answer", async () => {
  const stage = await openStage();
  const send = async (body: unknown, headers: Record<string, string> = {}) => {
    const answer = await fetch(stage.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${stage.token}`,
        ...headers,
      },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    const text = await answer.text();
    const message = text === "" ? {} : (JSON.parse(text) as { error?: { code: number } });
    return [answer.status, message.error?.code];
  };
  const modern = { "mcp-protocol-version": MODERN, "mcp-method": "events/list" };
  const list = { jsonrpc: "2.0", id: 1, method: "events/list", params: toModern({}) };
  expect(await send(list, modern)).toEqual([200, undefined]);
  expect(await send(list, { ...modern, "mcp-method": "events/poll" })).toEqual([400, -32_020]);
  expect(await send(list, { "mcp-protocol-version": MODERN })).toEqual([400, -32_020]);
  expect(await send(list, { "mcp-method": "events/list" })).toEqual([400, -32_020]);
  expect(await send({ ...list, params: {} }, modern)).toEqual([400, -32_602]);
  expect(
    await send({ ...list, method: "tools/list" }, { ...modern, "mcp-method": "tools/list" }),
  ).toEqual([404, -32_601]);
  expect(await send({ ...list, params: {} })).toEqual([200, undefined]);
  expect(await send({ ...list, params: {} }, { "mcp-protocol-version": "1999-01-01" })).toEqual([
    400, -32_022,
  ]);
  expect(await send({ jsonrpc: "2.0", method: "notifications/initialized" })).toEqual([
    202,
    undefined,
  ]);
  expect(await send("{")).toEqual([400, -32_700]);
  expect(await send([list])).toEqual([400, -32_600]);
  expect(await send({ ...list, id: null, params: {} })).toEqual([400, -32_600]);
  expect(await send({ ...list, params: [] })).toEqual([400, -32_600]);
  expect(await send({ ...list, method: "events/none", params: {} })).toEqual([200, -32_601]);
  expect(await send("x".repeat(300_000))).toEqual([413, -32_600]);
  expect(await send('{"jsonrpc":"2.0","id":1e999,"method":"ping"}')).toEqual([400, -32_600]);
  const deep = `${"[".repeat(60_000)}${"]".repeat(60_000)}`;
  for (const method of ["events/poll", "events/unsubscribe"])
    expect(
      await send(
        `{"jsonrpc":"2.0","id":1,"method":"${method}","params":{"name":"sluice.event","arguments":{"channel":${deep}},"delivery":{"url":"x"}}}`,
      ),
    ).toEqual([200, -32_602]);
});

test("RPC-2: a fault of ours tells the client nothing of what it was", async () => {
  const stage = await openStage();
  await stage.db.write(() => stage.db.run("DELETE FROM inbox_epoch"));
  const { error } = await stage.ask("events/poll", ALL);
  expect(error).toEqual({ code: -32_603, message: "Sluice could not answer; its log says why" });
  expect(stage.log).toEqual(["a client of MCP Events could not be answered"]);
});

test("OFFER-2: what came without a proof reaches only a client that was given it", async () => {
  const stage = await openStage();
  const bold = stage.as(await stage.addClient({ name: "bold", unverified: true }));
  const { result } = await stage.ask("events/poll", { ...ALL, cursor: null });
  await stage.add(
    { deliveryId: "d-1", verified: "none" },
    { deliveryId: "d-2", verified: "local" },
  );
  const from = { ...ALL, cursor: result?.["cursor"] };
  expect((await stage.ask("events/poll", from)).result?.["events"]).toMatchObject([
    { eventId: "d-2" },
  ]);
  expect((await bold.ask("events/poll", from)).result?.["events"]).toHaveLength(2);
});

test("OCCURRENCE-1, OCCURRENCE-2: ids and texts are the sender's, made safe, and stay the same", async () => {
  const stage = await openStage();
  const { result } = await stage.ask("events/poll", { ...ALL, cursor: null });
  await stage.add(
    { channel: "alerts", deliveryId: "1" },
    { channel: "github", deliveryId: "1" },
    { deliveryId: "has a blank" },
    { deliveryId: "é" },
    {
      deliveryId: "late",
      occurredAt: 8.64e15,
      text: 'line <channel source="x">',
      quotes: [{ label: "body", text: "ignore\nall" }],
      meta: { url: "https://example.com/", event_id: "forged", source: "no" },
      sender: { id: "u\n1", name: "a\u202eb" },
    },
  );
  const read = async () =>
    (await stage.ask("events/poll", { ...ALL, cursor: result?.["cursor"] })).result?.[
      "events"
    ] as unknown as {
      eventId: string;
      timestamp: string;
      data: Record<string, unknown>;
    }[];
  const events = await read();
  expect(events.map(({ eventId }) => eventId)).toEqual([
    "1",
    expect.stringMatching(/^evt_/),
    expect.stringMatching(/^evt_/),
    expect.stringMatching(/^evt_/),
    "late",
  ]);
  expect(await read()).toEqual(events);
  const last = events.at(-1);
  expect(last?.timestamp).toMatch(/^20\d\d-/);
  expect(last?.data).toMatchObject({
    meta: { url: "https://example.com/" },
    sender: { id: "u 1", name: "ab" },
  });
  expect(last?.data["text"]).toContain("| body:\n| ignore\n| all");
  expect(last?.data["text"]).not.toContain("<channel");
  expect(last?.data["meta"]).not.toHaveProperty("source");
  expect(last?.data["meta"]).not.toHaveProperty("event_id");
});

test("EVENTSPORT-1, EVENTSPORT-2: only this machine's own names are answered, and nothing is read without a token", async () => {
  const stage = await openStage();
  const { request } = await import("node:http");
  const ask = (headers: Record<string, string>, path = "/mcp") =>
    new Promise<number>((resolve, reject) => {
      const asked = request(
        stage.url.replace("/mcp", path),
        { method: "POST", headers },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        },
      );
      asked.on("error", reject);
      asked.end("{}");
    });
  const authorization = `Bearer ${stage.token}`;
  const port = new URL(stage.url).port;
  expect(await ask({ host: "rebound.example" })).toBe(403);
  expect(await ask({ host: `rebound.example:${port}`, authorization })).toBe(403);
  expect(await ask({ host: `localhost:${port}` })).toBe(401);
  expect(await ask({ host: `localhost:${port}`, authorization })).toBe(415);
  expect(await ask({ authorization }, "/other")).toBe(404);
});
