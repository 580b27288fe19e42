/**
 * The identity of this hub for push services: one pair of keys, made once.
 *
 * Owns: the file `secrets/web.vapid`, 0600. Never: lets the private key out of its Secret but to sign.
 * Browsers tie their subscription to the public key: with another pair all of them are worthless, so a damaged file is refused, not
 * replaced.
 */
import { join } from "node:path";
import { z } from "../../../vendor/zod.js";
import { SluiceError } from "../../../sdk/errors.js";
import { Secret } from "../../../sdk/secret.js";
import { readPrivateFile, writePrivateFile } from "../../settings/private-file.js";
const file = z.strictObject({
    publicKey: z.string().regex(/^[\w-]{87}$/),
    privateKey: z.string().regex(/^[\w-]{43}$/),
});
/** The keys of this home; the first time they are made. @throws SluiceError `bad_config` for an unsafe or damaged file, `store_*`. */
export async function readVapidKeys(home) {
    // A dot: no channel's secret has such a name.
    const path = join(home.secretsDir, "web.vapid");
    const kept = readKept(path);
    if (kept !== undefined)
        return toKeys(kept);
    const { default: webPush } = await import("../../../vendor/web-push.js");
    // Nothing is awaited from here on: of two that come at once the second finds what the first has written.
    const made = readKept(path) ?? webPush.generateVAPIDKeys();
    writePrivateFile(path, `${JSON.stringify(file.parse(made))}\n`);
    return toKeys(made);
}
function readKept(path) {
    const text = readPrivateFile(path);
    if (text === undefined)
        return undefined;
    try {
        return file.parse(JSON.parse(text));
    }
    catch {
        // Without the parser's words: they quote the key.
        throw new SluiceError("bad_config", `${path} is damaged; put it back from a backup, or remove it and switch notifications on anew in every browser`);
    }
}
function toKeys({ publicKey, privateKey }) {
    return { publicKey, privateKey: new Secret(privateKey) };
}
