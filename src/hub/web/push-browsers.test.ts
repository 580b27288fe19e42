import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listWebSubscriptions } from "../../store/page/web-push.ts";
import { next, openScene } from "./push/push-rig.fixture.ts";
import { readVapidKeys } from "./push/vapid.ts";

const DAY_MS = 24 * 3_600_000;

// PUSH-4
test("a subscription that its service calls gone is removed, and the others are told all the same", async () => {
  const { prompts, service, stage, session, phone, addPhone } = await openScene();
  const other = await addPhone();
  await prompts.ask(session);
  service.forget(phone.browser);
  stage.web.notifier.show(prompts.pending);
  await next(service, 1);
  await expect.poll(() => listWebSubscriptions(stage.db).length).toBe(1);
  expect(listWebSubscriptions(stage.db)[0]?.endpoint).toBe(other.browser.target.endpoint);
  expect(stage.audit()[0]).toMatch(/hub push-gone browser [0-9a-f]{8} no longer takes/);
  service.answerWith({ status: 410 });
  stage.web.notifier.show(prompts.pending);
  await expect.poll(() => listWebSubscriptions(stage.db)).toEqual([]);
});

test("a phone whose sign-in is over is told once that it is signed out, and one that is signed out by hand nothing", async () => {
  const { prompts, service, stage, addPhone } = await openScene();
  const other = await addPhone();
  await stage.ask("/v1/sign-out", { method: "POST", body: {}, headers: other.headers });
  expect(listWebSubscriptions(stage.db).length).toBe(1);
  await prompts.rig.clock.advance(3 * DAY_MS + 1);
  const again = prompts.rig.connect({ pid: 4_242, session: "s9" });
  await prompts.ask(again);
  stage.web.notifier.show(prompts.pending);
  const payload = await next(service, 1);
  expect(payload).toMatchObject({ kind: "sum", id: "signed-out" });
  expect(payload.body).not.toContain("npm test");
  await expect.poll(() => listWebSubscriptions(stage.db)).toEqual([]);
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
