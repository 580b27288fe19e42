/** A real hub whose only way out is a proxy, to platforms over TLS with an authority of their own, which no name here leads to. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { read } from "../../src/api/client/client.ts";
import type { Check } from "../../src/cli/doctor/check.ts";
import type { ChannelView } from "../../src/api/wire/wire.ts";
import { Certificates, Wire } from "../../src/sdk/wire.fixture.ts";
import { FakeNtfy, FAKE_TOKEN as NTFY_TOKEN } from "../fakes/ntfy/fake-ntfy.ts";
import { FakeProxy } from "../fakes/proxy/fake-proxy.ts";
import { FAKE_TOKEN as BOT_TOKEN, FakeTelegram } from "../fakes/telegram/fake-telegram.ts";
import { openRig, type Rig, until } from "./rig.ts";

const NAME = "ann-of-the-proxy";
const PASSWORD = "not for anybody";

const folder = mkdtempSync(join(tmpdir(), "sluice-proxy-"));
const certificates = new Certificates();
let telegram: FakeTelegram;
let ntfy: FakeNtfy;
let front: Wire;
let proxy: FakeProxy;
let rig: Rig;

beforeAll(async () => {
  telegram = await FakeTelegram.open();
  ntfy = await FakeNtfy.open();
  front = await Wire.open(Number(new URL(telegram.root).port), certificates);
  proxy = await FakeProxy.open();
  proxy.demands = `${NAME}:${PASSWORD}`;
  proxy.names
    .set("platform.test", front.front.port)
    .set("ntfy.test", Number(new URL(ntfy.root).port));
  const authority = join(folder, "ca.pem");
  writeFileSync(authority, certificates.pems.good.cert);
  rig = openRig({
    env: {
      HTTPS_PROXY: proxy.toUrl(`${NAME}:${encodeURIComponent(PASSWORD)}`),
      http_proxy: proxy.toUrl(`${NAME}:${encodeURIComponent(PASSWORD)}`),
      NO_PROXY: "elsewhere.test",
      NODE_EXTRA_CA_CERTS: authority,
      // With it node's own requests ask the proxy for this machine, too.
      NODE_USE_ENV_PROXY: "1",
    },
  });
  await rig.startHub();
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await proxy.close();
  await front[Symbol.asyncDispose]();
  await telegram.close();
  await ntfy.close();
  certificates[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

async function channel(name: string): Promise<ChannelView | undefined> {
  return (await read(rig.api.channels.$get())).find((one) => one.name === name);
}

/** What people read of a channel, in three places. */
async function readOf(name: string): Promise<string[]> {
  const [status, channels, doctor] = await Promise.all([
    rig.run("status"),
    rig.run("channels", "--json"),
    rig.run("doctor", "--json"),
  ]);
  const checks = JSON.parse(doctor.stdout) as Check[];
  const check = checks.find((one) => one.check === `channel ${name}`);
  const view = (JSON.parse(channels.stdout) as ChannelView[]).find((one) => one.name === name);
  return [
    status.stdout.replaceAll(/\s+/g, " "),
    `${view?.state}: ${view?.reason}`,
    `${check?.ok}: ${check?.detail}; ${check?.fix}`,
  ];
}

test("channels connect through the proxy, with TLS and without; this machine is asked directly", async () => {
  await rig.addChannel({
    kind: "telegram",
    secret: BOT_TOKEN,
    settings: { "api-root": "https://platform.test" },
  });
  await rig.addChannel({
    kind: "ntfy",
    secret: NTFY_TOKEN,
    settings: { server: "http://ntfy.test", topic: "builds" },
  });
  for (const name of ["telegram", "ntfy"])
    await until(`${name} is connected`, async () => (await channel(name))?.state === "ok");
  expect(proxy.asked).toContain("CONNECT platform.test:443");
  expect(proxy.asked.some((line) => line.startsWith("GET http://ntfy.test/builds/json"))).toBe(
    true,
  );
  const before = proxy.asked.length;
  const hooks = await rig.addChannel({ kind: "webhook" });
  expect((await rig.run("doctor", "--probe", "--wait", "1s")).stdout).toMatch(/probe ingress/);
  expect((await rig.run("channels")).stdout).toContain(hooks.name);
  expect(proxy.asked.slice(before).filter((line) => /127\.0\.0\.1|localhost/.test(line))).toEqual(
    [],
  );
});

test.each([
  {
    what: "407",
    says: /the proxy HOST refuses the name and password of HTTPS_PROXY \(407\).*sluice down, then sluice up/,
    begin: (): void => void (proxy.demands = "another:secret"),
  },
  {
    what: "502",
    says: /the proxy HOST did not get through to platform\.test \(502\)/,
    begin: (): void => void (proxy.mode = { status: 502 }),
  },
  {
    what: "silence",
    says: /no connection in \d+ s \(waiting for the proxy HOST\)/,
    begin: (): void => void (proxy.mode = "hang"),
  },
])(
  "a proxy's $what stands in status, channels and doctor, without the sign-in; afterwards it goes on",
  async ({ says, begin }) => {
    const pattern = new RegExp(says.source.replace("HOST", proxy.host));
    begin();
    proxy.cut();
    await until("the channel says so", async () =>
      pattern.test((await channel("telegram"))?.reason ?? ""),
    );
    for (const text of await readOf("telegram")) {
      expect(text).toMatch(pattern);
      expect(text).not.toContain(NAME);
      expect(text).not.toContain(PASSWORD);
      expect(text).not.toContain(encodeURIComponent(PASSWORD));
    }
    const log = await rig.run("doctor");
    expect(log.stdout).toContain(proxy.host);
    proxy.mode = "pass";
    proxy.demands = `${NAME}:${PASSWORD}`;
    proxy.cut();
    await until("it goes on", async () => (await channel("telegram"))?.state === "ok");
  },
);

test("a channel that cannot be added for a proxy's refusal says why", async () => {
  proxy.demands = "another:secret";
  const settings = { "api-root": "https://platform.test" };
  const secret = `${BOT_TOKEN}2`;
  await expect(
    rig.addChannel({ kind: "telegram", name: "second", secret, settings }),
  ).rejects.toThrow(
    `telegram: getMe: no connection: the proxy ${proxy.host} refuses the name and password of HTTPS_PROXY (407)`,
  );
});
