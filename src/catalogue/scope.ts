/**
 * What the rows of one event are read within.
 *
 * Owns: nothing that runs.
 */
import type { Priority } from "../sdk/event.ts";

export type RowScope = {
  /** The event's name. */
  event: string;
  /** What of the name, or of the payload, says what was done; lines, severities and priorities may differ by it. */
  action: string | undefined;
  /** What `{did}` and the like stand for. */
  words: Readonly<Record<string, string>>;
  /** Behind every line. */
  suffix?: string;
  /** In front of every entity; an event has no entity where it is undefined. */
  entityPrefix: string | undefined;
  /** In front of every key of a state. */
  statePrefix: string;
  /** Where a link that begins with this sign leads. */
  bases?: Readonly<Record<string, () => string | undefined>>;
  /** Links for where an event has none of its own. */
  home?: readonly string[];
  /** Actions that leave a quoted body or description as it was. */
  repeats?: RegExp;
  /** Of events for which no row says another one. */
  priority: Priority;
};
