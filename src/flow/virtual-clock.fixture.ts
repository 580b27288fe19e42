/**
 * A clock that moves only when a test says so.
 *
 * Owns: virtual time. Never: real time; between two steps it lets what the store and promises still do finish.
 */
import type { Clock } from "../sdk/clock.ts";

type Timer = { at: number; order: number; action: () => void };

export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  readonly #timers = new Set<Timer>();

  constructor(startsAt = Date.UTC(2026, 0, 5, 9)) {
    this.#now = startsAt;
  }

  now(): number {
    return this.#now;
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, delayMs), order: this.#order++, action };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves on, running what is due on the way at its own time and in its order. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.action();
      await settle();
    }
    this.#now = end;
    await settle();
  }

  /** Is set to another time, as a wrong clock is or that of a machine that slept: no timer runs on the way. */
  jump(to: number): void {
    const by = to - this.#now;
    for (const timer of this.#timers) timer.at += by;
    this.#now = to;
  }

  #next(end: number): Timer | undefined {
    return [...this.#timers]
      .filter((timer) => timer.at <= end)
      .toSorted((a, b) => a.at - b.at || a.order - b.order)[0];
  }
}

/** Lets microtasks and the commits of this turn of the event loop run, and what follows from them. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 6; turn++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
