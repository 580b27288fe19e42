/**
 * Looks again and again whether a public address leads here.
 *
 * Owns: when that is looked at, and after how long an address counts as lost. Never: makes the request (outside-check.ts).
 *
 * LOOK-1 A machine that has slept is looked at when it wakes: its timers have slept with it.
 * LOOK-2 Only an address at which somebody else answers is lost. Where nothing answers, this machine may have no network, and a tunnel
 *    that is started anew would get another address.
 */
import type { Clock } from "../../sdk/clock.ts";
import type { Reached } from "./outside-check.ts";

const STEADY_MS = 300_000;
const BEAT_MS = 15_000;
const FIRST_MS = 1_000;
/** Of a name that was just made, in the resolvers of the world. */
const MOST_MS = 60_000;
const LOST_MS = 90_000;

type AddressCheck = {
  clock: Clock;
  life: AbortSignal;
  run: () => Promise<Reached>;
  tell: (reached: Reached) => void;
  lost: () => void;
};

/** Looks at once, and until `life` ends. */
export function watchAddress({ clock, life, run, tell, lost }: AddressCheck): void {
  let misses = 0;
  let otherSince: number | undefined;
  let dueAt = clock.now();
  let beatAt = clock.now();
  let isLooking = false;

  const look = async (): Promise<void> => {
    isLooking = true;
    const reached = await run();
    isLooking = false;
    if (life.aborted) return;
    tell(reached);
    const now = clock.now();
    if (reached.kind === "us") misses = 0;
    otherSince = reached.kind === "other" ? (otherSince ?? now) : undefined;
    if (otherSince !== undefined && now - otherSince >= LOST_MS) return lost();
    const soonMs = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(misses, 10));
    if (reached.kind !== "us") misses++;
    dueAt = now + (reached.kind === "us" ? STEADY_MS : soonMs);
    beatAt = now;
    beat();
  };
  let cancel = (): void => {};
  const beat = (): void => {
    cancel();
    if (life.aborted) return;
    const now = clock.now();
    // LOOK-1: also a clock that was set; one look more harms nobody.
    const hasSlept = Math.abs(now - beatAt) > 2 * BEAT_MS;
    beatAt = now;
    if (!isLooking && (hasSlept || now >= dueAt)) return void look();
    cancel = clock.after(Math.min(BEAT_MS, Math.max(0, dueAt - now)), beat);
  };
  beat();
}
