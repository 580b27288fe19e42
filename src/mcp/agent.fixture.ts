/**
 * An agent that takes events with the AI SDK: its client, and its receiver on a real port.
 *
 * Owns: both for one test. Never: claims.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  createMCPClient,
  experimental_createMCPEventWebhook as createMCPEventWebhook,
} from "@ai-sdk/mcp";
import { getRequestListener } from "@hono/node-server";
import { onTestFinished } from "vitest";

type WebhookOptions = Parameters<typeof createMCPEventWebhook>[0];
type KeptSubscription = NonNullable<Awaited<ReturnType<WebhookOptions["store"]["get"]>>>;

export async function openAgent(server: string, token: string) {
  const kept = new Map<string, KeptSubscription>();
  const store = {
    get: async (key: string) => kept.get(key),
    getById: async (id: string) => [...kept.values()].find((one) => one.id === id),
    set: async (one: KeptSubscription) => void kept.set(one.key, one),
    update: async (key: string, changes: Partial<KeptSubscription>) => {
      const one = kept.get(key);
      if (one !== undefined) kept.set(key, { ...one, ...changes });
    },
    delete: async (key: string) => void kept.delete(key),
  };
  const got: unknown[] = [];
  // The SDK's own store and handler types are experimental: what is given to them is what their guide shows.
  const handle = createMCPEventWebhook({
    store,
    onEvent: async ({ event }: { event: unknown }) => void got.push(event),
  } as never);
  const receiver = createServer(getRequestListener(handle));
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    receiver.close();
    receiver.closeAllConnections();
  });
  const client = await createMCPClient({
    transport: { type: "http", url: server, headers: { authorization: `Bearer ${token}` } },
    experimental_events: { store: store as never },
  });
  onTestFinished(() => client.close());
  const { port } = receiver.address() as AddressInfo;
  return { client, got, url: `http://127.0.0.1:${port}/hook` };
}
