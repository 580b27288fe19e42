/**
 * Quiet hours: the time of day in which only urgent events wake a session.
 *
 * Owns: whether it is quiet now, and when that ends. Never: stores the hours, or finds the machine's zone. Pure but for that zone.
 *
 * QUIET-1 It is quiet while a clock on the wall of the zone shows a time from `from` to just before `to`. So where the clocks go forward over
 *    `to`, quiet ends at that moment; where they go back, the hour that comes twice is quiet twice or not at all.
 */

/** Times of a clock on the wall, `HH:MM`. A `to` before `from` is on the next day. Without a zone: the machine's. */
export type QuietHours = { from: string; to: string; zone?: string | undefined };

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
/** Clocks change at such moments only, everywhere on earth. */
const STEP_MS = 15 * MINUTE_MS;
/** Two days: the one moment outside the hours may be left out on the first. */
const MAX_STEPS = 200;

/** When the quiet hours that hold now are over (epoch ms); undefined outside them. */
export function toQuietEnd(quiet: QuietHours | undefined, now: number): number | undefined {
  if (quiet === undefined) return undefined;
  const [from, to] = [toMinutes(quiet.from), toMinutes(quiet.to)];
  const isQuiet = (minute: number): boolean =>
    from <= to ? from <= minute && minute < to : from <= minute || minute < to;
  let at = now - (now % MINUTE_MS);
  let minute = readMinute(at, quiet.zone);
  if (!isQuiet(minute)) return undefined;
  // From one moment at which the clocks may change to the next: between them a minute is a minute.
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    const next = at - (at % STEP_MS) + STEP_MS;
    const end = at + ((to - minute + DAY_MINUTES) % DAY_MINUTES) * MINUTE_MS;
    if (end < next) return end;
    at = next;
    minute = readMinute(at, quiet.zone);
    if (!isQuiet(minute)) return at;
  }
  return at;
}

/** Whether hours can count in it. */
export function isZone(name: string): boolean {
  try {
    readFormat(name);
    return true;
  } catch {
    // A RangeError, for what is no zone.
    return false;
  }
}

/** `HH:MM` on a wall of the zone. */
export function toWallTime(at: number, zone?: string): string {
  const minute = readMinute(at, zone);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** @throws RangeError for what is no zone. */
function readFormat(zone: string): Intl.DateTimeFormat {
  const kept = formats.get(zone);
  if (kept !== undefined) return kept;
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  formats.set(zone, format);
  return format;
}

/** Of the day, 0 to 1439. */
function readMinute(at: number, zone: string | undefined): number {
  if (zone !== undefined) return toMinutes(readFormat(zone).format(at));
  const date = new Date(at);
  return date.getHours() * 60 + date.getMinutes();
}

function toMinutes(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}
