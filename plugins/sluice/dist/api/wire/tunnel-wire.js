/**
 * What travels of the public address: the tunnel, and the ends that platforms have of our webhooks.
 *
 * Owns: schemas of requests, types of answers. Never: behaviour.
 */
import { z } from "../../vendor/zod.js";
import { callerSchema } from "./access-wire.js";
export const TUNNEL_TOOL_NAMES = ["cloudflared", "tailscale", "ngrok"];
/** As senders use it: without a path, since the channel's stands behind it. */
export const publicUrlSchema = z
    .string()
    .max(512)
    .regex(/^https:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?$/, "must be an https address without a path, such as https://hooks.example.com");
const program = z.string().min(1).max(4_096).startsWith("/", "must be an absolute path");
/** `own`: a tunnel or proxy that the owner runs; Sluice only knows its address. */
export const tunnelSchema = z
    .strictObject({
    by: z.enum([...TUNNEL_TOOL_NAMES, "own"]),
    /** Where the tool is. A hub that the system starts has another PATH than its owner. */
    program: program.optional(),
    /** A named tunnel of the owner's account. */
    name: z
        .string()
        .regex(/^[A-Za-z0-9][\w.-]{0,127}$/, "must be a tunnel's name or id")
        .optional(),
    url: publicUrlSchema.optional(),
})
    .refine(({ by, url }) => by !== "own" || url !== undefined, "needs a url")
    .refine(({ by, program }) => by === "own" || program !== undefined, "needs the program's path");
/** Null ends the tunnel; `earlier` puts back what there was before the last change. */
export const tunnelCallSchema = z.strictObject({
    caller: callerSchema,
    tunnel: z.union([tunnelSchema, z.literal("earlier"), z.null()]),
});
export const hookCallSchema = z.strictObject({
    caller: callerSchema,
    /** As the platform names it: `octo-org/octo-app`, `octo-org`. */
    target: z.string().min(1).max(256),
    events: z.array(z.string().regex(/^(?:\*|[a-z_]{1,64})$/, "must be names of events")).max(100),
    /** The platform's own command-line program, which is signed in. */
    program: program.optional(),
    /** A credential of the owner's; kept with the channel's secret. */
    token: z.string().min(1).max(4_096).optional(),
});
