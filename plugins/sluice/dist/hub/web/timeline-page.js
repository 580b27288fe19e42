/**
 * The timeline in the browser: the same reads as the command line's, and a message when events are new or changed.
 *
 * Owns: which of the API's routes a page may ask, and grouping its messages. Never: a second form of the API's answers.
 *
 * TIMELINE-1 However many events arrive, a tab is notified at most twice a second, and only by their names: it asks for the ones that
 *    it shows.
 */
import { Hono } from "../../vendor/hono.js";
import { createEventReads } from "../../api/routes/event-routes.js";
import { createFigureRoutes } from "../../api/routes/figure-routes.js";
const GATHER_MS = 500;
/** More than these are not named: the page reads its list again. */
const NAMED_MAX = 100;
export function createTimelineRoutes(options) {
    return new Hono()
        .route("/", createEventReads(options))
        .route("/", createFigureRoutes(options));
}
/** Tells of events that are new or changed (TIMELINE-1). Returns how to stop. */
export function watchEvents(db, tell) {
    const changed = new Set();
    let timer;
    const flush = () => {
        timer = undefined;
        const ids = changed.size > NAMED_MAX ? [] : [...changed];
        changed.clear();
        tell({ kind: "events", ids });
    };
    const stop = db.watch((ids) => {
        // One more than are named is enough to know that they are too many.
        for (const id of ids)
            if (changed.size <= NAMED_MAX)
                changed.add(id);
        timer ??= setTimeout(flush, GATHER_MS);
    });
    return () => {
        stop();
        clearTimeout(timer);
    };
}
