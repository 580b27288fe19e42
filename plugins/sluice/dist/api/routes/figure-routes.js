import { Hono } from "../../vendor/hono.js";
import { Hours } from "../../store/events/hours.js";
const SHOWN_HOURS = 24;
export function createFigureRoutes({ db, clock }) {
    const hours = new Hours(db);
    return new Hono().get("/figures/hours", (c) => {
        const view = hours.read(clock.now(), SHOWN_HOURS);
        return c.json(view);
    });
}
