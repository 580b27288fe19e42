/**
 * The route by which events are delivered again.
 *
 * Owns: reading the request, and the pages of a range. Never: what a replay does (store/events/replay.ts).
 */
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { requireSession, toTarget } from "../../flow/route/session-book.ts";
import { listReplayable, replayEvent } from "../../store/events/replay.ts";
import type { ApiOptions } from "./options.ts";
import { requireEvent } from "./event-routes.ts";
import { body } from "./parse.ts";
import { replaySchema, type ReplayView } from "../wire/wire.ts";

/** A page is one transaction: others wait for it. */
const PAGE = 200;

export function createReplayRoutes({
  db,
  clock,
  delivery,
}: Pick<ApiOptions, "db" | "clock" | "delivery">) {
  /** An id or what people call it, as for every other command that names a session. */
  const toMeant = (name: string): string | undefined => {
    requireSession(name, { db, delivery });
    return toTarget(name, db, delivery.leases);
  };
  return new Hono<{ Bindings: HttpBindings }>().post(
    "/events/replay",
    body(replaySchema),
    async (c) => {
      const request = c.req.valid("json");
      const target = request.session === undefined ? undefined : toMeant(request.session);
      const events =
        "ids" in request ? request.ids.map((id) => requireEvent(db, id)) : listRange(request);
      const replayed = await db.write(() =>
        events.map((event) => replayEvent(db, event, target, clock.now())),
      );
      delivery.changed();
      const more = !("ids" in request) && events.length === PAGE;
      return c.json({ events: replayed, more } satisfies ReplayView);
    },
  );

  function listRange(request: {
    since: number;
    until?: number | undefined;
    channel?: string | undefined;
    state?: "seen" | "done" | "expired" | "dead" | undefined;
    startedAt: number;
  }) {
    const { since, until = clock.now() + 1, channel, state, startedAt } = request;
    return listReplayable(db, {
      since,
      until,
      startedAt,
      limit: PAGE,
      ...(channel === undefined ? {} : { channel }),
      ...(state === undefined ? {} : { state }),
    });
  }
}
