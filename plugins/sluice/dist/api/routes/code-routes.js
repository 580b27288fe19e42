import { Hono } from "../../vendor/hono.js";
import { addCodeCallSchema, reloadCallSchema } from "../wire/wire.js";
import { body } from "./parse.js";
import { requirePerson } from "./require-caller.js";
export function createCodeRoutes({ code, toCaller }) {
    return new Hono()
        .post("/channels/code", body(addCodeCallSchema), async (c) => {
        const { caller, ...request } = c.req.valid("json");
        requirePerson(toCaller(caller), "code of a channel is added");
        return c.json(await code.add(request));
    })
        .post("/channels/:name/code", body(reloadCallSchema), async (c) => {
        const { caller, ...request } = c.req.valid("json");
        requirePerson(toCaller(caller), "code of a channel is changed");
        return c.json(await code.reload(c.req.param("name"), request));
    });
}
