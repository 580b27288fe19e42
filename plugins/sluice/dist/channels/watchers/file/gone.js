/**
 * Whether a fault of the file system says that there is nothing for us.
 */
import { readErrorCode } from "../../../sdk/errors.js";
/** Gone, a link to nothing, or not ours to read. */
export function isGoneFault(thrown) {
    return ["ENOENT", "ENOTDIR", "ELOOP", "EACCES", "EPERM"].includes(String(readErrorCode(thrown)));
}
