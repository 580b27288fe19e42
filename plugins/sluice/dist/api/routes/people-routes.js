import { Hono } from "../../vendor/hono.js";
import { findPeopleSchema, forgetCallSchema } from "../wire/people-wire.js";
import { body } from "./parse.js";
import { refuseSession } from "./require-caller.js";
export function createPeopleRoutes({ people, toCaller }) {
    return new Hono()
        .post("/people/find", body(findPeopleSchema), (c) => {
        const { text, channel } = c.req.valid("json");
        return c.json(people.find(text, channel));
    })
        .post("/people/forget", body(forgetCallSchema), async (c) => {
        const { caller, ...request } = c.req.valid("json");
        const asking = toCaller(caller);
        if (!request.isDry)
            refuseSession(asking, "a person is forgotten");
        return c.json(await people.forget(request, asking.origin));
    });
}
