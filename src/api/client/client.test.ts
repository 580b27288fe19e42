import { serve } from "@hono/node-server";
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { Hono } from "hono";
import { expect, onTestFinished, test } from "vitest";
import { makeFolder } from "../../store/sample.fixture.ts";
import { openClient, read } from "./client.ts";

/** A hub that says which call it heard, and with which name. */
async function openHub(): Promise<ReturnType<typeof openClient>> {
  const app = new Hono()
    .post("/v1/sessions/:name/label", (c) => c.json({ labelled: c.req.param("name") }))
    .all("*", (c) => c.json({ other: c.req.path }));
  const socket = join(makeFolder(), "hub.sock");
  const server = serve({ fetch: app.fetch, createServer, port: 0, autoCleanupIncoming: false });
  server.close();
  await once(server, "close");
  await once(server.listen(socket), "listening");
  const client = openClient(() => socket);
  onTestFinished(() => {
    client.close();
    server.close();
  });
  return client;
}

test.each(["app (feature/login)", "fix #12", "50% done", "a?b=c", "../../hub/stop?", "ü", "a%2Fb"])(
  'a session may be called "%s": the name stays a name',
  async (name) => {
    const { api } = await openHub();
    const call = api.sessions[":name"].label.$post({ param: { name }, json: { label: "x" } });
    expect(await read(call)).toEqual({ labelled: name });
  },
);

test.each(["", ".", ".."])('"%s" is no name, and is not sent', async (name) => {
  const { api } = await openHub();
  const call = async () =>
    read(api.sessions[":name"].label.$post({ param: { name }, json: { label: "x" } }));
  await expect(call()).rejects.toThrow(`"${name}" is no name or id`);
});
