/**
 * What is said about hosts: agents that the hub speaks to without a shim.
 *
 * Owns: schemas of those requests, types of these answers. Never: behaviour.
 */
import { z } from "../../vendor/zod.js";
import { setUpSchema } from "./wire.js";
export const HOST_NAMES = ["codex"];
/** `folder`: where the agent keeps its things. */
export const hostSettingSchema = z.strictObject({
    folder: z.string().min(1).max(4_096).startsWith("/", "must be an absolute path"),
});
export const hostCallSchema = hostSettingSchema.extend(setUpSchema.shape);
