/**
 * Puts together presence: the status that people in chats see at their message.
 *
 * Owns: the chats in which it may be shown. Never: the status itself (flow/send/presence.ts).
 */
import { isBusy } from "../flow/session/attachment.ts";
import type { Delivery } from "../flow/deliver/deliver.ts";
import { Presence } from "../flow/send/presence.ts";
import { listPrompts } from "../store/prompts/prompts.ts";
import type { HubAccess } from "./access.ts";
import type { Channels } from "./channels/channels.ts";
import type { Connections } from "./channels/connections.ts";
import type { Core } from "./core.ts";
import type { Outbox } from "./outbox.ts";

export type PresenceNeeds = {
  delivery: Delivery;
  channels: Pick<Channels, "kindOf">;
  connections: Pick<Connections, "find" | "names">;
  access: Pick<HubAccess, "policy">;
  outbox: Pick<Outbox, "queued">;
};

export function openPresence({ db, clock, log }: Core, needs: PresenceNeeds): Presence {
  const { delivery, channels, connections, access, outbox } = needs;
  return new Presence({
    db,
    clock,
    log,
    channels: () => connections.names(),
    look: {
      isBusy: (id) => {
        const attachment = delivery.leases.find(id);
        return attachment !== undefined && isBusy(attachment, clock.now());
      },
      waitsForApproval: (attachment) =>
        listPrompts(db, { state: "pending", attachment, limit: 1 }).length > 0,
      hasTaker: (address) =>
        delivery.policy === undefined && delivery.router.owner(address).attachment !== undefined,
    },
    showTyping: (channel, chatId, activity) =>
      connections.find(channel)?.typing?.(chatId, activity),
    mark: (channel, chatId, messageId, sign) =>
      connections.find(channel)?.mark?.(chatId, messageId, sign),
    // The page itself says whether anybody listens.
    saysNobody: (channel) => channels.kindOf(channel) !== "chat",
    saysApproval: (channel, chatId) =>
      channels.kindOf(channel) !== "chat" && !access.policy.isApproverChat(channel, chatId),
    queued: outbox.queued,
  });
}
