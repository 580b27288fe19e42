/**
 * Secrets of the channels: one file each, `secrets/NAME`, 0600.
 *
 * Owns: reading, replacing and removing them. Never: prints one, nor puts its text into a message.
 */
import { join } from "node:path";
import { z } from "../../vendor/zod.js";
import { SluiceError } from "../../sdk/errors.js";
import { Secret } from "../../sdk/secret.js";
import { isChannelName } from "../settings/channel-name.js";
import { readPrivateFile, removePrivateFile, writePrivateFile } from "../settings/private-file.js";
const file = z.strictObject({
    keys: z.array(z.strictObject({
        id: z.string().min(1).max(64),
        secret: z.string().min(1),
        until: z.int().min(0).optional(),
    })),
    listen: z.string().min(1).optional(),
    named: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/), z.string().min(1)).optional(),
});
/**
 * The secrets of a channel; undefined when it has none.
 * @throws SluiceError `bad_secret` for a name or a shape that is off, `bad_config` for an unsafe file.
 */
export function readSecrets(home, channel) {
    const path = toPath(home, channel);
    const text = readPrivateFile(path);
    if (text === undefined)
        return undefined;
    const parsed = file.safeParse(parseJson(text));
    if (!parsed.success) {
        // Only the place: zod's own words, like the parser's, may quote what stands there.
        const place = parsed.error.issues[0]?.path.join(".") || "the whole";
        throw new SluiceError("bad_secret", `${path}: ${place} has a wrong shape; put it back, or "sluice remove ${channel}" and add it again with a new secret`);
    }
    const { keys, listen, named } = parsed.data;
    return {
        keys: keys.map(({ id, secret, until }) => ({
            id,
            secret: new Secret(secret),
            ...(until !== undefined && { until }),
        })),
        ...(listen === undefined ? {} : { listen: new Secret(listen) }),
        ...(named === undefined ? {} : { named }),
    };
}
/** Replaces the secrets of a channel, whole. */
export function writeSecrets(home, channel, secrets) {
    const keys = secrets.keys.map(({ id, secret, until }) => ({
        id,
        secret: secret.reveal(),
        until,
    }));
    const listen = secrets.listen === undefined ? {} : { listen: secrets.listen.reveal() };
    // Parsed before it is written: what could not be read again would shut the channel at the next start.
    const checked = file.safeParse({ keys, ...listen, named: secrets.named });
    if (!checked.success) {
        throw new SluiceError("bad_secret", `${channel}: ${checked.error.issues[0]?.path.join(".") ?? "a secret"} is empty or of a wrong shape`);
    }
    writePrivateFile(toPath(home, channel), `${JSON.stringify(checked.data)}\n`);
}
/** False when there were none. */
export function removeSecrets(home, channel) {
    return removePrivateFile(toPath(home, channel));
}
function toPath(home, channel) {
    // The name may come from a request: "../config.json" must not become a path.
    if (!isChannelName(channel))
        throw new SluiceError("bad_input", `channel name ${JSON.stringify(channel.slice(0, 64))} is not valid`);
    return join(home.secretsDir, channel);
}
function parseJson(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        // No shape fits undefined, so the caller refuses it, without the parser's quote of a secret.
        return undefined;
    }
}
