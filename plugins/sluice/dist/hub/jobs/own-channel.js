/**
 * Channels that the hub adds by itself, when the first event of one comes.
 *
 * Owns: adding one. Never: puts one back that its owner has removed while no new event comes, or changes one that is there.
 */
import { isSluiceError } from "../../sdk/errors.js";
/** A channel of this name, whatever its kind. @throws SluiceError `bad_config`, `store_*`. */
export async function ensureChannel(channels, kind, name) {
    if (channels.has(name))
        return;
    try {
        await channels.add({ kind, name, twoWay: false, allowUnsigned: false });
    }
    catch (thrown) {
        // Another event of it came in the same moment.
        if (!isSluiceError(thrown, "conflict") || !channels.has(name))
            throw thrown;
    }
}
