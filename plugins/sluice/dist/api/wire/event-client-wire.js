/**
 * What travels between the command line and the hub about MCP clients that take events.
 *
 * Owns: schemas of requests, types of answers. Never: behaviour. Names of `--json` output stay as they are: scripts parse them.
 */
import { z } from "../../vendor/zod.js";
import { callerSchema } from "./access-wire.js";
export const clientNameSchema = z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be 1 to 32 of a-z, 0-9 and "-"');
export const addEventClientSchema = z.strictObject({
    name: clientNameSchema,
    /** Names of channels, or `*` for every one. */
    channels: z.array(z.string().min(1).max(32)).min(1).max(200),
    unverified: z.boolean().default(false),
    loopback: z.boolean().default(false),
    caller: callerSchema,
});
export const eventTokenSchema = z.strictObject({ caller: callerSchema });
export const clientMessageSchema = z.strictObject({ message: z.unknown() });
