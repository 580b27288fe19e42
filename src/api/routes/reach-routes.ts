/**
 * Routes of the public address: the tunnel, and the platforms' hooks, which go with their channel.
 *
 * Owns: that no session opens one (require-caller.ts). Never: what a change means.
 */
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { hookCallSchema, tunnelCallSchema } from "../wire/tunnel-wire.ts";
import type { ApiOptions } from "./options.ts";
import { setUpSchema } from "../wire/wire.ts";
import { body } from "./parse.ts";
import { refuseSession } from "./require-caller.ts";

export function createReachRoutes({
  reach,
  channels,
  toCaller,
}: Pick<ApiOptions, "reach" | "channels" | "toCaller">) {
  return new Hono<{ Bindings: HttpBindings }>()
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
