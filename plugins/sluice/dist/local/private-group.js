/**
 * Groups with one user in them, as most distributions make for each user: there nobody else can write in a folder of mode 775.
 *
 * Owns: the members of a group. Never: refuses a folder.
 *
 * GROUP-1 A group that cannot be looked up counts as shared: a user or group that stands in no local file (LDAP), an access list on the
 *    folder.
 */
import { readFileSync } from "node:fs";
const FILES = { passwd: "/etc/passwd", group: "/etc/group" };
const ROOT = 0;
const LS_TIMEOUT_MS = 2_000;
/** True when `gid` is the primary group of the user `uid`, and nobody else but root is in it. */
export function isPrivateGroup(gid, uid, files = FILES) {
    const passwd = readRows(files.passwd);
    const groups = readRows(files.group);
    // A "+" brings in the accounts of another machine (NIS).
    if ([...passwd, ...groups].some(([name]) => name?.startsWith("+")))
        return false;
    const users = passwd.map(([name = "", , id = "", primary = ""]) => ({
        name,
        isOurs: parseId(id) === uid,
        isRoot: parseId(id) === ROOT,
        isIn: parseId(primary) === gid,
    }));
    const rows = groups.filter(([, , id = ""]) => parseId(id) === gid);
    if (rows.length === 0 || !users.some((user) => user.isOurs && user.isIn))
        return false;
    // Members stand in the group's row, or have it as their primary group and stand there nowhere.
    const members = [
        ...rows.flatMap(([, , , list = ""]) => list.split(",")).filter((name) => name !== ""),
        ...users.filter((user) => user.isIn).map(({ name }) => name),
    ];
    return members.every((name) => users.some((user) => user.name === name && (user.isOurs || user.isRoot)));
}
/** True when other users were given rights by name (`setfacl`), or it cannot be said. Their mask stands where the group's bits are. */
export function hasAccessList(path) {
    try {
        // Node reads no extended attributes; `ls` marks such a folder with a "+" behind the mode. Loaded here: nearly nobody needs it, and
        // every command and every shim begins with this file.
        const line = process.getBuiltinModule("node:child_process").execFileSync("ls", ["-ld", path], {
            encoding: "utf8",
            timeout: LS_TIMEOUT_MS,
            stdio: ["ignore", "pipe", "ignore"],
        });
        return line[10] === "+";
    }
    catch {
        // GROUP-1: no `ls` on PATH, or one that hangs.
        return true;
    }
}
/** Not Number(): to that an empty field is 0, and 0 is root. */
function parseId(field) {
    return /^\d+$/.test(field) ? Number(field) : Number.NaN;
}
/** The fields of each line; none where the file cannot be read (GROUP-1). */
function readRows(path) {
    try {
        return readFileSync(path, "utf8")
            .split("\n")
            .filter((line) => line !== "" && !line.startsWith("#"))
            .map((line) => line.split(":"));
    }
    catch {
        return [];
    }
}
