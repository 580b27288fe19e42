import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { PAGE } from "../../../flow/prompt/prompt-rig.fixture.ts";
import { next, openScene } from "./push-rig.fixture.ts";
import { AFTER, BEFORE, Certificates, Wire } from "../../../sdk/wire.fixture.ts";
import { FakeBrowser, PUSH_HOST } from "./push-send.fixture.ts";
import { checkEndpoint, sendPush } from "./push-send.ts";
import { ORIGIN } from "../sign-in/remote.fixture.ts";
import { readVapidKeys } from "./vapid.ts";

test("a busy service is asked again when it says, and not after the prompt is over", async () => {
  const { prompts, service, stage, session } = await openScene();
  await prompts.ask(session);
  service.answerWith({ status: 429, headers: { "retry-after": "30" } }, { status: 503 });
  stage.web.notifier.show(prompts.pending);
  await expect.poll(() => service.asked).toBe(1);
  await prompts.rig.clock.advance(29_000);
  expect(service.asked).toBe(1);
  // The answer is read a moment after it was given.
  await expect
    .poll(async () => {
      await prompts.rig.clock.advance(1_000);
      return service.asked;
    })
    .toBe(2);
  await expect
    .poll(async () => {
      await prompts.rig.clock.advance(10_000);
      return service.pushed.length;
    })
    .toBe(1);
  const first = prompts.pending;
  await prompts.prompts.decide(PAGE, first.id, { kind: "deny" });
  const ended = prompts.prompts.find(first.id);
  if (ended !== undefined) stage.web.notifier.end(ended);
  await next(service, 2);

  await prompts.ask(session, { input: { command: "npm run other" } });
  const { pending } = prompts;
  service.answerWith({ status: 500 });
  const before = service.asked;
  stage.web.notifier.show(pending);
  await expect.poll(() => service.asked).toBe(before + 1);
  await prompts.prompts.decide(PAGE, pending.id, { kind: "deny" });
  const over = prompts.prompts.find(pending.id);
  if (over !== undefined) stage.web.notifier.end(over);
  await prompts.rig.clock.advance(3_600_000);
  // Nobody had heard of it, so nobody hears of its end.
  expect([service.asked, service.pushed.length]).toEqual([before + 1, 2]);
});

// PUSHSEND-1
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

test("whatever breaks on the way to a service or back, it is asked again: the same topic takes the place of a first message", async () => {
  const { stage } = await openScene();
  const sender = { keys: await readVapidKeys(stage.home), subject: ORIGIN };
  const message = { payload: "{}", ttlSeconds: 1, topic: "t", urgency: "high" } as const;
  const topics: unknown[] = [];
  const service = createServer((asked, answer) => {
    topics.push(asked.headers["topic"]);
    asked.resume().once("end", () => answer.writeHead(201).end("kept, and more words"));
  });
  await new Promise<void>((done) => service.listen(0, "127.0.0.1", done));
  const certificates = new Certificates(PUSH_HOST);
  onTestFinished(() => {
    delete process.env["https_proxy"];
    certificates[Symbol.dispose]();
    service.closeAllConnections();
    service.close();
  });
  const { port: behind } = service.address() as AddressInfo;
  const { cert: ca } = certificates.pems.good;
  // Through a proxy the service is reached by its name; without one, at the address that was looked at.
  const faults = [...BEFORE, ...AFTER].filter(
    ({ name }) => name !== "finds no address by the name",
  );
  for (const fault of faults) {
    await using wire = await Wire.open(behind, certificates);
    const { port } = wire.front;
    const connect = { host: "127.0.0.1", port, ca };
    const push = (limitMs: number): Promise<unknown> =>
      sendPush(new FakeBrowser().target, message, sender, {
        ...(fault.isByName === true ? {} : { connect }),
        limits: { connectMs: limitMs, timeoutMs: limitMs },
      });
    const before = topics.length;
    const mend = await fault.begin(wire);
    // The status is the whole answer of a service.
    const kind = fault.name.includes("half an answer") ? "taken" : "later";
    expect([fault.name, await push(500)]).toMatchObject([fault.name, { kind }]);
    expect([fault.name, topics.length - before]).toEqual([
      fault.name,
      AFTER.includes(fault) ? 1 : 0,
    ]);
    await mend();
    expect([fault.name, await push(5_000)]).toEqual([fault.name, { kind: "taken" }]);
    delete process.env["https_proxy"];
  }
  expect(new Set(topics)).toEqual(new Set(["t"]));
});
