/**
 * A bot on a fake Telegram, and what a hub would keep of it.
 *
 * Owns: a context that records. Never: asserts anything.
 */
import type { ChannelConnection, ChannelContext, ConnectionState } from "../../sdk/channel.ts";
import { systemClock } from "../../sdk/clock.ts";
import type { Arrival } from "../../sdk/event.ts";
import { Secret } from "../../sdk/secret.ts";
import { openConnection } from "./connection.ts";
import { FAKE_TOKEN, FakeTelegram } from "../../../test/fakes/telegram/fake-telegram.ts";
import type { PollTimings } from "./poll.ts";

export const QUICK: PollTimings = {
  pollMs: 300,
  graceMs: 500,
  conflictMs: [20, 160],
  faultMs: [20, 160],
  albumMs: 60,
};

export class Rig implements AsyncDisposable {
  readonly fake: FakeTelegram;
  readonly taken: Arrival[] = [];
  readonly states: ConnectionState[] = [];
  readonly logged: string[] = [];
  /** How many updates were counted as dead letters. */
  unreadable = 0;
  cursor: string | undefined;
  /** Chats that have another id. */
  readonly moves: [from: string, to: string][] = [];
  connection!: ChannelConnection;
  /** What `take` does before it keeps anything. */
  beforeTake: (arrivals: readonly Arrival[]) => Promise<void> = async () => undefined;
  admits: (arrival: Arrival) => boolean = () => true;
  /** What `take` has to say to who tapped. */
  answers: string[] | undefined;
  settings: Readonly<Record<string, string>> = {};
  #abort = new AbortController();

  private constructor(fake: FakeTelegram) {
    this.fake = fake;
  }

  static async open(
    options: {
      fake?: FakeTelegram;
      token?: string;
      timings?: PollTimings;
      settings?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<Rig> {
    const rig = new Rig(options.fake ?? (await FakeTelegram.open()));
    rig.settings = options.settings ?? {};
    await rig.connect(options);
    return rig;
  }

  /** Opens a connection, the first one or the next life of it. */
  async connect({
    token = FAKE_TOKEN,
    timings = QUICK,
  }: { token?: string; timings?: PollTimings } = {}): Promise<void> {
    this.#abort = new AbortController();
    const log = (facts: object, message: string): void =>
      void this.logged.push(`${message} ${JSON.stringify(facts)}`);
    const context: ChannelContext = {
      name: "tg",
      secret: new Secret(token),
      settings: { "api-root": this.fake.root, ...this.settings },
      cursor: this.cursor,
      take: async (arrivals, cursor) => {
        await this.beforeTake(arrivals);
        this.taken.push(...arrivals);
        this.cursor = cursor;
        return this.answers;
      },
      moved: async (from, to) => void this.moves.push([from, to]),
      leftBehind: (count) => void (this.unreadable += count),
      admits: (arrival) => this.admits(arrival),
      report: (state) => void this.states.push(state),
      clock: systemClock,
      log: { debug: log, info: log, warn: log, error: log },
      signal: this.#abort.signal,
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

  async [Symbol.asyncDispose](): Promise<void> {
    await this.drop();
    await this.fake.close();
  }
}

/** Waits until something is so. */
export async function until(what: () => boolean, limitMs = 60_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!what()) {
    if (Date.now() > end) throw new Error(`not so after ${limitMs} ms: ${what.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
