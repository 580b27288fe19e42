/**
 * Gives back to the system what the hub's start, or a storm, left behind in its heap.
 *
 * Owns: when. Never: what is garbage.
 *
 * The engine lets its young generation grow while modules load and does not shrink it by itself: 28 of 125 MiB. Its most thorough
 * collection does, and stands still for about 50 ms: so it is done only when nothing is, once after the start and then at most once an hour.
 */
import { type EventLoopUtilization, performance } from "node:perf_hooks";
import type { Clock } from "../../sdk/clock.ts";

/** What of the process it needs; a test brings its own. */
type ThisProcess = {
  /** As `--expose-gc` gives it (https://nodejs.org/api/cli.html#--expose-gc); without it nothing is done. */
  collect: ((options: NodeJS.GCOptions) => unknown) | undefined;
  /** Of the event loop since then, or since the start. */
  use(since?: EventLoopUtilization): EventLoopUtilization;
};

const THIS: ThisProcess = { collect: globalThis.gc, use: performance.eventLoopUtilization };

const LOOK_MS = 3_000;
const EVERY_MS = 3_600_000;
/** Of the event loop's time. A hub whose sessions only hold their connections takes less. */
const IDLE = 0.02;

/** Starts it. Call the result to stop. */
export function keepMemorySmall(clock: Clock, { collect, use }: ThisProcess = THIS): () => void {
  if (collect === undefined) return () => {};
  let cancel = (): void => {};
  const look = (): void => {
    const before = use();
    cancel = clock.after(LOOK_MS, () => {
      if (use(before).utilization >= IDLE) return look();
      collect({ type: "major", execution: "sync", flavor: "last-resort" });
      cancel = clock.after(EVERY_MS, look);
    });
  };
  look();
  return () => cancel();
}
