/**
 * What the timeline asks beyond the command line's own calls.
 *
 * Owns: types of answers. Never: behaviour.
 */

/** Pushed to every open tab, gathered: which events are new or changed. Empty where they are too many to name: read again. */
export type EventsPush = { kind: "events"; ids: string[] };

/** One hour, by the hub's clock. `from` is epoch ms. */
export type HourView = { from: number; events: number; wakes: number };
