/**
 * Whether the client that spawned us is still there, and whether this process stood still (SIGSTOP, a debugger) for longer than its client
 * waits for a hook.
 *
 * Owns: noticing that. Never: decides about a late call.
 *
 * The calls that wait for the process when it goes on were given up by the client: answered like fresh ones, their events would count as
 * read. After a stall either timers or input may come first, so both are checked.
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

const TICK_MS = 200;
/** The client gives a hook up after 2 s. */
const STALL_MS = 1_500;
/** How long what comes in after a stall may still be old. */
const STALE_MS = 300;

export type StallWatch = {
  /** True for a call that comes in now and may have been given up. */
  isStale(): boolean;
  close(): void;
};

/** `now` is a clock that never jumps, in ms. */
export function openStallWatch(now: () => number = () => performance.now()): StallWatch {
  let tickedAt = now();
  let staleUntil = 0;
  const look = (): void => {
    if (now() - tickedAt > STALL_MS) staleUntil = now() + STALE_MS;
    tickedAt = now();
  };
  const timer = setInterval(look, TICK_MS);
  timer.unref();
  return {
    isStale() {
      look();
      return now() < staleUntil;
    },
    close: () => clearInterval(timer),
  };
}
