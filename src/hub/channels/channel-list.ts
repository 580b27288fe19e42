/**
 * The channels that are open now, and what each stage asks of one, made ready when it changes: a request looks up and asks nobody.
 *
 * Owns: those lists. Never: how a channel opens (channels.ts), or who may speak on it.
 */
import type { People } from "../../flow/access/admin.ts";
import type { Access, ChatRules } from "../../flow/intake/gate.ts";
import type { IngressChannel } from "../../ingress/contract.ts";
import type { ChannelOutline } from "../../sdk/author/describe.ts";
import type { SenderWords } from "./sender-words.ts";
import { CHAT_CHANNEL } from "../settings/channel-name.ts";
import type { ChannelConfig } from "../settings/config.ts";

export type ListedChannel = {
  config: ChannelConfig;
  channel: IngressChannel | undefined;
  /** All its addresses, where it has more than its name. */
  doors?: ReadonlyMap<string, IngressChannel>;
  /** What an author's channel says of itself. */
  outline?: ChannelOutline;
  /** It has a connection of its own, by which messages leave. */
  isConnected: boolean;
  /** Nobody is asked by it (`ChannelDefinition.carriesVerdicts`). */
  carriesVerdicts?: false;
  /** It has one that only brings events in. */
  isInward?: true;
  reason: string | undefined;
  /** Paths of its template that the last request did not have. */
  missing?: ReadonlySet<string>;
  /** How its sender proves itself, in words. */
  sender?: SenderWords;
};

export class ChannelList {
  readonly #entries = new Map<string, ListedChannel>();
  readonly #lent = new Map<string, IngressChannel>();
  readonly #receiving = new Map<string, IngressChannel>();
  readonly #access = new Map<string, Access>();
  readonly #doors = new Map<string, readonly string[]>();
  readonly #changed = new Set<() => void>();
  #readChatRules: (channel: string) => ChatRules | undefined = () => undefined;

  get entries(): ReadonlyMap<string, ListedChannel> {
    return this.#entries;
  }

  /** For ingress: those that take requests, configured or lent. */
  get receiving(): ReadonlyMap<string, IngressChannel> {
    return this.#receiving;
  }

  /** For the gate: what may come in. Nothing on a channel that is not here. */
  get access(): ReadonlyMap<string, Access> {
    return this.#access;
  }

  /** Who may speak in the chats of a channel. Until then nobody may. */
  readChatRules(read: (channel: string) => ChatRules | undefined): void {
    this.#readChatRules = read;
  }

  /** Call the result to hear no more. */
  onChanged(listener: () => void): () => void {
    this.#changed.add(listener);
    return () => this.#changed.delete(listener);
  }

  set(entry: ListedChannel): void {
    this.#entries.set(entry.config.name, entry);
    this.#prepare(entry.config.name);
  }

  delete(name: string): void {
    this.#entries.delete(name);
    this.#prepare(name);
  }

  /** Has ingress know a channel that stands in no configuration and no list. Call the result to take it back. */
  lend(channel: IngressChannel): () => void {
    const { name } = channel;
    this.#lent.set(name, channel);
    this.#prepare(name);
    return () => {
      this.#lent.delete(name);
      this.#prepare(name);
    };
  }

  #prepare(name: string): void {
    const lent = this.#lent.get(name);
    const entry = this.#entries.get(name);
    for (const address of this.#doors.get(name) ?? []) this.#receiving.delete(address);
    this.#doors.set(name, [...(entry?.doors?.keys() ?? [])]);
    for (const [address, door] of entry?.doors ?? []) this.#receiving.set(address, door);
    put(
      this.#receiving,
      name,
      lent ?? entry?.doors?.get(name) ?? (entry?.doors === undefined ? entry?.channel : undefined),
    );
    const { config } = entry ?? {};
    const access = lent === undefined ? config && this.#toAccess(config) : LENT;
    put(this.#access, name, access);
    for (const tell of this.#changed) tell();
  }

  #toAccess({ name, paused, allowUnsigned = false, quota }: ChannelConfig): Access {
    const read = (): ChatRules | undefined => this.#readChatRules(name);
    return {
      paused,
      allowUnsigned,
      quota,
      // Looked up for people only: most arrivals come from machines.
      get chat() {
        return read();
      },
    };
  }
}

const LENT: Access = { paused: false, allowUnsigned: false };

function put<T>(map: Map<string, T>, name: string, value: T | undefined): void {
  if (value === undefined) map.delete(name);
  else map.set(name, value);
}

/** Who speaks on a channel. One that does not open may be of any kind: what is set there is kept. */
export function toPeople(name: string, entry: ListedChannel | undefined): People {
  if (name === CHAT_CHANNEL) return "page";
  if (entry?.isInward === true) return "source";
  if (entry?.isConnected === true) return "chats";
  if (entry?.channel === undefined || entry.config.code !== undefined) return "chats";
  return entry.config.twoWay ? "bridge" : "source";
}
