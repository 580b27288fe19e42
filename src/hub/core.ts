/**
 * What every subsystem of the hub is given first.
 *
 * Owns: nothing. Never: grows by what one subsystem needs of another; that is passed by name.
 */
import type { Home } from "../local/home.ts";
import type { Clock } from "../sdk/clock.ts";
import type { Logger } from "../sdk/log.ts";
import type { Database } from "../store/file/database.ts";

export type Core = { db: Database; clock: Clock; log: Logger; home: Home };
