/**
 * The configured channels, live: ingress looks them up, the owner adds and removes them.
 *
 * Owns: making channels of config and secrets, and writing changes back. Never: receives or stores an event.
 *
 * CHANNELS-1 A channel whose secret is missing or unusable does not open, and says why; the others do.
 * CHANNELS-2 The file is written before the change counts; a fault leaves both as they were.
 * CHANNELS-3 Changes of one channel are made one after the other: two requests that add one name would overwrite each other's secret.
 */
import type { RotatedView } from "../../api/wire/request-wire.ts";
import type { AddedChannel } from "../../api/wire/wire.ts";
import type { People } from "../../flow/access/admin.ts";
import type { Access, ChatRules } from "../../flow/intake/gate.ts";
import type { RequestTemplate } from "../../sdk/channel.ts";
import { SluiceError, toMessage } from "../../sdk/errors.ts";
import { findScheme } from "../../verify/find-scheme.ts";
import { openVerifier } from "../../verify/verifier.ts";
import { type KeptCode, removeCode } from "../authored/kept-code.ts";
import { loadDefinition, settleSettings } from "./catalogue.ts";
import { ChannelList, type ListedChannel, toPeople } from "./channel-list.ts";
import { checkPlatform } from "./check-platform.ts";
import {
  changeConfig,
  type ChannelConfig,
  type HubConfig,
  readConfig,
} from "../settings/config.ts";
import type { IngressChannel } from "../../ingress/contract.ts";
import {
  checkIgnore,
  checkTemplate,
  type PutSteps,
  toChannelConfig,
  toIgnored,
} from "./new-channel.ts";
import { type AddRequest, toPlatformSecret, toSecrets, withNamed } from "./new-secrets.ts";
import { rotate, type RotateRequest } from "./rotate.ts";
import { toAdded } from "./secret-words.ts";
import {
  type ChannelsOptions,
  eraseChannel,
  openChannel,
  toFrozen,
  toVerifierOptions,
  writeChannel,
} from "./open-channel.ts";
import { type CodeFacts, replaceCode, type ReplaceSteps } from "./replace-code.ts";
import { type ChannelSecrets, readSecrets, writeSecrets } from "./secrets.ts";
import { KeyedMutex } from "../keyed-mutex.ts";

/** How long `add` waits for a platform to take or refuse a credential. */
const CHECK_MS = 15_000;

type Changeable = Partial<Omit<ChannelConfig, "name" | "kind" | "scheme">>;

export class Channels {
  readonly #options: ChannelsOptions;
  readonly #list = new ChannelList();
  readonly #mutex = new KeyedMutex();
  readonly #leaving: ((name: string) => Promise<void>)[] = [];
  readonly #removed: ((name: string) => Promise<void>)[] = [];

  constructor(options: ChannelsOptions) {
    this.#options = options;
    options.oldKeys.onEnded((name) => void this.#mutex.run(name, () => this.#dropOldKeys(name)));
  }

  /** Opens every configured channel (CHANNELS-1). @throws SluiceError `bad_config` when the file cannot be read. */
  async load(): Promise<HubConfig> {
    const config = readConfig(this.#options.home.config);
    this.#options.authored.sweep(config.channels);
    for (const channel of config.channels) await this.#open(channel);
    return config;
  }

  list(): ListedChannel[] {
    return [...this.#list.entries.values()];
  }

  find(name: string): IngressChannel | undefined {
    return this.#list.entries.get(name)?.channel;
  }

  has(name: string): boolean {
    return this.#list.entries.has(name);
  }

  kindOf(name: string): string | undefined {
    return this.#list.entries.get(name)?.config.kind;
  }

  /** For ingress: those that take requests, configured or lent. */
  get receiving(): ReadonlyMap<string, IngressChannel> {
    return this.#list.receiving;
  }

  /** For the gate: what may come in. */
  get access(): ReadonlyMap<string, Access> {
    return this.#list.access;
  }

  /** Who may speak in the chats of a channel; until this is called nobody may. */
  readChatRules(read: (channel: string) => ChatRules | undefined): void {
    this.#list.readChatRules(read);
  }

  /** Has ingress know a channel that stands in no configuration and no list. Call the result to take it back. */
  lend(channel: IngressChannel): () => void {
    return this.#list.lend(channel);
  }

  /** Has `listener` know that a channel is another one than before. Call the result to hear no more. */
  onChanged(listener: () => void): () => void {
    return this.#list.onChanged(listener);
  }

  /** Has `step` run before a channel goes: a fault of it keeps the channel. */
  onLeaving(step: (name: string) => Promise<void>): void {
    this.#leaving.push(step);
  }

  /** Has `step` run after a channel has gone: another one of its name begins anew. */
  onRemoved(step: (name: string) => Promise<void>): void {
    this.#removed.push(step);
  }

  /** True where what a session says on it has somewhere to go. */
  canReply(name: string): boolean {
    const entry = this.#list.entries.get(name);
    return entry !== undefined && (entry.isConnected || entry.config.twoWay);
  }

  /** Who speaks on it. One that does not open may be of any kind: what is set there is kept. */
  peopleOf(name: string): People {
    return toPeople(name, this.#list.entries.get(name));
  }

  /** Channels with a connection of their own, whether it is up or not. */
  connected(): string[] {
    return this.list().flatMap(({ config, isConnected }) => (isConnected ? [config.name] : []));
  }

  toUrl(name: string): string {
    return `${this.#options.ingress.url}/in/${name}`;
  }

  /** As senders elsewhere call it; undefined without a tunnel. */
  toPublicUrl(name: string): string | undefined {
    const { publicUrl } = this.#options.ingress;
    return publicUrl === undefined ? undefined : `${publicUrl}/in/${name}`;
  }

  add(request: AddRequest): Promise<AddedChannel> {
    return this.#mutex.run(request.name ?? request.kind, () => this.#add(request));
  }

  /** Resolves to whether it was the place for notices, which then is none. */
  remove(name: string): Promise<{ endsNotices: boolean }> {
    return this.#mutex.run(name, async () => {
      this.#require(name);
      for (const step of this.#leaving) await step(name);
      const removed = await this.#remove(name);
      // At once, so that they share a transaction.
      await Promise.all(this.#removed.map((step) => step(name)));
      return removed;
    });
  }

  pause(name: string, paused: boolean): Promise<void> {
    return this.#mutex.run(name, () => this.#change(name, { paused }));
  }

  /** Changes whose own acts become no events. Resolves to the accounts that are ignored then. */
  ignore(name: string, change: { add: string[]; remove: string[] }): Promise<string[]> {
    return this.#mutex.run(name, async () => {
      const { config } = this.#require(name);
      checkIgnore(config.kind, (await loadDefinition(config.kind, config.settings)).canIgnore);
      const ignoreSenders = toIgnored(config.ignoreSenders ?? [], change);
      await this.#change(name, { ignoreSenders });
      return ignoreSenders;
    });
  }

  /** How requests are told from now on; undefined for the channel's own way. @throws SluiceError `bad_input`. */
  setTemplate(name: string, template: RequestTemplate | undefined): Promise<void> {
    return this.#mutex.run(name, () => {
      const { config } = this.#require(name);
      checkTemplate({ ...config, template });
      return this.#change(name, { template });
    });
  }

  /** What is kept of its platform's end, and the URL that its senders sign. */
  keep(name: string, change: Pick<Changeable, "hooks" | "settings" | "transcribe">): Promise<void> {
    return this.#mutex.run(name, () => this.#change(name, change));
  }

  /** @throws SluiceError `bad_secret`, `bad_input`. */
  rotate(name: string, request: RotateRequest): Promise<RotatedView> {
    const { home, clock } = this.#options;
    return this.#mutex.run(name, async () => {
      const { config } = this.#require(name);
      const before = readSecrets(home, name) ?? { keys: [] };
      const rotated = await rotate({ config, before, now: clock.now() }, request);
      writeSecrets(home, name, rotated.secrets);
      await this.#open(config);
      return { ...rotated.view, url: this.toUrl(name) + rotated.urlSecret };
    });
  }

  /** An author's channel whose form was checked. @throws SluiceError `conflict`, `bad_config`: then nothing is left of it. */
  put(config: ChannelConfig, secrets: ChannelSecrets, steps: PutSteps): Promise<void> {
    const { name } = config;
    return this.#mutex.run(name, async () => {
      this.#requireFree(name);
      const port = steps.needsPort ? await this.#toNewPort() : undefined;
      steps.before();
      try {
        writeChannel(this.#options.home, config, secrets, port);
      } catch (thrown) {
        await steps.undo();
        throw thrown;
      }
      await this.#open(config);
      const reason = this.#list.entries.get(name)?.reason;
      if (reason !== undefined) {
        await this.#remove(name);
        throw new SluiceError("bad_config", reason);
      }
      await this.#check(name, "bad_config");
    });
  }

  /** Other code for an author's channel. @throws SluiceError `bad_config`: then what ran before runs on. */
  replaceCode(name: string, code: KeptCode, steps: ReplaceSteps): Promise<void> {
    return this.#mutex.run(name, () =>
      replaceCode(code, steps, {
        ...this.#options,
        config: this.#require(name).config,
        freezePort: () => this.#toNewPort(),
        change: (change, port) => this.#change(name, change, port),
        reason: () => this.#list.entries.get(name)?.reason,
      }),
    );
  }

  async #toNewPort(): Promise<number | undefined> {
    const { home, ingress } = this.#options;
    return readConfig(home.config).ingress.frozen ? undefined : ingress.requirePort();
  }

  #requireFree(name: string): void {
    if (!this.#list.entries.has(name)) return;
    throw new SluiceError(
      "conflict",
      `a channel "${name}" exists; choose another with --name, or "sluice remove ${name}" first`,
    );
  }

  async #add(asked: AddRequest): Promise<AddedChannel> {
    const { home } = this.#options;
    const settings = await settleSettings(asked.kind, asked.settings, asked);
    const request = { ...asked, settings };
    const definition = await loadDefinition(request.kind, request.settings);
    const isReceiving = definition.receive !== undefined;
    const port = isReceiving ? await this.#toNewPort() : undefined;
    const config = toChannelConfig(request, definition, this.#options.ingress);
    const known = this.#list.entries.get(config.name);
    if (known !== undefined && this.#waitsForCredential(known, request))
      return this.#renew(known.config, request);
    this.#requireFree(config.name);
    if (definition.canReply && !isReceiving) this.#refuseTwin(config.kind, request.secret);
    const checked = await checkPlatform(definition, request);
    const row = isReceiving ? findScheme({ ...config, own: definition.ownSchemes }) : undefined;
    const made = withNamed(
      row === undefined ? toPlatformSecret(request) : toSecrets(request, row, definition),
      request,
    );
    if (row !== undefined && !config.allowUnsigned)
      openVerifier(toVerifierOptions(config, made.secrets, definition));
    writeChannel(home, config, made.secrets, port);
    await this.#open(config);
    if (definition.open !== undefined) await this.#check(config.name);
    const base = this.toUrl(config.name);
    const publicBase = this.toPublicUrl(config.name);
    return toAdded({ config, definition, row, made, checked, base, publicBase });
  }

  async #remove(name: string): Promise<{ endsNotices: boolean }> {
    this.#require(name);
    const endsNotices = eraseChannel(this.#options.home, name);
    this.#options.oldKeys.forget(name);
    this.#list.delete(name);
    await this.#options.connections.end(name);
    this.#options.authored.forget(name);
    await removeCode(this.#options.home, name);
    return { endsNotices };
  }

  async #change(name: string, change: Changeable & CodeFacts, port?: number): Promise<void> {
    const entry = this.#require(name);
    const config = { ...entry.config, ...change };
    changeConfig(this.#options.home.config, (before) => ({
      ...before,
      ingress: toFrozen(before.ingress, port),
      channels: before.channels.map((channel) =>
        channel.name === name ? { ...channel, ...change } : channel,
      ),
    }));
    await this.#open(config);
  }

  /** A credential that the platform refuses is told at once, and leaves no channel behind. */
  async #check(name: string, code: "bad_secret" | "bad_config" = "bad_secret"): Promise<void> {
    const { connections } = this.#options;
    await connections.opened(name, CHECK_MS);
    const state = connections.state(name);
    if (state?.kind !== "paused") return;
    await this.#remove(name);
    throw new SluiceError(code, state.reason);
  }

  /** True where the platform has refused the credential that it has, and this is another one for it. */
  #waitsForCredential(known: ListedChannel, { kind, secret }: AddRequest): boolean {
    const { connections } = this.#options;
    const isRefused = connections.state(known.config.name)?.kind === "paused";
    return known.isConnected && isRefused && known.config.kind === kind && secret !== undefined;
  }

  /** A new credential in place of a refused one: the channel's settings, its people and its place in the chats stay. */
  async #renew(config: ChannelConfig, request: AddRequest): Promise<AddedChannel> {
    const definition = await loadDefinition(config.kind, config.settings);
    const { secret } = request;
    // The same first secret may come again, with another one beside it.
    this.#refuseTwin(config.kind, secret, config.name);
    const { home } = this.#options;
    const secrets = { ...readSecrets(home, config.name)?.named, ...request.secrets };
    const { settings } = config;
    const { account } = await checkPlatform(definition, { secret, secrets, settings });
    writeSecrets(home, config.name, withNamed(toPlatformSecret(request), { secrets }).secrets);
    await this.#open(config);
    await this.#options.connections.opened(config.name, CHECK_MS);
    const { name, kind } = config;
    const nextStep = "nothing: the channel goes on with its people and settings as they were";
    return { name, kind, ...(account === undefined ? {} : { account }), nextStep };
  }

  /** Two connections with one credential would take each other's messages away. */
  #refuseTwin(kind: string, secret: string | undefined, except?: string): void {
    if (secret === undefined) return;
    const twin = this.list().find(
      ({ config }) =>
        config.kind === kind &&
        config.name !== except &&
        readSecrets(this.#options.home, config.name)?.keys[0]?.secret.reveal() === secret,
    );
    if (twin === undefined) return;
    throw new SluiceError(
      "conflict",
      `channel "${twin.config.name}" has this credential already; "sluice remove ${twin.config.name}" first`,
    );
  }

  #require(name: string): ListedChannel {
    const entry = this.#list.entries.get(name);
    if (entry !== undefined) return entry;
    const names = [...this.#list.entries.keys()].join(", ") || "none";
    throw new SluiceError("not_found", `no channel "${name}"; configured: ${names}`);
  }

  /** OLDKEYS-1: out of the file as well. */
  async #dropOldKeys(name: string): Promise<void> {
    const entry = this.#list.entries.get(name);
    const secrets = entry && readSecrets(this.#options.home, name);
    if (entry === undefined || secrets === undefined) return;
    writeSecrets(this.#options.home, name, this.#options.oldKeys.watch(name, secrets));
    await this.#open(entry.config);
  }

  async #open(config: ChannelConfig): Promise<void> {
    try {
      this.#list.set(await openChannel(config, this.#options));
    } catch (thrown) {
      // CHANNELS-1: closed, and visible as such; nobody gets in by a secret that is not there.
      const reason = toMessage(thrown);
      this.#list.set({ config, channel: undefined, isConnected: false, reason });
      const { log } = this.#options;
      log.error({ channel: config.name, error: toMessage(thrown) }, "channel does not open");
    }
  }
}
