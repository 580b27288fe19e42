/**
 * The owner's MCP clients: when their port is open, and what becomes of it where another program has it.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeFolder, openDatabase } from "../store/sample.fixture.ts";
import { VirtualClock } from "../testing/virtual-clock.ts";
import type { Core } from "./core.ts";
import { EventClients } from "./event-clients.ts";

function open(env: Record<string, string>) {
  const path = join(makeFolder(), "home");
  const log: string[] = [];
  const note = (_: object, message: string): void => void log.push(message);
  const clock = new VirtualClock();
  const core = {
    db: openDatabase(),
    clock,
    log: { debug: note, info: note, warn: note, error: note },
    // Nothing here looks into a home.
    home: { path } as Core["home"],
  };
  const removed: ((name: string) => Promise<void>)[] = [];
  const clients = new EventClients(core, env, {
    channels: {
      has: (name) => name === "alerts",
      list: () => [],
      onChanged: () => () => {},
      onRemoved: (step) => void removed.push(step),
    },
  });
  onTestFinished(() => clients.close());
  return { clients, clock, log, remove: (name: string) => removed[0]?.(name) };
}

const REQUEST = { name: "ci", channels: ["alerts"], unverified: false, loopback: false };

test("EVENTCLIENTS-1: without a client there is no port; the last one that goes closes it", async () => {
  const { clients } = open({ SLUICE_EVENTS_PORT: "0" });
  await clients.open();
  expect(clients.list()).toMatchObject({ state: "off", clients: [] });
  const { url, token } = await clients.add(REQUEST);
  expect(clients.list()).toMatchObject({ state: "up", url, clients: [{ name: "ci" }] });
  const ask = (by: string) =>
    fetch(url, { method: "POST", headers: { authorization: `Bearer ${by}` }, body: "{}" });
  expect((await ask(token)).status).toBe(415);
  const next = await clients.rotate("ci");
  expect((await ask(token)).status).toBe(401);
  expect((await ask(next.token)).status).toBe(415);
  await clients.remove("ci");
  expect(clients.list()).toMatchObject({ state: "off" });
  await expect(ask(next.token)).rejects.toThrow();
  await expect(clients.rotate("ci")).rejects.toThrow(/no MCP client "ci"/);
  await expect(clients.remove("ci")).rejects.toThrow(/no MCP client "ci"/);
});

test("a port that another program has is named, waited for, and never another one", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  const { clients, clock, log } = open({ SLUICE_EVENTS_PORT: String(port) });
  await clients.add(REQUEST);
  const view = () => clients.list();
  expect(view()).toMatchObject({ state: "down", reason: expect.stringContaining(`port ${port}`) });
  await clock.advance(30_000);
  expect(view()).toMatchObject({ state: "down" });
  await new Promise((resolve) => other.close(resolve));
  await expect
    .poll(async () => {
      await clock.advance(10_000);
      return view();
    })
    .toMatchObject({ state: "up", url: `http://127.0.0.1:${port}/mcp` });
  expect(log.filter((line) => line.includes("cannot"))).toHaveLength(1);
});

test("EVENTCLIENTS-3: a channel that is removed is withdrawn; one that there is not is given to nobody", async () => {
  const { clients, remove } = open({ SLUICE_EVENTS_PORT: "0" });
  await clients.add({ ...REQUEST, channels: ["alerts", "*", "alerts"] });
  await expect(clients.add(REQUEST)).rejects.toThrow(/already/);
  await expect(clients.add({ ...REQUEST, name: "b", channels: ["none"] })).rejects.toThrow(/none/);
  await remove("alerts");
  expect(clients.list().clients).toMatchObject([{ channels: ["*"] }]);
  expect(() => open({ SLUICE_EVENTS_PORT: "x" })).toThrow(/SLUICE_EVENTS_PORT/);
});
