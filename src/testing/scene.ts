/**
 * What a claim of the channel contract acts in: one channel on a fake platform, and a hub that records.
 *
 * Owns: keeping what the channel takes, reports and logs. Never: claims (channel-contract.ts).
 */
import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import type {
  ChannelConnection,
  ChannelContext,
  ChannelDefinition,
  ConnectionState,
} from "../sdk/channel.ts";
import { systemClock } from "../sdk/clock.ts";
import { isSluiceError, type SluiceError } from "../sdk/errors.ts";
import type { Arrival } from "../sdk/event.ts";
import { Secret } from "../sdk/secret.ts";
import type { ChatMeans } from "./chat-means.ts";

/** A fake platform, and how a test moves it. Members in the order of life. */
export type ContractRig = {
  /** The channel, with timings that suit a test. */
  open: NonNullable<ChannelDefinition["open"]>;
  /** The credential that the platform takes. Long enough that it cannot turn up by chance. */
  secret: string;
  settings: Readonly<Record<string, string>>;
  /** A chat in which somebody writes and is answered. */
  chatId: string;
  /** The longest text that the platform takes in one message; what goes beyond must be split. Absent: any. */
  maxTextChars?: number;
  /** Somebody writes in that chat. */
  say(text: string): void | Promise<void>;
  /** The texts that the platform has accepted in that chat, as a person reads them, oldest first. */
  sent(): readonly string[];
  /** Refuses the next message, asking to wait for so many seconds. */
  slowDown?(seconds: number): void;
  /** Accepts the next message and breaks the connection before it says so. */
  breakAfterSend?(): void;
  /** Goes away for good: nobody listens at its address any more. */
  leave?(): Promise<void>;
  /** Refuses the next few requests of any kind, as a platform does that is down. */
  failFor?(requests: number): void;
  /** Takes the credential back. */
  revoke?(): void;
  /** How many requests there were so far. */
  requests(): number;
  /** How many connections or requests are open now. */
  openCount?(): number;
  /** What else people do there, where the claims on chats are wanted. */
  chat?: ChatMeans;
  close(): Promise<void>;
};

const PATIENCE_MS = 8_000;
/** Long enough for a repetition to show. */
export const QUIET_MS = 300;

/** A hub that keeps what it is given, by delivery id, as the real one does. */
export class Scene {
  readonly rig: ContractRig;
  readonly kept: Arrival[] = [];
  /** With repetitions. */
  readonly raw: Arrival[] = [];
  readonly #said: string[] = [];
  state: ConnectionState | undefined;
  reports = 0;
  /** Takes that fail before one succeeds. */
  refuseTakes = 0;
  #cursor: string | undefined;
  #before: string | undefined;
  #connection: ChannelConnection | undefined;
  #abort = new AbortController();

  constructor(rig: ContractRig) {
    this.rig = rig;
  }

  async open(): Promise<ChannelConnection> {
    const abort = new AbortController();
    this.#abort = abort;
    const log = (facts: object, message: string): void =>
      void this.#said.push(`${message} ${JSON.stringify(facts)}`);
    const context: ChannelContext = {
      name: "contract",
      secret: new Secret(this.rig.secret),
      settings: this.rig.settings,
      cursor: this.#cursor,
      take: async (arrivals, cursor) => {
        assert.ok(!abort.signal.aborted, "nothing is taken after the end");
        // A commit takes a while; who does not wait for it is found out.
        await wait(5);
        if (arrivals.length > 0 && this.refuseTakes > 0) {
          this.refuseTakes--;
          throw new Error("the disk is full");
        }
        this.raw.push(...arrivals);
        for (const arrival of arrivals)
          if (!this.kept.some((one) => one.deliveryId === arrival.deliveryId))
            this.kept.push(arrival);
        this.#before = this.#cursor;
        this.#cursor = cursor;
      },
      admits: () => true,
      report: (state) => this.report(state),
      clock: systemClock,
      log: { debug: log, info: log, warn: log, error: log },
      signal: abort.signal,
    };
    this.#connection = await this.rig.open(context);
    return this.#connection;
  }

  report(state: ConnectionState): void {
    this.reports++;
    this.state = state;
    this.#said.push(JSON.stringify(state));
  }

  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#abort.abort();
    await connection?.close();
  }

  /** The last commit is lost, as by a death just before it. */
  forgetLast(): void {
    this.#cursor = this.#before;
  }

  texts(): string[] {
    return this.kept.map(({ text, quotes }) => quotes.map((one) => one.text).join("\n") || text);
  }

  async sendFault(connection: ChannelConnection, text: string): Promise<SluiceError | undefined> {
    try {
      await connection.send({ chatId: this.rig.chatId, text });
      return undefined;
    } catch (thrown) {
      assert.ok(isSluiceError(thrown), `a SluiceError, not ${String(thrown)}`);
      this.#said.push(thrown.message, String(thrown.cause));
      return thrown;
    }
  }

  async until(what: () => boolean, name: string): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    while (!what()) {
      if (Date.now() > end)
        assert.fail(
          `${name} did not come; kept ${JSON.stringify(this.texts())}, state ${JSON.stringify(this.state)}`,
        );
      await wait(5);
    }
  }

  assertNoSecret(): void {
    const leak = this.#said.find((line) => line.includes(this.rig.secret));
    assert.equal(leak, undefined, "the credential stands in a log line, a state or an error");
  }

  async end(): Promise<void> {
    await this.close();
    await this.rig.close();
  }
}
