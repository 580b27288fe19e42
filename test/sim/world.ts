/**
 * One simulated history: a hub's inside on a real database file, a virtual clock, and clients that lose, delay and repeat things.
 *
 * Owns: what may go wrong, and the claims that must hold all the same. Never: looks into the parts it tests; it uses their seams.
 *
 * SIM-1 Every event ends done, expired or dead, and no event had more than five attempts.
 * SIM-2 A text reaches a conversation once, or again only marked as replayed.
 * SIM-3 The same reply is one row; nobody's reply is lost.
 * SIM-4 Wakes stay within the budget.
 * SIM-5 Whatever was accepted is in the store.
 * SIM-6 Each copy ends, and its event with the last of them: done where all are.
 */
import type { accept } from "../../src/flow/intake/accept.ts";
import type { Delivery } from "../../src/flow/deliver/deliver.ts";
import type { answerHook } from "../../src/flow/deliver/hook.ts";
import type { answerTool } from "../../src/flow/tools/tool.ts";
import type { Database } from "../../src/store/file/database.ts";
import type { DatabaseOptions } from "../../src/store/file/database-file.ts";
import type { InboxLimit } from "../../src/store/events/add-event.ts";
import type { expireWaiting } from "../../src/store/events/sweep.ts";
import type { Arrival } from "../../src/sdk/event.ts";
import { newRandom, type Random } from "./random.ts";
import { SimClient } from "./client.ts";
import { VirtualClock } from "../../src/flow/virtual-clock.fixture.ts";

/** The parts under test, so that a sabotaged copy can be put in their place. */
export type Parts = {
  Database: typeof Database;
  Delivery: typeof Delivery;
  InboxLimit: typeof InboxLimit;
  accept: typeof accept;
  answerHook: typeof answerHook;
  answerTool: typeof answerTool;
  expireWaiting: typeof expireWaiting;
};

export type Loss = 0 | 0.1 | 0.5 | 1;

export type Failure = { seed: number; claim: string; detail: string };

const HOUR_MS = 3_600_000;
const STORM_STEPS = 18;
const CALM_STEPS = 400;
/** By then who is there has had time; what waits for sessions that are gone is too old. */
const PATIENCE_STEPS = 200;
const STEP_MS = 2_000;
const ATTEMPTS_MAX = 5;
export const DATABASE: DatabaseOptions = { synchronous: "OFF", simulated: true };

export class World {
  readonly parts: Parts;
  readonly seed: number;
  readonly random: Random;
  readonly clock: VirtualClock;
  readonly loss: Loss;
  readonly accepted: string[] = [];
  readonly replies = new Map<string, Set<string>>();
  /** Sessions subscribe, some of them for copies: by luck of its own, so that other histories are as they were. */
  readonly copyLuck: Random | undefined;
  readonly reads: { event: string; replayed: boolean }[] = [];
  /** Times of wakes by session. */
  readonly wakes = new Map<string, number[]>();
  readonly dead = new Set<number>();
  clients: SimClient[] = [];
  readonly db: InstanceType<Parts["Database"]>;
  delivery: InstanceType<Parts["Delivery"]>;
  /** How many copies were made, once it is over. */
  copies = 0;
  /** In the calm after the storm nothing is lost any more. */
  isCalm = false;
  /** Every turn ends with an error of the model's API. */
  isFailing = false;
  readonly #timers = new Set<() => void>();
  #nextPid: number;
  readonly #firstSeq: number;
  #limit: InstanceType<Parts["InboxLimit"]>;

  /** Lives in a database file that earlier histories may have used. */
  constructor(parts: Parts, db: InstanceType<Parts["Database"]>, seed: number, loss: Loss) {
    this.parts = parts;
    this.db = db;
    this.#firstSeq = db.get<{ seq: number }>("SELECT MAX(seq) AS seq FROM events")?.seq ?? 0;
    this.seed = seed;
    this.loss = loss;
    this.random = newRandom(seed);
    this.copyLuck = seed % 3 === 2 ? newRandom(seed + 1_000_000) : undefined;
    // Histories share a file: each begins a day after the last one could have ended.
    this.clock = new VirtualClock(Date.UTC(2026, 0, 1) + seed * 48 * HOUR_MS, settle);
    this.#nextPid = 1 + seed * 1_000;
    this.#limit = this.#openLimit();
    this.delivery = this.#openDelivery();
  }

  get nextPid(): number {
    return this.#nextPid++;
  }

  /** A thing that this world's luck decides; never in the calm. */
  isLost(): boolean {
    return !this.isCalm && this.random.chance(this.loss);
  }

  async run(): Promise<Failure[]> {
    this.clients.push(new SimClient(this));
    for (let step = 0; step < STORM_STEPS; step++) await this.#storm();
    if (this.seed % 10 === 0) await this.#drip();
    if (this.seed % 10 === 5) await this.#outage();
    this.isCalm = true;
    // Somebody who hears: what only deaf sessions are open for waits, rightly.
    this.clients.push(new SimClient(this, true));
    for (let step = 0; step < CALM_STEPS && this.#isUnsettled(); step++) {
      for (const client of this.clients) await client.step();
      if (this.copyLuck !== undefined && step >= PATIENCE_STEPS) await this.#expire();
      // Fast where nobody does anything: budgets and back-offs are hours long.
      await this.clock.advance(step < 60 ? STEP_MS : 10 * 60_000);
    }
    const failures = this.#judge();
    for (const client of this.clients) client.end();
    for (const cancel of this.#timers) cancel();
    this.delivery.close();
    await settle();
    return failures;
  }

  async #storm(): Promise<void> {
    const { random } = this;
    if (random.chance(0.5)) await this.#post(random.chance(0.15) ? random.between(2, 9) : 1);
    // A copy: a client that dies leaves the list.
    for (const client of this.clients.slice()) await client.step();
    if (random.chance(0.05)) await this.#crashHub();
    if (random.chance(0.06) && this.clients.length < 3) this.clients.push(new SimClient(this));
    if (random.chance(0.05) && this.clients.length > 0) {
      const victim = this.clients.splice(random.between(0, this.clients.length - 1), 1);
      victim[0]?.kill();
    }
    if (this.clients.length === 0 && random.chance(0.3)) this.clients.push(new SimClient(this));
    await this.clock.advance(random.between(100, 2 * STEP_MS));
  }

  /** An event every 25 s for three quarters of an hour: more than the budget of wakes allows one by one. */
  async #drip(): Promise<void> {
    this.isCalm = true;
    for (let step = 0; step < 110; step++) {
      await this.#post(1);
      for (let turn = 0; turn < 4; turn++) for (const client of this.clients) await client.step();
      await this.clock.advance(25_000);
    }
    this.isCalm = false;
  }

  /** The model's API is down for hours: every turn fails. */
  async #outage(): Promise<void> {
    this.isFailing = true;
    await this.#post(2);
    for (let step = 0; step < 80; step++) {
      for (const client of this.clients) await client.step();
      await this.clock.advance(10 * 60_000);
    }
    this.isFailing = false;
  }

  async #post(count: number): Promise<void> {
    const { accept } = this.parts;
    const options = {
      db: this.db,
      clock: this.clock,
      limit: this.#limit,
      access: { get: () => ({ paused: false, allowUnsigned: false }) },
      assign:
        this.copyLuck === undefined ? () => ({ watchers: "" }) : this.delivery.watchers.assign,
      pressing: this.delivery.pressing,
    };
    const arrivals = Array.from({ length: count }, () => this.#newArrival());
    const answers = await Promise.all(
      arrivals.map((arrival) => accept(arrival, this.clock.now(), options)),
    );
    for (const answer of answers) if (answer.kind === "stored") this.accepted.push(answer.id);
  }

  #newArrival(): Arrival {
    const isChat = this.random.chance(0.3);
    const number = this.accepted.length;
    return {
      channel: isChat ? "chat" : "ci",
      kind: isChat ? "message" : "build.failed",
      sender: { id: "sender" },
      text: `event ${this.seed}-${number}`,
      quotes: this.random.chance(0.3) ? [{ label: "body", text: "x".repeat(700) }] : [],
      meta: {},
      priority: this.random.chance(0.1) ? "urgent" : "normal",
      ack: isChat ? "reply" : "auto",
      verified: "bearer",
      deliveryId: `${this.seed}-${number}-${this.random.next()}`,
      ...(isChat ? { chatId: "c1" } : {}),
    };
  }

  /**
   * The process is gone: memory and timers are lost, the file stays. It stays open, too: to open it anew and prepare every
   * statement would be a fifth of all the work, and what a death leaves in a file is asked of real processes (test/faults).
   */
  async #crashHub(): Promise<void> {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    this.delivery.close();
    // Who dies meanwhile never says so to anyone.
    if (this.random.chance(0.3)) {
      const victim = this.clients.pop();
      victim?.kill();
    }
    this.#limit = this.#openLimit();
    this.delivery = this.#openDelivery();
    for (const client of this.clients) client.reattach();
    await settle();
  }

  /** What a full disk does is no part of this: its own clock stands still, so it measures once in a life of the hub. */
  #openLimit(): InstanceType<Parts["InboxLimit"]> {
    const still = { now: () => 0, after: () => () => {} };
    return new this.parts.InboxLimit(this.db, still, { minFreeShare: 0 });
  }

  #openDelivery(): InstanceType<Parts["Delivery"]> {
    const ignore = (): void => {};
    return new this.parts.Delivery({
      db: this.db,
      // The timers of this life of the hub end with it.
      clock: {
        now: () => this.clock.now(),
        after: (delayMs, action) => {
          const cancel = this.clock.after(delayMs, () => {
            this.#timers.delete(cancel);
            action();
          });
          this.#timers.add(cancel);
          return cancel;
        },
      },
      log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
      isAlive: (pid) => !this.dead.has(pid),
      readProject: () => ({ repository: undefined, branch: undefined }),
      readPolicy: () => undefined,
    });
  }

  /** What waits for a session that was killed, and is not opened again. */
  async #expire(): Promise<void> {
    const now = this.clock.now();
    const limits = { before: now - HOUR_MS, reason: "nobody came", limit: 1_000 };
    await this.db.write(() => {
      for (const channel of ["chat", "ci"]) this.parts.expireWaiting(this.db, channel, limits, now);
    });
  }

  #isUnsettled(): boolean {
    const open = this.db.get(
      "SELECT 1 FROM events WHERE seq > ? AND state NOT IN ('done', 'expired', 'dead') LIMIT 1",
      this.#firstSeq,
    );
    return open !== undefined;
  }

  #readRows(): EventRow[] {
    return this.db.all(
      "SELECT id, state, attempts, copy_of AS copyOf FROM events WHERE seq > ?",
      this.#firstSeq,
    );
  }

  /** SIM-6. An event that has copies is read by those. */
  #judgeCopies(
    rows: readonly EventRow[],
    fail: (claim: string, detail: string) => void,
  ): Map<string, EventRow[]> {
    const copies = Map.groupBy(
      rows.filter(({ copyOf }) => copyOf !== null),
      ({ copyOf }) => copyOf ?? "",
    );
    for (const { id, state } of rows) {
      const own = copies.get(id) ?? [];
      for (const copy of own) {
        if (!isOver(copy.state)) fail("SIM-6", `${copy.id}, a copy of ${id}, ends ${copy.state}`);
        if (copy.attempts > ATTEMPTS_MAX)
          fail("SIM-6", `${copy.id}, a copy of ${id}, had ${copy.attempts} attempts`);
      }
      if (own.length > 0 && (state === "done") !== own.every((copy) => copy.state === "done"))
        fail("SIM-6", `${id} ends ${state}, its copies ${own.map((one) => one.state).join(" ")}`);
    }
    return copies;
  }

  #judge(): Failure[] {
    const failures: Failure[] = [];
    const fail = (claim: string, detail: string): void =>
      void failures.push({ seed: this.seed, claim, detail });
    const all = this.#readRows();
    const copies = this.#judgeCopies(all, fail);
    this.copies = all.filter(({ copyOf }) => copyOf !== null).length;
    const rows = new Map(all.map((row) => [row.id, row]));
    for (const id of this.accepted) {
      const row = rows.get(id);
      if (row === undefined) fail("SIM-5", `${id} was accepted and is not in the store`);
      else if (!isOver(row.state)) fail("SIM-1", `${id} ends ${row.state}`);
      else if (row.attempts > ATTEMPTS_MAX) fail("SIM-1", `${id} had ${row.attempts} attempts`);
    }
    const seen = new Set(this.reads.map(({ event }) => event));
    const unmarked = new Set<string>();
    for (const { event, replayed } of this.reads) {
      if (!replayed && unmarked.has(event)) fail("SIM-2", `${event} was read twice without a mark`);
      // What a client has in its queue cannot be called back: the marked copy may come first.
      if (!replayed) unmarked.add(event);
    }
    for (const id of this.accepted.flatMap(
      (event) => copies.get(event)?.map((copy) => copy.id) ?? [event],
    )) {
      if (rows.get(id)?.state === "done" && !seen.has(id))
        fail("SIM-2", `${id} is done, nobody read it`);
    }
    const sent = this.db.all<{ event: string; text: string }>("SELECT event, text FROM outbox");
    // What is sent is of the event, of each of its copies once.
    const replied = Map.groupBy(this.replies, ([event]) => rows.get(event)?.copyOf ?? event);
    for (const [event, replies] of replied) {
      const own = sent.filter((row) => row.event === event);
      const count = replies.reduce((sum, [, texts]) => sum + texts.size, 0);
      if (own.length !== count) fail("SIM-3", `${event}: ${own.length} rows, ${count} replies`);
    }
    for (const [session, times] of this.wakes) {
      for (const [index, at] of times.entries()) {
        if (index >= 30 && at - (times[index - 30] ?? 0) < HOUR_MS)
          fail("SIM-4", `${session}: 31 wakes in an hour`);
      }
    }
    return failures;
  }
}

type EventRow = { id: string; state: string; attempts: number; copyOf: string | null };

function isOver(state: string): boolean {
  return state === "done" || state === "expired" || state === "dead";
}

/** Nobody outside has a part in a history: it stands still once no turn of the event loop is asked for any more. */
async function settle(): Promise<void> {
  do await new Promise<void>((resolve) => setImmediate(resolve));
  while (process.getActiveResourcesInfo().includes("Immediate"));
}
