/**
 * What a channel's connection may know of its earlier lives: where it stopped, and which deliveries are events already.
 *
 * Owns: nothing; it asks the store. Never: writes.
 */
import { readCursor } from "../../store/events/cursors.js";
import { findKnownIds } from "../../store/events/known-ids.js";
export function toConnectionMemory(db) {
    return {
        readCursor: (channel) => readCursor(db, channel),
        knows: (channel, deliveryIds) => findKnownIds(db, channel, deliveryIds),
    };
}
