/**
 * The channel contract: what every channel with a connection of its own must do, whatever its platform.
 *
 * Owns: the claims, and a hub that records the calls. Never: knows a platform or a test runner: each claim is a name and a function
 * that throws.
 *
 * ```ts
 * for (const { claim, run } of channelContract(openRig)) test(claim, run);
 * ```
 */
import assert from "node:assert/strict";
import type {
  ChannelConnection,
  ChannelContext,
  ChannelDefinition,
  ConnectionState,
} from "../sdk/channel.ts";
import { systemClock } from "../sdk/clock.ts";
import { isSluiceError, type SluiceError } from "../sdk/errors.ts";
import type { Arrival } from "../sdk/event.ts";
import { MaybeSent } from "../sdk/message.ts";
import { Secret } from "../sdk/secret.ts";

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
  close(): Promise<void>;
};

export type Claim = { claim: string; run: () => Promise<void> };

const PATIENCE_MS = 8_000;
const QUIET_MS = 300;

/** All claims. One whose means the rig lacks is not among them. */
export function channelContract(
  openRig: () => Promise<ContractRig>,
  means: Partial<
    Record<"slowDown" | "breakAfterSend" | "leave" | "failFor" | "revoke" | "split", boolean>
  > = {},
): Claim[] {
  const claims: Claim[] = [];
  const add = (claim: string, run: (scene: Scene) => Promise<void>): void => {
    claims.push({
      claim: `contract: ${claim}`,
      run: async () => {
        const scene = new Scene(await openRig());
        try {
          await run(scene);
          scene.assertNoSecret();
        } finally {
          await scene.end();
        }
      },
    });
  };

  add(
    "each message arrives once, and names its sender, chat, account and delivery",
    async (scene) => {
      await scene.open();
      for (const text of ["one", "two", "three"]) await scene.rig.say(text);
      await scene.until(() => scene.kept.length >= 3, "three messages");
      await scene.quiet();
      assert.deepEqual(scene.texts(), ["one", "two", "three"]);
      for (const arrival of scene.kept) {
        assert.equal(arrival.chatId, scene.rig.chatId, "chatId says where an answer goes");
        assert.ok(arrival.sender.id !== "", "sender.id is the platform's immutable one");
        assert.ok(arrival.chat !== undefined && arrival.chat.account !== "", "chat.account is set");
        assert.ok(arrival.deliveryId !== undefined, "deliveryId makes a repetition a duplicate");
        assert.notEqual(arrival.verified, "none");
        assert.ok(!Object.hasOwn(arrival.meta, "source"), "meta never holds source");
      }
      assert.equal(new Set(scene.kept.map((one) => one.deliveryId)).size, 3, "deliveries differ");
    },
  );

  add(
    "what was said while we were away arrives with the next life, and nothing twice",
    async (scene) => {
      await scene.open();
      await scene.rig.say("before");
      await scene.until(() => scene.kept.length >= 1, "the first message");
      await scene.close();
      await scene.rig.say("away 1");
      await scene.rig.say("away 2");
      await scene.open();
      await scene.rig.say("after");
      await scene.until(() => scene.texts().includes("after"), "the last message");
      await scene.quiet();
      assert.deepEqual(scene.texts(), ["before", "away 1", "away 2", "after"]);
    },
  );

  add(
    "a batch that could not be kept comes again: the cursor moves only with it",
    async (scene) => {
      scene.refuseTakes = 2;
      await scene.open();
      await scene.rig.say("stubborn");
      await scene.until(() => scene.kept.length >= 1, "the message after two refusals");
      await scene.quiet();
      assert.deepEqual(scene.texts(), ["stubborn"]);
      assert.equal(scene.refuseTakes, 0);
    },
  );

  add(
    "a death between platform and disk brings the same message with the same delivery id",
    async (scene) => {
      await scene.open();
      await scene.rig.say("again");
      await scene.until(() => scene.kept.length >= 1, "the message");
      const [first] = scene.kept;
      await scene.close();
      scene.forgetLast();
      await scene.open();
      // A platform that has been told to forget it may do so; what it repeats must be known.
      await scene.quiet();
      for (const repeated of scene.raw.slice(1))
        assert.equal(repeated.deliveryId, first?.deliveryId);
    },
  );

  add("a text is sent, and its message ids are told", async (scene) => {
    const connection = await scene.open();
    const { messageIds } = await connection.send({ chatId: scene.rig.chatId, text: "Done: 3 < 4" });
    assert.ok(messageIds.length >= 1 && messageIds.every((id) => id !== ""));
    assert.deepEqual(scene.rig.sent(), ["Done: 3 < 4"]);
  });

  if (means.split !== false)
    add(
      "a text too long for one message arrives whole, in order, with no character broken",
      async (scene) => {
        const { maxTextChars } = scene.rig;
        if (maxTextChars === undefined) return;
        const connection = await scene.open();
        const words = Array.from({ length: Math.ceil(maxTextChars / 4) }, (_, i) => `w${i}🙂`);
        const { messageIds } = await connection.send({
          chatId: scene.rig.chatId,
          text: words.join(" "),
        });
        const parts = scene.rig.sent();
        assert.equal(messageIds.length, parts.length);
        assert.ok(parts.every((part) => part.length <= maxTextChars && part.isWellFormed()));
        assert.deepEqual(parts.join(" ").split(/\s+/), words);
      },
    );

  if (means.slowDown !== false)
    add("a platform that asks to wait is obeyed to the second", async (scene) => {
      const connection = await scene.open();
      scene.rig.slowDown?.(2);
      const at = Date.now();
      const fault = await scene.sendFault(connection, "later");
      if (fault === undefined) {
        assert.ok(Date.now() - at >= 1_900, "the channel waited by itself");
      } else {
        assert.equal(fault.retryable, true);
        assert.ok((fault.retryAfterMs ?? 0) >= 1_900, `retryAfterMs is ${fault.retryAfterMs}`);
        assert.ok(!(fault.cause instanceof MaybeSent), "it was refused, so it was not sent");
        assert.deepEqual(scene.rig.sent(), []);
        await wait(fault.retryAfterMs ?? 0);
        await connection.send({ chatId: scene.rig.chatId, text: "later" });
      }
      assert.deepEqual(scene.rig.sent(), ["later"]);
    });

  if (means.breakAfterSend !== false)
    add("a message that may have arrived is never taken for one that did not", async (scene) => {
      const connection = await scene.open();
      scene.rig.breakAfterSend?.();
      const fault = await scene.sendFault(connection, "perhaps");
      assert.ok(fault?.cause instanceof MaybeSent, `the cause is ${String(fault?.cause)}`);
      assert.deepEqual(scene.rig.sent(), ["perhaps"]);
    });

  if (means.leave !== false)
    add("a message that cannot have left is never taken for one that may have", async (scene) => {
      const connection = await scene.open();
      await scene.rig.leave?.();
      const fault = await scene.sendFault(connection, "not yet");
      assert.ok(fault?.retryable === true, `it is to be tried again: ${String(fault)}`);
      assert.ok(!(fault.cause instanceof MaybeSent), String(fault.cause));
    });

  if (means.failFor !== false)
    add("an outage is waited out, and nothing is lost over it", async (scene) => {
      await scene.open();
      scene.rig.failFor?.(3);
      await scene.rig.say("through the outage");
      await scene.until(() => scene.kept.length >= 1, "the message after the outage");
      await scene.until(() => scene.state?.kind === "connected", "the state connected");
      assert.deepEqual(scene.texts(), ["through the outage"]);
    });

  if (means.revoke !== false)
    add("a refused credential waits for its owner, calmly", async (scene) => {
      scene.rig.revoke?.();
      await scene.open().catch((thrown: unknown) => {
        assert.ok(isSluiceError(thrown), String(thrown));
        assert.equal(thrown.retryable, false, "no waiting mends it");
        scene.report({ kind: "paused", reason: thrown.message });
      });
      await scene.until(() => scene.state?.kind === "paused", "the state paused");
      const before = scene.rig.requests();
      await wait(QUIET_MS * 2);
      assert.equal(scene.rig.requests(), before, "nothing is asked while it waits");
    });

  add(
    "close ends everything: no connection stays, nothing is reported or taken after it",
    async (scene) => {
      await scene.open();
      await scene.close();
      const reports = scene.reports;
      await scene.rig.say("too late");
      await wait(QUIET_MS);
      assert.deepEqual(scene.texts(), []);
      assert.equal(scene.reports, reports);
      assert.equal(scene.rig.openCount?.() ?? 0, 0);
    },
  );

  return claims;
}

/** A hub that keeps what it is given, by delivery id, as the real one does. */
class Scene {
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

  /** Long enough for a repetition to show. */
  quiet(): Promise<void> {
    return wait(QUIET_MS);
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

function wait(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
