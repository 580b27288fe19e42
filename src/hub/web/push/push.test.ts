import { expect, onTestFinished, test } from "vitest";
import { Away } from "../../../flow/prompt/notify/away.ts";
import { Escalation } from "../../../flow/prompt/notify/escalation.ts";
import { PAGE } from "../../../flow/prompt/prompt-rig.fixture.ts";
import { next, openScene, press } from "./push-rig.fixture.ts";
import { ORIGIN } from "../sign-in/remote.fixture.ts";

const DAY_MS = 24 * 3_600_000;

test("a phone is told of a prompt, approves it with one tap, and the command runs", async () => {
  const { prompts, service, stage, session, phone } = await openScene();
  const call = await prompts.ask(session);
  stage.web.notifier.show(prompts.pending);
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
  await expect.poll(() => call.told()).toEqual({ kind: "allow" });
  expect(prompts.audit.at(-1)).toMatch(/browser [0-9a-f]{8} \| verdict \| allowed by .* push/);
});

// PUSHROUTE-1, PUSH-3
test("a button is good once, for its prompt, in its browser, with its cookie", async () => {
  const { prompts, service, stage, session, phone, addPhone } = await openScene();
  const other = await addPhone();
  await prompts.ask(session);
  stage.web.notifier.show(prompts.pending);
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
  stage.web.notifier.show(prompts.pending);
  await next(service, 2);
  const own = service.pushed.find(({ browser }) => browser === phone.browser)?.payload.handle;
  await press(stage, own, "deny", phone.headers);
  const ended = prompts.prompts.find(id);
  if (ended === undefined) throw new Error("the prompt is gone");
  stage.web.notifier.end(ended);
  const payload = await next(service, 3);
  expect(service.pushed.at(-1)?.browser).toBe(other.browser);
  expect(payload).toMatchObject({ kind: "end", id, body: expect.stringMatching(/^denied by /) });
  // The same topic: a phone that was off is told of the end alone.
  expect(service.pushed.at(-1)?.headers["topic"]).toBe(id);
  stage.web.notifier.end(ended);
  await stage.send(stage.local, "/");
  expect(service.pushed.length).toBe(3);
});

// PUSH-2
test("what needs its code, is long, cut, a question or a plan has no buttons: it is opened", async () => {
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
    stage.web.notifier.show(pending);
    const payload = await next(service, index + 1);
    expect([call, payload.handle]).toEqual([call, undefined]);
    expect(payload.body.length).toBeLessThan(260);
    await prompts.prompts.decide(PAGE, pending.id, { kind: "deny" });
  }
  const bodies = service.pushed.map(({ payload }) => payload.body);
  expect(bodies[0]).toContain("Needs its code: open it to answer.");
  expect(bodies[3]).toContain("Which one?");
});

// PUSHSEND-2, PUSH-1
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
    stage.web.notifier.show(pending);
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
  stage.web.notifier.show(shown);
  const first = await next(service, 1);
  // What people read and what the session asks part ways.
  await prompts.rig.db.write(() =>
    prompts.rig.db.run("UPDATE prompts SET digest = 'ffffffffffff' WHERE id = ?", shown.id),
  );
  const tap = await press(stage, first.handle, "allow", phone.headers);
  expect(JSON.parse(tap.text)).toMatchObject({ kind: "refused", text: /has changed/ });
  expect(prompts.pending.state).toBe("pending");
  stage.web.notifier.show(shown);
  const second = await next(service, 2);
  stage.web.notifier.change({ ...shown, digest: "eeeeeeeeeeee" });
  const third = await next(service, 3);
  expect(new Set([first.handle, second.handle, third.handle]).size).toBe(3);
  expect(JSON.parse((await press(stage, second.handle, "deny", phone.headers)).text)).toMatchObject(
    {
      kind: "late",
    },
  );
});

test("phones hear of a prompt when chats do: after 20 seconds, at once while away, five a minute however many are asked", async () => {
  const { prompts, service, stage, session } = await openScene();
  const { db, clock } = prompts.rig;
  const away = new Away({ db, clock, readIdleMs: () => DAY_MS, note: () => undefined });
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const push = new Escalation({
    db,
    clock,
    log,
    prompts: prompts.prompts,
    away,
    readAfterMs: () => 20_000,
    notifiers: [stage.web.notifier],
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
  await expect
    .poll(() => service.pushed.filter(({ payload }) => payload.kind === "sum").length)
    .toBe(1);
  const asked = service.pushed.filter(({ payload }) => payload.kind === "prompt");
  expect(asked.length).toBeLessThanOrEqual(1 + 5);
  expect(asked.length).toBeGreaterThan(1);
  expect(service.faults).toEqual([]);
});
