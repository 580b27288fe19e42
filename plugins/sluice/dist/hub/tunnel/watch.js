const STEADY_MS = 300_000;
const BEAT_MS = 15_000;
const FIRST_MS = 1_000;
/** Of a name that was just made, in the resolvers of the world. */
const MOST_MS = 60_000;
const LOST_MS = 90_000;
/** Looks at once, and until `life` ends. */
export function watchAddress({ clock, life, run, tell, lost }) {
    let misses = 0;
    let otherSince;
    let dueAt = clock.now();
    let beatAt = clock.now();
    let isLooking = false;
    const look = async () => {
        isLooking = true;
        const reached = await run();
        isLooking = false;
        if (life.aborted)
            return;
        tell(reached);
        const now = clock.now();
        if (reached.kind === "us")
            misses = 0;
        otherSince = reached.kind === "other" ? (otherSince ?? now) : undefined;
        if (otherSince !== undefined && now - otherSince >= LOST_MS)
            return lost();
        const soonMs = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(misses, 10));
        if (reached.kind !== "us")
            misses++;
        dueAt = now + (reached.kind === "us" ? STEADY_MS : soonMs);
        beatAt = now;
        beat();
    };
    let cancel = () => { };
    const beat = () => {
        cancel();
        if (life.aborted)
            return;
        const now = clock.now();
        // LOOK-1: also a clock that was set; one look more harms nobody.
        const hasSlept = Math.abs(now - beatAt) > 2 * BEAT_MS;
        beatAt = now;
        if (!isLooking && (hasSlept || now >= dueAt))
            return void look();
        cancel = clock.after(Math.min(BEAT_MS, Math.max(0, dueAt - now)), beat);
    };
    beat();
}
