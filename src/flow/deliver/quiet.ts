/**
 * Quiet hours: the time of day in which only urgent events wake a session.
 *
 * Owns: whether it is quiet now, and when that ends. Never: stores the hours. Pure but for the machine's time zone.
 */

/** Local times, `HH:MM`. A `to` before `from` is on the next day. */
export type QuietHours = { from: string; to: string };

/** When the quiet hours that hold now are over (epoch ms); undefined outside them. */
export function toQuietEnd(quiet: QuietHours | undefined, now: number): number | undefined {
  if (quiet === undefined) return undefined;
  const [from, to] = [toMinutes(quiet.from), toMinutes(quiet.to)];
  const date = new Date(now);
  const minute = date.getHours() * 60 + date.getMinutes();
  const isQuiet = from <= to ? from <= minute && minute < to : from <= minute || minute < to;
  if (!isQuiet) return undefined;
  // By the calendar, not by adding hours: a night in which the clocks change is shorter or longer.
  date.setHours(Math.floor(to / 60), to % 60, 0, 0);
  if (date.getTime() <= now) date.setDate(date.getDate() + 1);
  return date.getTime();
}

function toMinutes(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}
