/**
 * What travels between the hub and its clients about prompts.
 *
 * Owns: schemas of requests, types of answers. Never: behaviour. Names of `--json` output stay as they are: scripts parse them.
 */
import { z } from "../../vendor/zod.js";
import { INPUT_MAX_CHARS } from "../../sdk/call-digest.js";
import { PROMPT_STATES } from "../../sdk/prompt.js";
import { callerSchema } from "./access-wire.js";
const key = z.string().regex(/^[0-9a-f]{32}$/, "must be 32 hex digits");
const session = z.string().max(128);
const tool = z.string().min(1).max(256);
// What a shim says is read leniently: it may be newer than this hub, and say more.
/** A call that waits in the client's PermissionRequest hook. */
export const askSchema = z.object({
    key,
    session,
    tool,
    /** JSON of an object. */
    input: z.string().max(INPUT_MAX_CHARS),
    cwd: z.string().max(4_096),
    agentId: z.string().max(128),
});
/** A request that the client relays over `claude/channel/permission`. */
export const relaySchema = z.object({
    requestId: z.string().regex(/^[a-zA-Z]{5}$/, "must be five letters"),
    tool,
    description: z.string().max(20_000),
    preview: z.string().max(20_000),
});
/** A call that the client denied by itself, in auto mode. */
export const deniedSchema = z.object({
    session,
    tool,
    input: z.string().max(INPUT_MAX_CHARS),
    cwd: z.string().max(4_096),
    agentId: z.string().max(128),
    reason: z.string().max(4_000),
});
/** `ref` of a prompt: its id, or its code as it was typed. */
export const verdictSchema = z.strictObject({
    verdict: z.discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("allow") }),
        z.strictObject({ kind: z.literal("deny"), reason: z.string().max(1_000).optional() }),
        z.strictObject({
            kind: z.literal("answers"),
            answers: z.record(z.string().max(4_000), z.string().max(4_000)),
        }),
    ]),
    caller: callerSchema,
    typedCode: z.string().max(64).optional(),
});
export const promptsQuerySchema = z.object({
    state: z.enum(PROMPT_STATES).optional(),
    session: z.string().max(128).optional(),
    /** Only prompts that were asked before this one. */
    before: z.string().max(64).optional(),
    limit: z.coerce.number().int().min(1).max(1_000).default(50),
});
