/**
 * The parts of the hub that the tools of sessions get.
 *
 * Owns: nothing. Never: what a tool does (flow/tools/tool.ts).
 */
import type { Delivery } from "../flow/deliver/deliver.ts";
import type { ToolOptions } from "../flow/tools/contract.ts";
import type { HubAccess } from "./access.ts";
import type { Channels } from "./channels/channels.ts";
import type { Connections } from "./channels/connections.ts";
import type { Core } from "./core.ts";
import type { Inbound } from "./inbound.ts";
import type { Outbox } from "./outbox.ts";

export type ToolsNeeds = {
  delivery: Delivery;
  channels: Pick<Channels, "canReply" | "connected">;
  connections: Pick<Connections, "find">;
  access: Pick<HubAccess, "policy">;
  inbound: Pick<Inbound, "files">;
  outbox: Pick<Outbox, "queued" | "settled">;
};

export function openTools({ db, clock, home }: Core, needs: ToolsNeeds): ToolOptions {
  const { delivery, channels, connections, access, inbound, outbox } = needs;
  return {
    db,
    clock,
    delivery,
    canReply: (channel) => channels.canReply(channel),
    replied: outbox.queued,
    outbound: {
      home: home.path,
      isConnected: (channel) => channels.connected().includes(channel),
      connection: (channel) => connections.find(channel),
      settled: outbox.settled,
      fetchFile: (event, position) => inbound.files.fetch(event, position),
      isContact: (channel, chatId) => access.policy.isContact(channel, chatId),
    },
  };
}
