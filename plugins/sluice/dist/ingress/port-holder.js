/**
 * Which program listens on a TCP port of this machine.
 *
 * Owns: a best effort, for an error message. Never: throws, or lets a decision depend on it: other users' processes are hidden from us, and
 * then there is no name to give.
 */
import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { basename } from "node:path";
import { promisify } from "node:util";
const LSOF_TIMEOUT_MS = 2000;
export async function readPortHolder(port) {
    try {
        return process.platform === "linux" ? await readFromProc(port) : await readFromLsof(port);
    }
    catch {
        return undefined; // No permission, no /proc, no lsof: the message does without the name.
    }
}
/** https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html */
async function readFromProc(port) {
    const inodes = new Set();
    for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
        // A kernel without IPv6 has no second table.
        const text = await readFile(table, "utf8").catch(() => "");
        for (const line of text.split("\n").slice(1)) {
            const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
            const isListening = state === "0A";
            if (isListening && inode && Number.parseInt(local?.split(":")[1] ?? "", 16) === port)
                inodes.add(`socket:[${inode}]`);
        }
    }
    if (inodes.size === 0)
        return undefined;
    for (const pid of await readdir("/proc")) {
        if (!/^\d+$/.test(pid))
            continue;
        // Gone meanwhile, or another user's: passed over.
        const fds = await readdir(`/proc/${pid}/fd`).catch(() => []);
        for (const fd of fds) {
            const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => "");
            if (inodes.has(target))
                return { pid: Number(pid), command: await readCommand(pid) };
        }
    }
    return undefined;
}
/** The program's name. Not `comm`: that is a thread's name, and Node calls its own "MainThread". */
async function readCommand(pid) {
    const argv = (await readFile(`/proc/${pid}/cmdline`, "utf8")).split("\0");
    const comm = (await readFile(`/proc/${pid}/comm`, "utf8")).trim();
    return basename(argv[0] ?? "") || comm;
}
async function readFromLsof(port) {
    const args = ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpc"];
    const { stdout } = await promisify(execFile)("lsof", args, { timeout: LSOF_TIMEOUT_MS });
    const pid = /^p(\d+)$/m.exec(stdout)?.[1];
    const command = /^c(.+)$/m.exec(stdout)?.[1];
    return pid === undefined || command === undefined ? undefined : { pid: Number(pid), command };
}
