/**
 * Routes of events: list, follow, trace, close by hand.
 */
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { SluiceError } from "../sdk/errors.ts";
import { listDeliveries, markDone } from "../store/deliveries.ts";
import type { Database } from "../store/database.ts";
import {
  countFitting,
  type EventFilter,
  findEvent,
  listEvents,
  readTrace,
  type StoredEvent,
} from "../store/inbox.ts";
import type { ApiOptions } from "./options.ts";
import { body, query } from "./parse.ts";
import { openStream } from "./stream.ts";
import { eventsQuerySchema, type EventView, idsSchema, type TraceView } from "./wire.ts";

const PAGE_MAX_BYTES = 4 * 1024 * 1024;

export function createEventRoutes({ db, clock, delivery }: ApiOptions) {
  const find = (id: string): StoredEvent => {
    const event = findEvent(db, id);
    if (event === undefined)
      throw new SluiceError("not_found", `no event ${id} in the inbox; "sluice inbox" lists them`);
    return event;
  };
  const view = (event: StoredEvent): EventView => toEventView(event, listDeliveries(db, event.id));
  return new Hono<{ Bindings: HttpBindings }>()
    .get("/events", query(eventsQuerySchema), (c) => {
      const { limit, state, channel, before } = c.req.valid("query");
      const filter = { limit, ...(state && { state }), ...(channel && { channel }) };
      const beforeSeq = before === undefined ? undefined : find(before).seq;
      return c.json(listPage(db, { ...filter, ...(beforeSeq && { beforeSeq }) }).map(view));
    })
    .get("/events/stream", (c) =>
      openStream(c.env.outgoing, (stream) =>
        db.watch((ids) => {
          try {
            for (const id of ids) {
              const event = findEvent(db, id);
              if (event !== undefined) stream.send(view(event), String(event.seq));
            }
          } catch {
            // The store failed after the commit that told of these: whoever follows comes back and catches up.
            stream.close();
          }
        }),
      ),
    )
    .get("/events/:id/trace", (c) => {
      const event = find(c.req.param("id"));
      const steps = readTrace(db, event);
      if (event.state === "stored")
        steps.push({ at: clock.now(), stage: "held", reason: delivery.explain(event) });
      const trace: TraceView = { event: view(event), steps };
      return c.json(trace);
    })
    .post("/events/ack", body(idsSchema), async (c) => {
      const events = c.req.valid("json").ids.map(find);
      await db.write(() => {
        for (const event of events) {
          if (event.state !== "done")
            markDone(db, event.id, "closed by hand", undefined, clock.now());
        }
      });
      return c.json({ ids: events.map((event) => event.id) });
    });
}

/**
 * The newest events of a filter, as many as fit a page: the hub's memory is not the caller's to fill.
 * At least one, however large. Who wants more asks for what was accepted before the first of them.
 */
function listPage(db: Database, filter: EventFilter): StoredEvent[] {
  const limit = countFitting(db, filter, PAGE_MAX_BYTES);
  return limit === 0 ? [] : listEvents(db, { ...filter, limit });
}

function toEventView(event: StoredEvent, deliveries: EventView["deliveries"]): EventView {
  return {
    id: event.id,
    channel: event.channel,
    kind: event.kind,
    ts: new Date(event.occurredAt ?? event.receivedAt).toISOString(),
    sender: event.sender,
    text: [event.text, ...event.quotes.map(({ label, text }) => `${label}: ${text}`)].join("\n"),
    meta: event.meta,
    ...(event.entity === undefined ? {} : { entity: event.entity }),
    priority: event.priority,
    state: event.state,
    receivedAt: event.receivedAt,
    deliveries,
  };
}
