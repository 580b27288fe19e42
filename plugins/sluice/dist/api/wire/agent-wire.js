/**
 * What is said about agents without a person: one session of `sluice agent`.
 *
 * Owns: schemas of those requests. Never: behaviour.
 */
import { z } from "../../vendor/zod.js";
import { pluginSessionSchema } from "./host-wire.js";
import { callerSchema } from "./access-wire.js";
/** For one day, all agents together. */
const limitsSchema = z.strictObject({
    turns: z.int().min(1).max(100_000),
    tokens: z.int().min(1).max(1_000_000_000_000),
    dollars: z.number().positive().max(1_000_000),
});
export const agentSessionSchema = pluginSessionSchema.extend({
    agent: z.strictObject({
        channels: z.array(z.string().min(1).max(64)).min(1).max(64),
        limits: limitsSchema,
    }),
    most: z.int().min(1).max(16),
    caller: callerSchema,
});
