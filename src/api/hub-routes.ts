/**
 * Routes of the hub itself: what it is, its channels, its ingress, events of the user's own scripts.
 */
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { SluiceError } from "../sdk/errors.ts";
import type { ApiOptions } from "./options.ts";
import { body } from "./parse.ts";
import {
  addChannelSchema,
  emitSchema,
  ingressSchema,
  noticesSchema,
  probeSchema,
  quietSchema,
} from "./wire.ts";

export function createHubRoutes({
  describeHub,
  describeStatus,
  stop,
  changeIngress,
  changeNotices,
  probe,
  changeQuiet,
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
    .put("/notices", body(noticesSchema), (c) => {
      const notices = c.req.valid("json");
      changeNotices(notices ?? undefined);
      return c.json(notices);
    })
    .put("/quiet", body(quietSchema.nullable()), (c) => {
      const quiet = c.req.valid("json");
      changeQuiet(quiet ?? undefined);
      return c.json({ quiet });
    })
    .post("/probe", body(probeSchema), async (c) => c.json(await probe(c.req.valid("json"))))
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
      if (accepted.kind === "dropped") throw toNotAdmitted(c.req.valid("json"), accepted.reason);
      return c.json({ id: accepted.id, state: accepted.duplicate ? "duplicate" : "stored" });
    });
}

function toNotAdmitted({ channel }: { channel: string }, reason: string): SluiceError {
  return reason === "paused"
    ? new SluiceError(
        "conflict",
        `channel "${channel}" is paused and lets nothing in; "sluice resume ${channel}"`,
      )
    : new SluiceError("bad_input", `emit: not admitted (${reason})`);
}
