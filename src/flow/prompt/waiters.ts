/**
 * The connections of shims that wait for a verdict on a call, in memory.
 *
 * Owns: giving one answer to all that wait under a key. Never: knows what a verdict is, or keeps one: a later caller reads the store.
 */

export class Waiters<Answer> {
  readonly #waiting = new Map<string, Set<(answer: Answer | undefined) => void>>();

  /** Resolves with the answer; undefined when none came within `limitMs`, the caller left, or everything is closed. */
  wait(key: string, limitMs: number, left?: AbortSignal): Promise<Answer | undefined> {
    return new Promise((resolve) => {
      const settle = (answer: Answer | undefined): void => {
        clearTimeout(timer);
        left?.removeEventListener("abort", leave);
        const others = this.#waiting.get(key);
        others?.delete(settle);
        if (others?.size === 0) this.#waiting.delete(key);
        resolve(answer);
      };
      const leave = (): void => settle(undefined);
      // Real time, not the hub's clock: it bounds a connection, and decides nothing.
      const timer = setTimeout(leave, limitMs);
      timer.unref();
      if (left?.aborted === true) return leave();
      left?.addEventListener("abort", leave, { once: true });
      const waiting = this.#waiting.get(key) ?? new Set();
      this.#waiting.set(key, waiting.add(settle));
    });
  }

  /** Whether somebody waits under this key now. */
  has(key: string): boolean {
    return this.#waiting.has(key);
  }

  answer(key: string, answer: Answer): void {
    for (const settle of this.#waiting.get(key) ?? []) settle(answer);
  }

  close(): void {
    for (const waiting of this.#waiting.values()) for (const settle of waiting) settle(undefined);
  }
}
