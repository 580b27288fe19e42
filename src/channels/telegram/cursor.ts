/**
 * Where an earlier life of the poll stopped.
 *
 * Owns: the text that is kept of it. Never: keeps it.
 */
import { countAt, parseJson } from "../../sdk/json.ts";

export type Cursor = {
  /** The first update that is wanted; undefined: whatever Telegram still has. */
  offset: number | undefined;
  /** Epoch ms at which this was true. */
  at: number;
};

/** After a week without updates Telegram goes on with a random id, which may be lower: https://core.telegram.org/bots/api#update */
const OFFSET_LIFE_MS = 6 * 86_400_000;

export function toCursor({ offset, at }: Cursor): string {
  return JSON.stringify({ ...(offset === undefined ? {} : { offset }), at });
}

/** What cannot be read, or is too old to be trusted, starts with what Telegram still has: ids make known updates duplicates. */
export function parseCursor(text: string | undefined, now: number): Cursor {
  const parsed = text === undefined ? undefined : parseJson(text);
  const value = parsed?.kind === "ok" ? parsed.value : undefined;
  const at = countAt(value, "at") ?? now;
  return { offset: now - at > OFFSET_LIFE_MS ? undefined : countAt(value, "offset"), at };
}
