/**
 * Routes of clients: the calls of shims and bells.
 *
 * A stream is a lease: the kernel ends it when its process dies, however it dies.
 */
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { type Attachment, noteSign, noteWork } from "../../flow/session/attachment.ts";
import { toAttachmentId } from "../../flow/session/client.ts";
import { answerHook } from "../../flow/deliver/hook.ts";
import { answerTool, TOOL_NAMES, type ToolName } from "../../flow/tools/tool.ts";
import { explainRefusal } from "../../flow/lanes/choose-lane.ts";
import { SluiceError } from "../../sdk/errors.ts";
import type { Delivery } from "../../flow/deliver/deliver.ts";
import type { ApiOptions } from "./options.ts";
import { body } from "./parse.ts";
import { openStream } from "./stream.ts";
import {
  attachSchema,
  bellSchema,
  hookSchema,
  toolSchema,
  withdrawSchema,
} from "../wire/client-wire.ts";

export function createClientRoutes({
  delivery,
  prompts,
  tools,
  authored,
}: Pick<ApiOptions, "delivery" | "prompts" | "tools" | "authored">) {
  const find = (id: string): Attachment => requireAttachment(delivery, id);
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
          stream.send({ kind: "attached", id: attachment.id, refusal: explainRefusal(facts) });
          prompts.attached(attachment);
          const deafen = authored.onToolsChanged(() => stream.send({ kind: "tools" }));
          return () => {
            deafen();
            detach();
          };
        });
      })
      // What channels of the user's own offer sessions; asked before there is a lease.
      .get("/tools", (c) => c.json(authored.listTools()))
      .post("/bells", body(bellSchema), (c) => {
        const id = toAttachmentId(c.req.valid("json"));
        return openStream(c.env.outgoing, (stream) =>
          delivery.leases.openBell(id, (line) => stream.send({ line })),
        );
      })
      .post("/attachments/:id/hooks", body(hookSchema), async (c) => {
        const attachment = find(c.req.param("id"));
        const { digest = "", ...call } = c.req.valid("json");
        // Nearly all hooks concern no prompt: one that waits, or a person who has typed.
        if (prompts.pending.size > 0 || (call.typed ?? call.event === "UserPromptSubmit"))
          prompts.noteHook(attachment, { ...call, digest });
        return c.json(await answerHook(attachment, call, tools));
      })
      // The shim could not use an answer in time: what it carried has provably not left.
      .post("/attachments/:id/withdraw", body(withdrawSchema), async (c) => {
        const { promptId } = c.req.valid("json");
        const attachment = find(c.req.param("id"));
        await delivery.withdraw(attachment, promptId);
        return c.json({});
      })
      .post("/attachments/:id/tools/:name", body(toolSchema), async (c) => {
        const name = TOOL_NAMES.find((known): known is ToolName => known === c.req.param("name"));
        const { arguments: input, toolUseId, session } = c.req.valid("json");
        const shim = find(c.req.param("id"));
        const attachment = findHostSession(delivery, session) ?? shim;
        if (name !== undefined)
          return c.json(await answerTool(attachment, name, { arguments: input, toolUseId }, tools));
        const answer = authored.callTool(c.req.param("name"), input);
        if (answer === undefined)
          throw new SluiceError("not_found", `no tool ${c.req.param("name")}`);
        noteSign(attachment, tools.clock.now());
        noteWork(attachment, tools.clock.now());
        return c.json(await answer);
      })
  );
}

/** A session that a host has found: the tools of its shim act for it. */
function findHostSession(
  { leases }: Pick<Delivery, "leases">,
  session: string | undefined,
): Attachment | undefined {
  if (session === undefined) return undefined;
  return [...leases].find((one) => one.client.host !== undefined && one.session === session);
}

/** @throws SluiceError `not_found`: its lease is over. */
export function requireAttachment({ leases }: Pick<Delivery, "leases">, id: string): Attachment {
  const attachment = leases.find(id);
  if (attachment === undefined)
    throw new SluiceError("not_found", `no attachment ${id}: its lease is over`);
  return attachment;
}
