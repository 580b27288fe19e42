/**
 * Time as it is passed in: the real one, or a test's.
 */

export type Clock = {
  /** Epoch ms. */
  now(): number;
  /** Runs `action` once after `delayMs`; call the result to cancel. Keeps no process alive. */
  after(delayMs: number, action: () => void): () => void;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, action) {
    // Node fires a timer at once when its delay does not fit 31 bits.
    const timer = setTimeout(action, Math.min(delayMs, 2_147_483_647));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
