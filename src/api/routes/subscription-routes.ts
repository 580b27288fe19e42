/**
 * Routes of subscriptions, session names and routing rules.
 */
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { toLabel } from "../../flow/session/attachment.ts";
import { nameSession, requireSession } from "../../flow/route/session-book.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { findSession } from "../../store/sessions/session-names.ts";
import type { Subscription } from "../../store/events/subscriptions.ts";
import type { ApiOptions } from "./options.ts";
import { body } from "./parse.ts";
import {
  addRuleSchema,
  labelSchema,
  type SubscriptionView,
  unwatchSchema,
  watchSchema,
} from "../wire/subscription-wire.ts";

export function createSubscriptionRoutes({
  db,
  clock,
  delivery,
  settings: { routing },
}: Pick<ApiOptions, "db" | "clock" | "delivery" | "settings">) {
  const { watchers } = delivery;
  const view = (one: Subscription): SubscriptionView => {
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
  return new Hono<{ Bindings: HttpBindings }>()
    .get("/subscriptions", (c) => c.json(watchers.list().map(view)))
    .post("/subscriptions", body(watchSchema), async (c) => {
      const { session, channel, copy, ...rest } = c.req.valid("json");
      const { entity = null, pattern = null, until = null } = rest;
      const id = requireSession(session, { db, delivery });
      return c.json(view(await watchers.watch(id, { channel, entity, pattern, until, copy })));
    })
    .post("/subscriptions/end", body(unwatchSchema), async (c) => {
      const request = c.req.valid("json");
      const session =
        "id" in request || request.session === undefined
          ? undefined
          : requireSession(request.session, { db, delivery });
      const ended = await watchers.unwatch((one) =>
        "id" in request
          ? one.id === request.id
          : one.channel === request.channel &&
            one.entity === (request.entity ?? null) &&
            one.pattern === (request.pattern ?? null) &&
            (session === undefined || one.session === session),
      );
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
