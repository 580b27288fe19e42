/**
 * What is known of Discord's channels: their names, kinds and parents.
 *
 * Owns: remembering what the gateway tells of them, and asking for what it did not tell. Never: decides what a place means (receive.ts).
 */
import { toNameField } from "../../sdk/field.ts";
import { at, countAt, listAt, textAt } from "../../sdk/json.ts";
import { type DiscordApi, toFault } from "./api.ts";
import { isThread, optionalId } from "./wire.ts";

export type KnownPlace = {
  id: string;
  type: unknown;
  name: string;
  /** Of a thread: the channel or forum that it stands in. */
  parentId?: string;
  guildId?: string;
};

const MAX_PLACES = 5_000;
const MAX_ROLES = 1_000;
/** https://docs.discord.com/developers/reference#file-uploads by the server's boosts; DMs and small servers take 10 MiB. */
const TIER_MIB = [10, 10, 50, 100];

export class Places {
  readonly #api: DiscordApi;
  readonly #signal: AbortSignal;
  readonly #known = new Map<string, KnownPlace>();
  readonly #tiers = new Map<string, number>();
  /** Roles that stand for our bot: people name them when they mean it. */
  readonly #roles = new Set<string>();

  constructor(api: DiscordApi, signal: AbortSignal) {
    this.#api = api;
    this.#signal = signal;
  }

  /** Takes in what an event tells of channels. */
  note(type: string, data: unknown, me: string): void {
    if (type === "GUILD_CREATE" || type === "GUILD_UPDATE") this.#noteGuild(data, me);
    else if (/^(?:CHANNEL|THREAD)_(?:CREATE|UPDATE)$/.test(type)) this.#noteChannel(data);
    else if (type === "THREAD_LIST_SYNC")
      for (const one of listAt(data, "threads"))
        this.#noteChannel(one, optionalId(data, "guild_id"));
    else if (/^(?:CHANNEL|THREAD)_DELETE$/.test(type))
      this.#known.delete(optionalId(data, "id") ?? "");
    else if (type === "GUILD_ROLE_CREATE") this.#noteRole(at(data, "role"), me);
  }

  isOurRole(role: string): boolean {
    return this.#roles.has(role);
  }

  peek(id: string): KnownPlace | undefined {
    return this.#known.get(id);
  }

  /** Undefined for one that is not there, or not ours to see. @throws SluiceError for one that could not be asked for. */
  async find(id: string): Promise<KnownPlace | undefined> {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const outcome = await this.#api.call("GET", `/channels/${id}`, { signal: this.#signal });
    if (outcome.kind === "ok") return this.#noteChannel(outcome.result);
    if (outcome.kind === "refused" && [403, 404].includes(outcome.status)) return undefined;
    throw toFault("looking at a channel", outcome);
  }

  /** The largest file that may be sent there. */
  maxFileBytes(id: string): number {
    const guild = this.#known.get(id)?.guildId ?? "";
    return (TIER_MIB[this.#tiers.get(guild) ?? 0] ?? 10) * 1024 ** 2;
  }

  #noteGuild(guild: unknown, me: string): void {
    const id = optionalId(guild, "id");
    if (id === undefined) return;
    const tier = countAt(guild, "premium_tier");
    if (tier !== undefined) this.#tiers.set(id, tier);
    for (const one of [...listAt(guild, "channels"), ...listAt(guild, "threads")])
      this.#noteChannel(one, id);
    for (const role of listAt(guild, "roles")) this.#noteRole(role, me);
  }

  #noteRole(role: unknown, me: string): void {
    const id = optionalId(role, "id");
    const isOurs = optionalId(role, "tags.bot_id") === me;
    if (id !== undefined && isOurs && this.#roles.size < MAX_ROLES) this.#roles.add(id);
  }

  #noteChannel(channel: unknown, guild?: string): KnownPlace | undefined {
    const id = optionalId(channel, "id");
    if (id === undefined) return undefined;
    const type = at(channel, "type");
    const parentId = isThread(type) ? optionalId(channel, "parent_id") : undefined;
    const guildId = optionalId(channel, "guild_id") ?? guild;
    const place: KnownPlace = {
      id,
      type,
      name: toNameField(textAt(channel, "name") ?? ""),
      ...(parentId === undefined ? {} : { parentId }),
      ...(guildId === undefined ? {} : { guildId }),
    };
    this.#known.delete(id);
    this.#known.set(id, place);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_PLACES && oldest !== undefined) this.#known.delete(oldest);
    return place;
  }
}
