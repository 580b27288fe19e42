/**
 * Ages, countdowns and times for people. Owns: their words. Apart from time.ts, which the first page loads.
 */
import { useEffect, useState } from "preact/hooks";
import { hubNow, isToday, toDay, toTime } from "./time.ts";

/** Drawn again every so often, so that ages stay true. */
export function useNow(everyMs: number): number {
  const [, setCount] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setCount((before) => before + 1), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return hubNow();
}

/** `12 s`, `3 min`, `2 h`, `5 d`. */
export function toSpan(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** With seconds, for what is nearly over. */
export function toCountdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const rest = String(seconds % 60).padStart(2, "0");
  return seconds >= 3600 ? toSpan(ms) : `${Math.floor(seconds / 60)}:${rest}`;
}

/** The time of day; with the day where it is not today. `at` is the hub's. */
export function toClock(at: number, isPrecise = false): string {
  const time = toTime(at, isPrecise);
  return isToday(at) ? time : `${toDay(at)}, ${time}`;
}
