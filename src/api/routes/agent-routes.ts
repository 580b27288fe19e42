/**
 * Routes of agents without a person.
 *
 * Owns: that no session starts one (require-caller.ts). Never: runs one.
 */
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { toMessage } from "../../sdk/errors.ts";
import { agentSessionSchema } from "../wire/agent-wire.ts";
import { pluginReportSchema } from "../wire/host-wire.ts";
import type { ApiOptions } from "./options.ts";
import { body } from "./parse.ts";
import { refuseSession } from "./require-caller.ts";
import { openStream } from "./stream.ts";

export function createAgentRoutes({ hosts, toCaller }: Pick<ApiOptions, "hosts" | "toCaller">) {
  return (
    new Hono<{ Bindings: HttpBindings }>()
      // The stream is the lease: the kernel ends it when the process that runs the agent dies, however it dies.
      .post("/agents", body(agentSessionSchema), async (c) => {
        const { caller, ...found } = c.req.valid("json");
        refuseSession(toCaller(caller), "an agent is started");
        const door = await hosts.agents();
        return openStream(c.env.outgoing, (stream) => {
          try {
            return door.attach(found, (message) => stream.send(message));
          } catch (thrown) {
            // The head of the answer is out.
            stream.send({ kind: "refused", reason: toMessage(thrown) });
            stream.close();
            return () => {};
          }
        });
      })
      .post("/agents/:id/reports", body(pluginReportSchema), async (c) => {
        const door = await hosts.agents();
        await door.report(c.req.param("id"), c.req.valid("json"));
        return c.json({});
      })
  );
}
