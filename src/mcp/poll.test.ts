/**
 * events/list and events/poll over HTTP, on a real database: what a client is offered, and what it gets of it.
 */
import { expect, test } from "vitest";
import { openStage } from "./rig.fixture.ts";

const poll = (stage: Awaited<ReturnType<typeof openStage>>, params: object) =>
  stage.ask("events/poll", { name: "sluice.event", arguments: {}, ...params });

test("server/discover and initialize advertise events in both places", async () => {
  const stage = await openStage();
  const events = { listChanged: true };
  const capabilities = { events, extensions: { "io.modelcontextprotocol/events": events } };
  expect(await stage.ask("server/discover")).toMatchObject({
    status: 200,
    result: { resultType: "complete", supportedVersions: ["2026-07-28"], capabilities },
  });
  const answer = await fetch(stage.url, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${stage.token}` },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "initialize",
      params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: {} },
    }),
  });
  expect(await answer.json()).toMatchObject({
    result: { protocolVersion: "2025-06-18", capabilities },
  });
});

test("OFFER-1: types are listed per kind of the client's channels, with schemas, and no others", async () => {
  const stage = await openStage();
  const token = await stage.addClient({ name: "narrow", channels: ["alerts"] });
  const all = await stage.ask("events/list");
  const names = (answer: typeof all): string[] =>
    ((answer.result?.["events"] ?? []) as { name: string }[]).map(({ name }) => name);
  expect(names(all)).toEqual([
    "sluice.event",
    "github",
    "github.workflow_run",
    "github.issues",
    "webhook",
  ]);
  expect(all.result?.["events"]?.[3]).toMatchObject({
    delivery: ["poll", "push", "webhook"],
    inputSchema: { properties: { channel: { enum: ["github"] } } },
    payloadSchema: { properties: { meta: { properties: { state: { type: "string" } } } } },
  });
  const narrow = stage.as(token);
  expect(names(await narrow.ask("events/list"))).toEqual(["sluice.event", "webhook"]);
  expect(await narrow.ask("events/poll", { name: "github" })).toMatchObject({
    error: { code: -32_023, data: { kind: "event" } },
  });
  expect(
    await narrow.ask("events/poll", { name: "sluice.event", arguments: { channel: "github" } }),
  ).toMatchObject({ error: { code: -32_602 } });
  await stage.add({ channel: "github", deliveryId: "hidden" }, { deliveryId: "shown" });
  const from = (await narrow.ask("events/poll", { name: "sluice.event", cursor: "s1.x.0" })).result;
  expect(from).toMatchObject({ truncated: true });
});

test("a first poll gives a cursor and no events; from there each event once, in order, by the sender's own id", async () => {
  const stage = await openStage();
  await stage.add({ deliveryId: "before" });
  const first = await poll(stage, { cursor: null });
  expect(first.result).toMatchObject({ events: [], truncated: false, hasMore: false });
  expect(first.result?.["nextPollMs"]).toBeGreaterThan(0);
  await stage.add(
    { deliveryId: "d-1", text: "one" },
    { channel: "github", kind: "workflow_run.completed", deliveryId: "d-2", entity: "octo/app#1" },
    { text: "without an id of its own" },
  );
  const second = await poll(stage, { cursor: first.result?.["cursor"], maxEvents: 2 });
  expect(second.result).toMatchObject({
    hasMore: true,
    truncated: false,
    events: [
      { eventId: "d-1", name: "sluice.event", data: { text: "one", trust: "untrusted" } },
      { eventId: "d-2", data: { channel: "github", entity: "octo/app#1" } },
    ],
  });
  const third = await poll(stage, { cursor: second.result?.["cursor"] });
  expect(third.result).toMatchObject({ hasMore: false });
  expect(third.result?.["events"]).toHaveLength(1);
  expect(third.result?.["events"]?.[0]?.["eventId"]).toMatch(/^evt_/);
  const again = await poll(stage, { cursor: third.result?.["cursor"] });
  expect(again.result).toMatchObject({ events: [], hasMore: false });
});

test("a request without a client's token gets one 401; a web page and a foreign name get 403", async () => {
  const stage = await openStage();
  for (const authorization of [
    "",
    "Bearer ",
    "Bearer sle_0000000000000000",
    `Basic ${stage.token}`,
  ]) {
    const headers = { "content-type": "application/json", authorization };
    const { status } = await fetch(stage.url, { method: "POST", headers, body: "{}" });
    expect(status, authorization).toBe(401);
  }
  const headers = { authorization: `Bearer ${stage.token}`, "content-type": "application/json" };
  const page = { ...headers, origin: "https://example.com" };
  expect((await fetch(stage.url, { method: "POST", headers: page, body: "{}" })).status).toBe(403);
  expect((await fetch(stage.url, { headers })).status).toBe(405);
});
