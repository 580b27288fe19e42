import { RESPONSE_ALREADY_SENT } from "../../vendor/hono-node-server-utils-response.js";
import { Hono } from "../../vendor/hono.js";
import { addEventClientSchema, clientMessageSchema, eventTokenSchema, } from "../wire/event-client-wire.js";
import { body } from "./parse.js";
import { refuseSession } from "./require-caller.js";
export function createEventClientRoutes({ eventClients, toCaller, }) {
    return new Hono()
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
