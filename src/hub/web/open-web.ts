/**
 * Opens the browser's side of the hub, with the other parts of the hub that it needs.
 *
 * Owns: connecting the page to the channel `chat`. Never: the work of its parts.
 */
import type { Env } from "../../local/home.ts";
import type { Delivery } from "../../flow/deliver/deliver.ts";
import type { Prompts } from "../../flow/prompt/prompt.ts";
import type { Away } from "../../flow/prompt/notify/away.ts";
import type { HubAccess } from "../access.ts";
import { CHAT_CHANNEL } from "../settings/channel-name.ts";
import type { Channels } from "../channels/channels.ts";
import type { Connections } from "../channels/connections.ts";
import type { Core } from "../core.ts";
import type { Inbound } from "../inbound.ts";
import { readPromptSettings } from "../prompts.ts";
import type { Status } from "../status/status.ts";
import { WebDoor } from "./door.ts";
import { Web } from "./web.ts";

export type WebNeeds = {
  door: WebDoor;
  delivery: Delivery;
  channels: Pick<Channels, "add" | "kindOf">;
  connections: Pick<Connections, "lendPage">;
  access: Pick<HubAccess, "policy" | "notifyOwner">;
  prompts: Prompts;
  away: Away;
  status: Status;
  inbound: Pick<Inbound, "accept">;
  isDemo: boolean;
};

/** @throws SluiceError `bad_config` for a SLUICE_WEB_PORT that is none. */
export function openWebDoor(core: Core, env: Env, access: WebNeeds["access"]): WebDoor {
  return new WebDoor({ ...core, ...toOwnerLines(access), env });
}

export function openWeb(core: Core, needs: WebNeeds): Web {
  const { door, delivery, channels, connections, access, prompts, away, status, inbound } = needs;
  const { isDemo } = needs;
  const web = new Web({
    ...core,
    ...toOwnerLines(access),
    door,
    take: (arrival) => inbound.accept(arrival, core.clock.now()),
    findKind: (channel) => channels.kindOf(channel),
    addChannel: (kind) => channels.add({ kind, twoWay: false, allowUnsigned: false }),
    countListening: status.countListening,
    describeStatus: status.describe,
    prompts,
    away,
    delivery,
    isDemo,
    readAfterMs: () => readPromptSettings(core.home, core.log).afterMs,
  });
  connections.lendPage(CHAT_CHANNEL, web.page);
  return web;
}

function toOwnerLines({ policy, notifyOwner }: WebNeeds["access"]) {
  return {
    note: (actor: string, action: string, detail: string) => policy.note(actor, action, detail),
    notifyOwner,
  };
}
