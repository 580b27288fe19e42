import { Hono } from "../../vendor/hono.js";
import { previewSchema, rotateSchema, sampleSchema, templateCallSchema, } from "../wire/request-wire.js";
import { transcribeCallSchema } from "../wire/transcribe-wire.js";
import { body } from "./parse.js";
import { refuseSession, requirePerson } from "./require-caller.js";
export function createRequestRoutes({ channels, inbound, requests, reach, toCaller, }) {
    return new Hono()
        .post("/channels/:name/rotate", body(rotateSchema), async (c) => {
        const { caller, ...request } = c.req.valid("json");
        refuseSession(toCaller(caller), "a secret is changed");
        const rotated = await channels.rotate(c.req.param("name"), request);
        await reach.updateHooks(rotated.name);
        return c.json(rotated);
    })
        .put("/channels/:name/template", body(templateCallSchema), async (c) => {
        const { caller, template } = c.req.valid("json");
        refuseSession(toCaller(caller), "how a channel's requests are told is changed");
        await channels.setTemplate(c.req.param("name"), template ?? undefined);
        return c.json({ name: c.req.param("name"), template });
    })
        .put("/channels/:name/transcribe", body(transcribeCallSchema), async (c) => {
        const { caller, ...change } = c.req.valid("json");
        const asking = toCaller(caller);
        refuseSession(asking, "what listens to voice notes is changed");
        checkListener(change.transcribe ?? undefined, asking);
        const name = c.req.param("name");
        await inbound.transcriber.change(name, change);
        return c.json({ name, transcribe: change.transcribe });
    })
        .post("/requests/preview", body(previewSchema), async (c) => {
        const { event, template } = c.req.valid("json");
        return c.json(await requests.preview(event, template));
    })
        .get("/samples/:kind", (c) => c.json(requests.listSamples(c.req.param("kind"))))
        .post("/samples", body(sampleSchema), async (c) => {
        const { caller, kind, event, channel } = c.req.valid("json");
        refuseSession(toCaller(caller), "a sample is sent");
        return c.json(await requests.sample(kind, event, channel));
    });
}
/** It runs by itself, whenever somebody sends a note. @throws SluiceError `unauthorized`. */
export function checkListener(transcribe, caller) {
    if (transcribe !== undefined && "command" in transcribe)
        requirePerson(caller, "a command that runs by itself is added");
}
