import { Hono } from "../../vendor/hono.js";
import { noteSign, noteWork } from "../../flow/session/attachment.js";
import { toAttachmentId } from "../../flow/session/client.js";
import { answerHook } from "../../flow/deliver/hook.js";
import { answerTool, TOOL_NAMES } from "../../flow/tools/tool.js";
import { explainRefusal } from "../../flow/lanes/choose-lane.js";
import { SluiceError } from "../../sdk/errors.js";
import { body } from "./parse.js";
import { openStream } from "./stream.js";
import { attachSchema, bellSchema, hookSchema, toolSchema, withdrawSchema, } from "../wire/client-wire.js";
export function createClientRoutes({ delivery, prompts, tools, authored, }) {
    const find = (id) => requireAttachment(delivery, id);
    return (new Hono()
        // The stream is the lease: the kernel ends it when the shim dies, however it dies.
        .post("/attachments", body(attachSchema), (c) => {
        const { client, remembered } = c.req.valid("json");
        const facts = { ...client, forcedLane: client.forcedLane };
        const { session, promptId, stops } = remembered;
        return openStream(c.env.outgoing, (stream) => {
            const link = { plugin: client.plugin, push: (message) => stream.send(message) };
            const { attachment, detach } = delivery.leases.attach(facts, { session, promptId, stops }, link);
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
        return openStream(c.env.outgoing, (stream) => delivery.leases.openBell(id, (line) => stream.send({ line })));
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
        const name = TOOL_NAMES.find((known) => known === c.req.param("name"));
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
    }));
}
/** A session that a host has found: the tools of its shim act for it. */
function findHostSession({ leases }, session) {
    if (session === undefined)
        return undefined;
    return [...leases].find((one) => one.client.host !== undefined && one.session === session);
}
/** @throws SluiceError `not_found`: its lease is over. */
export function requireAttachment({ leases }, id) {
    const attachment = leases.find(id);
    if (attachment === undefined)
        throw new SluiceError("not_found", `no attachment ${id}: its lease is over`);
    return attachment;
}
