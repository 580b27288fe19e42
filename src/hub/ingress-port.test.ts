import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished, test as base } from "vitest";
import { toHome } from "../local/home.ts";
import { readConfig } from "./settings/config.ts";
import { openHome } from "./process/home.ts";
import type { IngressApp } from "../ingress/contract.ts";
import { IngressPort } from "./ingress-port.ts";

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

type Stage = {
  folder: string;
  open(env?: Record<string, string>): IngressPort;
  /** Fires what the port's clock has been asked for. */
  tick(): void;
};

const test = base.extend<{ stage: Stage }>({
  // oxlint-disable-next-line no-empty-pattern -- vitest reads the names of fixtures from this pattern
  stage: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), "sluice-port-"));
    openHome({ SLUICE_HOME: join(folder, "home") });
    const opened: IngressPort[] = [];
    const due: (() => void)[] = [];
    const app: IngressApp = ({ outgoing }) => void outgoing.end("hello");
    await use({
      folder,
      open: (env = { SLUICE_INGRESS_PORT: "0" }) => {
        const port = new IngressPort({
          home: toHome(join(folder, "home")),
          env,
          log: quiet,
          clock: {
            now: () => Date.now(),
            after: (_delayMs, action) => {
              due.push(action);
              return () => due.splice(0);
            },
          },
          isDemo: false,
        });
        port.serve({ app, count: () => {} });
        opened.push(port);
        return port;
      },
      tick: () => due.splice(0).forEach((action) => action()),
    });
    for (const port of opened) await port.close();
    rmSync(folder, { recursive: true });
  },
});

test("PORT-1: a port that another program holds is down, names it, and opens by itself once it is free", async ({
  stage,
  expect,
}) => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as { port: number };
  const ingress = stage.open({ SLUICE_INGRESS_PORT: String(port) });
  await ingress.open();
  expect(ingress.view).toMatchObject({ state: "down", port });
  expect(ingress.view.reason).toContain(`sluice up --port`);
  // No sender is told of a port at which somebody else listens.
  await expect(ingress.requirePort()).rejects.toMatchObject({ code: "conflict" });

  other.close();
  await once(other, "close");
  stage.tick();
  for (let wait = 0; ingress.view.state !== "up" && wait < 3_000; wait++) await sleep(20);
  expect(ingress.view).toEqual({ state: "up", host: "127.0.0.1", port });
});

test("a port that its owner chose is taken at once, and stays whatever the environment says", async ({
  stage,
  expect,
}) => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const ingress = stage.open({
    SLUICE_INGRESS_PORT: String((other.address() as { port: number }).port),
  });
  await ingress.open();
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  const { port } = free.address() as { port: number };
  free.close();
  await once(free, "close");
  await expect(ingress.change({ port })).resolves.toMatchObject({ state: "up", port });
  await expect(ingress.requirePort()).resolves.toBe(port);
  expect(stage.open({ SLUICE_INGRESS_PORT: "0" }).view.port).toBe(port);
  other.close();
});

test("a port that is no port is bad_config", ({ stage, expect }) => {
  expect(() => stage.open({ SLUICE_INGRESS_PORT: "80a" })).toThrow(
    expect.objectContaining({ code: "bad_config" }),
  );
});

test("with --client-ca only clients whose certificate it signed get through", async ({
  stage,
  expect,
}) => {
  const files = makeCertificates(stage.folder);
  const ingress = stage.open();
  await ingress.open();
  await ingress.change({ tls: { cert: files.cert, key: files.key }, clientCa: files.cert });
  expect(ingress.url).toMatch(/^https:/);
  const ca = readFileSync(files.cert);
  const { port } = ingress.view;
  await expect(get(port, { ca })).rejects.toThrow();
  await expect(get(port, { ca, cert: ca, key: readFileSync(files.key) })).resolves.toBe("hello");
  // It is kept: a later hub starts with it.
  expect(readConfig(join(stage.folder, "home", "config.json")).ingress.clientCa).toBe(files.cert);
});

test("PORT-2: a change that cannot be opened is taken back, and what worked works again", async ({
  stage,
  expect,
}) => {
  const ingress = stage.open();
  await ingress.open();
  const { port } = ingress.view;
  const missing = join(stage.folder, "missing.pem");
  await expect(ingress.change({ tls: { cert: missing, key: missing } })).rejects.toMatchObject({
    code: "bad_config",
  });
  await expect(ingress.change({ clientCa: missing })).rejects.toMatchObject({ code: "bad_config" });
  await expect(ingress.change({ host: "192.0.2.1" })).rejects.toMatchObject({ code: "bad_config" });
  expect(ingress.view).toEqual({ state: "up", host: "127.0.0.1", port });
  expect(await (await fetch(ingress.url)).text()).toBe("hello");
  expect(readConfig(join(stage.folder, "home", "config.json")).ingress.tls).toBeUndefined();
});

function makeCertificates(folder: string): { cert: string; key: string } {
  const files = { cert: join(folder, "cert.pem"), key: join(folder, "key.pem") };
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
  const output = ["-keyout", files.key, "-out", files.cert];
  execFileSync(
    "openssl",
    ["req", "-x509", "-newkey", "ed25519", "-nodes", "-days", "2", ...subject, ...output],
    { stdio: "ignore" },
  );
  return files;
}

function get(port: number, options: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port, agent: false, ...options }, (answer) => {
      answer.setEncoding("utf8").once("data", resolve).once("error", reject);
    });
    onTestFinished(() => void outgoing.destroy());
    outgoing.once("error", reject).end();
  });
}

test("PORT-3: a change that is asked for while the port is still being opened comes after that, and stands", async ({
  stage,
  expect,
}) => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  onTestFinished(() => void other.close());
  const { port } = other.address() as { port: number };
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  const { port: wanted } = free.address() as { port: number };
  await new Promise((done) => free.close(done));
  const ingress = stage.open({ SLUICE_INGRESS_PORT: String(port) });
  // As `sluice up --port` does with a hub that has just been started.
  const [, changed, again] = await Promise.all([
    ingress.open(),
    ingress.change({ port: wanted }),
    ingress.change({ host: "127.0.0.1" }),
  ]);
  expect([changed, again]).toEqual(
    Array.from({ length: 2 }, () => ({ state: "up", host: "127.0.0.1", port: wanted })),
  );
  stage.tick();
  await sleep(20);
  expect(ingress.view.state).toBe("up");
  expect(await (await fetch(ingress.url)).text()).toBe("hello");
  await ingress.close();
  await expect(fetch(ingress.url)).rejects.toThrow();
});
