/**
 * The common parts that every subsystem of the hub gets.
 *
 * Owns: nothing. Never: holds a subsystem: one that needs another gets it by name.
 */
import type { Home } from "../local/home.ts";
import type { Clock } from "../sdk/clock.ts";
import type { Logger } from "../sdk/log.ts";
import type { Database } from "../store/file/database.ts";

export type Core = { db: Database; clock: Clock; log: Logger; home: Home };
