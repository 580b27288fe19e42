/**
 * The real clock, which can skip hours in which nothing happens.
 *
 * Owns: that time. Never: runs slower or faster than the real one between skips.
 */
import type { Clock } from "../../src/sdk/clock.ts";

type Timer = { at: number; action: () => void; cancel: () => void };

export class SkippingClock implements Clock {
  #skippedMs = 0;
  readonly #timers = new Set<Timer>();

  get skippedMs(): number {
    return this.#skippedMs;
  }

  now(): number {
    return Date.now() + this.#skippedMs;
  }

  after(delayMs: number, action: () => void): () => void {
    const timer: Timer = { at: this.now() + delayMs, action, cancel: () => {} };
    this.#timers.add(timer);
    this.#arm(timer);
    return () => {
      timer.cancel();
      this.#timers.delete(timer);
    };
  }

  skip(ms: number): void {
    this.#skippedMs += ms;
    for (const timer of this.#timers) this.#arm(timer);
  }

  #arm(timer: Timer): void {
    timer.cancel();
    const delayMs = Math.min(Math.max(0, timer.at - this.now()), 2_147_483_647);
    const handle = setTimeout(() => {
      this.#timers.delete(timer);
      timer.action();
    }, delayMs);
    handle.unref();
    timer.cancel = () => clearTimeout(handle);
  }
}
