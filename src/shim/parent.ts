/**
 * Whether the client that spawned us is still there.
 *
 * Owns: that look. Never: ends anything. A client that was killed usually closes our pipes; where somebody else holds them open too, a
 * wrapper's other child say, only the change of parent tells.
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
