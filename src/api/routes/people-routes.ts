/**
 * Routes by which a person is found and forgotten.
 *
 * Owns: that no session forgets anybody (require-caller.ts). Never: what that takes.
 */
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { findPeopleSchema, forgetCallSchema } from "../wire/people-wire.ts";
import type { ApiOptions } from "./options.ts";
import { body } from "./parse.ts";
import { refuseSession } from "./require-caller.ts";

export function createPeopleRoutes({ people, toCaller }: Pick<ApiOptions, "people" | "toCaller">) {
  return new Hono<{ Bindings: HttpBindings }>()
    .post("/people/find", body(findPeopleSchema), (c) => {
      const { text, channel } = c.req.valid("json");
      return c.json(people.find(text, channel));
    })
    .post("/people/forget", body(forgetCallSchema), async (c) => {
      const { caller, ...request } = c.req.valid("json");
      const asking = toCaller(caller);
      if (!request.isDry) refuseSession(asking, "a person is forgotten");
      return c.json(await people.forget(request, asking.origin));
    });
}
