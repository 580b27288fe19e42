/**
 * Lengths and points of time as people type them.
 *
 * Owns: `90m`, `2d`, and `2026-01-05T09:00`. Never: formats one (print.ts).
 */
import { toUsageFault } from "./exit.ts";

const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `90m`, `36h`, `2d` in ms; undefined for anything else. */
function toDurationMs(text: string): number | undefined {
  const [, count, unit = ""] = /^(\d{1,6})\s?([smhd])$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (UNITS[unit] ?? 0);
}

/** @throws SluiceError `bad_input`. 0 needs no unit. */
export function parseDuration(flag: string, text: string): number {
  const ms = text === "0" ? 0 : toDurationMs(text);
  if (ms !== undefined) return ms;
  throw toUsageFault(`${flag} ${text} is not a length of time; write it like 30s, 90m, 36h or 2d`);
}

/** A point of time, epoch ms: so long ago (`2h`), or a date that this machine's clock can show. @throws SluiceError `bad_input`. */
export function parseTime(flag: string, text: string, now: number): number {
  const ago = toDurationMs(text);
  if (ago !== undefined) return now - ago;
  // A date with no time means its first moment here, as people mean it; the standard would take it for UTC.
  const at = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text);
  if (/^\d{4}-\d{2}-\d{2}/.test(text) && Number.isFinite(at) && at >= 0) return at;
  throw toUsageFault(
    `${flag} ${text} is no point of time; write it like 2h (ago), 2026-01-31 or 2026-01-31T09:00`,
  );
}
