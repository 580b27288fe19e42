/**
 * Time as it is passed in: the real one, or a test's; and waiting that ends early.
 */

export type Clock = {
  /** Epoch ms. */
  now(): number;
  /** Runs `action` once after `delayMs`; call the result to cancel. Keeps no process alive. */
  after(delayMs: number, action: () => void): () => void;
  /** How long this machine runs, sleep included, and which of its starts that counts from. Absent in a clock that a test moves. */
  sinceBoot?(): { sinceBootMs: number; boot: string };
};

export const systemClock: Clock = {
  now: Date.now,
  after(delayMs, action) {
    // Node fires a timer at once when its delay does not fit 31 bits.
    const timer = setTimeout(action, Math.min(delayMs, 2_147_483_647));
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Resolves after `ms`, or as soon as the signal aborts. */
export function sleep(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const cancel = clock.after(ms, end);
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
  });
}

/** What `work` brings, or `late` after so long. By real time: it bounds a wait, and decides nothing else. */
export async function within<T, L>(ms: number, work: Promise<T>, late: L): Promise<T | L> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<L>((resolve) => (timer = setTimeout(resolve, ms, late)));
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
