/**
 * Routes of the page in the browser, for the command line: a launch link, and who is signed in.
 *
 * Owns: what only the owner's own terminal may ask. Never: what the browser itself asks (hub/web/app.ts).
 */
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { SluiceError } from "../sdk/errors.ts";
import type { ApiOptions } from "./options.ts";

export function createWebRoutes({ web }: Pick<ApiOptions, "web">) {
  return new Hono<{ Bindings: HttpBindings }>()
    .post("/web/links", async (c) => c.json(await web.newLink()))
    .get("/web/sessions", (c) => c.json(web.listSessions()))
    .delete("/web/sessions", async (c) => c.json({ ended: await web.endSessions() }))
    .delete("/web/sessions/:id", async (c) => {
      const ended = await web.endSessions(c.req.param("id"));
      if (ended === 0)
        throw new SluiceError(
          "not_found",
          `no browser ${c.req.param("id")} is signed in; "sluice web sessions" lists them`,
        );
      return c.json({ ended });
    });
}
