import { Hono } from "../../vendor/hono.js";
import { toMessage } from "../../sdk/errors.js";
import { agentSessionSchema } from "../wire/agent-wire.js";
import { pluginReportSchema } from "../wire/host-wire.js";
import { body } from "./parse.js";
import { refuseSession } from "./require-caller.js";
import { openStream } from "./stream.js";
export function createAgentRoutes({ hosts, toCaller }) {
    return (new Hono()
        // The stream is the lease: the kernel ends it when the process that runs the agent dies, however it dies.
        .post("/agents", body(agentSessionSchema), async (c) => {
        const { caller, ...found } = c.req.valid("json");
        refuseSession(toCaller(caller), "an agent is started");
        const door = await hosts.agents();
        return openStream(c.env.outgoing, (stream) => {
            try {
                return door.attach(found, (message) => stream.send(message));
            }
            catch (thrown) {
                // The head of the answer is out.
                stream.send({ kind: "refused", reason: toMessage(thrown) });
                stream.close();
                return () => { };
            }
        });
    })
        .post("/agents/:id/reports", body(pluginReportSchema), async (c) => {
        const door = await hosts.agents();
        await door.report(c.req.param("id"), c.req.valid("json"));
        return c.json({});
    }));
}
