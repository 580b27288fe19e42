import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readProcess } from "../../local/process.ts";
import { readConfig } from "../settings/config.ts";
import { openRig, until } from "./tunnel-rig.fixture.ts";

test("TUNNEL-1: a quick tunnel leads to ingress alone, whatever the owner's configuration of cloudflared says", async () => {
  const rig = openRig();
  await rig.open("cloudflared");
  const view = await rig.state("up");
  expect(view).toMatchObject({
    by: "cloudflared",
    url: "https://seasonal-deck-organisms-1.trycloudflare.com",
    isLasting: false,
  });
  expect(rig.readArgs("cloudflared")).toEqual([
    "tunnel --no-autoupdate --config /dev/null --url http://127.0.0.1:8788",
  ]);
  expect(rig.told.publicUrl).toBe(view.url);
});

test("TUNNEL-2: one that dies is started again, and its new address is told with the earlier one", async () => {
  const rig = openRig();
  rig.set("cloudflared.mode", "dies");
  await rig.open("cloudflared");
  const view = await rig.state("down");
  expect(view.reason).toContain("timeout: no recent network activity");
  expect(rig.told.publicUrl).toBeUndefined();
  rig.set("cloudflared.mode", "ok");
  rig.clock.pass(1_000);
  await rig.state("up");
  expect(rig.addresses).toEqual([
    ["https://seasonal-deck-organisms-1.trycloudflare.com", undefined],
    [
      "https://seasonal-deck-organisms-2.trycloudflare.com",
      "https://seasonal-deck-organisms-1.trycloudflare.com",
    ],
  ]);
  expect(readConfig(rig.home.config).tunnel?.lastUrl).toBe(rig.addresses[1]?.[0]);
});

test.each([
  ["cloudflared", "rate-limited", /no more quick tunnels .*\(429\); wait/],
  ["cloudflared", "no-network", /Cloudflare cannot be reached .*; check its network/],
  ["cloudflared", "out-of-order", /out of order; try again later/],
  ["tailscale", "stopped", /does not run on this machine; start it/],
  ["tailscale", "logged-out", /"tailscale up"/],
  ["tailscale", "denied", /only root .*; run: sudo tailscale set --operator=\$USER/],
  ["tailscale", "taken", /taken by another serve or funnel .*; "tailscale funnel status"/],
  ["ngrok", "not-signed-in", /not signed in; run "ngrok config add-authtoken/],
  ["ngrok", "one-agent", /runs an agent already.*; end the other one/],
  ["ngrok", "new-error", /ERR_NGROK_9999; see https:\/\/ngrok\.com\/docs\/errors\/err_ngrok_9999/],
] as const)(
  "%s, %s: the reason says what to do, and it is tried seldom",
  async (tool, mode, reason) => {
    const rig = openRig();
    rig.set(`${tool}.mode`, mode);
    await rig.open(tool);
    expect((await rig.state("down")).reason).toMatch(reason);
    const starts = rig.readArgs(tool).length;
    rig.clock.pass(30_000);
    expect(rig.readArgs(tool)).toHaveLength(starts);
    rig.set(`${tool}.mode`, "ok");
    rig.clock.pass(30_000);
    await rig.state("up");
  },
);

test("TUNNEL-4: nobody is told of an address that somebody else answers at, and everybody once it leads here", async () => {
  const rig = openRig();
  await rig.open("cloudflared");
  await rig.state("up");
  const [first] = rig.addresses;
  rig.reached.answer = { kind: "other", reason: "another Sluice answers" };
  await rig.open("cloudflared", { name: "hooks", url: "https://hooks.example.com" });
  await rig.state("unproven");
  expect(rig.addresses).toEqual([first]);
  expect(readConfig(rig.home.config).tunnel?.lastUrl).toBe(first?.[0]);
  expect(rig.tunnel.isProven).toBe(false);
  rig.reached.answer = { kind: "us" };
  rig.clock.pass(5_000);
  await rig.state("up");
  // It names its address with each of its four connections.
  expect(rig.addresses).toEqual([first, ["https://hooks.example.com", first?.[0]]]);
  expect(rig.tunnel.isProven).toBe(true);
  rig.clock.pass(600_000);
  expect(rig.addresses).toHaveLength(2);
});

test("a look that comes back after the program has ended does not tell that its address stands", async () => {
  const rig = openRig();
  const look = Promise.withResolvers<void>();
  rig.reached.wait = look.promise;
  rig.set("cloudflared.mode", "dies");
  await rig.open("cloudflared");
  await rig.state("down");
  look.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  expect(rig.tunnel.view?.state).toBe("down");
  expect(rig.addresses).toEqual([]);
});

test("a named tunnel has the address that its owner gave, and says where to sign in", async () => {
  const rig = openRig();
  const named = { name: "hooks", url: "https://hooks.example.com" };
  rig.set("cloudflared.mode", "not-signed-in");
  await rig.open("cloudflared", named);
  expect((await rig.state("down")).reason).toContain('"cloudflared tunnel login"');
  rig.set("cloudflared.mode", "ok");
  await rig.open("cloudflared", named);
  expect(await rig.state("up")).toMatchObject({
    url: "https://hooks.example.com",
    isLasting: true,
  });
  expect(rig.readArgs("cloudflared").at(-1)).toBe(
    "tunnel --no-autoupdate run --url http://127.0.0.1:8788 hooks",
  );
  await expect(rig.open("cloudflared", { name: "hooks" })).rejects.toThrow("--tunnel-url");
});

test("a funnel that its owner has to allow first waits with the link, and goes on by itself", async () => {
  const rig = openRig();
  rig.set("tailscale.mode", "not-allowed");
  await rig.open("tailscale");
  const view = await rig.state("down");
  expect(view.reason).toContain("https://login.tailscale.com/f/funnel?node=nqbTHZ2CNTRL");
  // It is not ended for having no address.
  rig.clock.pass(600_000);
  expect(readProcess(view.pid ?? 0)).toBeDefined();
});

test("a funnel of the owner's to the same port is used as it is, and a taken port is left alone", async () => {
  const rig = openRig();
  const web = (host: string, target: string): string =>
    JSON.stringify({
      TCP: { "443": { HTTPS: true } },
      Web: { [host]: { Handlers: { "/": { Proxy: target } } } },
      AllowFunnel: { [host]: true },
    });
  rig.set("tailscale.status", web("box.tail9f6f81.ts.net:443", "http://127.0.0.1:8788"));
  await rig.open("tailscale");
  expect(await rig.state("up")).toMatchObject({
    url: "https://box.tail9f6f81.ts.net",
    isFound: true,
  });
  rig.set("tailscale.status", web("box.tail9f6f81.ts.net:443", "http://127.0.0.1:3000"));
  await rig.open("tailscale");
  expect(await rig.state("up")).toMatchObject({ url: "https://box.tail9f6f81.ts.net:8443" });
  expect(rig.readArgs("tailscale").at(-1)).toBe("funnel --https=8443 http://127.0.0.1:8788");
  rig.set("tailscale.status", web("evil.test/path:443", "http://127.0.0.1:8788"));
  await rig.open("tailscale");
  expect((await rig.state("down")).reason).toContain('"https://evil.test/path" as its address');
  expect(rig.told.publicUrl).not.toContain("evil");
});

test("ngrok is asked for an address of one's own, and keeps no requests", async () => {
  const rig = openRig();
  await rig.open("ngrok", { url: "https://mine.ngrok.app" });
  expect(await rig.state("up")).toMatchObject({ url: "https://mine.ngrok.app", isLasting: true });
  expect(rig.readArgs("ngrok").at(-1)).toContain("--inspect=false");
});

test("one that gives no address is ended and started again", async () => {
  const rig = openRig();
  rig.set("cloudflared.mode", "silent");
  await rig.open("cloudflared");
  await until(() => rig.readArgs("cloudflared").length === 1, "its start");
  rig.set("cloudflared.mode", "ok");
  rig.clock.pass(45_000);
  expect((await rig.state("down")).reason).toContain("no address in 45 s");
  rig.clock.pass(1_000);
  await rig.state("up");
});

test("no other program is started in its name", async () => {
  const rig = openRig();
  await expect(rig.open("cloudflared", { program: "/bin/sh" })).rejects.toThrow(
    "/bin/sh is not cloudflared",
  );
  expect(readConfig(rig.home.config).tunnel).toBeUndefined();
});

test("a program that is not there is named", async () => {
  const rig = openRig();
  await rig.open("cloudflared", { program: "/nowhere/cloudflared" });
  expect((await rig.state("down")).reason).toContain("/nowhere/cloudflared");
});

test("TUNNEL-3: what a killed hub left behind is ended before the next one starts", async () => {
  const rig = openRig();
  await rig.open("cloudflared");
  const { pid = 0 } = await rig.state("up");
  // The earlier hub was killed: nobody closes its tunnel.
  const next = rig.again();
  await next.open();
  await until(() => next.view?.state === "up", "the next one");
  expect(next.view?.pid).not.toBe(pid);
  expect(readProcess(pid)).toBeUndefined();
});

test("a note that is no note keeps no hub from its tunnel", async () => {
  const rig = openRig();
  writeFileSync(join(rig.home.path, "tunnel.json"), "{", { mode: 0o600 });
  await rig.tunnel.open();
  await rig.open("cloudflared");
  await rig.state("up");
});

test("LOOK-1: a machine that wakes looks at once, and not when its timers come to it", async () => {
  const rig = openRig();
  await rig.open("cloudflared");
  await rig.state("up");
  const { asked } = rig.reached;
  rig.reached.answer = { kind: "nothing", reason: "no connection" };
  rig.clock.pass(60_000);
  expect(rig.reached.asked).toBe(asked);
  rig.clock.sleep(8 * 3_600_000);
  rig.clock.pass(15_000);
  expect(rig.reached.asked).toBe(asked + 1);
  await rig.state("unproven");
  // The network is back a moment later.
  rig.reached.answer = { kind: "us" };
  rig.clock.pass(15_000);
  await rig.state("up");
});

test("LOOK-2: without a network the address is kept; where somebody else answers there, it is lost", async () => {
  const rig = openRig();
  rig.reached.answer = { kind: "nothing", reason: "no connection" };
  await rig.open("cloudflared");
  await rig.state("unproven");
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 5_000) {
      rig.clock.pass(5_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await pass(600_000);
  expect(rig.readArgs("cloudflared")).toHaveLength(1);
  rig.reached.answer = { kind: "other", reason: "answers with 530" };
  await pass(300_000);
  await until(() => rig.readArgs("cloudflared").length > 1, "a second start");
});

test("a tunnel of one's own is known by its address, and checked all the same", async () => {
  const rig = openRig();
  rig.reached.answer = { kind: "other", reason: "https://hooks.example.com answers with 404" };
  await rig.open("own", { url: "https://hooks.example.com" });
  expect(await rig.state("unproven")).toMatchObject({ url: "https://hooks.example.com" });
  rig.reached.answer = { kind: "us" };
  rig.clock.pass(5_000);
  await rig.state("up");
});

test("TUNNEL-5: a new tunnel that is not reached is taken back, the earlier one stands again, and nobody has heard of the new one", async () => {
  const rig = openRig();
  await rig.open("tailscale");
  const { url } = await rig.state("up");
  rig.set("cloudflared.mode", "rate-limited");
  await rig.open("cloudflared");
  await rig.state("down");
  // Tried once more by its owner.
  rig.set("cloudflared.mode", "ok");
  rig.reached.answer = { kind: "other", reason: "somebody else answers" };
  await rig.open("cloudflared");
  await rig.state("unproven");
  rig.reached.answer = { kind: "us" };
  await rig.tunnel.putBack();
  expect(await rig.state("up")).toMatchObject({ by: "tailscale", url });
  expect(readConfig(rig.home.config).tunnel).toMatchObject({ by: "tailscale", lastUrl: url });
  expect(new Set(rig.addresses.map(([told]) => told))).toEqual(new Set([url]));
  // There is nothing before it.
  await rig.tunnel.putBack();
  expect(rig.tunnel.view).toBeUndefined();
});

test("it follows ingress to another port, and ends when it is taken away", async () => {
  const rig = openRig();
  await rig.open("cloudflared");
  await rig.state("up");
  rig.ingress.url = "http://0.0.0.0:9000";
  await rig.tunnel.follow();
  const { pid = 0 } = await rig.state("up");
  expect(rig.readArgs("cloudflared").at(-1)).toContain("--url http://127.0.0.1:9000");
  await rig.tunnel.change(undefined);
  expect(rig.tunnel.view).toBeUndefined();
  expect(readProcess(pid)).toBeUndefined();
  expect(rig.told.publicUrl).toBeUndefined();
  expect(readConfig(rig.home.config).tunnel).toBeUndefined();
});

test("where ingress asks for client certificates, none is opened", async () => {
  const rig = openRig();
  rig.ingress.asksForCertificates = true;
  await expect(rig.open("cloudflared")).rejects.toThrow("client certificates");
  expect(readConfig(rig.home.config).tunnel).toBeUndefined();
});
