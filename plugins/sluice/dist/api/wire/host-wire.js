/**
 * What is said about hosts: agents that the hub speaks to without a shim.
 *
 * Owns: schemas of those requests, types of these answers. Never: behaviour.
 */
import { z } from "../../vendor/zod.js";
import { eventId, setUpSchema } from "./wire.js";
export const HOST_NAMES = ["codex", "opencode"];
/** `folder`: where the agent keeps its things. */
export const hostSettingSchema = z.strictObject({
    folder: z.string().min(1).max(4_096).startsWith("/", "must be an absolute path"),
});
export const hostCallSchema = hostSettingSchema.extend(setUpSchema.shape);
export const pluginSessionSchema = z.object({
    session: z.string().min(1).max(128),
    pid: z.int().positive(),
    version: z.string().max(64),
    cwd: z.string().max(4_096),
});
const events = z.array(eventId).max(1_000);
const turn = z.string().min(1).max(128);
const reason = z.string().max(1_000);
/** As hosts/host.ts. */
export const pluginReportSchema = z.discriminatedUnion("kind", [
    z.object({ kind: z.enum(["began", "ended", "failed"]), turn }),
    z.object({ kind: z.literal("carried"), turn, events }),
    z.object({ kind: z.literal("read"), events }),
    z.object({ kind: z.enum(["missed", "refused", "lost"]), events, reason }),
    z.object({
        kind: z.literal("spent"),
        tokens: z.number().min(0).max(1_000_000_000),
        dollars: z.number().min(0).max(1_000_000),
    }),
    z.object({
        kind: z.literal("asked"),
        ask: z.object({
            requestId: z.string().regex(/^\S{1,128}$/),
            tool: z.string().max(256),
            description: z.string().max(20_000),
            preview: z.string().max(1_000_000),
        }),
    }),
    z.object({ kind: z.literal("resolved"), requestId: z.string().max(128) }),
]);
