/**
 * Routes of MCP clients that take events: the list, adding, new tokens, removing; and the messages of one on stdio.
 *
 * A client reads what others wrote to the owner: no session makes one, since an event may have talked it into that.
 */
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono } from "hono";
import {
  addEventClientSchema,
  clientMessageSchema,
  eventTokenSchema,
} from "../wire/event-client-wire.ts";
import type { ApiOptions } from "./options.ts";
import { body } from "./parse.ts";
import { refuseSession } from "./require-caller.ts";

export function createEventClientRoutes({
  eventClients,
  toCaller,
}: Pick<ApiOptions, "eventClients" | "toCaller">) {
  return new Hono<{ Bindings: HttpBindings }>()
    .get("/clients/events", (c) => c.json(eventClients.list()))
    .post("/clients/events", body(addEventClientSchema), async (c) => {
      const { caller, ...request } = c.req.valid("json");
      refuseSession(toCaller(caller), "an MCP client is given events");
      return c.json(await eventClients.add(request));
    })
    .post("/clients/events/:name/token", body(eventTokenSchema), async (c) => {
      refuseSession(toCaller(c.req.valid("json").caller), "an MCP client is given a token");
      return c.json(await eventClients.rotate(c.req.param("name")));
    })
    .delete("/clients/events/:name", async (c) => {
      await eventClients.remove(c.req.param("name"));
      return c.json({ name: c.req.param("name") });
    })
    .post("/clients/events/:name/message", body(clientMessageSchema), async (c) => {
      const { message } = c.req.valid("json");
      await eventClients.answer(c.req.param("name"), message, c.env.outgoing);
      return RESPONSE_ALREADY_SENT;
    });
}
