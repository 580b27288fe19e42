/**
 * Parts of flow and ingress, with what they are given of the hub.
 *
 * Owns: where it may be said that an event waits. Never: what a part does with it (flow/tools/tool.ts, flow/deliver/deliver.ts,
 * flow/send/presence.ts, ingress/app.ts).
 */
import type { Prompts } from "../flow/prompt/prompt.ts";
import { askToSend } from "../flow/tools/ask-to-send.ts";
import type { ToolOptions } from "../flow/tools/contract.ts";
import type { HubAccess } from "./access.ts";
import { addCode, type AddCodeRequest, reloadCode } from "./authored/add-code.ts";
import type { SessionWords } from "./authored/session-words.ts";
import type { Authored } from "./authored/authored.ts";
import { confirmSubscription } from "./channels/confirm.ts";
import type { Channels } from "./channels/channels.ts";
import type { Connections } from "./channels/connections.ts";
import { openSessionTimers } from "./channels/session-timers.ts";
import type { Core } from "./core.ts";
import type { Inbound } from "./inbound.ts";
import type { Outbox } from "./outbox.ts";
import { createIngressApp } from "../ingress/receive.ts";
import type { IngressPort } from "./ingress-port.ts";
import { isBusy } from "../flow/session/attachment.ts";
import { Presence } from "../flow/send/presence.ts";
import { isHeld, parseAddress } from "../flow/route/route.ts";
import { listPrompts } from "../store/prompts/prompts.ts";
import type { Env } from "../local/home.ts";
import { toMessage } from "../sdk/errors.ts";
import { isAlive } from "../local/process.ts";
import { Delivery } from "../flow/deliver/deliver.ts";
import type { Host } from "../flow/lanes/host.ts";
import { Projects } from "./git/projects.ts";
import type { Status } from "./status/status.ts";
import type { Settings } from "./settings/settings.ts";
import type { PublicReach } from "./tunnel/open-reach.ts";

export type ToolsNeeds = {
  delivery: Delivery;
  channels: Pick<Channels, "add" | "canReply" | "connected" | "list" | "remove">;
  connections: Pick<Connections, "find">;
  access: Pick<HubAccess, "policy">;
  inbound: Pick<Inbound, "files">;
  outbox: Pick<Outbox, "queued" | "settled">;
  prompts: Pick<Prompts, "ask" | "wait">;
  words: Pick<SessionWords, "read">;
};

/** How long a session's call stands still for a person; clients give up on a tool after a minute. */
const ASK_TO_SEND_MS = 45_000;

export function openTools({ db, clock, home }: Core, needs: ToolsNeeds): ToolOptions {
  const { delivery, channels, connections, access, inbound, outbox, prompts, words } = needs;
  return {
    db,
    clock,
    delivery,
    canReply: (channel) => channels.canReply(channel),
    replied: outbox.queued,
    aboutChannels: () => words.read(),
    timers: openSessionTimers(channels),
    outbound: {
      home: home.path,
      isConnected: (channel) => channels.connected().includes(channel),
      connection: (channel) => connections.find(channel),
      settled: outbox.settled,
      fetchFile: (event, position) => inbound.files.fetch(event, position),
      askToSend: (attachment, question) =>
        askToSend({ db, prompts, waitMs: ASK_TO_SEND_MS }, attachment, question),
      isContact: (channel, chatId) => access.policy.isContact(channel, chatId),
    },
  };
}

/** A channel that has nothing more to do goes, as its owner would remove it: a timer that has rung. */
export function removeWhenOver(
  { log }: Core,
  { channels, connections }: { channels: Channels; connections: Connections },
): void {
  connections.onOver((channel) => {
    channels.remove(channel).catch((thrown: unknown) => {
      // It says so again when the hub starts next.
      log.warn({ channel, error: toMessage(thrown) }, "a channel that is over was not removed");
    });
  });
}

/** Code of channels, once a person has confirmed it. */
export function openCode({ home }: Core, needs: { channels: Channels; authored: Authored }) {
  const all = { home, ...needs };
  return {
    add: (request: AddCodeRequest) => addCode(all, request),
    reload: (name: string, request: Pick<AddCodeRequest, "folder" | "digest" | "secrets">) =>
      reloadCode(all, name, request),
  };
}

type IngressNeeds = {
  port: Pick<IngressPort, "serve">;
  channels: Pick<Channels, "receiving">;
  inbound: Pick<Inbound, "receive" | "count">;
  outbox: Pick<Outbox, "replies">;
  status: Pick<Status, "noteRefused" | "noteToken">;
  reach: Pick<PublicReach, "answer">;
};

export function serveIngress({ log, clock }: Core, needs: IngressNeeds): void {
  const { port, channels, inbound, outbox, status, reach } = needs;
  const count = inbound.count.bind(inbound);
  const app = createIngressApp({
    channels: channels.receiving,
    accept: inbound.receive,
    count,
    confirm: (channel, confirm) => confirmSubscription({ log }, channel, confirm),
    tell: status.noteToken,
    refused: status.noteRefused,
    health: reach.answer,
    replies: outbox.replies.stream.bind(outbox.replies),
    log,
    clock: clock.now.bind(clock),
  });
  port.serve({ app, count });
}

type PresenceNeeds = {
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
      hasTaker: (address) => {
        // Who listens then is asked then.
        if (isHeld(parseAddress(address))) return true;
        const { attachment } = delivery.router.owner(address);
        return attachment !== undefined && delivery.readPolicy(attachment) === undefined;
      },
    },
    showTyping: (channel, chatId, activity, threadId) =>
      connections.find(channel)?.typing?.(chatId, activity, threadId ?? undefined),
    mark: (channel, chatId, messageId, sign) =>
      connections.find(channel)?.mark?.(chatId, messageId, sign),
    // The page itself says whether anybody listens.
    saysNobody: (channel) => channels.kindOf(channel) !== "chat",
    saysApproval: (channel, chatId) =>
      channels.kindOf(channel) !== "chat" && !access.policy.isApproverChat(channel, chatId),
    queued: outbox.queued,
  });
}

export function openDelivery(
  { db, clock, log }: Core,
  env: Env,
  settings: Settings,
  hosts: readonly Host[],
): { delivery: Delivery; projects: Projects; close(): void } {
  const projects = new Projects(env, clock);
  const { readRefusal: readPolicy, readQuiet, readRules, isShown } = settings;
  const delivery = new Delivery({
    db,
    clock,
    log,
    isAlive,
    readProject: projects.read.bind(projects),
    readPolicy,
    readQuiet,
    readRules,
    isShown,
    lanes: hosts.map(({ lane }) => lane),
  });
  const close = (): void => {
    projects.close();
    delivery.close();
  };
  return { delivery, projects, close };
}
