/**
 * Routes of code: a channel of the owner's own is added, or gets other code.
 *
 * Owns: that only a person at a terminal does that (require-caller.ts). Never: what the code may do.
 */
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { addCodeCallSchema, reloadCallSchema } from "../wire/wire.ts";
import type { ApiOptions } from "./options.ts";
import { body } from "./parse.ts";
import { requirePerson } from "./require-caller.ts";

export function createCodeRoutes({ code, toCaller }: Pick<ApiOptions, "code" | "toCaller">) {
  return new Hono<{ Bindings: HttpBindings }>()
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
