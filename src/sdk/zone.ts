/**
 * Times of a clock on a wall.
 *
 * Owns: reading one in a time zone. Never: knows which zone counts.
 */

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

/** Minutes of the day on a wall of the zone, 0 to 1439; without a zone: of the machine's. */
export function readMinute(at: number, zone: string | undefined): number {
  if (zone !== undefined) return toMinutes(readFormat(zone).format(at));
  const date = new Date(at);
  return date.getHours() * 60 + date.getMinutes();
}

/** Minutes of the day of an `HH:MM`. */
export function toMinutes(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}
