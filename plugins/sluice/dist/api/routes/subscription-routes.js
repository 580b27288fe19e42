import { Hono } from "../../vendor/hono.js";
import { toLabel } from "../../flow/session/attachment.js";
import { nameSession, requireSession } from "../../flow/route/session-book.js";
import { SluiceError } from "../../sdk/errors.js";
import { findSession } from "../../store/sessions/session-names.js";
import { body } from "./parse.js";
import { addRuleSchema, labelSchema, unwatchSchema, watchSchema, } from "../wire/subscription-wire.js";
export function createSubscriptionRoutes({ db, clock, delivery, settings: { routing }, }) {
    const { watchers } = delivery;
    const view = (one) => {
        const open = [...delivery.leases].find(({ session }) => session === one.session);
        const known = findSession(db, one.session);
        const label = open === undefined ? (known?.label ?? known?.name) : toLabel(open);
        const { id, session, channel, entity, pattern, until, copy = false, createdAt } = one;
        return {
            id,
            session,
            label: label ?? session,
            channel,
            entity,
            pattern,
            until,
            copy,
            createdAt,
        };
    };
    return new Hono()
        .get("/subscriptions", (c) => c.json(watchers.list().map(view)))
        .post("/subscriptions", body(watchSchema), async (c) => {
        const { session, channel, copy, ...rest } = c.req.valid("json");
        const { entity = null, pattern = null, until = null } = rest;
        const id = requireSession(session, { db, delivery });
        return c.json(view(await watchers.watch(id, { channel, entity, pattern, until, copy })));
    })
        .post("/subscriptions/end", body(unwatchSchema), async (c) => {
        const request = c.req.valid("json");
        const session = "id" in request || request.session === undefined
            ? undefined
            : requireSession(request.session, { db, delivery });
        const ended = await watchers.unwatch((one) => "id" in request
            ? one.id === request.id
            : one.channel === request.channel &&
                one.entity === (request.entity ?? null) &&
                one.pattern === (request.pattern ?? null) &&
                (session === undefined || one.session === session));
        if (ended.length === 0) {
            throw new SluiceError("not_found", `no such subscription; "sluice watch" lists them`);
        }
        return c.json(ended.map(view));
    })
        .post("/sessions/:name/label", body(labelSchema), async (c) => {
        const { label } = c.req.valid("json");
        return c.json(await nameSession(c.req.param("name"), label, { db, clock, delivery }));
    })
        .get("/routes", (c) => c.json(routing.list()))
        .post("/routes", body(addRuleSchema), async (c) => {
        const added = routing.add(c.req.valid("json"));
        await watchers.ruled();
        return c.json(added);
    })
        .delete("/routes/:id", async (c) => {
        const removed = routing.remove(Number(c.req.param("id")));
        await watchers.ruled();
        return c.json(removed);
    });
}
