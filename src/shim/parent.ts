/**
 * Whether the client that spawned us is still there.
 *
 * Owns: that check. Never: ends anything. A client that was killed usually closes our pipes; where another process holds them open too,
 * such as another child of a wrapper, only the change of parent shows it.
 */
const LOOK_EVERY_MS = 1_000;

/** Resolves when this process has another parent than `parent`. Keeps no process alive. */
export function untilOrphaned(parent: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(timer);
      resolve();
    }, LOOK_EVERY_MS);
    timer.unref();
  });
}
