/**
 * How senders elsewhere reach this hub: the tunnel, its check from outside, and the platforms' hooks that follow its address.
 *
 * Owns: how these hang together, and what the owner is told of a new address. Never: what one of them does.
 */
import type { HookRequest, HookView, RemovedHookView } from "../../api/wire/tunnel-wire.ts";
import type { TunnelRequest, TunnelView } from "../../api/wire/tunnel-wire.ts";
import type { Env } from "../../local/home.ts";
import { toMessage } from "../../sdk/errors.ts";
import type { Channels } from "../channels/channels.ts";
import type { Core } from "../core.ts";
import type { IngressPort } from "../ingress-port.ts";
import { Hooks } from "./hooks.ts";
import { OutsideCheck } from "./outside-check.ts";
import { Tunnel } from "./tunnel.ts";

type ReachNeeds = {
  env: Env;
  ingress: IngressPort;
  channels: Channels;
  notifyOwner: (text: string) => void;
};

export type PublicReach = {
  readonly tunnel: TunnelView | undefined;
  /** For ingress: the answer to a nonce of our own. */
  answer(nonce: string): string | undefined;
  findNote(channel: string): string | undefined;
  change(tunnel: TunnelRequest | undefined): Promise<TunnelView | undefined>;
  putBack(): Promise<TunnelView | undefined>;
  /** Ingress may have another port. */
  follow(): Promise<void>;
  makeHook(channel: string, request: HookRequest): Promise<HookView>;
  removeHooks(channel: string): Promise<RemovedHookView[]>;
  /** After its secret was changed. */
  updateHooks(channel: string): Promise<void>;
  /** Once ingress is open. Nothing waits for it. */
  open(): void;
  close(): Promise<void>;
};

export function openReach({ home, clock, log }: Core, needs: ReachNeeds): PublicReach {
  const { env, ingress, channels, notifyOwner } = needs;
  const outside = new OutsideCheck();
  const tunnel = new Tunnel({ home, env, clock, log, ingress, outside });
  const isProven = () => tunnel.isProven;
  const hooks = new Hooks({ home, env, clock, log, channels, isProven });
  tunnel.onUrl((url, before) => {
    void hooks.follow();
    if (before === undefined || before === url) return;
    followSigned(channels, { url, before, local: ingress.url }).catch((thrown: unknown) =>
      log.error({ error: toMessage(thrown) }, "a channel's signed URL was not changed"),
    );
    const text = toNewAddressText(channels, url, before);
    if (text !== undefined) notifyOwner(text);
  });
  return {
    get tunnel() {
      return tunnel.view;
    },
    answer: outside.answer,
    findNote: (channel) => hooks.findNote(channel),
    change: (request) => tunnel.change(request),
    putBack: () => tunnel.putBack(),
    follow: () => tunnel.follow(),
    makeHook: (channel, request) => hooks.make(channel, request),
    removeHooks: (channel) => hooks.remove(channel),
    updateHooks: (channel) => hooks.update(channel, true),
    open: () => {
      tunnel.open().catch((thrown: unknown) => {
        log.error({ error: toMessage(thrown) }, "the tunnel could not be opened");
      });
    },
    close: () => {
      hooks.close();
      return tunnel.close();
    },
  };
}

/** Senders that sign the URL that they call sign the new one, once they are told it. */
async function followSigned(
  channels: Channels,
  { url, before, local }: { url: string; before: string; local: string },
): Promise<void> {
  for (const { config } of channels.list()) {
    const { name, settings } = config;
    const signed = settings?.["url"];
    if (signed !== `${before}/in/${name}` && signed !== `${local}/in/${name}`) continue;
    await channels.keep(name, { settings: { ...settings, url: `${url}/in/${name}` } });
  }
}

/** Undefined where nobody has to be told: every platform's end follows by itself. */
function toNewAddressText(channels: Channels, url: string, before: string): string | undefined {
  const names = channels
    .list()
    .filter(({ config, channel }) => channel !== undefined && (config.hooks ?? []).length === 0)
    .map(({ config }) => config.name);
  if (names.length === 0) return undefined;
  return `Sluice: the public address is now ${url}, and no more ${before}. Tell it to the senders of ${names.join(", ")}; "sluice channels" shows their URLs.`;
}
