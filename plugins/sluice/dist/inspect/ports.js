/**
 * On which ports a process and what it started listen: where a curl has to go.
 *
 * Owns: reading that from /proc. Linux only; elsewhere there is no answer. Never: connects to anything.
 * https://man7.org/linux/man-pages/man5/proc_pid_net.5.html
 */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
const LISTEN = "0A";
/** Sorted by port. Undefined where nothing can be told. */
export function readListeners(pid, platform = process.platform) {
    if (platform !== "linux")
        return undefined;
    const inodes = new Set(listTree(pid).flatMap(listSockets));
    const found = new Map();
    for (const table of ["tcp", "tcp6"])
        for (const line of readLines(`/proc/${pid}/net/${table}`).slice(1)) {
            const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
            if (state !== LISTEN || !inodes.has(inode))
                continue;
            const listener = toListener(local);
            found.set(`${listener.address} ${listener.port}`, listener);
        }
    return [...found.values()].toSorted((one, other) => one.port - other.port);
}
/** A curl that a person can paste. */
export function toCurl({ address, port }) {
    const host = ["0.0.0.0", "::"].includes(address) ? "127.0.0.1" : address;
    return `curl -d 'build failed' http://${host.includes(":") ? `[${host}]` : host}:${port}/`;
}
/** The process, and all that descend from it. */
function listTree(pid) {
    const children = new Map();
    for (const name of list("/proc")) {
        if (!/^\d+$/.test(name))
            continue;
        const [stat = ""] = readLines(`/proc/${name}/stat`);
        const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
        children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    }
    const tree = [pid];
    for (const one of tree)
        tree.push(...(children.get(one) ?? []));
    return tree;
}
function listSockets(pid) {
    return list(`/proc/${pid}/fd`).flatMap((fd) => {
        try {
            return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
        }
        catch {
            return []; // Closed meanwhile.
        }
    });
}
/** `0100007F:1F90`: the address in words of four bytes, each in the order of this machine's memory. */
function toListener(local) {
    const [hex = "", port = ""] = local.split(":");
    const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).toReversed());
    return { address: toAddress(bytes), port: Number.parseInt(port, 16) };
}
function toAddress(bytes) {
    if (bytes.length === 4)
        return bytes.join(".");
    if (bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255)
        return bytes.slice(12).join(".");
    if (bytes.every((byte) => byte === 0))
        return "::";
    if (bytes.slice(0, 15).every((byte) => byte === 0))
        return `::${bytes[15]}`;
    const groups = bytes.flatMap((byte, i) => i % 2 === 0 ? ((byte << 8) | (bytes[i + 1] ?? 0)).toString(16) : []);
    return groups.join(":");
}
function list(path) {
    try {
        return readdirSync(path);
    }
    catch {
        return []; // Gone, or another user's.
    }
}
function readLines(path) {
    try {
        return readFileSync(path, "latin1").split("\n");
    }
    catch {
        return [];
    }
}
