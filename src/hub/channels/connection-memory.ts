/**
 * What a channel's connection may know of its earlier lives: where it stopped, and which deliveries are events already.
 *
 * Owns: nothing; it asks the store. Never: writes.
 */
import { readCursor } from "../../store/events/cursors.ts";
import { findKnownIds } from "../../store/events/known-ids.ts";
import type { Database } from "../../store/file/database.ts";
import type { ConnectionsOptions } from "./connections.ts";

export function toConnectionMemory(db: Database): Pick<ConnectionsOptions, "readCursor" | "knows"> {
  return {
    readCursor: (channel) => readCursor(db, channel),
    knows: (channel, deliveryIds) => findKnownIds(db, channel, deliveryIds),
  };
}
