/**
 * Callbacks: subscribe, challenge, delivery, renewal, new secrets, failure and the end, against a receiver of our own and that of the AI SDK.
 */
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { expect, onTestFinished, test } from "vitest";
import { findCallback, listCallbacks } from "../store/clients/event-callbacks.ts";
import { listTakers, removeEventClient } from "../store/clients/event-clients.ts";
import { findEvent } from "../store/events/inbox.ts";
import { VirtualClock } from "../testing/virtual-clock.ts";
import { openAgent } from "./agent.fixture.ts";
import { type EventsStage, openStage, type StageOptions } from "./rig.fixture.ts";

const SECRET = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const OTHER = `whsec_${Buffer.alloc(32, 2).toString("base64")}`;

type Got = { headers: IncomingHttpHeaders; body: string; json: Record<string, unknown> };

/** An endpoint that answers challenges, and events as `reply` says. */
async function openReceiver(reply: (got: Got) => number = () => 204) {
  const got: Got[] = [];
  const server = createServer((incoming, outgoing) => {
    let body = "";
    incoming.setEncoding("utf8").on("data", (text: string) => (body += text));
    incoming.on("end", () => {
      const one = { headers: incoming.headers, body, json: JSON.parse(body) as Got["json"] };
      got.push(one);
      const status = reply(one);
      if (one.json["type"] === "verification" && status < 300)
        return outgoing.end(JSON.stringify({ challenge: one.json["challenge"] }));
      outgoing.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const events = () => got.filter(({ json }) => json["type"] === undefined);
  return { url: `http://127.0.0.1:${port}/hook`, got, events };
}

const toParams = (url: string, changes: object = {}) => ({
  name: "sluice.event",
  arguments: {},
  delivery: { mode: "webhook", url, secret: SECRET },
  ...changes,
});

async function open(reply?: (got: Got) => number, options: StageOptions = {}) {
  const clock = new VirtualClock(Date.now());
  const stage = await openStage({ clock, ...options });
  const receiver = await openReceiver(reply);
  const subscribe = (changes: object = {}) =>
    stage.ask("events/subscribe", toParams(receiver.url, changes));
  return { clock, stage, receiver, subscribe };
}

const readOnly = (stage: EventsStage) => {
  const [one] = listCallbacks(stage.db);
  if (one === undefined) throw new Error("no subscription");
  return one;
};

const verifyBy = (secret: string, { body, headers }: Got): unknown =>
  new Webhook(secret).verify(body, headers as Record<string, string>);

test("SUBSCRIBE-1, CALLBACK-2: an address that answers its challenge gets each event, signed, in order, and once", async () => {
  const { stage, receiver, subscribe } = await open();
  const [before = ""] = await stage.add({ deliveryId: "before" });
  const { result } = await subscribe();
  expect(result).toMatchObject({
    resultType: "complete",
    id: expect.stringMatching(/^sub_[0-9a-f]{40}$/),
    refreshBefore: expect.stringMatching(/Z$/),
    truncated: false,
    deliveryStatus: { active: true, lastDeliveryAt: null, lastError: null },
  });
  expect(receiver.got).toHaveLength(1);
  await stage.add({ deliveryId: "d-1" }, { deliveryId: "d-2" });
  await expect.poll(() => receiver.events().length).toBe(2);
  for (const one of receiver.got) {
    verifyBy(SECRET, one);
    expect(one.headers["x-mcp-subscription-id"]).toBe(result?.["id"]);
    expect(one.headers["content-type"]).toBe("application/json");
  }
  const [first, second] = receiver.events();
  expect(first?.json).toMatchObject({
    eventId: "d-1",
    name: "sluice.event",
    data: { channel: "alerts" },
  });
  expect(first?.headers["webhook-id"]).toBe("d-1");
  expect(second?.json["eventId"]).toBe("d-2");
  await expect.poll(() => readOnly(stage).lastAt).not.toBe(null);
  const takers = (id: string) => {
    const event = findEvent(stage.db, id);
    return event && listTakers(stage.db, event).map(({ client }) => client);
  };
  const data = (first?.json["data"] ?? {}) as { id?: string };
  expect(takers(data.id ?? "")).toEqual(["ci"]);
  expect(takers(before)).toEqual([]);
  expect((await subscribe()).result).toMatchObject({
    id: result?.["id"],
    cursor: second?.json["cursor"],
    deliveryStatus: { active: true, lastDeliveryAt: expect.any(String) },
  });
  // Known for a day: not asked again.
  expect(receiver.got.filter(({ json }) => json["type"] === "verification")).toHaveLength(1);
});

test("SUBSCRIBE-1, CALLBACK-3: an address that fails its challenge gets nothing, and the client hears the class of the failure alone", async () => {
  const wrong: [(got: Got) => number, string][] = [
    [() => 404, "http_4xx"],
    [() => 302, "http_4xx"],
    [() => 503, "http_5xx"],
  ];
  for (const [reply, reason] of wrong) {
    const { stage, subscribe } = await open(reply);
    expect(await subscribe()).toMatchObject({ error: { code: -32_027, data: { reason } } });
    expect(listCallbacks(stage.db)).toEqual([]);
  }
  const { stage } = await open();
  const answers: string[] = ["{}", "not json", '{"challenge":"other"}'];
  const server = createServer((_, outgoing) => outgoing.end(answers[0]));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  for (; answers.length > 0; answers.shift())
    expect(await stage.ask("events/subscribe", toParams(url))).toMatchObject({
      error: { code: -32_027, data: { reason: "challenge_failed" } },
    });
  expect(await stage.ask("events/subscribe", toParams("http://127.0.0.1:1/"))).toMatchObject({
    error: { data: { reason: "connection_refused" } },
  });
});

test("CALLBACK-1: only https and the public internet are posted to, whatever a name resolves to; this machine where it was allowed", async () => {
  const stage = await openStage({
    resolve: (_, done) => done(null, [{ address: "10.0.0.7", family: 4 }]),
  });
  const strict = stage.as(await stage.addClient({ name: "strict", loopback: false }));
  const refused = [
    "http://example.com/",
    "ftp://example.com/",
    "https://user:pass@example.com/",
    "https://example.com/#part",
    "https://10.0.0.1/",
    "https://169.254.169.254/latest",
    "https://[::ffff:127.0.0.1]/",
    "https://[fd00::1]/",
    "https://0x7f000001/",
    "https://127.1/",
    "http://127.0.0.1:9/",
    "no url",
  ];
  for (const url of refused)
    expect(await strict.ask("events/subscribe", toParams(url)), url).toMatchObject({
      error: { code: -32_602, message: expect.stringContaining("delivery.url") },
    });
  expect(await stage.ask("events/subscribe", toParams("http://localhost:9/"))).toMatchObject({
    error: { code: -32_602 },
  });
  expect(await strict.ask("events/subscribe", toParams("https://rebound.example/"))).toMatchObject({
    error: { code: -32_027, data: { reason: "connection_refused" } },
  });
});

test("what is asked wrongly is refused by its field", async () => {
  const { stage, receiver, subscribe } = await open();
  const delivery = { mode: "webhook", url: receiver.url, secret: SECRET };
  const wrong: [object, number][] = [
    [{ delivery: { ...delivery, mode: "push" } }, -32_026],
    [{ delivery: { ...delivery, secret: "whsec_AAAA" } }, -32_602],
    [{ delivery: { ...delivery, secret: SECRET.slice(6) } }, -32_602],
    [{ delivery: { ...delivery, secret: `whsec_${"A".repeat(200)}` } }, -32_602],
    [{ delivery: { ...delivery, secret: `${SECRET}!` } }, -32_602],
    [{ delivery: undefined }, -32_602],
    [{ ttlMs: "1" }, -32_602],
    [{ name: "none" }, -32_023],
    [{ arguments: { other: 1 } }, -32_602],
  ];
  for (const [changes, code] of wrong)
    expect((await subscribe(changes)).error?.code, JSON.stringify(changes)).toBe(code);
  expect(receiver.got).toEqual([]);
  expect(listCallbacks(stage.db)).toEqual([]);
});

test("a lifetime is granted between a minute and a day; renewed it goes on, and over it ends", async () => {
  const { clock, stage, receiver, subscribe } = await open();
  const granted = async (ttlMs: number | null | undefined) => {
    const { result } = await subscribe(ttlMs === undefined ? {} : { ttlMs });
    return Date.parse(String(result?.["refreshBefore"])) - clock.now();
  };
  expect(await granted(1)).toBe(60_000);
  expect(await granted(null)).toBe(24 * 3_600_000);
  expect(await granted(10 ** 12)).toBe(24 * 3_600_000);
  expect(await granted(undefined)).toBe(3_600_000);
  expect(listCallbacks(stage.db)).toHaveLength(1);
  await clock.advance(3_600_001);
  await stage.add({ deliveryId: "late" });
  await expect.poll(() => listCallbacks(stage.db)).toEqual([]);
  expect(receiver.events()).toEqual([]);
});

test("SUBSCRIBE-2: a new secret signs beside the old one for a while, then alone", async () => {
  const { clock, stage, receiver, subscribe } = await open();
  await subscribe();
  const delivery = { mode: "webhook", url: receiver.url, secret: OTHER };
  await subscribe({ delivery });
  await stage.add({ deliveryId: "d-1" });
  await expect.poll(() => receiver.events().length).toBe(1);
  const [both] = receiver.events();
  if (both === undefined) throw new Error("no event");
  verifyBy(SECRET, both);
  verifyBy(OTHER, both);
  expect(String(both.headers["webhook-signature"]).split(" ")).toHaveLength(2);
  await clock.advance(11 * 60_000);
  await stage.add({ deliveryId: "d-2" });
  await expect.poll(() => receiver.events().length).toBe(2);
  expect(String(receiver.events()[1]?.headers["webhook-signature"]).split(" ")).toHaveLength(1);
});

test("CALLBACKRUN-1, CALLBACKRUN-2: 503 is tried again with the same id and a new signature; five failures suspend, and renewal goes on without a loss", async () => {
  let status = 503;
  const { clock, stage, receiver, subscribe } = await open(({ json }) =>
    json["type"] === undefined ? status : 200,
  );
  await subscribe();
  await stage.add({ deliveryId: "d-1" }, { deliveryId: "d-2" });
  await expect.poll(() => readOnly(stage).attempts).toBe(1);
  await clock.advance(1_000);
  await expect.poll(() => readOnly(stage).attempts).toBe(2);
  expect(new Set(receiver.events().map(({ json }) => json["eventId"]))).toEqual(new Set(["d-1"]));
  const times = receiver.events().map(({ headers }) => headers["webhook-timestamp"]);
  expect(new Set(times).size).toBe(2);
  for (const pause of [10_000, 60_000, 300_000]) {
    const { attempts } = readOnly(stage);
    await clock.advance(pause);
    await expect.poll(() => readOnly(stage).attempts).not.toBe(attempts);
  }
  expect(readOnly(stage)).toMatchObject({ active: false, lastError: "http_5xx" });
  expect(receiver.events()).toHaveLength(5);
  await stage.add({ deliveryId: "d-3" });
  status = 204;
  expect((await subscribe()).result).toMatchObject({
    truncated: false,
    deliveryStatus: { active: true, lastError: "http_5xx", failedSince: expect.any(String) },
  });
  await expect
    .poll(() =>
      receiver
        .events()
        .slice(5)
        .map(({ json }) => json["eventId"]),
    )
    .toEqual(["d-1", "d-2", "d-3"]);
  await expect.poll(() => readOnly(stage)).toMatchObject({ failedSince: null, lastError: null });
});

test("CALLBACKRUN-2: an event that is refused for good is passed over at its last try, 410 and 413 at once", async () => {
  const answers: Record<string, number> = { "d-1": 410, "d-2": 413, "d-3": 422 };
  const { clock, stage, receiver, subscribe } = await open(
    ({ json }) => answers[String(json["eventId"])] ?? 204,
  );
  await subscribe();
  await stage.add(...["d-1", "d-2", "d-3", "d-4"].map((deliveryId) => ({ deliveryId })));
  for (const pause of [1_000, 10_000, 60_000, 300_000]) {
    await expect.poll(() => readOnly(stage).retryAt).not.toBe(null);
    const { attempts } = readOnly(stage);
    await clock.advance(pause);
    await expect.poll(() => readOnly(stage).attempts).not.toBe(attempts);
  }
  await expect.poll(() => receiver.events().at(-1)?.json["eventId"]).toBe("d-4");
  const ids = receiver.events().map(({ json }) => json["eventId"]);
  expect(ids).toEqual(["d-1", "d-2", ...Array.from({ length: 5 }, () => "d-3"), "d-4"]);
});

test("events that were deleted before they left are told as a gap, once", async () => {
  let status = 503;
  const { clock, stage, receiver, subscribe } = await open(({ json }) =>
    json["type"] === "verification" ? 200 : status,
  );
  await subscribe();
  const [id = ""] = await stage.add({ deliveryId: "d-1" }, { deliveryId: "d-2" });
  await expect.poll(() => readOnly(stage).attempts).toBe(1);
  await stage.db.write(() => stage.db.run("DELETE FROM events WHERE id = ?", id));
  status = 204;
  await clock.advance(1_000);
  await expect.poll(() => receiver.events().at(-1)?.json["eventId"]).toBe("d-2");
  const gaps = receiver.got.filter(({ json }) => json["type"] === "gap");
  expect(gaps).toHaveLength(1);
  expect(gaps[0]?.json["cursor"]).toMatch(/^s1\./);
  expect(gaps[0]?.headers["webhook-id"]).toMatch(/^msg_gap_/);
});

test("a channel that goes ends its subscriptions, a client that goes all of its own, and each address is told once", async () => {
  const { stage, receiver, subscribe } = await open();
  await subscribe({ name: "github" });
  await subscribe();
  stage.channels.splice(0, 1);
  stage.offersChanged();
  const ends = () => receiver.got.filter(({ json }) => json["type"] === "terminated");
  await expect.poll(ends).toMatchObject([{ json: { error: { code: -32_023 } } }]);
  await stage.server.endClient("ci");
  await stage.db.write(() => removeEventClient(stage.db, "ci"));
  expect(ends()).toMatchObject([{}, { json: { error: { code: -32_024 } } }]);
  await stage.add({ deliveryId: "d-1" });
  expect(listCallbacks(stage.db)).toEqual([]);
  expect(receiver.events()).toEqual([]);
});

test("unsubscribe ends one subscription; of an unknown one it says so; one client never reaches another's", async () => {
  const { stage, receiver, subscribe } = await open();
  const other = stage.as(await stage.addClient({ name: "other" }));
  await subscribe({ arguments: { channel: "alerts", sender: "s1" } });
  const params = { ...toParams(receiver.url), arguments: { sender: "s1", channel: "alerts" } };
  expect(await other.ask("events/unsubscribe", params)).toMatchObject({
    error: { code: -32_023, data: { kind: "subscription" } },
  });
  expect(await stage.ask("events/unsubscribe", params)).toMatchObject({ result: {} });
  expect(await stage.ask("events/unsubscribe", params)).toMatchObject({
    error: { code: -32_023, data: { kind: "subscription" } },
  });
});

test("a client has at most fifty subscriptions", async () => {
  const { subscribe } = await open();
  for (let n = 0; n < 50; n++)
    expect((await subscribe({ arguments: { sender: `s${n}` } })).error).toBeUndefined();
  expect(await subscribe()).toMatchObject({
    error: { code: -32_025, data: { limit: "subscriptions", max: 50 } },
  });
  expect((await subscribe({ arguments: { sender: "s1" } })).error).toBeUndefined();
});

test("what was subscribed lives on in a hub that starts again, and nothing is lost in between", async () => {
  const { stage, receiver, subscribe } = await open();
  const { result } = await subscribe();
  await stage.server.close();
  await stage.add({ deliveryId: "d-1" });
  const next = await openStage({ db: stage.db });
  await expect.poll(() => receiver.events().map(({ json }) => json["eventId"])).toEqual(["d-1"]);
  await expect.poll(() => findCallback(next.db, String(result?.["id"]))?.position).toBe(1);
});

test("the AI SDK's client lists, subscribes, receives, renews and unsubscribes", async () => {
  const stage = await openStage();
  const { client, got, url } = await openAgent(stage.url, stage.token);
  const { events } = await client.experimental_events.list();
  expect(events.map(({ name }) => name)).toContain("github.workflow_run");
  const subscribed = await client.experimental_events.subscribe({
    name: "github.workflow_run",
    arguments: { channel: "github" },
    delivery: { mode: "webhook", url, allowInsecureLocalhost: true },
  });
  await stage.add(
    { channel: "github", kind: "workflow_run.completed", deliveryId: "run-1" },
    { channel: "github", kind: "issues.opened", deliveryId: "issue-1" },
  );
  await expect.poll(() => got).toMatchObject([{ eventId: "run-1", name: "github.workflow_run" }]);
  const renewed = await client.experimental_events.refresh({ id: subscribed.id });
  expect(renewed.id).toBe(subscribed.id);
  await client.experimental_events.unsubscribe({ id: subscribed.id });
  expect(listCallbacks(stage.db)).toEqual([]);
});
