// The bridge: an event of a foreign MCP server, read by the model of a real session.
import { expect } from "vitest";

import type { EventView } from "../../src/api/wire/wire.ts";
import { openSdkEventServer } from "../../src/channels/mcp-events/sdk-server.fixture.ts";
import { toRead } from "./api-request.ts";
import { listReadings } from "./readings.ts";
import { sessionTest } from "./sluice-test.ts";
import { waitUntil } from "./wait.ts";

sessionTest(
  "an event of a foreign server, made with the MCP SDK, is read once by the session that is open",
  {},
  async ({ api, client, sluice, defer }) => {
    const server = await openSdkEventServer();
    defer(() => server.close());
    await sluice.run(
      "add",
      "mcp-events",
      "--server",
      server.url,
      "--event",
      "build.finished",
      "--name",
      "builds",
    );
    // It begins now: what is told before the first poll is not its own.
    await waitUntil(async () => (server.asked.get("events/poll") ?? 0) > 0 || undefined, {
      timeoutMs: 60_000,
      what: "a first poll",
    });
    server.tell("b-1", { title: "ferry is red on main", url: "https://ci.example.com/ferry/88" });
    const event = await waitUntil(
      async () => {
        const lines = await sluice.run("inbox", "--channel", "builds", "--json");
        const [one] = lines
          .split("\n")
          .filter((line) => line !== "")
          .map((line) => JSON.parse(line) as EventView);
        return one?.state === "done" ? one : undefined;
      },
      { timeoutMs: 60_000, what: "the event of the server, done" },
    );
    await client.waitForIdle();
    const read = api.requests
      .map((request) => toRead(request))
      .find((one) => one.includes(event.id));
    expect(read).toContain("Event build.finished of 127.0.0.1");
    expect(read).toContain("title: ferry is red on main");
    expect(read).toContain("https://ci.example.com/ferry/88");
    expect(listReadings(api, event.id).map(({ replayed }) => replayed)).toEqual([false]);
  },
);
