/**
 * Times for people, by the hub's clock: the browser's may be wrong, or on another machine.
 *
 * Owns: the difference between both clocks. Never: asks for it.
 */
import { useEffect, useState } from "preact/hooks";

let skewMs = 0;

/** `now` as the hub has just said it. */
export function noteHubTime(now: number): void {
  skewMs = now - Date.now();
}

export function hubNow(): number {
  return Date.now() + skewMs;
}

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

/** The time of day: `14:05`, or as this browser writes it. */
export function toTime(at: number, isPrecise = false): string {
  return new Date(at).toLocaleTimeString([], {
    hour: "2-digit",
    minute: "2-digit",
    ...(isPrecise ? { second: "2-digit" } : {}),
  });
}

export function toDay(at: number): string {
  return new Date(at).toLocaleDateString([], { day: "numeric", month: "short" });
}

export function isToday(at: number): boolean {
  return new Date(at).toDateString() === new Date().toDateString();
}

/** The time of day; with the day where it is not today. `at` is the hub's. */
export function toClock(at: number, isPrecise = false): string {
  const time = toTime(at, isPrecise);
  return isToday(at) ? time : `${toDay(at)}, ${time}`;
}
