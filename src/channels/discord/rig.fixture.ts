/**
 * A bot on a fake Discord, and what a hub would keep of it.
 *
 * Owns: a context that records. Never: asserts anything.
 */
import type { ChannelConnection, ChannelContext, ConnectionState } from "../../sdk/channel.ts";
import { systemClock } from "../../sdk/clock.ts";
import type { Arrival } from "../../sdk/event.ts";
import { Secret } from "../../sdk/secret.ts";
import { FAKE_TOKEN, FakeDiscord } from "../../../test/fakes/discord/fake-discord.ts";
import { type DiscordTimings, openConnection } from "./connection.ts";

export const QUICK: DiscordTimings = {
  answerMs: 400,
  faultMs: [20, 160],
  identifyMs: 10,
  stableMs: 50,
  keepMs: [20, 160],
  idleMs: 100,
  againMs: [20, 40],
};

export class Rig implements AsyncDisposable {
  readonly fake: FakeDiscord;
  readonly taken: Arrival[] = [];
  readonly states: ConnectionState[] = [];
  readonly logged: string[] = [];
  unreadable = 0;
  cursor: string | undefined;
  connection!: ChannelConnection;
  /** What `take` does before it keeps anything. */
  beforeTake: (arrivals: readonly Arrival[]) => Promise<void> = async () => undefined;
  admits: (arrival: Arrival) => boolean = () => true;
  /** What `take` has to say to who pressed. */
  answer: ((arrival: Arrival) => string | undefined) | undefined;
  settings: Readonly<Record<string, string>> = {};
  #abort = new AbortController();

  private constructor(fake: FakeDiscord) {
    this.fake = fake;
  }

  static async open(
    options: { fake?: FakeDiscord; token?: string; timings?: DiscordTimings } = {},
  ): Promise<Rig> {
    const rig = new Rig(options.fake ?? (await FakeDiscord.open()));
    await rig.connect(options);
    return rig;
  }

  /** Opens a connection, the first one or the next life of it. */
  async connect({
    token = FAKE_TOKEN,
    timings = QUICK,
  }: { token?: string; timings?: DiscordTimings } = {}): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    const log = (facts: object, message: string): void =>
      void this.logged.push(`${message} ${JSON.stringify(facts)}`);
    const context: ChannelContext = {
      name: "dc",
      secret: new Secret(token),
      settings: { "api-root": this.fake.root, ...this.settings },
      cursor: this.cursor,
      take: async (arrivals, cursor) => {
        await this.beforeTake(arrivals);
        if (abort.signal.aborted) throw new Error("nothing is taken after the end");
        for (const arrival of arrivals)
          if (!this.taken.some((one) => one.deliveryId === arrival.deliveryId))
            this.taken.push(arrival);
        this.cursor = cursor;
        return arrivals.map((arrival) => this.answer?.(arrival));
      },
      leftBehind: (count) => void (this.unreadable += count),
      admits: (arrival) => this.admits(arrival),
      report: (state) => void this.states.push(state),
      clock: systemClock,
      log: { debug: log, info: log, warn: log, error: log },
      signal: abort.signal,
    };
    this.connection = await openConnection(context, timings);
  }

  /** As when the hub goes away without a word. */
  async drop(): Promise<void> {
    this.#abort.abort();
    await this.connection.close();
  }

  get state(): ConnectionState | undefined {
    return this.states.at(-1);
  }

  /** The words of what was taken. */
  get texts(): string[] {
    return this.taken.map(({ quotes, text }) => quotes[0]?.text ?? text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.drop();
    await this.fake.close();
  }
}

/** Waits until something is so. */
export async function until(what: () => unknown, limitMs = 30_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!what()) {
    if (Date.now() > end) throw new Error(`not so after ${limitMs} ms: ${what.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
