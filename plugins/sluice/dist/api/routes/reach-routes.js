import { Hono } from "../../vendor/hono.js";
import { hookCallSchema, tunnelCallSchema } from "../wire/tunnel-wire.js";
import { setUpSchema } from "../wire/wire.js";
import { body } from "./parse.js";
import { refuseSession } from "./require-caller.js";
export function createReachRoutes({ reach, channels, toCaller, }) {
    return new Hono()
        .get("/tunnel", (c) => c.json(reach.tunnel ?? null))
        .put("/tunnel", body(tunnelCallSchema), async (c) => {
        const { caller, tunnel } = c.req.valid("json");
        refuseSession(toCaller(caller), "the tunnel is changed");
        const view = tunnel === "earlier" ? reach.putBack() : reach.change(tunnel ?? undefined);
        return c.json((await view) ?? null);
    })
        .post("/channels/:name/hooks", body(hookCallSchema), async (c) => {
        const { caller, ...request } = c.req.valid("json");
        refuseSession(toCaller(caller), "a hook is made");
        return c.json(await reach.makeHook(c.req.param("name"), request));
    })
        .post("/channels/:name/remove", body(setUpSchema), async (c) => {
        const name = c.req.param("name");
        refuseSession(toCaller(c.req.valid("json").caller), "a channel is removed");
        const hooks = await reach.removeHooks(name);
        return c.json({ name, ...(await channels.remove(name)), hooks });
    });
}
