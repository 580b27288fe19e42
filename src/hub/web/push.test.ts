import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import type { PushPayload } from "../../api/push-wire.ts";
import { Away } from "../../flow/prompt/away.ts";
import { Push } from "../../flow/prompt/push.ts";
import { PAGE, PromptRig } from "../../flow/prompt/prompt-rig.fixture.ts";
import { listWebSubscriptions } from "../../store/web-push.ts";
import { checkEndpoint, sendPush } from "./push-send.ts";
import { FakeBrowser, openPushService, type PushService } from "./push-send.fixture.ts";
import {
  openRemoteStage,
  ORIGIN,
  PASSPHRASE,
  type RemoteStage,
  signInThere,
} from "./remote.fixture.ts";
import { readVapidKeys } from "./vapid.ts";

vi.setConfig({ testTimeout: 60_000 });

const DAY_MS = 24 * 3_600_000;

/** A hub's page with real prompts, a push service, and a phone that is signed in and subscribed. */
async function openScene() {
  const prompts = new PromptRig();
  const service = await openPushService();
  onTestFinished(() => service[Symbol.asyncDispose]());
  const stage = await openRemoteStage({
    db: prompts.rig.db,
    clock: prompts.rig.clock,
    prompts: prompts.prompts,
    pushNetwork: service.network,
  });
  onTestFinished(() => stage[Symbol.asyncDispose]());
  await stage.web.setPassphrase(PASSPHRASE, "terminal");
  await stage.web.setRemote(ORIGIN, "terminal");
  const session = prompts.rig.connect();
  const addPhone = async () => {
    const headers = await signInThere(stage);
    const browser = service.addBrowser();
    const answer = await stage.ask("/v1/push", {
      method: "POST",
      body: browser.subscription,
      headers,
    });
    expect(answer.status).toBe(200);
    return { headers, browser };
  };
  const phone = await addPhone();
  return { prompts, service, stage, session, phone, addPhone };
}

function press(
  stage: RemoteStage,
  handle: string | undefined,
  verdict: "allow" | "deny",
  headers: Record<string, string>,
) {
  return stage.ask("/v1/push/answer", {
    method: "POST",
    body: { handle: handle ?? "", verdict },
    // What a service worker sends: it has no key.
    headers: { cookie: headers["cookie"] ?? "" },
  });
}

async function next(service: PushService, count: number): Promise<PushPayload> {
  await vi.waitFor(() => expect([service.pushed.length, service.faults]).toEqual([count, []]), {
    timeout: 10_000,
  });
  const payload = service.pushed.at(-1)?.payload;
  if (payload === undefined) throw new Error("nothing was pushed");
  return payload;
}

test("a phone is told of a prompt, approves it with one tap, and the command runs", async () => {
  const { prompts, service, stage, session, phone } = await openScene();
  const call = await prompts.ask(session);
  stage.web.outlet.show(prompts.pending);
  const payload = await next(service, 1);
  expect(payload).toEqual({
    kind: "prompt",
    id: prompts.pending.id,
    title: expect.stringMatching(/ wants Bash$/),
    body: "command: npm test",
    handle: expect.stringMatching(/^[\w-]{43}$/),
  });
  const [{ headers, claims } = { headers: {}, claims: undefined }] = service.pushed;
  expect(headers).toMatchObject({ urgency: "high", topic: prompts.pending.id, ttl: "600" });
  expect(claims).toMatchObject({ aud: "https://fcm.googleapis.com", sub: ORIGIN });
  const answer = await press(stage, payload.handle, "allow", phone.headers);
  expect([answer.status, JSON.parse(answer.text)]).toEqual([
    200,
    { kind: "done", text: expect.stringMatching(/^allowed by browser [0-9a-f]{8} by a push/) },
  ]);
  await vi.waitFor(() => expect(call.told()).toEqual({ kind: "allow" }));
  expect(prompts.audit.at(-1)).toMatch(/browser [0-9a-f]{8} \| verdict \| allowed by .* push/);
});

test("a button is good once, for its prompt, in its browser, with its cookie", async () => {
  const { prompts, service, stage, session, phone, addPhone } = await openScene();
  const other = await addPhone();
  await prompts.ask(session);
  stage.web.outlet.show(prompts.pending);
  await next(service, 2);
  const own = service.pushed.find(({ browser }) => browser === phone.browser)?.payload.handle;
  expect((await press(stage, own, "allow", {})).status).toBe(401);
  expect((await press(stage, own, "allow", { cookie: "__Host-sluice=x" })).status).toBe(401);
  // Another browser of the owner, too.
  const foreign = await press(stage, own, "allow", other.headers);
  expect(JSON.parse(foreign.text)).toMatchObject({ kind: "late" });
  for (const guess of ["A".repeat(43), "", "../x"]) {
    const answer = await press(stage, guess, "allow", phone.headers);
    expect(answer.text).not.toContain('"done"');
  }
  expect(prompts.pending.state).toBe("pending");
  // At home the same cookie and handle are nothing.
  const home = await stage.send(stage.local, "/v1/push/answer", {
    method: "POST",
    body: { handle: own, verdict: "allow" },
    headers: { cookie: phone.headers["cookie"] ?? "" },
  });
  expect(home.status).toBe(401);
  const taps = await Promise.all(
    Array.from({ length: 20 }, () => press(stage, own, "deny", phone.headers)),
  );
  const kinds = taps.map(({ text }) => (JSON.parse(text) as { kind: string }).kind);
  expect(kinds.filter((kind) => kind === "done").length).toBe(1);
  expect(prompts.changes.filter(({ kind }) => kind === "closed").length).toBe(1);
});

test("the outcome goes to the phones that were told, and not to the one that answered", async () => {
  const { prompts, service, stage, session, phone, addPhone } = await openScene();
  const other = await addPhone();
  await prompts.ask(session);
  const { id } = prompts.pending;
  stage.web.outlet.show(prompts.pending);
  await next(service, 2);
  const own = service.pushed.find(({ browser }) => browser === phone.browser)?.payload.handle;
  await press(stage, own, "deny", phone.headers);
  const ended = prompts.prompts.find(id);
  if (ended === undefined) throw new Error("the prompt is gone");
  stage.web.outlet.end(ended);
  const payload = await next(service, 3);
  expect(service.pushed.at(-1)?.browser).toBe(other.browser);
  expect(payload).toMatchObject({ kind: "end", id, body: expect.stringMatching(/^denied by /) });
  // The same topic: a phone that was off is told of the end alone.
  expect(service.pushed.at(-1)?.headers["topic"]).toBe(id);
  stage.web.outlet.end(ended);
  await stage.send(stage.local, "/");
  expect(service.pushed.length).toBe(3);
});

test("what is risky, long, cut, a question or a plan has no buttons: it is opened", async () => {
  const { prompts, service, stage, session } = await openScene();
  const calls = [
    { input: { command: "rm -rf ~/work" } },
    { input: { command: `echo ${"a".repeat(400)}` } },
    { tool: "Write", input: { file_path: "/app/a.txt", content: "1\n2\n3\n4\n5\n6\n" } },
    {
      tool: "AskUserQuestion",
      input: { questions: [{ question: "Which one?", options: [{ label: "A" }] }] },
    },
    { tool: "ExitPlanMode", input: { plan: "1. do it" } },
  ];
  for (const [index, call] of calls.entries()) {
    await prompts.ask(session, call);
    const { pending } = prompts;
    stage.web.outlet.show(pending);
    const payload = await next(service, index + 1);
    expect([call, payload.handle]).toEqual([call, undefined]);
    expect(payload.body.length).toBeLessThan(260);
    await prompts.prompts.decide(PAGE, pending.id, { kind: "deny" });
  }
  const bodies = service.pushed.map(({ payload }) => payload.body);
  expect(bodies[0]).toContain("Risky: open it to answer.");
  expect(bodies[3]).toContain("Which one?");
});

test("nothing secret and nothing misleading is in a message, and all have one length", async () => {
  const { prompts, service, stage, session } = await openScene();
  const key = `ghp_${"a1B2".repeat(9)}`;
  const commands = [
    "ls",
    `curl -H "authorization: ${key}" x`,
    "echo \u202egnp.exe\u202c",
    "b".repeat(150),
  ];
  for (const [index, command] of commands.entries()) {
    await prompts.ask(session, { input: { command } });
    const { pending } = prompts;
    stage.web.outlet.show(pending);
    const payload = await next(service, index + 1);
    expect(JSON.stringify(payload)).not.toMatch(/ghp_|\u202e/);
    await prompts.prompts.decide(PAGE, pending.id, { kind: "deny" });
  }
  expect(new Set(service.pushed.map(({ bytes }) => bytes)).size).toBe(1);
  expect(service.pushed[0]?.bytes).toBeLessThanOrEqual(4_096);
});

test("a call that changed after it was shown is shown again, and the earlier button no longer allows", async () => {
  const { prompts, service, stage, session, phone } = await openScene();
  await prompts.ask(session);
  const shown = prompts.pending;
  stage.web.outlet.show(shown);
  const first = await next(service, 1);
  // What people read and what the session asks part ways.
  await prompts.rig.db.write(() =>
    prompts.rig.db.run("UPDATE prompts SET digest = 'ffffffffffff' WHERE id = ?", shown.id),
  );
  const tap = await press(stage, first.handle, "allow", phone.headers);
  expect(JSON.parse(tap.text)).toMatchObject({ kind: "refused", text: /has changed/ });
  expect(prompts.pending.state).toBe("pending");
  stage.web.outlet.show(shown);
  const second = await next(service, 2);
  stage.web.outlet.change({ ...shown, digest: "eeeeeeeeeeee" });
  const third = await next(service, 3);
  expect(new Set([first.handle, second.handle, third.handle]).size).toBe(3);
  expect(JSON.parse((await press(stage, second.handle, "deny", phone.headers)).text)).toMatchObject(
    {
      kind: "late",
    },
  );
});

test("a subscription that its service calls gone is removed, and the others are told all the same", async () => {
  const { prompts, service, stage, session, phone, addPhone } = await openScene();
  const other = await addPhone();
  await prompts.ask(session);
  service.forget(phone.browser);
  stage.web.outlet.show(prompts.pending);
  await next(service, 1);
  await vi.waitFor(() => expect(listWebSubscriptions(stage.db).length).toBe(1));
  expect(listWebSubscriptions(stage.db)[0]?.endpoint).toBe(other.browser.target.endpoint);
  expect(stage.audit()[0]).toMatch(/hub push-gone browser [0-9a-f]{8} no longer takes/);
  service.answerWith({ status: 410 });
  stage.web.outlet.show(prompts.pending);
  await vi.waitFor(() => expect(listWebSubscriptions(stage.db)).toEqual([]));
});

test("a busy service is asked again when it says, and not after the prompt is over", async () => {
  const { prompts, service, stage, session } = await openScene();
  await prompts.ask(session);
  service.answerWith({ status: 429, headers: { "retry-after": "30" } }, { status: 503 });
  stage.web.outlet.show(prompts.pending);
  await vi.waitFor(() => expect(service.asked).toBe(1));
  await prompts.rig.clock.advance(29_000);
  expect(service.asked).toBe(1);
  // The answer is read a moment after it was given.
  await vi.waitFor(async () => {
    await prompts.rig.clock.advance(1_000);
    expect(service.asked).toBe(2);
  });
  await vi.waitFor(async () => {
    await prompts.rig.clock.advance(10_000);
    expect(service.pushed.length).toBe(1);
  });
  const first = prompts.pending;
  await prompts.prompts.decide(PAGE, first.id, { kind: "deny" });
  const ended = prompts.prompts.find(first.id);
  if (ended !== undefined) stage.web.outlet.end(ended);
  await next(service, 2);

  await prompts.ask(session, { input: { command: "npm run other" } });
  const { pending } = prompts;
  service.answerWith({ status: 500 });
  const before = service.asked;
  stage.web.outlet.show(pending);
  await vi.waitFor(() => expect(service.asked).toBe(before + 1));
  await prompts.prompts.decide(PAGE, pending.id, { kind: "deny" });
  const over = prompts.prompts.find(pending.id);
  if (over !== undefined) stage.web.outlet.end(over);
  await prompts.rig.clock.advance(3_600_000);
  // Nobody had heard of it, so nobody hears of its end.
  expect([service.asked, service.pushed.length]).toEqual([before + 1, 2]);
});

test("a phone whose sign-in is over is told once that it is signed out, and one that is signed out by hand nothing", async () => {
  const { prompts, service, stage, addPhone } = await openScene();
  const other = await addPhone();
  await stage.ask("/v1/sign-out", { method: "POST", body: {}, headers: other.headers });
  expect(listWebSubscriptions(stage.db).length).toBe(1);
  await prompts.rig.clock.advance(3 * DAY_MS + 1);
  const again = prompts.rig.connect({ pid: 4_242, session: "s9" });
  await prompts.ask(again);
  stage.web.outlet.show(prompts.pending);
  const payload = await next(service, 1);
  expect(payload).toMatchObject({ kind: "sum", id: "signed-out" });
  expect(payload.body).not.toContain("npm test");
  await vi.waitFor(() => expect(listWebSubscriptions(stage.db)).toEqual([]));
});

test("endpoints that are no push service's are refused when a browser names them, and again when they are asked", async () => {
  const { stage, phone } = await openScene();
  const bad = [
    "http://fcm.googleapis.com/x",
    "https://127.0.0.1/x",
    "https://[::1]/x",
    "https://10.0.0.1/x",
    "https://169.254.169.254/latest/meta-data",
    "https://localhost/x",
    "https://fcm.googleapis.com:8443/x",
    "https://user:pw@fcm.googleapis.com/x",
    "https://fcm.googleapis.com.evil.example/x",
    "https://evilfcm.googleapis.com/x",
    "https://push.services.mozilla.com.evil.example/x",
    "https://evil.example/https://fcm.googleapis.com/x",
    "https://evilpush.apple.com/x",
    "file:///etc/passwd",
    "nothing",
    `https://fcm.googleapis.com/${"x".repeat(2_000)}`,
  ];
  const { keys } = new FakeBrowser().subscription;
  for (const endpoint of bad) {
    const answer = await stage.ask("/v1/push", {
      method: "POST",
      body: { endpoint, keys },
      headers: phone.headers,
    });
    expect([endpoint, answer.status]).toEqual([endpoint, 400]);
    expect(() => checkEndpoint(endpoint)).toThrow();
  }
  const good = [
    "https://updates.push.services.mozilla.com/wpush/v2/x",
    "https://web.push.apple.com/x",
  ];
  for (const endpoint of good) expect(checkEndpoint(endpoint).href).toBe(endpoint);
  const shapes = [
    {},
    { p256dh: "x", auth: "y" },
    { ...keys, auth: "AAAA" },
    { ...keys, p256dh: "A".repeat(87) },
  ];
  for (const keys of shapes) {
    const body = { endpoint: good[0], keys };
    const answer = await stage.ask("/v1/push", { method: "POST", body, headers: phone.headers });
    expect([keys, answer.status]).toEqual([keys, 400]);
  }
});

test("a push service's name that leads to a private address makes no connection", async () => {
  const { stage } = await openScene();
  const sender = { keys: await readVapidKeys(stage.home), subject: ORIGIN };
  const message = { payload: "{}", ttlSeconds: 1, topic: "t", urgency: "high" } as const;
  const addresses = [
    "127.0.0.1",
    "10.1.2.3",
    "169.254.169.254",
    "192.168.0.1",
    "::1",
    "fd00::1",
    "::ffff:127.0.0.1",
  ];
  for (const address of addresses) {
    const outcome = await sendPush(new FakeBrowser().target, message, sender, {
      resolve: (_name, done) => done(null, [{ address, family: address.includes(":") ? 6 : 4 }]),
    });
    expect([address, outcome]).toEqual([
      address,
      { kind: "refused", why: expect.stringContaining("private or special address") },
    ]);
  }
});

test("a service with a certificate of somebody else is not told anything", async () => {
  const { service, stage } = await openScene();
  const sender = { keys: await readVapidKeys(stage.home), subject: ORIGIN };
  const message = { payload: "{}", ttlSeconds: 1, topic: "t", urgency: "high" } as const;
  const { port = 0, host = "", ca = "" } = service.network.connect ?? {};
  const other = new FakeBrowser("web.push.apple.com");
  for (const [target, connect] of [
    [other.target, { host, port, ca }],
    [new FakeBrowser().target, { host, port, ca: "" }],
  ] as const) {
    const outcome = await sendPush(target, message, sender, { connect });
    expect(outcome).toMatchObject({
      kind: "later",
      why: expect.stringContaining("cannot be reached"),
    });
  }
  expect(service.asked).toBe(0);
});

test("the keys are made once, lie in a file of the owner, and a damaged file is not replaced", async () => {
  const { stage, phone } = await openScene();
  const read = async () =>
    JSON.parse((await stage.ask("/v1/push", { headers: phone.headers })).text) as unknown;
  const first = await read();
  expect(first).toEqual({ publicKey: expect.stringMatching(/^B[\w-]{86}$/), isOn: true });
  const path = join(stage.home.secretsDir, "web.vapid");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await stage.restart();
  expect(await read()).toEqual(first);
  const text = readFileSync(path, "utf8");
  const { privateKey } = JSON.parse(text) as { privateKey: string };
  expect(JSON.stringify([first, stage.audit(), await readVapidKeys(stage.home)])).not.toContain(
    privateKey,
  );
  writeFileSync(path, "{");
  await stage.restart();
  expect((await stage.ask("/v1/push", { headers: phone.headers })).status).toBe(400);
  expect(readFileSync(path, "utf8")).toBe("{");
});

test("a browser switches itself off, and has one subscription", async () => {
  const { service, stage, phone } = await openScene();
  const again = service.addBrowser();
  const put = (body: unknown) =>
    stage.ask("/v1/push", { method: "POST", body, headers: phone.headers });
  await put(again.subscription);
  await put(again.subscription);
  expect(listWebSubscriptions(stage.db).map(({ endpoint }) => endpoint)).toEqual([
    again.target.endpoint,
  ]);
  await stage.ask("/v1/push/off", { method: "POST", body: {}, headers: phone.headers });
  expect(listWebSubscriptions(stage.db)).toEqual([]);
  expect(stage.audit().filter((line) => line.includes("push-on")).length).toBe(2);
});

test("phones hear of a prompt when chats do: after 20 seconds, at once while away, five a minute however many are asked", async () => {
  const { prompts, service, stage, session } = await openScene();
  const { db, clock } = prompts.rig;
  const away = new Away({ db, clock, readIdleMs: () => DAY_MS, note: () => undefined });
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const push = new Push({
    db,
    clock,
    log,
    prompts: prompts.prompts,
    away,
    readAfterMs: () => 20_000,
    outlets: [stage.web.outlet],
  });
  onTestFinished(() => {
    push.close();
    away.close();
  });
  await prompts.ask(session);
  await clock.advance(19_000);
  expect(service.asked).toBe(0);
  await clock.advance(1_500);
  await next(service, 1);
  // Answered before its time: nobody is told, and nobody of its end.
  await prompts.ask(session, { input: { command: "npm run quick" } });
  const quick = prompts.prompts.list({ state: "pending" })[0];
  await prompts.prompts.decide(PAGE, quick?.id ?? "", { kind: "deny" });
  await clock.advance(60_000);
  expect(service.pushed.length).toBe(1);

  await away.set("on", "test");
  for (let i = 0; i < 100; i++) {
    await prompts.ask(session, { input: { command: `npm run job${i}` } });
    await clock.advance(500);
  }
  await vi.waitFor(() =>
    expect(service.pushed.filter(({ payload }) => payload.kind === "sum").length).toBe(1),
  );
  const asked = service.pushed.filter(({ payload }) => payload.kind === "prompt");
  expect(asked.length).toBeLessThanOrEqual(1 + 5);
  expect(asked.length).toBeGreaterThan(1);
  expect(service.faults).toEqual([]);
});
