import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, Page, Worker } from "playwright-core";
import { expect, onTestFinished, test, vi } from "vitest";
import { PAGE } from "../../src/flow/prompt/prompt-rig.fixture.ts";
import type { PushPayload } from "../../src/api/wire/push-wire.ts";
import { openPushStage } from "../../src/hub/web/push/push-rig.fixture.ts";
import { HOST, ORIGIN, PASSPHRASE } from "../../src/hub/web/sign-in/remote.fixture.ts";
import { listWebSubscriptions } from "../../src/store/page/web-push.ts";
import { ARGS, openBrowser, openTab, SKIPPED } from "./browser.ts";

vi.setConfig({ testTimeout: 120_000 });

/** A browser and a hub on a busy machine. */
function until<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 20_000, interval: 100 });
}

/** As the user's own tunnel: it ends TLS, keeps the name, and says where a request came from. */
async function openTunnel(port: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "sluice-tunnel-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const command = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test -addext subjectAltName=DNS:${HOST}`;
  execFileSync("openssl", [...command.split(" "), "-keyout", key, "-out", cert], {
    stdio: "ignore",
  });
  const server = createServer(
    { key: readFileSync(key), cert: readFileSync(cert) },
    (incoming, outgoing) => {
      const { method, url, headers } = incoming;
      const further = request(
        {
          host: "127.0.0.1",
          port,
          path: url,
          method,
          headers: { ...headers, "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https" },
        },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        },
      );
      further.once("error", () => outgoing.destroy());
      outgoing.once("close", () => further.destroy());
      incoming.pipe(further);
    },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });
  // A server that listens on a TCP port has an AddressInfo.
  return (server.address() as AddressInfo).port;
}

/** A phone far away: a page with real prompts behind a tunnel, and a browser that knows only the tunnel's name. */
async function openScene() {
  const { prompts, service, stage } = await openPushStage();
  const tunnel = await openTunnel(stage.web.view.port);
  const closers: (() => unknown)[] = [];
  onTestFinished(async () => {
    for (const close of closers) await close();
  });
  const context = await openBrowser(
    { add: (close) => void closers.push(close) },
    {
      args: [
        ...ARGS,
        `--host-resolver-rules=MAP ${HOST}:443 127.0.0.1:${tunnel}`,
        // The certificate of the test's own tunnel; a service worker asks for more than the page does.
        "--ignore-certificate-errors",
      ],
      ignoreHTTPSErrors: true,
    },
  );
  await context.grantPermissions(["notifications"], { origin: ORIGIN });
  return { prompts, service, stage, context, session: prompts.rig.connect() };
}

/**
 * No push service of a browser's vendor can be reached from a test, so the one call that goes there is answered here, in the test's page:
 * everything before and after it is real.
 */
async function stubSubscription(context: BrowserContext, subscription: unknown): Promise<void> {
  await context.addInitScript((kept) => {
    // As the browser does, it outlives the page.
    const PLACE = "test.subscribed";
    const read = (): PushSubscription | null => {
      const key = localStorage.getItem(PLACE);
      if (key === null) return null;
      const one = {
        options: { applicationServerKey: Uint8Array.from(JSON.parse(key) as number[]).buffer },
        toJSON: () => kept,
        unsubscribe: async () => {
          localStorage.removeItem(PLACE);
          return true;
        },
      };
      return one as unknown as PushSubscription;
    };
    PushManager.prototype.getSubscription = async () => read();
    PushManager.prototype.subscribe = async (options) => {
      if (options?.userVisibleOnly !== true) throw new Error("userVisibleOnly");
      const { applicationServerKey } = options;
      if (!(applicationServerKey instanceof Uint8Array)) throw new Error("applicationServerKey");
      localStorage.setItem(PLACE, JSON.stringify([...applicationServerKey]));
      return read() as PushSubscription;
    };
  }, subscription);
}

async function signIn(context: BrowserContext): Promise<{ page: Page; alarms: string[] }> {
  const tab = await openTab(context, `${ORIGIN}/#/approvals`);
  await tab.page.getByLabel("Passphrase").fill(PASSPHRASE);
  await tab.page.getByRole("button", { name: "Sign in" }).click();
  await tab.page.getByRole("switch", { name: "Notifications" }).waitFor();
  return tab;
}

type Shown = { title: string; body: string; tag: string; actions: string[]; silent: boolean };

/** Notifications as the browser has them. */
function readShown(worker: Worker): Promise<Shown[]> {
  return worker.evaluate(async () => {
    const { registration } = globalThis as unknown as { registration: ServiceWorkerRegistration };
    return (await registration.getNotifications()).map((one) => {
      const { title, body, tag, silent } = one;
      const { actions = [] } = one as { actions?: { action: string }[] };
      return {
        title,
        body,
        tag,
        actions: actions.map(({ action }) => action),
        silent: silent === true,
      };
    });
  });
}

/** A tap on a notification or one of its buttons. Browsers let no test tap there: the worker gets the event that a tap makes. */
function tap(worker: Worker, tag: string, action: string): Promise<void> {
  return worker.evaluate(
    async ([tag, action]) => {
      const scope = globalThis as unknown as {
        registration: ServiceWorkerRegistration;
        dispatchEvent(event: Event): boolean;
      };
      const [notification] = await scope.registration.getNotifications({ tag });
      if (notification === undefined) throw new Error(`no notification ${tag}`);
      let work: Promise<unknown> = Promise.resolve();
      const event = Object.assign(new Event("notificationclick"), {
        notification,
        action,
        waitUntil: (done: Promise<unknown>) => (work = done),
      });
      scope.dispatchEvent(event);
      await work;
    },
    [tag, action] as const,
  );
}

/**
 * Hands a push message to the browser, as its push service would: decrypted, to this worker.
 * Chromium forgets a notification that is listed in the moment in which it is shown: so the worker is asked whether it has shown it,
 * and the list is left alone until it has settled.
 */
async function openDelivery(context: BrowserContext, page: Page, worker: Worker) {
  await worker.evaluate(() => {
    const scope = globalThis as unknown as {
      registration: ServiceWorkerRegistration;
      countShown: number;
    };
    const show = scope.registration.showNotification.bind(scope.registration);
    scope.countShown = 0;
    scope.registration.showNotification = async (...all) => {
      await show(...all);
      scope.countShown++;
    };
  });
  const countShown = (): Promise<number> =>
    worker.evaluate(() => (globalThis as unknown as { countShown: number }).countShown);
  const devtools = await context.newCDPSession(page);
  const registration = new Promise<string>((resolve) => {
    devtools.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const [one] = registrations;
      if (one !== undefined) resolve(one.registrationId);
    });
  });
  await devtools.send("ServiceWorker.enable");
  const registrationId = await registration;
  return async (payload: PushPayload | undefined): Promise<void> => {
    const before = await countShown();
    const data = JSON.stringify(payload);
    await devtools.send("ServiceWorker.deliverPushMessage", {
      origin: ORIGIN,
      registrationId,
      data,
    });
    if (payload?.kind === "prompt")
      await until(async () => expect(await countShown()).toBe(before + 1));
    await page.waitForTimeout(1_000);
  };
}

async function openSubscribed() {
  const scene = await openScene();
  const browser = scene.service.addBrowser();
  await stubSubscription(scene.context, browser.subscription);
  const tab = await signIn(scene.context);
  const toggle = tab.page.getByRole("switch", { name: "Notifications" });
  const started = scene.context.waitForEvent("serviceworker");
  await toggle.click();
  await tab.page.getByText("On: this browser shows a notification for each prompt.").waitFor();
  const worker = await started;
  return {
    ...scene,
    ...tab,
    toggle,
    worker,
    deliver: await openDelivery(scene.context, tab.page, worker),
  };
}

test.skipIf(SKIPPED !== undefined)(
  "far away: a wrong passphrase, the right one, and a cookie that no script and no other way has",
  async () => {
    const { stage, context } = await openScene();
    const { page, alarms } = await openTab(context, `${ORIGIN}/`);
    const field = page.getByLabel("Passphrase");
    await field.fill("not the passphrase");
    await field.press("Enter");
    await page.getByText("this is not the passphrase").waitFor();
    expect(await field.inputValue()).toBe("");
    await field.fill(PASSPHRASE);
    await field.press("Enter");
    await page.getByRole("textbox", { name: "Message" }).waitFor();
    const cookies = await context.cookies();
    expect(cookies).toMatchObject([
      {
        name: "__Host-sluice",
        domain: HOST,
        path: "/",
        httpOnly: true,
        secure: true,
        sameSite: "Strict",
      },
    ]);
    expect(await page.evaluate(() => document.cookie)).toBe("");
    const storage = await page.evaluate(() =>
      JSON.stringify({ ...localStorage, ...sessionStorage }),
    );
    expect(storage).not.toContain("lantern");
    // Signed out by hand, on the machine itself: the page asks again.
    await stage.web.endSessions();
    await page.getByLabel("Passphrase").waitFor();
    expect(alarms).toEqual([]);
  },
);

test.skipIf(SKIPPED !== undefined)(
  "a browser that signs in anew keeps its notifications, and their buttons count",
  async () => {
    const { prompts, service, stage, session, worker, deliver, page } = await openSubscribed();
    const [before] = listWebSubscriptions(stage.db);
    // Whoever opens the page again does not look at the switch first.
    await page.evaluate(() => localStorage.removeItem("sluice.key"));
    await page.goto(`${ORIGIN}/#/chat`);
    await page.reload();
    await page.getByLabel("Passphrase").fill(PASSPHRASE);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("textbox", { name: "Message" }).waitFor();
    await until(() => {
      const all = listWebSubscriptions(stage.db);
      expect(all.length).toBe(1);
      expect(all[0]?.session).not.toBe(before?.session);
    });
    const call = await prompts.ask(session);
    const { id } = prompts.pending;
    stage.web.notifier.show(prompts.pending);
    await until(() => expect(service.pushed.length).toBe(1));
    await deliver(service.pushed[0]?.payload);
    await until(async () => expect((await readShown(worker)).length).toBe(1));
    await tap(worker, id, "allow");
    await until(() => expect(call.told()).toEqual({ kind: "allow" }));
  },
);

// WORKER-1
test.skipIf(SKIPPED !== undefined)(
  "a prompt becomes a notification, and its button lets the command run",
  async () => {
    const { prompts, service, stage, session, worker, deliver, alarms, page } =
      await openSubscribed();
    expect(listWebSubscriptions(stage.db).length).toBe(1);
    const call = await prompts.ask(session);
    const { id } = prompts.pending;
    stage.web.notifier.show(prompts.pending);
    await until(() => expect([service.pushed.length, service.faults]).toEqual([1, []]));
    await deliver(service.pushed[0]?.payload);
    await until(async () =>
      expect(await readShown(worker)).toEqual([
        {
          title: expect.stringMatching(/ wants Bash$/),
          body: "command: npm test",
          tag: id,
          actions: ["allow", "deny"],
          silent: false,
        },
      ]),
    );
    await tap(worker, id, "allow");
    await until(() => expect(call.told()).toEqual({ kind: "allow" }));
    expect(await readShown(worker)).toEqual([]);
    expect(prompts.prompts.find(id)?.outcome).toMatchObject({ via: "push" });
    expect(alarms).toEqual([]);

    // The page is looked at: what was answered elsewhere just goes.
    await prompts.ask(session, { input: { command: "npm run lint" } });
    const second = prompts.pending;
    stage.web.notifier.show(second);
    await until(() => expect(service.pushed.length).toBe(2));
    const [, shown] = service.pushed;
    await deliver(shown?.payload);
    await until(async () => expect((await readShown(worker)).length).toBe(1));
    await prompts.prompts.decide(PAGE, second.id, { kind: "deny" });
    const ended = prompts.prompts.find(second.id);
    if (ended !== undefined) stage.web.notifier.end(ended);
    await until(() => expect(service.pushed.length).toBe(3));
    await page.bringToFront();
    await deliver(service.pushed[2]?.payload);
    await until(async () => expect(await readShown(worker)).toEqual([]));

    // A tap that comes too late says so, and nothing is answered twice.
    await deliver(shown?.payload);
    await until(async () => expect((await readShown(worker)).length).toBe(1));
    await tap(worker, second.id, "allow");
    await until(async () =>
      expect(await readShown(worker)).toMatchObject([
        {
          tag: second.id,
          body: expect.stringContaining("Open it to see how it stands."),
          actions: [],
        },
      ]),
    );
    expect(prompts.prompts.find(second.id)?.outcome?.verdict).toEqual({ kind: "deny" });
  },
);

test.skipIf(SKIPPED !== undefined)(
  "what needs its code has no buttons, a signed-out browser answers nothing, and the switch goes off",
  async () => {
    const { prompts, service, stage, session, worker, deliver, toggle } = await openSubscribed();
    await prompts.ask(session, { input: { command: "rm -rf ~/work" } });
    stage.web.notifier.show(prompts.pending);
    await until(() => expect(service.pushed.length).toBe(1));
    await deliver(service.pushed[0]?.payload);
    await until(async () =>
      expect(await readShown(worker)).toMatchObject([
        { actions: [], body: expect.stringContaining("Needs its code: open it to answer.") },
      ]),
    );
    await prompts.prompts.decide(PAGE, prompts.pending.id, { kind: "deny" });

    await prompts.ask(session);
    const { id } = prompts.pending;
    stage.web.notifier.show(prompts.pending);
    await until(() => expect(service.pushed.length).toBe(2));
    await deliver(service.pushed[1]?.payload);
    await until(async () => expect((await readShown(worker)).length).toBe(2));
    await toggle.click();
    await until(() => expect(listWebSubscriptions(stage.db)).toEqual([]));
    await stage.web.endSessions();
    await tap(worker, id, "allow");
    await until(async () =>
      expect((await readShown(worker)).map(({ body }) => body)).toContainEqual(
        expect.stringContaining("Nothing was answered: you are signed out here."),
      ),
    );
    expect(prompts.pending.id).toBe(id);
  },
);

test.skipIf(SKIPPED !== undefined)(
  "the service worker is one script of ours under a policy of its own",
  async () => {
    const { stage } = await openScene();
    const answer = await stage.ask("/sw.js");
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toBe("text/javascript; charset=utf-8");
    expect(answer.headers["content-security-policy"]).toBe(
      "default-src 'none'; connect-src 'self'",
    );
    expect(answer.headers["cache-control"]).toBe("no-store");
    // A phone adds the page to its home screen by these.
    expect((await stage.ask("/manifest.webmanifest")).headers["content-type"]).toBe(
      "application/manifest+json",
    );
    expect((await stage.ask("/icon-192.png")).headers["content-type"]).toBe("image/png");
    const manifest = JSON.parse((await stage.ask("/manifest.webmanifest")).text) as {
      icons: { src: string; purpose?: string; type: string }[];
    };
    expect(manifest.icons.map(({ purpose }) => purpose)).toContain("maskable");
    for (const { src, type } of manifest.icons)
      expect((await stage.ask(src)).headers["content-type"], src).toBe(type);
    expect(answer.text).not.toMatch(/\bimport\b|\bexport\b|importScripts|eval\(/);
  },
);
