import { Hono } from "../../vendor/hono.js";
import { SluiceError } from "../../sdk/errors.js";
import { body } from "./parse.js";
import { refuseSession, requirePerson } from "./require-caller.js";
import { ignoreSchema } from "../wire/ignore-wire.js";
import { checkListener } from "./request-routes.js";
import { addChannelCallSchema, emitSchema, ingressCallSchema, noticesCallSchema, probeSchema, quietCallSchema, setUpSchema, } from "../wire/wire.js";
export function createHubRoutes({ status, stop, ingress, notices, probe, settings, delivery, channels, kinds, inbound, reach, toCaller, }) {
    const checkSetUp = (facts, what) => refuseSession(toCaller(facts), what);
    return new Hono()
        .get("/hub", (c) => c.json(status.describeHub()))
        .post("/hub/stop", (c) => {
        // After the answer is out: who asked wants to hear that it was heard.
        setImmediate(() => stop("asked by a client"));
        return c.json(status.describeHub());
    })
        .post("/ingress", body(ingressCallSchema), async (c) => {
        const { caller, ...change } = c.req.valid("json");
        checkSetUp(caller, "ingress is changed");
        const view = await ingress.change(change);
        await reach.follow();
        return c.json(view);
    })
        .get("/notices", (c) => c.json(notices.read() ?? null))
        .put("/notices", body(noticesCallSchema), (c) => {
        const { caller, notices: place } = c.req.valid("json");
        checkSetUp(caller, "the place for notices is changed");
        notices.change(place ?? undefined);
        return c.json(place);
    })
        .put("/quiet", body(quietCallSchema), (c) => {
        const { caller, quiet } = c.req.valid("json");
        checkSetUp(caller, "quiet hours are changed");
        settings.quiet.change(quiet ?? undefined);
        delivery.changed();
        return c.json({ quiet });
    })
        .post("/probe", body(probeSchema), async (c) => c.json(await probe.run(c.req.valid("json"))))
        .get("/status", (c) => c.json(status.describe()))
        .get("/channels", (c) => c.json(status.listChannels()))
        .post("/channels", body(addChannelCallSchema), async (c) => {
        const { caller, ...request } = c.req.valid("json");
        checkSetUp(caller, "a channel is added");
        if (await kinds.runsPrograms(request.kind, request.settings ?? {}))
            requirePerson(toCaller(caller), "a command that runs by itself is added");
        checkListener(request.transcribe, toCaller(caller));
        return c.json(await channels.add(request));
    })
        .post("/channels/:name/pause", body(setUpSchema), async (c) => {
        const name = c.req.param("name");
        checkSetUp(c.req.valid("json").caller, "a channel is paused");
        await channels.pause(name, true);
        return c.json({ name });
    })
        .post("/channels/:name/resume", body(setUpSchema), async (c) => {
        const name = c.req.param("name");
        checkSetUp(c.req.valid("json").caller, "a channel is resumed");
        await channels.pause(name, false);
        return c.json({ name });
    })
        .post("/channels/:name/ignore", body(ignoreSchema), async (c) => {
        const name = c.req.param("name");
        const { caller, ...change } = c.req.valid("json");
        checkSetUp(caller, "an account is ignored");
        return c.json({ name, ignoreSenders: await channels.ignore(name, change) });
    })
        .post("/emit", body(emitSchema), async (c) => {
        const accepted = await inbound.emit(c.req.valid("json"));
        if (accepted.kind === "dropped")
            throw toNotAdmitted(c.req.valid("json"), accepted.reason);
        return c.json({ id: accepted.id, state: accepted.duplicate ? "duplicate" : "stored" });
    });
}
function toNotAdmitted({ channel }, reason) {
    return reason === "paused"
        ? new SluiceError("conflict", `channel "${channel}" is paused and lets nothing in; "sluice resume ${channel}"`)
        : new SluiceError("bad_input", `emit: not admitted (${reason})`);
}
