/**
 * The point at which an earlier life of the poll stopped.
 *
 * Owns: the form in which it is stored, and for how long an offset is valid. Never: stores it.
 */
import { countAt, parseJson, textAt } from "../../sdk/json.ts";

export type Cursor = {
  /** The first update that is wanted; undefined: whatever Telegram still has. */
  offset: number | undefined;
  /** Epoch ms at which this was true. */
  at: number;
  /** Epoch ms of the latest update. */
  updateAt: number;
  /** Whose updates are counted: another bot's have other ids. */
  bot: string | undefined;
};

/** After a week without updates Telegram goes on with a random id, which may be lower: https://core.telegram.org/bots/api#update */
const OFFSET_LIFE_MS = 6 * 86_400_000;

export function newCursor(now: number): Cursor {
  return { offset: undefined, at: now, updateAt: now, bot: undefined };
}

export function toCursor(cursor: Cursor): string {
  return JSON.stringify(cursor);
}

/** What cannot be read starts with what Telegram still has: ids make known updates duplicates. */
export function parseCursor(text: string | undefined, now: number): Cursor {
  const parsed = text === undefined ? undefined : parseJson(text);
  const value = parsed?.kind === "ok" ? parsed.value : undefined;
  const at = countAt(value, "at") ?? now;
  return {
    offset: countAt(value, "offset"),
    at,
    updateAt: countAt(value, "updateAt") ?? at,
    bot: textAt(value, "bot"),
  };
}

/** What to ask for. Without an offset Telegram gives what nobody has confirmed, which after a long silence is what is new. */
export function toOffset({ offset, updateAt }: Cursor, now: number): { offset?: number } {
  return offset === undefined || now - updateAt > OFFSET_LIFE_MS ? {} : { offset };
}
