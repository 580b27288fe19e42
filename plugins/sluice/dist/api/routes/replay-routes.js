import { Hono } from "../../vendor/hono.js";
import { requireSession, toTarget } from "../../flow/route/session-book.js";
import { listReplayable, replayEvent } from "../../store/events/replay.js";
import { requireEvent } from "./event-routes.js";
import { body } from "./parse.js";
import { replaySchema } from "../wire/wire.js";
/** A page is one transaction: others wait for it. */
const PAGE = 200;
export function createReplayRoutes({ db, clock, delivery, }) {
    /** An id or what people call it, as for every other command that names a session. */
    const toMeant = (name) => {
        requireSession(name, { db, delivery });
        return toTarget(name, db, delivery.leases);
    };
    return new Hono().post("/events/replay", body(replaySchema), async (c) => {
        const request = c.req.valid("json");
        const target = request.session === undefined ? undefined : toMeant(request.session);
        const events = "ids" in request ? request.ids.map((id) => requireEvent(db, id)) : listRange(request);
        const replayed = await db.write(() => events.map((event) => replayEvent(db, event, target, clock.now())));
        delivery.changed();
        const more = !("ids" in request) && events.length === PAGE;
        return c.json({ events: replayed, more });
    });
    function listRange(request) {
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
