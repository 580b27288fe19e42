import { Hono } from "../../vendor/hono.js";
import { SluiceError } from "../../sdk/errors.js";
import { findEffect, listOutbox, retryEffect } from "../../store/outbox/outbox.js";
import { body, query } from "./parse.js";
import { refuseSession } from "./require-caller.js";
import { setUpSchema } from "../wire/wire.js";
import { z } from "../../vendor/zod.js";
import { OUTBOX_STATES } from "../../sdk/message.js";
const outboxQuerySchema = z.object({
    state: z.enum(OUTBOX_STATES).optional(),
    channel: z.string().max(32).optional(),
    limit: z.coerce.number().int().min(1).max(10_000).default(50),
});
export function createOutboxRoutes({ db, clock, channels, outbox, toCaller, }) {
    const find = (text) => {
        const row = /^\d{1,15}$/.test(text) ? findEffect(db, Number(text)) : undefined;
        if (row === undefined)
            throw new SluiceError("not_found", `no message ${text}; "sluice outbox" lists them`);
        return row;
    };
    return new Hono()
        .get("/outbox", query(outboxQuerySchema), (c) => {
        const { limit, state, channel } = c.req.valid("query");
        const filter = { limit, ...(state && { state }), ...(channel && { channel }) };
        return c.json(listOutbox(db, filter).map(toView));
    })
        .post("/outbox/:id/retry", body(setUpSchema), async (c) => {
        // By the owner's hand: whether it has arrived before, only a person can know.
        refuseSession(toCaller(c.req.valid("json").caller), "a message is sent again");
        const row = find(c.req.param("id"));
        // It would wait for a later channel of that name, which may be another bot.
        if (!channels.canReply(row.channel))
            throw new SluiceError("conflict", `message ${row.id} is of channel "${row.channel}", which is not there any more`);
        if (!(await db.write(() => retryEffect(db, row.id, clock.now()))))
            throw new SluiceError("conflict", `message ${row.id} is ${row.state}; only one that failed, or may have been sent, is sent again`);
        outbox.queued(row.channel);
        return c.json(toView(find(String(row.id))));
    });
}
function toView(row) {
    const { id, kind, channel, chatId, event, session, text, state, reason } = row;
    const { attempts, dueAt, createdAt, sentAt } = row;
    const files = row.files.map(({ name }) => name);
    const head = { id, kind, channel, chatId, event, session, text, files };
    return { ...head, state, reason, attempts, dueAt, createdAt, sentAt };
}
