/**
 * The hub's one HTTP API.
 *
 * Owns: which routes there are. Never: what they do (flow, store, and what the hub passes in).
 * It listens on a Unix socket in a 0700 folder: who can open it is the user.
 */
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { SluiceError } from "../sdk/errors.ts";
import type { Clock } from "../sdk/clock.ts";
import { type Accepted } from "../flow/accept.ts";
import { answerHook } from "../flow/hook.ts";
import { answerTool, TOOL_NAMES, type ToolName, type ToolOptions } from "../flow/tool.ts";
import type { Attachment } from "../flow/attachment.ts";
import { toAttachmentId } from "../flow/attachment.ts";
import { listDeliveries, markDone } from "../store/deliveries.ts";
import { findEvent, listEvents, readTrace, type StoredEvent } from "../store/inbox.ts";
import { answerFault, body, query } from "./parse.ts";
import { openStream } from "./stream.ts";
import {
  addChannelSchema,
  type AddedChannel,
  attachSchema,
  bellSchema,
  type ChannelView,
  emitSchema,
  eventsQuerySchema,
  type EventView,
  hookSchema,
  type IngressChange,
  ingressSchema,
  type HubView,
  idsSchema,
  type ListenerView,
  type StatusView,
  toolSchema,
  type TraceView,
  withdrawSchema,
} from "./wire.ts";
import type { z } from "zod";

export type ApiOptions = ToolOptions & {
  clock: Clock;
  describeHub: () => HubView;
  describeStatus: () => StatusView;
  stop: (reason: string) => void;
  changeIngress: (change: IngressChange) => Promise<ListenerView>;
  channels: {
    list: () => ChannelView[];
    add: (request: z.output<typeof addChannelSchema>) => Promise<AddedChannel>;
    remove: (name: string) => Promise<void>;
    pause: (name: string, paused: boolean) => Promise<void>;
  };
  emit: (request: z.output<typeof emitSchema>) => Promise<Accepted>;
};

export type Api = ReturnType<typeof createApi>;

export function createApi(options: ApiOptions) {
  return new Hono<{ Bindings: HttpBindings }>()
    .route("/v1", createHubRoutes(options))
    .route("/v1", createEventRoutes(options))
    .route("/v1", createClientRoutes(options))
    .notFound(() => {
      throw new SluiceError(
        "not_found",
        'the hub does not know this call; "sluice doctor" compares versions',
      );
    })
    .onError((thrown, context) => answerFault(thrown, context));
}

function createHubRoutes({
  describeHub,
  describeStatus,
  stop,
  changeIngress,
  channels,
  emit,
}: ApiOptions) {
  return new Hono<{ Bindings: HttpBindings }>()
    .get("/hub", (c) => c.json(describeHub()))
    .post("/hub/stop", (c) => {
      // After the answer is out: who asked wants to hear that it was heard.
      setImmediate(() => stop("asked by a client"));
      return c.json(describeHub());
    })
    .post("/ingress", body(ingressSchema), async (c) =>
      c.json(await changeIngress(c.req.valid("json"))),
    )
    .get("/status", (c) => c.json(describeStatus()))
    .get("/channels", (c) => c.json(channels.list()))
    .post("/channels", body(addChannelSchema), async (c) =>
      c.json(await channels.add(c.req.valid("json"))),
    )
    .delete("/channels/:name", async (c) => {
      await channels.remove(c.req.param("name"));
      return c.json({ name: c.req.param("name") });
    })
    .post("/channels/:name/pause", async (c) => {
      await channels.pause(c.req.param("name"), true);
      return c.json({ name: c.req.param("name") });
    })
    .post("/channels/:name/resume", async (c) => {
      await channels.pause(c.req.param("name"), false);
      return c.json({ name: c.req.param("name") });
    })
    .post("/emit", body(emitSchema), async (c) => {
      const accepted = await emit(c.req.valid("json"));
      if (accepted.kind === "dropped")
        throw new SluiceError("bad_input", `emit: not admitted (${accepted.reason})`);
      return c.json({ id: accepted.id, state: accepted.duplicate ? "duplicate" : "stored" });
    });
}

function createEventRoutes({ db, clock, delivery }: ApiOptions) {
  const find = (id: string): StoredEvent => {
    const event = findEvent(db, id);
    if (event === undefined)
      throw new SluiceError("not_found", `no event ${id} in the inbox; "sluice inbox" lists them`);
    return event;
  };
  const view = (event: StoredEvent): EventView => toEventView(event, listDeliveries(db, event.id));
  return new Hono<{ Bindings: HttpBindings }>()
    .get("/events", query(eventsQuerySchema), (c) => {
      const { limit, state, channel } = c.req.valid("query");
      const filter = { limit, ...(state && { state }), ...(channel && { channel }) };
      return c.json(listEvents(db, filter).map(view));
    })
    .get("/events/stream", (c) =>
      openStream(c.env.outgoing, (stream) =>
        db.watch((ids) => {
          for (const id of ids) {
            const event = findEvent(db, id);
            if (event !== undefined) stream.send(view(event), String(event.seq));
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

function createClientRoutes(options: ApiOptions) {
  const { delivery } = options;
  const find = (id: string): Attachment => {
    const attachment = delivery.leases.find(id);
    if (attachment === undefined)
      throw new SluiceError("not_found", `no attachment ${id}: its lease is over`);
    return attachment;
  };
  return (
    new Hono<{ Bindings: HttpBindings }>()
      // The stream is the lease: the kernel ends it when the shim dies, however it dies.
      .post("/attachments", body(attachSchema), (c) => {
        const { client, remembered } = c.req.valid("json");
        const facts = { ...client, forcedLane: client.forcedLane };
        const { session, promptId, stops } = remembered;
        return openStream(c.env.outgoing, (stream) => {
          const link = { plugin: client.plugin, push: (message: unknown) => stream.send(message) };
          const { attachment, detach } = delivery.leases.attach(
            facts,
            { session, promptId, stops },
            link,
          );
          stream.send({ kind: "attached", id: attachment.id });
          return detach;
        });
      })
      .post("/bells", body(bellSchema), (c) => {
        const id = toAttachmentId(c.req.valid("json"));
        return openStream(c.env.outgoing, (stream) =>
          delivery.leases.openBell(id, (line) => stream.send({ line })),
        );
      })
      .post("/attachments/:id/hooks", body(hookSchema), async (c) =>
        c.json(await answerHook(find(c.req.param("id")), c.req.valid("json"), options)),
      )
      // The shim could not use an answer in time: what it carried has provably not left.
      .post("/attachments/:id/withdraw", body(withdrawSchema), async (c) => {
        const { promptId } = c.req.valid("json");
        const attachment = find(c.req.param("id"));
        await delivery.withdraw(attachment, promptId);
        return c.json({});
      })
      .post("/attachments/:id/tools/:name", body(toolSchema), async (c) => {
        const name = TOOL_NAMES.find((known): known is ToolName => known === c.req.param("name"));
        if (name === undefined)
          throw new SluiceError("not_found", `no tool ${c.req.param("name")}`);
        const { arguments: input, toolUseId } = c.req.valid("json");
        return c.json(
          await answerTool(find(c.req.param("id")), name, { arguments: input, toolUseId }, options),
        );
      })
  );
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
