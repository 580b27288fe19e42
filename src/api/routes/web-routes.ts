/**
 * Routes of the page in the browser, for the command line: a launch link, and who is signed in.
 *
 * Owns: what only the owner's own terminal may ask. Never: what the browser itself asks (hub/web/app.ts).
 *
 * Who is signed in on the page speaks as the owner. So no session gets a link: it was perhaps talked into asking. A program gets one that
 * signs in to look, write and deny; one that allows what sessions ask takes a person at a terminal.
 */
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { SluiceError } from "../../sdk/errors.ts";
import type { ApiOptions } from "./options.ts";
import { body } from "./parse.ts";
import { linkSchema } from "../wire/web-wire.ts";

export function createWebRoutes({ web, toCaller }: Pick<ApiOptions, "web" | "toCaller">) {
  return new Hono<{ Bindings: HttpBindings }>()
    .post("/web/links", body(linkSchema), async (c) => {
      const { isTerminal, isSession, origin } = toCaller(c.req.valid("json").caller);
      if (isSession === true) {
        throw new SluiceError(
          "unauthorized",
          `${origin} gets no link to the page; run "sluice open" in a terminal of your own`,
        );
      }
      return c.json(await web.newLink({ mayAllow: isTerminal }));
    })
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
