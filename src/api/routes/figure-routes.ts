/**
 * Routes of figures over time.
 */
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import type { Clock } from "../../sdk/clock.ts";
import type { Database } from "../../store/file/database.ts";
import { Hours } from "../../store/events/hours.ts";
import type { HourView } from "../wire/timeline-wire.ts";

const SHOWN_HOURS = 24;

export function createFigureRoutes({ db, clock }: { db: Database; clock: Clock }) {
  const hours = new Hours(db);
  return new Hono<{ Bindings: HttpBindings }>().get("/figures/hours", (c) => {
    const view: HourView[] = hours.read(clock.now(), SHOWN_HOURS);
    return c.json(view);
  });
}
