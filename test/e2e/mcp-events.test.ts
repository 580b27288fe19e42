/**
 * MCP Events on the whole program: a client that the command line made takes GitHub's events with the MCP SDK's own client, over HTTP and
 * over stdio, and the session's half is left as it was.
 */
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { openAgent } from "../../src/mcp/agent.fixture.ts";
import { CLI, openRigWithHub } from "./rig.ts";
import { GITHUB_SECRET, postGithub } from "./senders.ts";

type Made = { url: string; token: string };

const result = z.looseObject({
  events: z.array(z.looseObject({ name: z.string(), eventId: z.string().optional() })),
  cursor: z.string().optional(),
});

async function connect(transport: Parameters<Client["connect"]>[0], mode: "legacy" | "auto") {
  const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
  await client.connect(transport);
  onTestFinished(() => client.close());
  const ask = (method: string, params: object = {}) =>
    client.request({ method, params } as never, result as never) as unknown as Promise<
      z.output<typeof result>
    >;
  return { client, ask };
}

test("EVENTCLIENTS-1, EVENTCLIENTS-2: a client made at the command line takes a webhook's event by HTTP and stdio, as the MCP SDK speaks them", async () => {
  await using rig = await openRigWithHub({ env: { SLUICE_EVENTS_PORT: "0" } });
  const github = await rig.addChannel({ kind: "github", secret: GITHUB_SECRET });
  const off = JSON.parse((await rig.run("access", "client", "list", "--json")).stdout) as object;
  expect(off).toMatchObject({ state: "off", clients: [] });

  const made = await rig.run("access", "client", "add", "ci", "--channel", "github", "--json");
  expect(made).toMatchObject({ code: 0, stderr: "" });
  const { url, token } = JSON.parse(made.stdout) as Made;
  expect(await rig.run("access", "client", "add", "ci", "--channel", "github")).toMatchObject({
    code: 1,
  });
  expect(await rig.run("access", "client", "add", "no", "--channel", "none")).toMatchObject({
    code: 1,
  });
  expect(await rig.run("access", "client", "add", "no")).toMatchObject({ code: 2 });

  const headers = { authorization: `Bearer ${token}` };
  const http = (mode: "legacy" | "auto") =>
    connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }), mode);
  const modern = await http("auto");
  const legacy = await http("legacy");
  const stdio = await connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [CLI, "mcp", "--events", "--client", "ci"],
      env: { ...rig.env },
    }),
    "legacy",
  );
  const clients = [modern, legacy, stdio];
  const subscription = { name: "github.workflow_run", arguments: {} };
  const cursors = await Promise.all(
    clients.map(async ({ client, ask }) => {
      expect(client.getServerCapabilities()).toMatchObject({
        extensions: { "io.modelcontextprotocol/events": {} },
      });
      expect((await ask("events/list")).events.map(({ name }) => name)).toContain(
        subscription.name,
      );
      return (await ask("events/poll", subscription)).cursor;
    }),
  );
  const posted = await postGithub(github, { deliveryId: "guid-1" });
  expect(posted.status).toBe(202);
  for (const [index, { ask }] of clients.entries()) {
    const { events, cursor } = await ask("events/poll", {
      ...subscription,
      cursor: cursors[index],
    });
    expect(events).toMatchObject([
      {
        eventId: "guid-1",
        data: { id: posted.id, channel: "github", kind: "workflow_run.completed" },
      },
    ]);
    expect((await ask("events/poll", { ...subscription, cursor })).events).toEqual([]);
  }
  // No session has seen it.
  expect((await rig.event(posted.id)).state).toBe("stored");
  expect((await rig.trace(posted.id)).takenBy).toMatchObject([
    { client: "ci", name: subscription.name },
  ]);
  const listed = await rig.run("access", "client", "list");
  expect(listed.stdout).toContain("github.workflow_run");

  // EVENTCLIENTS-3
  await rig.run("remove", "github");
  await rig.addChannel({ kind: "github", secret: GITHUB_SECRET });
  const list = await rig.run("access", "client", "list", "--json");
  expect(JSON.parse(list.stdout)).toMatchObject({ clients: [{ name: "ci", channels: [] }] });
  expect((await modern.ask("events/list")).events.map(({ name }) => name)).toEqual([
    "sluice.event",
  ]);
  expect((await rig.run("access", "client", "remove", "ci")).code).toBe(0);
  await expect(modern.ask("events/list")).rejects.toThrow();
  await expect(stdio.ask("events/list")).rejects.toThrow(/no MCP client "ci"/);
});

test("a notification of a stream comes over stdio, and a cancelled one ends", async () => {
  await using rig = await openRigWithHub({ env: { SLUICE_EVENTS_PORT: "0" } });
  const github = await rig.addChannel({ kind: "github", secret: GITHUB_SECRET });
  await rig.run("access", "client", "add", "ci", "--channel", "*");
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [CLI, "mcp", "--events", "--client", "ci"],
    env: { ...rig.env },
  });
  const heard: { method?: string; id?: unknown; params?: { eventId?: string } }[] = [];
  transport.onmessage = (message) => void heard.push(message as (typeof heard)[number]);
  await transport.start();
  onTestFinished(() => transport.close());
  const methods = () => heard.map(({ method }) => method);
  const send = (message: object) => transport.send({ jsonrpc: "2.0", ...message } as never);
  await send({ id: 7, method: "events/stream", params: { name: "github", arguments: {} } });
  await expect.poll(methods).toEqual(["notifications/events/active"]);
  await postGithub(github, { deliveryId: "guid-1" });
  await expect.poll(() => heard.at(-1)?.params?.eventId).toBe("guid-1");
  await send({ method: "notifications/cancelled", params: { requestId: 7 } });
  await send({ id: 8, method: "ping" });
  await expect.poll(() => heard.at(-1)?.id).toBe(8);
  await postGithub(github, { deliveryId: "guid-2" });
  await send({ id: 9, method: "ping" });
  await expect.poll(() => heard.at(-1)?.id).toBe(9);
  expect(methods().filter((method) => method === "notifications/events/event")).toHaveLength(1);
});

test("Sluice's GitHub channel into an agent of the AI SDK, by a callback on this machine that the owner allowed", async () => {
  await using rig = await openRigWithHub({ env: { SLUICE_EVENTS_PORT: "0" } });
  const github = await rig.addChannel({ kind: "github", secret: GITHUB_SECRET });
  const add = (name: string, ...flags: string[]) =>
    rig.run("access", "client", "add", name, "--channel", "github", "--json", ...flags);
  const { url, token } = JSON.parse((await add("agent", "--loopback")).stdout) as Made;
  const agent = await openAgent(url, token);
  const subscribe = {
    name: "github.workflow_run",
    delivery: { mode: "webhook", url: agent.url, allowInsecureLocalhost: true },
  } as const;
  await agent.client.experimental_events.subscribe(subscribe);
  const posted = await postGithub(github, { deliveryId: "guid-1" });
  await expect
    .poll(() => agent.got)
    .toMatchObject([
      { eventId: "guid-1", data: { id: posted.id, channel: "github", trust: "untrusted" } },
    ]);
  expect((await rig.trace(posted.id)).takenBy).toMatchObject([{ client: "agent" }]);
  const strict = await openAgent(url, (JSON.parse((await add("strict")).stdout) as Made).token);
  await expect(strict.client.experimental_events.subscribe(subscribe)).rejects.toThrow(
    /--loopback/,
  );
});
