/**
 * Times for people, by the hub's clock: the browser's may be wrong, or on another machine.
 *
 * Owns: the difference between both clocks. Never: asks for it.
 */

let skewMs = 0;

/** `now` as the hub has just said it. */
export function noteHubTime(now: number): void {
  skewMs = now - Date.now();
}

export function hubNow(): number {
  return Date.now() + skewMs;
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
