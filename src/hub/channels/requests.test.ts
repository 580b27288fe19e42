/** Channels of the catalogue in a whole hub: samples the whole way, secrets that change, templates, and what status says of them. */
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { SENDER_KINDS } from "../../catalogue/senders.ts";
import { openClient, read } from "../../api/client/client.ts";
import { locateSocket } from "../../local/home.ts";
import { readProcess } from "../../local/process.ts";
import { makeFolder } from "../../store/sample.fixture.ts";
import { openSdkEventServer } from "../../channels/mcp-events/sdk-server.fixture.ts";
import { openHub } from "../hub.ts";
import { readConfig } from "../settings/config.ts";

const ignore = (): void => {};
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const caller = {
  pid: process.pid,
  startTime: readProcess(process.pid)?.startTime ?? "unknown",
  tty: false,
  session: false,
};

async function openStage() {
  const env = { SLUICE_HOME: join(makeFolder(), "home"), SLUICE_INGRESS_PORT: "0" };
  const hub = await openHub({ env, log, stop: ignore });
  onTestFinished(() => hub.close());
  const client = openClient(() => locateSocket(env));
  onTestFinished(() => client.close());
  const { api } = client;
  const find = async (name: string) =>
    (await read(api.channels.$get())).find((one) => one.name === name);
  const send = async (url: string, body: unknown, headers: Record<string, string>) => {
    const type = { "content-type": "application/json" };
    const answer = await fetch(url, {
      method: "POST",
      headers: { ...type, ...headers },
      body: JSON.stringify(body),
    });
    return { status: answer.status, ...((await answer.json()) as { id?: string }) };
  };
  return { hub, api, find, send };
}

const SECRET = "a-secret-of-their-own-0123456789";

test("a sample goes the whole way, twice as two events; the channel is connected from then on", async () => {
  const { hub, api, find } = await openStage();
  await hub.addChannel({ kind: "pagerduty", secret: SECRET });
  expect(await find("pagerduty")).toMatchObject({
    state: "ok",
    proofHeader: "X-Pagerduty-Signature",
  });
  expect((await find("pagerduty"))?.connectedAt).toBeUndefined();
  const listed = await read(api.samples[":kind"].$get({ param: { kind: "pagerduty" } }));
  expect(listed.map(({ event }) => event)).toContain("incident.triggered");
  const json = { caller, kind: "pagerduty", event: "incident.triggered" };
  const first = await read(api.samples.$post({ json }));
  const second = await read(api.samples.$post({ json }));
  expect([first.status, second.status]).toEqual([202, 202]);
  const [event] = await read(api.events.$get({ query: { channel: "pagerduty", limit: "1" } }));
  expect(event).toMatchObject({ kind: "incident.triggered", entity: "incident PGR0VU2" });
  expect((await find("pagerduty"))?.connectedAt).toBeTypeOf("number");
  const unknown = read(api.samples.$post({ json: { ...json, event: "nope" } }));
  await expect(unknown).rejects.toThrow(
    'no sample "nope" of pagerduty; there are: incident.triggered',
  );
  await expect(read(api.samples.$post({ json: { caller, kind: "sentry" } }))).rejects.toThrow(
    'no channel of kind "sentry"; "sluice add sentry" first',
  );
});

test("a sender that makes the secret is asked for it, and a refused request names the header and the secret", async () => {
  const { hub, find, send } = await openStage();
  await expect(hub.addChannel({ kind: "sentry" })).rejects.toThrow(
    "sentry needs its Client Secret (Sentry > Settings",
  );
  const { url = "" } = await hub.addChannel({ kind: "sentry", secret: SECRET });
  expect((await send(url, {}, {})).status).toBe(401);
  await expect
    .poll(async () => (await find("sentry"))?.reason)
    .toContain("requests come without Sentry-Hook-Signature");
  const wrong = { "sentry-hook-signature": "0".repeat(64), "request-id": "1" };
  for (let n = 0; n < 3; n++) expect((await send(url, {}, wrong)).status).toBe(401);
  await expect
    .poll(async () => (await find("sentry"))?.reason)
    .toMatch(
      /requests come with Sentry-Hook-Signature, but the signature does not fit the body; is the channel's secret the Client Secret \(Sentry > [^)]*\)\? "sluice rotate sentry --secret-stdin"/,
    );
});

test("OLDKEYS-1: a new secret counts at once and the earlier one for a while; without an overlap it is gone", async () => {
  const { hub, api, send } = await openStage();
  const { url = "", token = "" } = await hub.addChannel({ kind: "webhook" });
  const tryToken = async (one: string) =>
    (await send(url, { text: "x" }, { authorization: `Bearer ${one}` })).status;
  const rotate = (overlapMs: number) =>
    read(
      api.channels[":name"].rotate.$post({
        param: { name: "webhook" },
        json: { caller, overlapMs },
      }),
    );
  const second = await rotate(60_000);
  expect(second.overlapUntil).toBeGreaterThan(Date.now());
  expect(await Promise.all([token, second.token ?? ""].map(tryToken))).toEqual([202, 202]);
  const third = await rotate(0);
  expect(third.overlapUntil).toBeUndefined();
  expect(await Promise.all([token, second.token ?? "", third.token ?? ""].map(tryToken))).toEqual([
    401, 401, 202,
  ]);
  for (let n = 0; n < 3; n++) await rotate(60_000);
  await expect(rotate(60_000)).rejects.toThrow(/^4 secrets count already, the earliest until /);
  expect(await tryToken(third.token ?? "")).toBe(202);
  const fourth = await rotate(0);
  const soon = await rotate(300);
  await expect.poll(() => tryToken(fourth.token ?? "")).toBe(401);
  await expect.poll(() => tryToken(third.token ?? "")).toBe(401);
  expect(await tryToken(soon.token ?? "")).toBe(202);
  // The owner's own choice is tried before it counts.
  const bad = api.channels[":name"].rotate.$post({
    param: { name: "webhook" },
    json: { caller, overlapMs: 0, secret: "x y" },
  });
  await expect(read(bad)).rejects.toThrow("holds spaces");
  expect(await tryToken(soon.token ?? "")).toBe(202);
});

test("OWN-2: a template tells an unknown sender's requests; a stored request shows how it would read; a path that is not there is told", async () => {
  const { hub, api, find, send } = await openStage();
  const template = {
    text: "{{event.title}} is {{event.level}}",
    severity: "level",
    entity: "{{host}}",
  };
  const { url = "", token = "" } = await hub.addChannel({ kind: "webhook", name: "mon", template });
  const proof = { authorization: `Bearer ${token}` };
  const alert = { title: "Disk", level: "critical", host: "db-1", note: "full" };
  const { id = "" } = await send(url, alert, proof);
  const [event] = await read(api.events.$get({ query: { channel: "mon", limit: "1" } }));
  expect(event).toMatchObject({ entity: "db-1", meta: { severity: "error" } });
  expect(event?.text).toContain("text: Disk is critical");
  const preview = (other?: object) =>
    read(api.requests.preview.$post({ json: { event: id, ...(other && { template: other }) } }));
  expect((await preview({ text: "{{note}} {{nope}}" })).missing).toEqual(["nope"]);
  expect((await preview({ text: "{{note}}" })).after).toContain("| text: full");
  expect((await preview()).proposed).toMatchObject({ text: "{{title}}", severity: "level" });
  await expect(preview({ text: "nothing" })).rejects.toThrow("--text: it names no path");

  const put = (next: object | null) =>
    read(
      api.channels[":name"].template.$put({
        param: { name: "mon" },
        json: { caller, template: next },
      }),
    );
  await put({ text: "{{gone}}", meta: { host: "host" } });
  await send(url, alert, proof);
  await expect
    .poll(async () => (await find("mon"))?.notes?.[0])
    .toContain("its template names gone");
  await put(null);
  const plain = await send(url, { a: 1, b: "x" }, proof);
  const shown = await read(
    api.requests.preview.$post({ json: { event: plain.id ?? "", template: { text: "{{b}}" } } }),
  );
  expect(shown).toMatchObject({
    channel: "mon",
    before: expect.stringContaining("| a: 1"),
    after: expect.stringContaining("| text: x"),
  });
  const linked = { title: "Disk", url: "https://e.example/x" };
  const { id: second = "" } = await send(url, linked, proof);
  const text = "{{title}} {{url}}";
  const whole = await read(
    api.requests.preview.$post({ json: { event: second, template: { text } } }),
  );
  expect(whole).toMatchObject({
    missing: [],
    after: expect.stringContaining("Disk https://e.example/x"),
  });
  await hub.addChannel({ kind: "pagerduty", secret: SECRET });
  const sample = { caller, kind: "pagerduty", event: "incident.triggered" };
  const told = await read(api.samples.$post({ json: sample }));
  const ofSender = api.requests.preview.$post({ json: { event: told.id ?? "" } });
  await expect(read(ofSender)).rejects.toThrow("is of a sender that Sluice knows (pagerduty)");
  await expect(hub.addChannel({ kind: "grafana", template })).rejects.toThrow(
    "Sluice knows what grafana sends",
  );
  expect(readConfig(hub.home.config).channels[0]).not.toHaveProperty("template");
});

const WHSEC = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
/** Only they themselves can sign; each says so. */
const OWN_KEYS = new Set(["sns", "discord-events"]);

test("every sender is added by its secret or ours, its steps name its address, and each of its samples goes the whole way", async () => {
  const { hub, api } = await openStage();
  const wrong: string[] = [];
  for (const kind of SENDER_KINDS) {
    const add = (secret: string | undefined) =>
      hub.addChannel({
        kind,
        rate: 0,
        ...(secret === undefined ? {} : { secret }),
        ...(kind === "twilio" && { settings: { url: "https://tunnel.example/in/twilio" } }),
      });
    const secret = {
      sns: "arn:aws:sns:us-east-1:123456789012:topic",
      "discord-events": "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    }[kind];
    const added = await add(secret)
      .catch(() => add(SECRET))
      .catch(() => add(WHSEC));
    expect(added.url).toContain(`/in/${kind}`);
    expect(added.nextStep).toMatch(/^1\. .*\n2\. /);
    expect(added.nextStep).not.toMatch(/\{(?:url|path|origin|name)\}/);
    for (const { event } of await read(api.samples[":kind"].$get({ param: { kind } }))) {
      const sent = await read(api.samples.$post({ json: { caller, kind, event } })).catch(
        (thrown: Error) => ({ status: thrown.message }),
      );
      const isFine = OWN_KEYS.has(kind)
        ? /only|key/.test(`${sent.status}`)
        : sent.status === 200 || sent.status === 202 || sent.status === 204;
      if (!isFine) wrong.push(`${kind} ${event}: ${sent.status}`);
    }
  }
  expect(wrong).toEqual([]);
});

test("a channel that signs in elsewhere takes a new token at once, and goes on where it stopped", async () => {
  const { hub, api, find } = await openStage();
  const server = await openSdkEventServer();
  onTestFinished(() => server.close());
  server.token = "first-token-0123456789";
  const settings = { server: server.url, event: "build.finished" };
  await hub.addChannel({ kind: "mcp-events", name: "builds", secret: server.token, settings });
  await expect.poll(() => server.asked.get("events/poll") ?? 0).toBeGreaterThan(0);
  server.token = "second-token-012345678";
  await expect
    .poll(async () => (await find("builds"))?.reason, { timeout: 15_000 })
    .toContain(
      'refused the token (401); give it a new one, and it goes on where it stopped: "sluice rotate builds',
    );
  server.tell("b-1", { title: "ferry is red" });
  const rotate = (secret?: string) =>
    read(
      api.channels[":name"].rotate.$post({
        param: { name: "builds" },
        json: { caller, overlapMs: 60_000, ...(secret !== undefined && { secret }) },
      }),
    );
  await expect(rotate()).rejects.toThrow("builds shows its secret to MCP Events, which makes it");
  const rotated = await rotate(server.token);
  expect(rotated).toMatchObject({ name: "builds", replaced: true });
  expect(rotated).not.toHaveProperty("overlapUntil");
  await expect
    .poll(() => read(api.events.$get({ query: { channel: "builds", limit: "1" } })), {
      timeout: 15_000,
    })
    .toMatchObject([{ kind: "build.finished" }]);
});
