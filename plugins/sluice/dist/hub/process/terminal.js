/**
 * Whether a caller is a person at a terminal.
 *
 * Owns: looking at the calling process. Never: trusts its own word where the system shows the fact.
 *
 * A process of the same user can still pretend: it may run in a terminal that it opened itself, or name another process that has a
 * terminal and an open socket (node does not tell which process is at the other end of a socket). This check keeps out sessions that were
 * talked into running a command, and all scripts.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { readProcess } from "../../local/process.js";
import { marksSession } from "../../local/session-mark.js";
import { isClaudeCode } from "../../sdk/channel-flag.js";
const MAX_ANCESTORS = 64;
/** Looks at who calls, knowing which clients are attached now. */
export function openCallers({ leases, }) {
    return (facts) => toCaller(facts, new Set([...leases].map(({ client }) => client.pid)));
}
/** `clients` are the pids of attached clients: nothing that runs below one of them is a person. */
export function toCaller(facts, clients) {
    const session = () => ({
        isTerminal: false,
        isSession: true,
        origin: `a session's shell (pid ${facts.pid})`,
    });
    const script = () => ({ isTerminal: false, origin: `a program (pid ${facts.pid})` });
    if (facts.session)
        return session();
    const own = readProcess(facts.pid);
    if (own === undefined || own.startTime !== facts.startTime)
        return script();
    if (readsSessionEnvironment(own.pid))
        return session();
    let process = own;
    for (let i = 0; i < MAX_ANCESTORS && process.ppid > 1; i++) {
        const parent = readProcess(process.ppid);
        if (parent === undefined)
            break;
        if (clients.has(parent.pid) || isClaudeCode(parent.argv))
            return session();
        process = parent;
    }
    return facts.tty && hasTerminal(own.pid) && holdsConnection(own.pid)
        ? { isTerminal: true, origin: "terminal" }
        : script();
}
/** True when the process has a controlling terminal. */
function hasTerminal(pid, platform = process.platform) {
    try {
        if (platform === "linux") {
            const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
            // Field 7, tty_nr: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
            const field = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[4];
            return field !== undefined && field !== "0";
        }
        const tty = execFileSync("ps", ["-o", "tty=", "-p", String(pid)], {
            encoding: "utf8",
            timeout: 2_000,
            stdio: ["ignore", "pipe", "ignore"],
            env: { PATH: "/bin:/usr/bin", LC_ALL: "C" },
        }).trim();
        return tty !== "" && !tty.startsWith("?");
    }
    catch {
        // It is gone, or cannot be looked at: then nobody is there.
        return false;
    }
}
/** Who calls has a connection open: an idle shell whose number somebody else gives has none. Seen on Linux only. */
function holdsConnection(pid, platform = process.platform) {
    if (platform !== "linux")
        return true;
    try {
        // Num RefCount Protocol Flags Type St Inode Path; type 0001 is a stream, state 03 connected.
        const connected = new Set(readFileSync(`/proc/${pid}/net/unix`, "latin1")
            .split("\n")
            .map((line) => line.trim().split(/\s+/))
            .flatMap(([, , , , type, state, inode]) => type === "0001" && state === "03" && inode !== undefined ? [`socket:[${inode}]`] : []));
        return readdirSync(`/proc/${pid}/fd`).some((fd) => connected.has(readLink(`/proc/${pid}/fd/${fd}`)));
    }
    catch {
        // It is gone, or cannot be looked at: then nobody is there.
        return false;
    }
}
function readLink(path) {
    try {
        return readlinkSync(path);
    }
    catch {
        // Closed meanwhile.
        return "";
    }
}
/** Where the system shows the environment of a process: on Linux. Elsewhere the caller's own word stands. */
function readsSessionEnvironment(pid) {
    try {
        const names = readFileSync(`/proc/${pid}/environ`, "latin1").split("\0");
        const env = Object.fromEntries(names.map((line) => [line.split("=", 1)[0], "set"]));
        return marksSession(env);
    }
    catch {
        // No such file on this system; the ancestors and the terminal are looked at all the same.
        return false;
    }
}
