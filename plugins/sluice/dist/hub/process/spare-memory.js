/**
 * Gives back to the system what the hub's start, or a storm, left behind in its heap.
 *
 * Owns: when. Never: what is garbage.
 *
 * The engine lets its young generation grow while modules load and does not shrink it by itself: 28 of 125 MiB. Its most thorough
 * collection does, and stands still for about 50 ms: so it is done only when nothing is, once after the start and then at most once an hour.
 */
import { performance } from "node:perf_hooks";
const THIS = { collect: globalThis.gc, use: performance.eventLoopUtilization };
const LOOK_MS = 3_000;
const EVERY_MS = 3_600_000;
/** Of the event loop's time. A hub whose sessions only hold their connections takes less. */
const IDLE = 0.02;
/** Starts it. Call the result to stop. */
export function keepMemorySmall(clock, { collect, use } = THIS) {
    if (collect === undefined)
        return () => { };
    let cancel = () => { };
    const look = () => {
        const before = use();
        cancel = clock.after(LOOK_MS, () => {
            if (use(before).utilization >= IDLE)
                return look();
            collect({ type: "major", execution: "sync", flavor: "last-resort" });
            cancel = clock.after(EVERY_MS, look);
        });
    };
    look();
    return () => cancel();
}
