import { Hono } from "../../vendor/hono.js";
import { SluiceError } from "../../sdk/errors.js";
import { HOST_NAMES, hostCallSchema, pluginReportSchema, pluginSessionSchema, } from "../wire/host-wire.js";
import { setUpSchema } from "../wire/wire.js";
import { body } from "./parse.js";
import { refuseSession } from "./require-caller.js";
import { openStream } from "./stream.js";
export function createHostRoutes({ hosts, toCaller }) {
    return (new Hono()
        .get("/hosts", (c) => c.json(hosts.describe()))
        .get("/lanes", (c) => c.json(hosts.describeLanes()))
        // The stream is the lease: the kernel ends it when the agent dies, however it dies.
        .post("/hosts/:name/sessions", body(pluginSessionSchema), (c) => {
        const plugin = hosts.plugin(requireName(c.req.param("name")));
        const found = c.req.valid("json");
        return openStream(c.env.outgoing, (stream) => plugin.attach(found, (message) => stream.send(message)));
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
    }));
}
function requireName(given) {
    const name = HOST_NAMES.find((known) => known === given);
    if (name !== undefined)
        return name;
    throw new SluiceError("not_found", `no host "${given}"; there are: ${HOST_NAMES.join(", ")}`);
}
