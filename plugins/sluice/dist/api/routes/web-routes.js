import { Hono } from "../../vendor/hono.js";
import { SluiceError } from "../../sdk/errors.js";
import { body } from "./parse.js";
import { linkSchema } from "../wire/web-wire.js";
import { passphraseSchema, remoteSchema } from "../wire/web-remote-wire.js";
import { requirePerson } from "./require-caller.js";
export function createWebRoutes({ web, toCaller }) {
    return new Hono()
        .post("/web/links", body(linkSchema), async (c) => {
        const { isTerminal, isSession, origin } = toCaller(c.req.valid("json").caller);
        if (isSession === true) {
            throw new SluiceError("unauthorized", `${origin} gets no link to the page; run "sluice open" in a terminal of your own`);
        }
        return c.json(await web.newLink({ mayAllow: isTerminal }));
    })
        .get("/web/sessions", (c) => c.json(web.listSessions()))
        .delete("/web/sessions", async (c) => c.json({ ended: await web.endSessions() }))
        .delete("/web/sessions/:id", async (c) => {
        const ended = await web.endSessions(c.req.param("id"));
        if (ended === 0)
            throw new SluiceError("not_found", `no browser ${c.req.param("id")} is signed in; "sluice web sessions" lists them`);
        return c.json({ ended });
    })
        .get("/web/remote", (c) => c.json(web.describeRemote()))
        .post("/web/remote", body(remoteSchema), async (c) => {
        const { origin, caller } = c.req.valid("json");
        // Closing is safe, whoever does it.
        const actor = origin === undefined
            ? toCaller(caller).origin
            : requirePerson(toCaller(caller), "the page is opened to other machines");
        return c.json(await web.setRemote(origin, actor));
    })
        .post("/web/passphrase", body(passphraseSchema), async (c) => {
        const { passphrase, caller } = c.req.valid("json");
        const actor = requirePerson(toCaller(caller), "the passphrase of the page is set");
        return c.json(await web.setPassphrase(passphrase, actor));
    });
}
