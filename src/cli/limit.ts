/**
 * How many rows a list shows.
 *
 * Owns: reading that number. Never: what is listed.
 */
import { toUsageFault } from "./exit.ts";

/** For a query. @throws SluiceError `bad_input`. */
export function parseLimit(text: string, max: number): string {
  if (!/^[1-9]\d{0,5}$/.test(text) || Number(text) > max)
    throw toUsageFault(`--limit ${text} is not a number from 1 to ${max}`);
  return text;
}
