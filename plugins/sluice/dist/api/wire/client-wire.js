/**
 * What a shim and its hooks tell the hub, and what it is told of tools.
 *
 * Owns: schemas of those requests, types of these answers. Never: behaviour.
 */
import { z } from "../../vendor/zod.js";
import { LANES } from "../../sdk/event.js";
import { eventId } from "./wire.js";
// What a shim says is read leniently: it may be newer than this hub, and say more. What a person decides is read strictly elsewhere.
export const clientSchema = z.object({
    pid: z.int().positive(),
    startTime: z.string().min(1).max(128),
    argv: z.array(z.string().max(4_096)).max(256),
    name: z.string().max(128),
    version: z.string().max(64),
    protocol: z.string().max(32).optional(),
    plugin: z.boolean(),
    interactive: z.boolean(),
    background: z.boolean().optional(),
    session: z.string().max(128),
    cwd: z.string().max(4_096),
    /** One that only a newer shim knows counts as none. */
    forcedLane: z.enum(LANES).optional().catch(undefined),
});
export const attachSchema = z.object({
    client: clientSchema,
    remembered: z.object({
        session: z.string().max(128).optional(),
        promptId: z.string().max(128).optional(),
        stops: z.int().min(0),
    }),
});
export const bellSchema = z.object({
    pid: z.int().positive(),
    startTime: z.string().min(1).max(128),
});
/** Fields of a hook's input, as the plugin's hooks.json names them; each is text, empty where the input lacks it. */
export const hookSchema = z.object({
    event: z.string().max(64),
    session: z.string().max(128),
    promptId: z.string().max(128),
    prompt: z.string(),
    events: z.array(eventId).max(100),
    tool: z.string().max(256),
    toolUseId: z.string().max(128),
    toolInput: z.string(),
    agentId: z.string().max(128),
    stopHookActive: z.boolean(),
    notification: z.string().max(64),
    reason: z.string().max(64),
    /** Of the arguments of the tool that ended, where a call waits for people. */
    digest: z.string().max(64).optional(),
    /** Of a prompt: a person typed it. True as well for one whose text came too late to be passed on. */
    typed: z.boolean().optional(),
});
export const toolSchema = z.object({
    arguments: z.record(z.string(), z.unknown()),
    toolUseId: z.string().max(128).optional(),
    /** The session that calls, where the client names it. */
    session: z.string().max(128).optional(),
});
export const withdrawSchema = z.object({ promptId: z.string().min(1).max(128) });
