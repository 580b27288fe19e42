/**
 * Opens a configured channel: its secrets, its proof, its connection or its process.
 *
 * Owns: what that takes for each kind. Never: which channels there are (channels.ts).
 */
import type { Logger } from "../../sdk/log.ts";
import type { IngressPort } from "../ingress-port.ts";
import type { Clock } from "../../sdk/clock.ts";
import type { IngressChannel } from "../../ingress/contract.ts";
import type { Home } from "../../local/home.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { Secret } from "../../sdk/secret.ts";
import type { ChannelDefinition } from "../../sdk/channel.ts";
import { toVerifyToken } from "../../verify/key.ts";
import { openVerifier, type VerifierOptions } from "../../verify/verifier.ts";
import type { Authored } from "../authored/authored.ts";
import { changeConfig, type ChannelConfig, type HubConfig } from "../settings/config.ts";
import { loadDefinition, settleSettings } from "./catalogue.ts";
import { toSenderWords } from "./sender-words.ts";
import type { ListedChannel } from "./channel-list.ts";
import { toNamedSecrets } from "./check-platform.ts";
import type { Connections } from "./connections.ts";
import { checkReach } from "./new-channel.ts";
import type { OldKeys } from "./old-keys.ts";
import { type ChannelSecrets, readSecrets, removeSecrets, writeSecrets } from "./secrets.ts";

const BURST_SECONDS = 10;

export type OpenNeeds = {
  home: Home;
  connections: Pick<Connections, "open" | "end" | "find">;
  authored: Pick<Authored, "prepare">;
  oldKeys: Pick<OldKeys, "watch">;
};

export type ChannelsOptions = {
  home: Home;
  log: Logger;
  /** Where senders reach us; its port is frozen at the first `add`. */
  ingress: Pick<IngressPort, "url" | "publicUrl" | "requirePort" | "isLoopback">;
  connections: Pick<Connections, "open" | "opened" | "state" | "end" | "find">;
  authored: Pick<Authored, "prepare" | "forget" | "sweep">;
  oldKeys: Pick<OldKeys, "watch" | "forget" | "onEnded">;
  clock: Clock;
};

/** @throws SluiceError: it stays closed. */
export async function openChannel(given: ChannelConfig, needs: OpenNeeds): Promise<ListedChannel> {
  if (given.code !== undefined) return openAuthored(given, needs);
  const { home, connections, oldKeys } = needs;
  const secrets = oldKeys.watch(given.name, readSecrets(home, given.name) ?? { keys: [] });
  const config = await settle(given, secrets);
  const definition = await loadDefinition(config.kind, config.settings);
  const { receive, open } = definition;
  if (config.twoWay) checkReach(config, definition.ownSchemes);
  if (receive !== undefined && secrets.keys.length === 0 && config.allowUnsigned !== true) {
    const name = config.name;
    throw new SluiceError(
      "bad_secret",
      `secrets/${name} is missing or holds no key; put it back, or "sluice remove ${name}" and add it again with a new secret`,
    );
  }
  const isConnected = open !== undefined && definition.canReply;
  if (open !== undefined && !config.paused) {
    const secret = secrets.keys[0]?.secret ?? new Secret("");
    await connections.open({
      name: config.name,
      open,
      secret,
      secrets: toNamedSecrets(secrets.named ?? {}),
      settings: config.settings ?? {},
      ...(config.ignoreSenders !== undefined && { ignoreSenders: config.ignoreSenders }),
    });
  } else {
    await connections.end(config.name);
  }
  if (receive === undefined) {
    const mute = definition.carriesVerdicts === false ? { carriesVerdicts: false as const } : {};
    const listed = { config, channel: undefined, isConnected, reason: undefined, ...mute };
    return isConnected ? listed : { ...listed, isInward: true };
  }
  const missing = new Set<string>();
  const channel: IngressChannel = {
    name: config.name,
    definition: {
      ...definition,
      receive: isConnected ? toLive(config.name, receive, needs) : receive,
    },
    options: {
      name: config.name,
      twoWay: config.twoWay,
      ...(config.allowTarget === true && { allowTarget: true }),
      ...(config.ignoreSenders !== undefined && { ignoreSenders: config.ignoreSenders }),
      ...(config.template !== undefined && {
        template: config.template,
        noteMissing: (paths) => noteMissing(missing, paths),
      }),
    },
    verifier:
      config.allowUnsigned === true
        ? "unsigned"
        : openVerifier(toVerifierOptions(config, secrets, definition)),
    paused: config.paused,
    ratePerSecond: config.rate,
    burst: Math.max(1, config.rate * BURST_SECONDS),
    ...(definition.preflight === undefined
      ? {}
      : {
          preflight: {
            rule: definition.preflight,
            // Who types the platform's own secret there has proved as much.
            tokens: secrets.keys.flatMap(({ secret }) => [toVerifyToken(secret), secret]),
          },
        }),
    ...(secrets.listen === undefined ? {} : { listenToken: secrets.listen }),
  };
  const sender = toSenderWords(config, definition);
  return { config, channel, isConnected, reason: undefined, missing, ...(sender && { sender }) };
}

async function settle(
  config: ChannelConfig,
  { keys, named }: ChannelSecrets,
): Promise<ChannelConfig> {
  const secret = keys[0]?.secret.reveal();
  const settings = await settleSettings(config.kind, config.settings, { secret, secrets: named });
  return settings === config.settings ? config : { ...config, settings: { ...settings } };
}

/** Of a channel that receives and has a connection: the connection takes its requests, where it does that and is there. */
function toLive(
  name: string,
  receive: NonNullable<ChannelDefinition["receive"]>,
  { connections }: Pick<OpenNeeds, "connections">,
): IngressChannel["definition"]["receive"] {
  return (request, options) => {
    const live = connections.find(name);
    return live?.receive === undefined ? receive(request, options) : live.receive(request);
  };
}

const MAX_MISSING = 10;

/** What a template names and the last request did not have; a request that has all of it clears that. */
function noteMissing(missing: Set<string>, paths: readonly string[]): void {
  missing.clear();
  for (const path of paths.slice(0, MAX_MISSING)) missing.add(path);
}

/** Of the owner's own code. Its process starts meanwhile: until then senders are told to come again. */
async function openAuthored(
  config: ChannelConfig,
  { home, authored, connections }: OpenNeeds,
): Promise<ListedChannel> {
  const { name, settings = {}, paused } = config;
  await connections.end(name);
  const secrets = readSecrets(home, name) ?? { keys: [] };
  const { doors, outline, open } = await authored.prepare(config, secrets);
  if (!paused) await connections.open({ name, open, secret: new Secret(""), settings });
  const [channel] = doors.values();
  const isConnected = outline.reply === "handler";
  return { config, channel, doors, outline, isConnected, reason: undefined };
}

export function toVerifierOptions(
  config: ChannelConfig,
  secrets: ChannelSecrets,
  { ownSchemes }: Pick<ChannelDefinition, "ownSchemes">,
): VerifierOptions {
  const { scheme, header, hmac, settings } = config;
  return {
    scheme,
    own: ownSchemes,
    header,
    hmac,
    url: settings?.["url"],
    credentials: secrets.keys.map(({ id, secret, until }) => ({ keyId: id, secret, until })),
  };
}

/** Senders know it from now on. */
export function toFrozen(
  ingress: HubConfig["ingress"],
  port: number | undefined,
): HubConfig["ingress"] {
  return ingress.frozen || port === undefined ? ingress : { ...ingress, port, frozen: true };
}

/** CHANNELS-2. `port`: frozen with it, where none is yet. */
export function writeChannel(
  home: Home,
  config: ChannelConfig,
  secrets: ChannelSecrets,
  port: number | undefined,
): void {
  const { keys, listen, named } = secrets;
  if (keys.length > 0 || listen !== undefined || named !== undefined)
    writeSecrets(home, config.name, secrets);
  try {
    changeConfig(home.config, (before) => ({
      ...before,
      ingress: toFrozen(before.ingress, port),
      channels: [...before.channels, config],
    }));
  } catch (thrown) {
    removeSecrets(home, config.name);
    throw thrown;
  }
}

/** Takes a channel out of the configuration, with its secrets. True where notices went to it: then they go nowhere. */
export function eraseChannel(home: Home, name: string): boolean {
  let endsNotices = false;
  changeConfig(home.config, ({ notices, ...before }) => {
    endsNotices = notices?.channel === name;
    return {
      ...before,
      // They would wait for a later channel of that name, which may be another's.
      ...(notices === undefined || endsNotices ? {} : { notices }),
      channels: before.channels.filter((channel) => channel.name !== name),
    };
  });
  removeSecrets(home, name);
  return endsNotices;
}
