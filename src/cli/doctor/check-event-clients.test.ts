import { expect, test } from "vitest";
import type { EventClientsView, EventTakeView } from "../../api/wire/event-client-wire.ts";
import { checkEventClients, toEventClientSteps } from "./check-event-clients.ts";

const URL = "http://127.0.0.1:8789/mcp";
const CLIENT = { name: "desk", channels: ["*"], unverified: false, loopback: false, createdAt: 1 };

const view = (more: Partial<EventClientsView>): EventClientsView => ({
  state: "up",
  url: URL,
  clients: [],
  ...more,
});
const callback = (
  active: boolean,
  lastError: string | null,
  host = "desk.test",
): EventTakeView => ({
  name: "jobs.run",
  arguments: {},
  callback: { host, active, lastError, expiresAt: 9 },
});

test("where MCP clients are answered, or none is given anything, there is nothing to say", () => {
  const subscriptions = [callback(true, "timeout"), { name: "jobs.run", arguments: {} }];
  expect(checkEventClients(view({ clients: [{ ...CLIENT, subscriptions }] }))).toEqual([]);
  expect(toEventClientSteps(view({ state: "off" }))).toEqual([]);
});

test("a port that another program has is a failure with the next step", () => {
  const reason =
    "port 8789 is another program's; end it, or choose another with SLUICE_EVENTS_PORT";
  expect(checkEventClients(view({ state: "down", reason }))).toEqual([
    {
      check: "mcp events",
      ok: false,
      detail: `no MCP client can connect to ${URL}: port 8789 is another program's`,
      fix: "end it, or choose another with SLUICE_EVENTS_PORT",
    },
  ]);
  expect(toEventClientSteps(view({ state: "down", reason }))).toEqual([
    `mcp events: no MCP client can connect to ${URL}: ${reason}`,
  ]);
  expect(checkEventClients(view({ state: "down", reason: "EACCES" }))[0]?.fix).toBe(
    "it is tried again by itself",
  );
});

test("callbacks that are suspended are one line for each client, which says how they go on", () => {
  const subscriptions = [
    callback(false, "timeout"),
    callback(false, "http_5xx"),
    callback(false, null, "other.test"),
    callback(true, null),
  ];
  expect(checkEventClients(view({ clients: [{ ...CLIENT, subscriptions }] }))).toMatchObject([
    {
      check: "mcp events desk",
      ok: false,
      detail:
        "3 callbacks are suspended: desk.test, other.test failed too often (timeout, http_5xx)",
      fix: expect.stringContaining("once desk renews its subscription") as string,
    },
  ]);
  const [step] = toEventClientSteps(
    view({ clients: [{ ...CLIENT, subscriptions: [callback(false, null)] }] }),
  );
  expect(step).toMatch(/^mcp events desk: 1 callback is suspended: desk\.test failed too often; /);
});
