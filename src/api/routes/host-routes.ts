/**
 * Routes of hosts: which the owner has switched on, and what stands in their way.
 *
 * Owns: that no session switches one (require-caller.ts). Never: opens one.
 */
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { SluiceError } from "../../sdk/errors.ts";
import {
  HOST_NAMES,
  hostCallSchema,
  type HostName,
  pluginReportSchema,
  pluginSessionSchema,
} from "../wire/host-wire.ts";
import { setUpSchema } from "../wire/wire.ts";
import type { ApiOptions } from "./options.ts";
import { body } from "./parse.ts";
import { refuseSession } from "./require-caller.ts";
import { openStream } from "./stream.ts";

export function createHostRoutes({ hosts, toCaller }: Pick<ApiOptions, "hosts" | "toCaller">) {
  return (
    new Hono<{ Bindings: HttpBindings }>()
      .get("/hosts", (c) => c.json(hosts.describe()))
      .get("/lanes", (c) => c.json(hosts.describeLanes()))
      // The stream is the lease: the kernel ends it when the agent dies, however it dies.
      .post("/hosts/:name/sessions", body(pluginSessionSchema), (c) => {
        const plugin = hosts.plugin(requireName(c.req.param("name")));
        const found = c.req.valid("json");
        return openStream(c.env.outgoing, (stream) =>
          plugin.attach(found, (message) => stream.send(message)),
        );
      })
      .post("/hosts/:name/sessions/:id/reports", body(pluginReportSchema), async (c) => {
        const plugin = hosts.plugin(requireName(c.req.param("name")));
        await plugin.report(c.req.param("id"), c.req.valid("json"));
        return c.json({});
      })
      .put("/hosts/:name", body(hostCallSchema), async (c) => {
        const { caller, ...setting } = c.req.valid("json");
        refuseSession(toCaller(caller), "an agent is connected");
        const name = requireName(c.req.param("name"));
        await hosts.change(name, setting);
        return c.json({ name, ...setting });
      })
      .post("/hosts/:name/remove", body(setUpSchema), async (c) => {
        refuseSession(toCaller(c.req.valid("json").caller), "an agent is disconnected");
        const name = requireName(c.req.param("name"));
        return c.json({ name, removed: await hosts.change(name, undefined) });
      })
  );
}

function requireName(given: string): HostName {
  const name = HOST_NAMES.find((known) => known === given);
  if (name !== undefined) return name;
  throw new SluiceError("not_found", `no host "${given}"; there are: ${HOST_NAMES.join(", ")}`);
}
