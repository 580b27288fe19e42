/**
 * A watcher without a hub: what it would hand to the gate, kept as the store keeps it.
 *
 * Owns: the committed cursor, and what was committed with it. Never: decides what is told.
 */
import { onTestFinished } from "vitest";
import type { ChannelContext, ChannelDefinition, ConnectionState } from "../../sdk/channel.ts";
import type { Clock } from "../../sdk/clock.ts";
import type { Arrival } from "../../sdk/event.ts";
import { Secret } from "../../sdk/secret.ts";
import { settle, VirtualClock } from "../../testing/virtual-clock.ts";

type Open = NonNullable<ChannelDefinition["open"]>;

export class WatchRig {
  readonly clock: Clock;
  readonly taken: Arrival[] = [];
  readonly states: ConnectionState[] = [];
  cursor: string | undefined;
  isOver = false;
  leftBehind = 0;
  /** Delivery ids that the inbox has an event of. */
  readonly known = new Set<string>();
  doubles = 0;
  takes = 0;
  secret = "";
  secrets: Readonly<Record<string, Secret>> = {};
  ignoreSenders: readonly string[] = [];
  /** What the next `take` fails with, before it keeps anything, or after it has kept all: as a crash does. */
  fault: { when: "before" | "after"; error: Error } | undefined;
  readonly #open: Open;
  readonly #settings: Readonly<Record<string, string>>;
  #stop: () => Promise<void> = async () => undefined;

  constructor(
    { open }: Pick<ChannelDefinition, "open">,
    settings: Readonly<Record<string, string>>,
    clock: Clock = new VirtualClock(),
  ) {
    if (open === undefined) throw new TypeError("it has no connection");
    this.#open = open;
    this.#settings = settings;
    this.clock = clock;
    onTestFinished(() => this.stop());
  }

  /** A life of the hub begins; the first look is over when this resolves. */
  async start(): Promise<void> {
    const abort = new AbortController();
    const connection = await this.#open(this.#toContext(abort.signal));
    this.#stop = async () => {
      abort.abort();
      await connection.close();
    };
  }

  async stop(): Promise<void> {
    const stop = this.#stop;
    this.#stop = async () => undefined;
    await stop();
  }

  /** As after kill -9: only what was committed is known. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Moves virtual time. */
  async advance(ms: number): Promise<void> {
    if (!(this.clock instanceof VirtualClock)) throw new TypeError("its clock is the real one");
    await this.clock.advance(ms);
    await settle();
  }

  get texts(): string[] {
    return this.taken.map(({ text }) => text);
  }

  /** All that was written by others, of all events. */
  get quoted(): string[] {
    return this.taken.flatMap(({ quotes }) => quotes.map(({ text }) => text));
  }

  #toContext(signal: AbortSignal): ChannelContext {
    const ignore = (): void => undefined;
    return {
      name: "watched",
      secret: new Secret(this.secret),
      secrets: this.secrets,
      ignoreSenders: this.ignoreSenders,
      settings: this.#settings,
      knows: (ids) => new Set(ids.filter((id) => this.known.has(id))),
      cursor: this.cursor,
      take: async (arrivals, cursor) => {
        this.takes++;
        const { fault } = this;
        this.fault = undefined;
        if (fault?.when === "before") throw fault.error;
        for (const arrival of arrivals) {
          // INBOX-1: once for each id of a delivery.
          const { deliveryId } = arrival;
          if (deliveryId !== undefined && this.known.has(deliveryId)) this.doubles++;
          else this.taken.push(arrival);
          if (deliveryId !== undefined) this.known.add(deliveryId);
        }
        this.cursor = cursor;
        if (fault?.when === "after") throw fault.error;
      },
      leftBehind: (count) => void (this.leftBehind += count),
      over: () => void (this.isOver = true),
      report: (state) => void this.states.push(state),
      clock: this.clock,
      log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
      signal,
    };
  }
}
