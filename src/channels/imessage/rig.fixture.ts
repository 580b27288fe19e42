/** A channel on a fake Messages, and what a hub would keep of it. */
import type { ChannelConnection, ConnectionState } from "../../sdk/channel.ts";
import { systemClock } from "../../sdk/clock.ts";
import type { Arrival } from "../../sdk/event.ts";
import { Secret } from "../../sdk/secret.ts";
import { FakeMessages } from "../../../test/fakes/imessage/fake-messages.ts";
import { openConnection, type MessagesTimings } from "./connection.ts";

export const QUICK: MessagesTimings = { lookMs: 20, retryMs: 50, proofMs: 400, holdMs: 600 };

export class Rig implements AsyncDisposable {
  readonly fake = new FakeMessages();
  readonly taken: Arrival[] = [];
  readonly states: ConnectionState[] = [];
  leftBehind = 0;
  cursor: string | undefined;
  settings: Readonly<Record<string, string>> = {};
  runner: readonly string[] = this.fake.runner;
  connection!: ChannelConnection;
  #abort = new AbortController();

  static async open(settings: Readonly<Record<string, string>> = {}): Promise<Rig> {
    const rig = new Rig();
    rig.settings = settings;
    await rig.connect();
    return rig;
  }

  async connect(): Promise<void> {
    this.#abort = new AbortController();
    const log = (): void => undefined;
    this.connection = await openConnection(
      {
        name: "mac",
        secret: new Secret("none"),
        settings: { database: this.fake.path, ...this.settings },
        cursor: this.cursor,
        take: async (arrivals, cursor) => {
          this.taken.push(...arrivals);
          this.cursor = cursor;
        },
        leftBehind: (count) => void (this.leftBehind += count),
        report: (state) => void this.states.push(state),
        clock: systemClock,
        log: { debug: log, info: log, warn: log, error: log },
        signal: this.#abort.signal,
      },
      QUICK,
      this.runner,
    );
  }

  async drop(): Promise<void> {
    this.#abort.abort();
    await this.connection.close();
  }

  /** Waits for a message that is said last, so that all before it have been read. */
  async settle(): Promise<Arrival[]> {
    const end = `end ${Math.random()}`;
    this.fake.say({ text: end });
    const isEnd = ({ quotes }: Arrival): boolean => quotes[0]?.text === end;
    await until(() => this.taken.some(isEnd));
    return this.taken.filter(({ quotes }) => quotes[0]?.text.startsWith("end ") !== true);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.drop();
    this.fake[Symbol.dispose]();
  }
}

export async function until(what: () => boolean): Promise<void> {
  for (const end = Date.now() + 60_000; !what();) {
    if (Date.now() > end) throw new Error(`never: ${what.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
