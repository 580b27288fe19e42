/**
 * Routes of prompts: shims ask and wait here; the command line lists and answers here.
 *
 * Owns: who gives a verdict that comes over the socket. Every caller may deny and none may allow: a session's shell could be the caller.
 * Never: the browser's routes (hub/web), or answers in chats.
 */
import { parseObject } from "../../sdk/json.js";
import { Hono } from "../../vendor/hono.js";
import { requireAttachment } from "./client-routes.js";
import { chooseLane } from "../../flow/lanes/choose-lane.js";
import { SluiceError } from "../../sdk/errors.js";
import { body, query } from "./parse.js";
import { askSchema, deniedSchema, promptsQuerySchema, relaySchema, verdictSchema, } from "../wire/prompt-wire.js";
import { z } from "../../vendor/zod.js";
import { AWAY_MODES } from "../../store/prompts/prompt-posts.js";
import { callerSchema } from "../wire/access-wire.js";
/** A shim asks again after this: a connection that nobody reads any more is not kept. */
const WAIT_MS = 25_000;
export function createPromptRoutes({ delivery, prompts, toCaller, }) {
    const find = (id) => requireAttachment(delivery, id);
    return new Hono()
        .post("/attachments/:id/asks", body(askSchema), async (c) => {
        const ask = c.req.valid("json");
        await prompts.ask(find(c.req.param("id")), { ...ask, input: requireInput(ask.input) });
        return c.json({});
    })
        .post("/attachments/:id/asks/:key/wait", async (c) => {
        find(c.req.param("id"));
        const left = new AbortController();
        c.env.outgoing.once("close", () => left.abort());
        return c.json(await prompts.wait(c.req.param("key"), WAIT_MS, left.signal));
    })
        .delete("/attachments/:id/asks/:key", async (c) => {
        await prompts.cancel(c.req.param("key"));
        return c.json({});
    })
        .post("/attachments/:id/relays", body(relaySchema), async (c) => {
        const ask = c.req.valid("json");
        const attachment = find(c.req.param("id"));
        if (!chooseLane(attachment.client).relaysPrompts)
            throw new SluiceError("unsupported", "this client may not relay permission requests");
        await prompts.relay(attachment, {
            ...ask,
            session: attachment.session,
            requestId: ask.requestId.toLowerCase(),
        });
        return c.json({});
    })
        .post("/attachments/:id/denials", body(deniedSchema), async (c) => {
        const call = c.req.valid("json");
        const input = requireInput(call.input);
        return c.json(await prompts.denied(find(c.req.param("id")), { ...call, input }));
    })
        .get("/prompts", query(promptsQuerySchema), (c) => c.json(prompts.list(c.req.valid("query"))))
        .get("/prompts/:ref", (c) => {
        const ref = c.req.param("ref");
        const prompt = prompts.find(ref);
        if (prompt === undefined)
            throw new SluiceError("not_found", `no prompt ${ref}; "sluice prompts" lists them`);
        return c.json(prompt);
    })
        .post("/prompts/:ref/verdict", body(verdictSchema), async (c) => {
        const { verdict, caller, typedCode } = c.req.valid("json");
        const by = toDecider(toCaller(caller));
        return c.json(await prompts.decide(by, c.req.param("ref"), toVerdict(verdict), typedCode));
    });
}
/** Allowing is for the session's own dialog, for the page, and for the chats of approvers. */
function toDecider({ isTerminal, origin }) {
    return { who: origin, via: isTerminal ? "terminal" : "cli", mayAllow: false };
}
function toVerdict(verdict) {
    switch (verdict.kind) {
        case "allow":
            return { kind: "allow" };
        case "deny":
            return verdict.reason === undefined
                ? { kind: "deny" }
                : { kind: "deny", reason: verdict.reason };
        case "answers":
            return { kind: "answers", answers: verdict.answers ?? {} };
        default:
            return verdict.kind;
    }
}
function requireInput(text) {
    const input = parseObject(text);
    if (input === undefined)
        throw new SluiceError("bad_input", "input: must be the JSON of a tool's arguments");
    return input;
}
/** `on` until somebody types at a session, `off` never, `auto` by idle time. */
const awaySchema = z.strictObject({ mode: z.enum(AWAY_MODES), caller: callerSchema });
export function createAwayRoutes({ away, toCaller }) {
    return new Hono()
        .get("/away", (c) => c.json(away.view))
        .post("/away", body(awaySchema), async (c) => {
        const { mode, caller } = c.req.valid("json");
        return c.json(await away.set(mode, toCaller(caller).origin));
    });
}
