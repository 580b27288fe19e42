/** Who this process runs as, by name. */
import { userInfo } from "node:os";
/** Undefined for an id that the system has no entry for, as in many containers. */
export function readUserName() {
    try {
        return userInfo().username;
    }
    catch {
        // os.userInfo throws there: https://nodejs.org/api/os.html#osuserinfooptions
        return undefined;
    }
}
