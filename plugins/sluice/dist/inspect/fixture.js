/**
 * An event of the server as a file, for a test that sends it again or compares with it.
 *
 * Owns: the file's shape and name. Never: overwrites a file.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withUsualUmask } from "../local/umask.js";
import { readErrorCode, SluiceError } from "../sdk/errors.js";
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/;
/** @returns the path. @throws SluiceError for a name that is no file's, and for one that is taken. */
export function saveFixture(folder, name, server, seen) {
    if (!NAME.test(name))
        throw new SluiceError("bad_input", `${JSON.stringify(name)} is no name for a fixture: letters, digits and _ . - are`);
    if (seen.outcome === "waiting")
        throw new SluiceError("conflict", `event ${seen.event} still waits; save it once it is read`);
    const { outcome, text, params } = seen;
    const fixture = {
        server,
        notification: { method: "notifications/claude/channel", params },
        read: outcome === "read" ? text : null,
        dropped: outcome === "dropped" ? text : null,
    };
    const path = join(folder, name.endsWith(".json") ? name : `${name}.json`);
    try {
        // In a project of the user's.
        withUsualUmask(() => {
            mkdirSync(folder, { recursive: true });
            writeFileSync(path, `${JSON.stringify(fixture, undefined, 2)}\n`, { flag: "wx" });
        });
    }
    catch (thrown) {
        if (readErrorCode(thrown) === "EEXIST")
            throw new SluiceError("conflict", `${path} is there already; choose another name`);
        throw new SluiceError("bad_input", `${path} cannot be written (${String(readErrorCode(thrown))})`);
    }
    return path;
}
