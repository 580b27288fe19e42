/**
 * Adds an author's channel whose code a person has confirmed, and puts new code in the place of old.
 *
 * Owns: what is refused, and that nothing is half added. Never: asks anybody (the command line did), or runs the code.
 */
import { randomBytes } from "node:crypto";
import type { z } from "zod";
import { TAKEN_TOOLS } from "../../sdk/author/define.ts";
import type { AddedChannel, addCodeSchema, ReloadView } from "../../api/wire/wire.ts";
import type { Home } from "../../local/home.ts";
import type { ChannelOutline } from "../../sdk/author/describe.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { Secret } from "../../sdk/secret.ts";
import { isSchemeName } from "../../verify/schemes.ts";
import { CHANNEL_KINDS } from "../channels/catalogue.ts";
import type { Channels } from "../channels/channels.ts";
import type { ChannelSecrets } from "../channels/secrets.ts";
import { PROBE_CHANNEL } from "../settings/channel-name.ts";
import type { ChannelConfig } from "../settings/config.ts";
import type { Authored } from "./authored.ts";
import { listWebhooks } from "./doors.ts";
import { keepCode, type KeptCode, openNewCode, removeCode } from "./kept-code.ts";

const DEFAULT_RATE = 50;

export type AddCodeRequest = z.output<typeof addCodeSchema>;

export type AddCodeNeeds = {
  home: Home;
  channels: Channels;
  authored: Authored;
};

/** @throws SluiceError `bad_input`, `bad_secret`, `conflict`, `bad_config`: then nothing has changed. */
export async function addCode(
  { home, channels, authored }: AddCodeNeeds,
  request: AddCodeRequest,
): Promise<AddedChannel> {
  const code = await openNewCode(home, request.folder, request.digest);
  const { outline } = code.manifest;
  const name = request.name ?? outline.kind;
  checkCode(code, name, { channels, authored });
  const secrets = toSecrets(outline, request.secrets);
  const config = toConfig(request, code, name);
  await channels.put(config, secrets, {
    needsPort: isReceiving(outline),
    before: () => keepCode(home, name, code),
    undo: () => removeCode(home, name),
  });
  const urls = listWebhooks(outline).map(({ suffix }) => channels.toUrl(name + suffix));
  const made = secrets.keys[0]?.secret.reveal();
  return {
    name,
    kind: outline.kind,
    scheme: config.scheme,
    ...(urls[0] === undefined ? {} : { url: urls[0] }),
    ...(made === undefined ? {} : { token: made }),
    ...(secrets.listen === undefined ? {} : { listenToken: secrets.listen.reveal() }),
    nextStep: toNextStep(name, urls),
  };
}

/** New code for a channel that is there. Its people, its secrets and its place in the inbox stay. */
export async function reloadCode(
  { home, channels, authored }: AddCodeNeeds,
  name: string,
  request: Pick<AddCodeRequest, "folder" | "digest" | "secrets">,
): Promise<ReloadView> {
  const code = await openNewCode(home, request.folder, request.digest);
  const before = authored.manifestOf(name);
  if (before === undefined)
    throw new SluiceError("not_found", `channel "${name}" does not run code of its own`);
  const { outline } = code.manifest;
  if (outline.kind !== before.outline.kind)
    throw new SluiceError(
      "conflict",
      `its kind is "${outline.kind}" now, and was "${before.outline.kind}"; remove ${name}, then add the other one`,
    );
  checkTools(outline, name, authored);
  checkSchemes(outline);
  const made: Pick<ReloadView, "token" | "listenToken"> = {};
  await channels.replaceCode(name, code, {
    facts: toFacts(outline),
    needsPort: isReceiving(outline),
    toSecrets(kept) {
      const secrets = toSecrets(outline, { ...kept.named, ...request.secrets }, kept);
      const [key] = secrets.keys;
      if (kept.keys.length === 0 && key !== undefined) made.token = key.secret.reveal();
      if (kept.listen === undefined && secrets.listen !== undefined)
        made.listenToken = secrets.listen.reveal();
      return secrets;
    },
  });
  const [first] = listWebhooks(outline);
  const url = first === undefined ? {} : { url: channels.toUrl(name + first.suffix) };
  return { name, digest: code.digest, ...url, ...made };
}

function checkCode(
  { manifest: { outline, from } }: KeptCode,
  name: string,
  { channels, authored }: Pick<AddCodeNeeds, "channels" | "authored">,
): void {
  const { kind } = outline;
  if (name === PROBE_CHANNEL)
    throw new SluiceError(
      "bad_input",
      `"${name}" is the name of Sluice's own probe; choose another`,
    );
  const other = channels
    .list()
    .find(({ config }) => config.kind === kind && config.code?.from !== from);
  if (CHANNEL_KINDS.includes(kind) || other !== undefined)
    throw new SluiceError(
      "conflict",
      `${from}: the kind "${kind}" exists${other === undefined ? " in Sluice itself" : ` (channel ${other.config.name})`}; give the channel another one: kind: "my-${kind}"`.slice(
        0,
        600,
      ),
    );
  checkTools(outline, name, authored);
  checkSchemes(outline);
}

function checkTools({ tools }: ChannelOutline, name: string, authored: Authored): void {
  const others = authored.listTools().filter(({ channel }) => channel !== name);
  for (const tool of tools) {
    const other = others.find((one) => one.name === tool.name);
    if (other === undefined && !TAKEN_TOOLS.includes(tool.name)) continue;
    const whose = other === undefined ? "Sluice" : `channel ${other.channel}`;
    throw new SluiceError(
      "conflict",
      `tool ${tool.name}: ${whose} has a tool of this name; call yours ${name.replaceAll("-", "_")}_${tool.name}`,
    );
  }
}

function checkSchemes(outline: ChannelOutline): void {
  for (const { proof, name } of listWebhooks(outline))
    if (proof.kind === "scheme" && !isSchemeName(proof.scheme))
      throw new SluiceError("bad_config", `webhook ${name}: there is no scheme "${proof.scheme}"`);
}

/** Those that were given, and those that Sluice makes, where they are not there yet. */
function toSecrets(
  outline: ChannelOutline,
  given: Readonly<Record<string, string>>,
  kept: ChannelSecrets = { keys: [] },
): ChannelSecrets {
  const named: Record<string, string> = {};
  const optional = new Set(
    listWebhooks(outline).flatMap(({ proof }) =>
      proof.kind === "scheme" ? proof.secrets.slice(1) : [],
    ),
  );
  for (const key of outline.secrets) {
    const value = Object.hasOwn(given, key) ? given[key] : undefined;
    if (value !== undefined && value !== "") named[key] = value;
    else if (!optional.has(key))
      throw new SluiceError(
        "bad_secret",
        `the secret ${key} is missing; set the variable ${key}, or type it`,
      );
  }
  const isMade = listWebhooks(outline).some(({ proof }) => proof.kind === "made");
  const keys = kept.keys.length > 0 || !isMade ? kept.keys : [{ id: "k1", secret: newToken() }];
  const listen = outline.reply === "stream" ? { listen: kept.listen ?? newToken() } : {};
  return { keys, ...listen, ...(Object.keys(named).length > 0 ? { named } : {}) };
}

function newToken(): Secret {
  return new Secret(randomBytes(32).toString("base64url"));
}

function toConfig(
  request: AddCodeRequest,
  { digest, manifest }: KeptCode,
  name: string,
): ChannelConfig {
  const { outline, from } = manifest;
  const { allowUnsigned, ...facts } = toFacts(outline);
  return {
    name,
    kind: outline.kind,
    ...facts,
    paused: false,
    rate: request.rate ?? DEFAULT_RATE,
    ...(request.listener === undefined ? {} : { listener: request.listener }),
    ...(allowUnsigned ? { allowUnsigned } : {}),
    ...(request.ttlMs === undefined ? {} : { ttlMs: request.ttlMs }),
    ...(request.quota === undefined ? {} : { quota: request.quota }),
    ...(request.settings === undefined ? {} : { settings: request.settings }),
    code: { digest, from },
  };
}

/** What follows from the code, and changes with it. */
function toFacts(outline: ChannelOutline) {
  const [first] = listWebhooks(outline);
  return {
    scheme: toScheme(first?.proof),
    twoWay: outline.reply === "stream",
    allowUnsigned: listWebhooks(outline).some(({ proof }) => proof.kind === "local"),
  };
}

/** It receives, or has a stream. */
function isReceiving(outline: ChannelOutline): boolean {
  return listWebhooks(outline).length > 0 || outline.reply === "stream";
}

type Proof = ReturnType<typeof listWebhooks>[number]["proof"];

function toScheme(proof: Proof | undefined): string {
  if (proof === undefined) return "connection";
  if (proof.kind === "scheme") return proof.scheme;
  return proof.kind === "made" ? "bearer" : proof.kind === "local" ? "none" : "own";
}

function toNextStep(name: string, urls: readonly string[]): string {
  const [, ...more] = urls;
  return [
    `"sluice tail" shows what arrives on ${name}, and "sluice status" how it is doing`,
    ...more.map((url) => `it receives at ${url} too`),
  ].join("\n");
}
