/**
 * Whether the clock can be believed, and how old things really are by it.
 *
 * Owns: looking at the clocks regularly, and what is kept of it over the hub's lives. Never: decides what is a gap
 * (flow/expiry/elapsed.ts) or too old (flow/expiry/expire.ts).
 *
 * CLOCK-1 The first look of a life is compared, too: with the last look of the life before, or with the newest moment that the inbox knows.
 */
import {
  type ClockLook,
  findGap,
  type Gap,
  JUMP_MS,
  listVoid,
  toBefore,
} from "../../flow/expiry/elapsed.ts";
import { lookAtClock, type Watch } from "../../flow/expiry/expire.ts";
import { toMessage } from "../../sdk/errors.ts";
import {
  addGap,
  listGaps,
  readLook,
  readNewestTime,
  removeGap,
  saveLook,
  takeBackTimes,
} from "../../store/events/clock-looks.ts";
import type { Core } from "../core.ts";

/** Gaps older than all that is kept by age change nothing any more. */
const GAP_LIFE_MS = 400 * 24 * 3_600_000;
const SAVE_EVERY_MS = 3_600_000;
const SAID_FOR_MS = 24 * 3_600_000;

/** By it things are too old: `lifeMs` of time that has really passed. */
export type Elapsed = { toBefore(lifeMs: number, now: number): number };

export class ClockWatch implements Elapsed {
  readonly #core: Pick<Core, "db" | "clock" | "log">;
  #last: ClockLook | undefined;
  #watch: Watch | undefined;
  #gaps: readonly Gap[] = [];
  #savedAt = Number.NEGATIVE_INFINITY;

  /** Looks for the first time. @throws SluiceError store_*. */
  static async open(core: Pick<Core, "db" | "clock" | "log">): Promise<ClockWatch> {
    const watch = new ClockWatch(core);
    await watch.look();
    return watch;
  }

  constructor(core: Pick<Core, "db" | "clock" | "log">) {
    const { db } = core;
    this.#core = core;
    const newest = readNewestTime(db);
    this.#last = readLook(db) ?? (newest === undefined ? undefined : { wallAt: newest });
    if (this.#last !== undefined)
      this.#watch = { at: this.#last.wallAt, trustedFrom: Number.NEGATIVE_INFINITY };
    this.#gaps = listGaps(db);
  }

  /** Whether by the present time things may be ended or forgotten (EXPIRY-2). @throws SluiceError store_*. */
  async look(): Promise<boolean> {
    const { clock } = this.#core;
    const now: ClockLook = { wallAt: clock.now(), ...clock.sinceBoot?.() };
    const last = this.#last;
    this.#watch = lookAtClock(this.#watch, now.wallAt);
    const isTrusted = now.wallAt >= this.#watch.trustedFrom;
    // A clock that a test moves has no other beside it.
    const gap =
      last === undefined || clock.sinceBoot === undefined ? undefined : findGap(last, now);
    const isSetBack = last !== undefined && now.wallAt < last.wallAt - JUMP_MS;
    const isDue = Math.abs(now.wallAt - this.#savedAt) >= SAVE_EVERY_MS;
    if (gap !== undefined || isSetBack) await this.#keep(now, gap, isSetBack);
    else if (isDue) this.#save(now);
    this.#last = now;
    return isTrusted;
  }

  toBefore(lifeMs: number, now: number): number {
    return toBefore(this.#gaps, lifeMs, now);
  }

  /** The last gap, for a day: its owner should look whether the clock is right. */
  findRecentGap(now: number): Gap | undefined {
    return this.#gaps.findLast(({ to }) => to <= now && now - to < SAID_FOR_MS);
  }

  /** Keeps the last look for the next life. */
  close(): void {
    const { clock } = this.#core;
    this.#save({ wallAt: clock.now(), ...clock.sinceBoot?.() });
  }

  #save(now: ClockLook): void {
    const { db, log } = this.#core;
    this.#savedAt = now.wallAt;
    // Where it cannot be kept the one before it does nearly as well.
    db.write(() => saveLook(db, now)).catch((thrown: unknown) => {
      log.debug({ error: toMessage(thrown) }, "the last look at the clock could not be kept");
    });
  }

  async #keep(now: ClockLook, gap: Gap | undefined, isSetBack: boolean): Promise<void> {
    const { db, log } = this.#core;
    await db.write(() => {
      const kept = listGaps(db);
      const wrong = isSetBack ? listVoid(kept, now.wallAt) : [];
      for (const { id, afterSeq } of wrong) {
        takeBackTimes(db, afterSeq, now.wallAt);
        removeGap(db, id);
      }
      for (const { id, to } of kept) if (now.wallAt - to > GAP_LIFE_MS) removeGap(db, id);
      if (gap !== undefined) addGap(db, gap);
      saveLook(db, now);
    });
    this.#gaps = listGaps(db);
    this.#savedAt = now.wallAt;
    if (gap !== undefined) {
      const facts = { from: toTime(gap.from), to: toTime(gap.to) };
      log.warn(facts, "the clock went forward and no time passed: nothing is older for it");
    }
    if (isSetBack) log.warn({ to: toTime(now.wallAt) }, "the clock was set back");
  }
}

function toTime(at: number): string {
  return new Date(at).toISOString();
}
