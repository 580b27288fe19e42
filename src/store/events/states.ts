/**
 * States of an event, as the conditions of indexes say them.
 *
 * Owns: these words. SQLite uses such an index only where a query says its condition alike, or names one state of it by itself.
 */

/** Done, expired or dead. */
export const IS_OVER = "(state = 'done' OR state = 'expired' OR state = 'dead')";
