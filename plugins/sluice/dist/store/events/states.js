/**
 * States of an event, in the words of the conditions of indexes.
 *
 * Owns: these words. SQLite uses such an index only where a query has the same condition, or names one of its states alone.
 */
/** Done, expired or dead. */
export const IS_OVER = "(state = 'done' OR state = 'expired' OR state = 'dead')";
/** All but what waits: found by its channel. */
export const IS_ON_CHANNEL = "state <> 'stored'";
