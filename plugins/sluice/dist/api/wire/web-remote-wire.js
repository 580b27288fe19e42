/**
 * What travels between the command line and the hub about the page from elsewhere.
 *
 * Owns: schemas of requests, types of answers. Never: behaviour. Names of `--json` output stay as they are: scripts parse them.
 */
import { z } from "../../vendor/zod.js";
import { callerSchema } from "./access-wire.js";
export const passphraseSchema = z.strictObject({
    passphrase: z.string().max(4_096),
    caller: callerSchema,
});
/** Without an origin: off. */
export const remoteSchema = z.strictObject({
    origin: z.string().min(1).max(512).optional(),
    caller: callerSchema,
});
