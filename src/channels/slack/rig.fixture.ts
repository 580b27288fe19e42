/**
 * A bot on a fake Slack, and what a hub would keep of it.
 *
 * Owns: a context that records. Never: asserts anything.
 */
import type { ChannelConnection, ChannelContext, ConnectionState } from "../../sdk/channel.ts";
import { systemClock } from "../../sdk/clock.ts";
import type { Arrival } from "../../sdk/event.ts";
import { Secret } from "../../sdk/secret.ts";
import { APP_TOKEN, BOT_TOKEN, FakeSlack } from "../../../test/fakes/slack/fake-slack.ts";
import { openConnection, type SlackTimings, TIMINGS } from "./connection.ts";

export const QUICK: SlackTimings = {
  ...TIMINGS,
  helloMs: 3_000,
  pingMs: 200,
  deadMs: 20_000,
  faultMs: [20, 160],
  drainMs: 300,
  recountMs: 60,
  missedMs: 100,
};

export class Rig implements AsyncDisposable {
  readonly fake: FakeSlack;
  readonly taken: Arrival[] = [];
  readonly states: ConnectionState[] = [];
  readonly logged: string[] = [];
  unreadable = 0;
  cursor: string | undefined;
  connection!: ChannelConnection;
  /** What `take` does before it keeps anything. */
  beforeTake: (arrivals: readonly Arrival[]) => Promise<void> = async () => undefined;
  admits: (arrival: Arrival) => boolean = () => true;
  /** What `take` has to say to who tapped, or typed a command. */
  answers: string[] | undefined;
  settings: Readonly<Record<string, string>> = {};
  timings: SlackTimings;
  #abort = new AbortController();

  private constructor(fake: FakeSlack, timings: SlackTimings) {
    this.fake = fake;
    this.timings = timings;
  }

  static async open(
    options: { fake?: FakeSlack; app?: boolean; timings?: Partial<SlackTimings> } = {},
  ): Promise<Rig> {
    const rig = new Rig(options.fake ?? (await FakeSlack.open()), { ...QUICK, ...options.timings });
    await rig.connect(options);
    return rig;
  }

  /** Opens a connection, the first one or the next life of it. `app: false`: events come as requests. */
  async connect({ app = true }: { app?: boolean } = {}): Promise<void> {
    this.#abort = new AbortController();
    const log = (facts: object, message: string): void =>
      void this.logged.push(`${message} ${JSON.stringify(facts)}`);
    const context: ChannelContext = {
      name: "team",
      secret: new Secret(BOT_TOKEN),
      settings: { "api-root": this.fake.root, ...this.settings },
      cursor: this.cursor,
      take: async (arrivals, cursor) => {
        await this.beforeTake(arrivals);
        this.taken.push(...arrivals);
        this.cursor = cursor;
        return this.answers;
      },
      leftBehind: (count) => void (this.unreadable += count),
      admits: (arrival) => this.admits(arrival),
      report: (state) => void this.states.push(state),
      clock: systemClock,
      log: { debug: log, info: log, warn: log, error: log },
      signal: this.#abort.signal,
    };
    const tokens = { bot: new Secret(BOT_TOKEN), app: app ? new Secret(APP_TOKEN) : undefined };
    this.connection = await openConnection(context, tokens, this.timings);
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
    return this.taken.map(({ quotes, text }) => quotes.map((one) => one.text).join("\n") || text);
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
