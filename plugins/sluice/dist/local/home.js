/**
 * The places of things: the home folder, the files in it, and the socket of its hub.
 *
 * Owns: names and places. Never: creates, checks or writes anything in them (see hub/process/home.ts).
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { SluiceError, toMessage } from "../sdk/errors.js";
/** `sun_path` holds 108 bytes on Linux, 104 on macOS and the BSDs, the closing zero included. */
export const MAX_SOCKET_BYTES = process.platform === "linux" ? 107 : 103;
/**
 * SLUICE_HOME, or `~/.sluice`; absolute. A relative one is taken from the working folder of the caller.
 * @throws SluiceError `bad_config` when SLUICE_HOME is empty, or HOME is needed and names no folder.
 */
export function toHomePath(env) {
    const home = env["SLUICE_HOME"];
    if (home === undefined)
        return join(requireUserFolder(env), ".sluice");
    // A variable that somebody forgot to fill: nobody means "the folder I happen to be in", nor can we know that they mean the default.
    if (home.trim() === "")
        throw new SluiceError("bad_config", "SLUICE_HOME is empty; set it to a folder of your own, or unset it");
    // A settings file is not a shell: nobody else expands the tilde there.
    return home === "~" || home.startsWith("~/")
        ? resolve(requireUserFolder(env), `.${home.slice(1)}`)
        : resolve(home);
}
/**
 * The user's own folder, as HOME says. Not what the system has on record: whoever takes HOME away means something by it, and two
 * processes that read it differently would have two homes.
 * @throws SluiceError `bad_config` when HOME is unset, empty, relative or no folder.
 */
export function requireUserFolder(env, instead = "SLUICE_HOME to the folder for Sluice") {
    const user = env["HOME"];
    const refuse = (what, cause) => {
        throw new SluiceError("bad_config", `HOME ${what}; set HOME to your own folder, or ${instead}`, { cause });
    };
    if (user === undefined)
        return refuse("is not set");
    if (user.trim() === "")
        return refuse("is empty");
    if (!isAbsolute(user))
        return refuse(`is "${user}", which is no absolute path`);
    try {
        const stats = statSync(user, { throwIfNoEntry: false });
        if (stats === undefined)
            return refuse(`is "${user}", which does not exist`);
        return stats.isDirectory() ? user : refuse(`is "${user}", which is not a folder`);
    }
    catch (thrown) {
        if (thrown instanceof SluiceError)
            throw thrown;
        return refuse(`is "${user}", which cannot be looked at (${toMessage(thrown)})`, thrown);
    }
}
export function toHome(path) {
    return {
        path,
        database: join(path, "sluice.db"),
        lock: join(path, "hub.lock"),
        pid: join(path, "hub.pid"),
        socketRecord: join(path, "socket"),
        config: join(path, "config.json"),
        secretsDir: join(path, "secrets"),
        logDir: join(path, "log"),
        cacheDir: join(path, "cache"),
        claudeDir: join(path, "claude"),
        instructions: join(path, "instructions"),
    };
}
export function locateHome(env) {
    return toHome(toHomePath(env));
}
/**
 * The socket on which the hub of this home answers, if one runs. Look again on every try: a hub that starts may move it.
 * The record counts before our own reckoning, because the hub may run with another runtime folder than its callers.
 */
export function locateSocket(env) {
    const home = locateHome(env);
    const plain = join(home.path, "hub.sock");
    return fits(plain) ? plain : (readRecord(home.socketRecord) ?? toSocketPath(home, env));
}
/** Where a hub with this environment would put its socket. */
export function toSocketPath(home, env) {
    const plain = join(home.path, "hub.sock");
    if (fits(plain))
        return plain;
    // Few homes are so deep: a bell should not load all of it for nothing.
    const { createHash } = process.getBuiltinModule("node:crypto");
    const name = `${createHash("sha256").update(home.path).digest("hex").slice(0, 24)}.sock`;
    const runtime = env["XDG_RUNTIME_DIR"] ?? "";
    const temporary = env["TMPDIR"] ?? "";
    const folder = `sluice-${process.getuid?.() ?? "user"}`;
    const places = [
        ...(isAbsolute(runtime) && existsSync(runtime) ? [join(runtime, "sluice", name)] : []),
        ...(isAbsolute(temporary) ? [join(temporary, folder, name)] : []),
    ];
    return places.find(fits) ?? join("/tmp", folder, name);
}
function readRecord(path) {
    try {
        const text = readFileSync(path, "utf8").trim();
        return isAbsolute(text) && fits(text) ? text : undefined;
    }
    catch {
        // No record: no hub of this home has moved its socket yet.
        return undefined;
    }
}
function fits(path) {
    return Buffer.byteLength(path) <= MAX_SOCKET_BYTES;
}
