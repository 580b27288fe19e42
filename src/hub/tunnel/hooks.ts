/**
 * The platforms' ends of our webhooks: made when their owner asks for it, changed when the public address changes, removed with the
 * channel.
 *
 * Owns: which there are (in the channel's configuration), their order, and the tries. Never: the calls of a platform (its kind's folder).
 *
 * HOOKS-1 A hook that was made and could not be written down is removed again: nobody would know of it.
 * HOOKS-2 A platform that does not answer keeps no channel: what is left there is told.
 */
import type { HookRequest, HookView, RemovedHookView } from "../../api/wire/tunnel-wire.ts";
import type { Env, Home } from "../../local/home.ts";
import type { Clock } from "../../sdk/clock.ts";
import { SluiceError, toMessage } from "../../sdk/errors.ts";
import type { Logger } from "../../sdk/log.ts";
import type { HookCredential, HookEnd, PlatformHooks } from "../../sdk/platform-hooks.ts";
import { Secret } from "../../sdk/secret.ts";
import { loadDefinition } from "../channels/catalogue.ts";
import type { Channels } from "../channels/channels.ts";
import { readSecrets, writeSecrets } from "../channels/secrets.ts";
import { KeyedMutex } from "../keyed-mutex.ts";
import type { ChannelConfig } from "../settings/config.ts";

export type HooksOptions = {
  home: Home;
  env: Env;
  clock: Clock;
  log: Logger;
  channels: Pick<Channels, "list" | "keep" | "toPublicUrl" | "has">;
  /** Whether the public address is one that platforms may be led to: until then their ends stay where they are. */
  isProven: () => boolean;
};

type KeptHook = NonNullable<ChannelConfig["hooks"]>[number];

/** Under this name in the channel's secrets. */
const TOKEN = "HOOK_TOKEN";
/** A channel may have one of its own, for what it looks up. */
const API_TOKEN = "token";
const RETRY_MS = { first: 10_000, most: 600_000 };

export class Hooks {
  readonly #options: HooksOptions;
  readonly #mutex = new KeyedMutex();
  /** Why a hook is behind its address, by the channel's name. */
  readonly #behind = new Map<string, string>();
  readonly #closing = new AbortController();

  constructor(options: HooksOptions) {
    this.#options = options;
  }

  /** Why a channel's hooks do not lead here; undefined where they do. */
  findNote(name: string): string | undefined {
    return this.#behind.get(name);
  }

  close(): void {
    this.#closing.abort();
  }

  /** @throws SluiceError `conflict` without a public address, `bad_input`, and what the platform refuses. */
  make(name: string, request: HookRequest): Promise<HookView> {
    return this.#mutex.run(name, async () => {
      const { config, hooks } = await this.#require(name);
      const target = hooks.parseTarget(request.target);
      const end = this.#toEnd(name);
      const events = request.events.length === 0 ? [...hooks.events] : request.events;
      const credential = this.#toCredential(name, request.program, request.token);
      const place = { target, credential };
      const known = (config.hooks ?? []).find((one) => one.target === target);
      if (known !== undefined) await hooks.remove(place, known.id);
      const id = await hooks.make(place, end, events);
      const { program } = request;
      const made: KeptHook = {
        target,
        id,
        url: end.url,
        events,
        ...(request.token === undefined && program !== undefined ? { program } : {}),
      };
      const others = (config.hooks ?? []).filter((one) => one.target !== target);
      try {
        if (request.token !== undefined) this.#keepToken(name, request.token);
        await this.#options.channels.keep(name, { hooks: [...others, made] });
      } catch (thrown) {
        await hooks.remove(place, id); // HOOKS-1
        throw thrown;
      }
      return { target, id, url: end.url, events };
    });
  }

  /** Before its channel goes. HOOKS-2. */
  remove(name: string): Promise<RemovedHookView[]> {
    return this.#mutex.run(name, async () => {
      const kept = this.#find(name)?.hooks ?? [];
      this.#behind.delete(name);
      if (kept.length === 0) return [];
      const { hooks } = await this.#require(name);
      return Promise.all(
        kept.map(async ({ target, id, program }): Promise<RemovedHookView> => {
          try {
            const credential = this.#toCredential(name, program);
            await hooks.remove({ target, credential }, id);
            return { target, id };
          } catch (thrown) {
            return { target, id, reason: toMessage(thrown) };
          }
        }),
      );
    });
  }

  /** Has every hook lead to the channel's address of now, with its secret of now. Tried until it is so. */
  async follow(): Promise<void> {
    const { channels } = this.#options;
    await Promise.all(channels.list().map(({ config }) => this.update(config.name)));
  }

  /** `isNewSecret`: also those whose address is right. */
  async update(name: string, isNewSecret = false, failures = 0): Promise<void> {
    const { clock, log } = this.#options;
    if (this.#closing.signal.aborted) return;
    try {
      await this.#mutex.run(name, () => this.#change(name, isNewSecret));
      this.#behind.delete(name);
    } catch (thrown) {
      const reason = toMessage(thrown);
      log.warn({ channel: name, reason }, "a hook could not be changed");
      this.#behind.set(name, `its hook does not lead here yet: ${reason}`);
      const delayMs = Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** Math.min(failures, 10));
      clock.after(delayMs, () => void this.update(name, isNewSecret, failures + 1));
    }
  }

  async #change(name: string, isNewSecret: boolean): Promise<void> {
    const { channels, isProven } = this.#options;
    const kept = this.#find(name)?.hooks ?? [];
    const isLed = isProven();
    if (!isLed && !isNewSecret) return;
    const url = channels.toPublicUrl(name);
    const late = kept.filter((one) => isNewSecret || one.url !== url);
    if (url === undefined || late.length === 0) return;
    const { hooks } = await this.#require(name);
    let list = kept;
    for (const { target, id, program, url: earlier } of late) {
      const end = { ...this.#toEnd(name), url: isLed ? url : earlier };
      await hooks.change({ target, credential: this.#toCredential(name, program) }, id, end);
      list = list.map((one) =>
        one.id === id && one.target === target ? { ...one, url: end.url } : one,
      );
      // After each: of two hooks the second may fail.
      await channels.keep(name, { hooks: list });
    }
  }

  #find(name: string): ChannelConfig | undefined {
    return this.#options.channels.list().find(({ config }) => config.name === name)?.config;
  }

  async #require(name: string): Promise<{ config: ChannelConfig; hooks: PlatformHooks }> {
    const config = this.#find(name);
    if (config === undefined) throw new SluiceError("not_found", `no channel "${name}"`);
    const definition =
      config.code === undefined ? await loadDefinition(config.kind, config.settings) : undefined;
    const hooks = await definition?.hooks?.();
    if (hooks === undefined)
      throw new SluiceError(
        "bad_input",
        `Sluice can make no hook for ${config.kind}; follow the steps that "sluice add" has printed`,
      );
    return { config, hooks };
  }

  #toEnd(name: string): HookEnd {
    const url = this.#options.channels.toPublicUrl(name);
    if (url === undefined)
      throw new SluiceError(
        "conflict",
        'no public address leads here yet, so a hook would lead nowhere; open one: "sluice up --tunnel"',
      );
    const secret = readSecrets(this.#options.home, name)?.keys[0]?.secret;
    if (secret === undefined)
      throw new SluiceError(
        "bad_secret",
        `${name} has no secret that a hook could sign with; "sluice rotate ${name}" makes one`,
      );
    return { url, secret };
  }

  #toCredential(name: string, program?: string, token?: string): HookCredential {
    const { home, env } = this.#options;
    if (token !== undefined) return { kind: "token", token: new Secret(token) };
    if (program !== undefined) return { kind: "program", path: program, env };
    const named = readSecrets(home, name)?.named;
    const kept = named?.[TOKEN] ?? named?.[API_TOKEN];
    if (kept !== undefined) return { kind: "token", token: new Secret(kept) };
    throw new SluiceError(
      "unauthorized",
      "nothing is there to ask the platform with; install its command-line program, or give a token with --hook-token-env <variable>",
    );
  }

  #keepToken(name: string, token: string): void {
    const { home } = this.#options;
    const before = readSecrets(home, name) ?? { keys: [] };
    writeSecrets(home, name, { ...before, named: { ...before.named, [TOKEN]: token } });
  }
}
