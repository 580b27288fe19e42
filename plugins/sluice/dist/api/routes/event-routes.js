import { Hono } from "../../vendor/hono.js";
import { SluiceError } from "../../sdk/errors.js";
import { listTakers } from "../../store/clients/event-clients.js";
import { listCopiesOf } from "../../store/events/copies.js";
import { listCopyDeliveries, listDeliveries, markDone } from "../../store/events/deliveries.js";
import { findSession } from "../../store/sessions/session-names.js";
import { containsText, searchEvents } from "../../store/events/event-search.js";
import { countFitting, findEvent, listEventIds, listEvents, readSteps, readTrace, } from "../../store/events/inbox.js";
import { findUnsentAnswer, listAnswers } from "../../store/outbox/outbox.js";
import { toLevel, toSigns } from "./event-level.js";
import { body, query } from "./parse.js";
import { openStream } from "./stream.js";
import { eventsQuerySchema, idsSchema } from "../wire/wire.js";
const PAGE_MAX_BYTES = 4 * 1024 * 1024;
/** What only looks: the command line's, and the page's. */
export function createEventReads({ db, clock, delivery }) {
    const find = (id) => requireEvent(db, id);
    const view = (event) => toEventView(db, event);
    /** One by one: of what is shown in part, or left out, nothing is held. Whole ones as far as they fit a page, the newest first. */
    const show = (wanted, passes, maxChars) => {
        const shown = [];
        let left = maxChars === undefined ? PAGE_MAX_BYTES : Number.POSITIVE_INFINITY;
        for (const id of wanted.toReversed()) {
            const event = findEvent(db, id);
            if (event === undefined || !passes(event))
                continue;
            const one = view(event);
            left -= one.text.length;
            if (left < 0 && shown.length > 0)
                break;
            shown.push({ seq: event.seq, one: maxChars === undefined ? one : toShort(one, maxChars) });
        }
        return shown.toSorted((a, b) => a.seq - b.seq).map(({ one }) => one);
    };
    return new Hono()
        .get("/events", query(eventsQuerySchema), async (c) => {
        const { limit, state, channel, before, ids, text, failed, maxChars } = c.req.valid("query");
        const beforeSeq = before === undefined ? undefined : find(before).seq;
        const filter = {
            limit,
            ...(state && { state }),
            ...(channel && { channel }),
            ...(beforeSeq && { beforeSeq }),
        };
        const isSearch = text !== undefined || failed === true;
        if (ids === undefined && !isSearch && maxChars === undefined)
            return c.json(listPage(db, filter).map(view));
        const isWanted = toWanted(failed === true);
        const fits = toTest(filter, text);
        const passes = (event) => ids === undefined ||
            (fits(event) && isWanted(toSigns(event, findUnsentAnswer(db, event.id))));
        const wanted = ids ??
            (isSearch
                ? await searchEvents(db, filter, text ?? "", isWanted)
                : listEventIds(db, filter));
        return c.json(show(wanted, passes, maxChars));
    })
        .get("/events/:id/trace", (c) => {
        const event = find(c.req.param("id"));
        const copies = event.copied === true ? listCopiesOf(db, event.id) : [];
        const held = (one) => one.state === "stored" && one.copied === undefined
            ? [{ at: clock.now(), stage: "held", reason: delivery.explain(one) }]
            : [];
        const steps = [
            ...readTrace(db, event),
            ...copies.flatMap((copy) => toCopySteps(db, copy, held)),
        ].toSorted((a, b) => a.at - b.at || Number(isOwnEnd(a)) - Number(isOwnEnd(b)));
        steps.push(...held(event));
        for (const row of listAnswers(db, event.id)) {
            const reason = toAnswerReason(row);
            if (reason !== undefined)
                steps.push({ at: clock.now(), stage: "replied", reason });
        }
        const shown = copies.map(({ id, session, state, attempts }) => ({
            id,
            session,
            state,
            attempts,
        }));
        const names = toNames(db, [...steps, ...shown]);
        const takers = listTakers(db, event);
        const trace = {
            event: view(event),
            steps,
            ...(copies.length === 0 ? {} : { copies: shown }),
            ...(Object.keys(names).length === 0 ? {} : { names }),
            ...(takers.length === 0 ? {} : { takenBy: takers }),
        };
        return c.json(trace);
    });
}
export function createEventRoutes(options) {
    const { db, clock } = options;
    return createEventReads(options)
        .get("/events/stream", (c) => openStream(c.env.outgoing, (stream) => db.watch((ids) => {
        try {
            for (const id of ids) {
                const event = findEvent(db, id);
                // Of a copy its event is told, which has changed with it.
                if (event === undefined || event.copyOf !== undefined)
                    continue;
                stream.send(toEventView(db, event), String(event.seq));
            }
        }
        catch {
            // The store failed after the commit that told of these: whoever follows comes back and catches up.
            stream.close();
        }
    })))
        .post("/events/ack", body(idsSchema), async (c) => {
        const events = c.req.valid("json").ids.map((id) => requireEvent(db, id));
        await db.write(() => {
            for (const { id, state } of events.flatMap((event) => toParts(db, event)))
                if (state !== "done")
                    markDone(db, id, "closed by hand", undefined, clock.now());
        });
        return c.json({ ids: events.map((event) => event.id) });
    });
}
export function requireEvent(db, id) {
    const event = findEvent(db, id);
    if (event === undefined)
        throw new SluiceError("not_found", `no event ${id} in the inbox; "sluice inbox" lists them`);
    return event;
}
/** An event ends by its copies, in the same moment as the last of them. */
function isOwnEnd({ copy, stage }) {
    return copy === undefined && (stage === "done" || stage === "expired" || stage === "dead");
}
/** What is closed where an event is: it, or its copies. */
function toParts(db, event) {
    return event.copied === true ? listCopiesOf(db, event.id) : [event];
}
/** Of one copy, each said to be its own. */
function toCopySteps(db, { id, session }, held) {
    const event = findEvent(db, id);
    const steps = [...readSteps(db, id), ...(event === undefined ? [] : held(event))];
    return steps.map((step) => ({ ...step, session: step.session ?? session, copy: id }));
}
/** Of closed sessions too: who reads a trace knows no ids. */
function toNames(db, parts) {
    const sessions = new Set(parts.flatMap(({ session }) => session ?? []));
    return Object.fromEntries([...sessions].flatMap((id) => {
        const { label, name } = findSession(db, id) ?? {};
        const called = label ?? name;
        return called == null ? [] : [[id, called]];
    }));
}
/** Whether an event that was named is one of a list. */
function toTest({ state, channel }, text) {
    return (event) => event.copyOf === undefined &&
        (state === undefined || event.state === state) &&
        (channel === undefined || event.channel === channel) &&
        (text === undefined || containsText(event, text));
}
function toWanted(isFailed) {
    return isFailed ? (signs) => toLevel(signs) === "failed" : () => true;
}
function toShort(event, maxChars) {
    return { ...event, text: event.text.slice(0, maxChars).toWellFormed(), meta: {} };
}
/**
 * The newest events of a filter, as many as fit a page: the hub's memory is not the caller's to fill.
 * At least one, however large. Who wants more asks for what was accepted before the first of them.
 */
function listPage(db, filter) {
    const limit = countFitting(db, filter, PAGE_MAX_BYTES);
    return limit === 0 ? [] : listEvents(db, { ...filter, limit });
}
/** How it stands with an answer that is not known to be there; a session is done with an event before that. */
function toAnswerReason({ id, state, reason }) {
    const why = reason === null ? "" : ` (${reason})`;
    const retry = `"sluice outbox retry ${id}" sends it again`;
    switch (state) {
        case "sent":
            return undefined;
        case "queued":
            return `its answer waits to be sent${why}`;
        case "sending":
            return "its answer is being sent";
        case "failed":
            return `its answer was not sent${why}; ${retry}`;
        case "maybe":
            return `its answer may not have arrived, nobody knows${why}; ${retry}`;
        default:
            return state;
    }
}
function toEventView(db, event) {
    const answer = findUnsentAnswer(db, event.id);
    return {
        id: event.id,
        channel: event.channel,
        kind: event.kind,
        ts: new Date(event.occurredAt ?? event.receivedAt).toISOString(),
        sender: event.sender,
        text: [event.text, ...event.quotes.map(({ label, text }) => `${label}: ${text}`)].join("\n"),
        meta: event.meta,
        entity: event.entity,
        stateOf: event.stateOf,
        priority: event.priority,
        state: event.state,
        level: toLevel(toSigns(event, answer)),
        answer,
        receivedAt: event.receivedAt,
        ...(event.copyOf === undefined ? {} : { copyOf: event.copyOf }),
        deliveries: event.copied === true ? listCopyDeliveries(db, event.id) : listDeliveries(db, event.id),
    };
}
