/**
 * Which processes run, and which ports are open.
 *
 * Owns: asking the system. Never: signals a process, or sends a byte to a port.
 */
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { connect } from "node:net";
import { basename } from "node:path";
import { promisify } from "node:util";
import { readProcess } from "../../../local/process.js";
const CONNECT_MS = 2_000;
const ASK_AGAIN_MS = 250;
const PS_MAX_BYTES = 16 * 1024 ** 2;
/** Undefined where it does not run. */
export function findProcess(pid) {
    const facts = readProcess(pid);
    if (facts === undefined)
        return undefined;
    const command = basename(facts.argv[0] ?? "") || String(pid);
    return { pid, startTime: facts.startTime, command };
}
/** Those whose program, or script, has this name, as `ps` and `pgrep` show it; not ourselves. */
export async function listNamed(name) {
    const pids = process.platform === "linux" ? await listProc(name) : await listPs(name);
    return pids
        .filter((pid) => pid !== process.pid)
        .flatMap((pid) => findProcess(pid) ?? [])
        .map(({ pid, startTime }) => ({ pid, startTime }));
}
async function listProc(name) {
    const entries = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
    const found = await Promise.all(entries.map(async (entry) => {
        const [comm, command] = await Promise.all([
            readText(`/proc/${entry}/comm`),
            readText(`/proc/${entry}/cmdline`),
        ]);
        return isNamed(name, comm.trim(), command.split("\0")) ? Number(entry) : undefined;
    }));
    return found.filter((pid) => pid !== undefined);
}
/** The kernel's name of it has 15 characters; the name of an interpreter's script stands behind the interpreter. */
function isNamed(name, comm, [program = "", script = ""]) {
    return comm === name || basename(program) === name || basename(script) === name;
}
async function readText(path) {
    try {
        return await readFile(path, "latin1");
    }
    catch {
        // It has ended since it was listed.
        return "";
    }
}
async function listPs(name) {
    const { stdout } = await promisify(execFile)("ps", ["-axww", "-o", "pid=,comm="], {
        maxBuffer: PS_MAX_BYTES,
        timeout: 10_000,
        env: { PATH: "/bin:/usr/bin", LC_ALL: "C" },
    });
    return stdout.split("\n").flatMap((line) => {
        const [, pid, command = ""] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
        return pid !== undefined && basename(command.trim()) === name ? [Number(pid)] : [];
    });
}
/** `5432`, `:5432`, `db.local:5432`, `[::1]:5432`; undefined for anything else. */
export function parsePort(text) {
    const [, bracketed, plain, digits] = /^(?:\[([0-9A-Fa-f:.]+)\]:|([A-Za-z0-9._-]*):)?(\d{1,5})$/.exec(text) ?? [];
    const port = Number(digits);
    if (digits === undefined || port < 1 || port > 65_535)
        return undefined;
    return { host: bracketed ?? (plain === undefined || plain === "" ? "127.0.0.1" : plain), port };
}
/** One refusal may be a queue that is full: it is asked twice. */
export async function isOpen(port, signal) {
    if (await answers(port))
        return true;
    await new Promise((done) => setTimeout(done, ASK_AGAIN_MS));
    return !signal.aborted && answers(port);
}
function answers({ host, port }) {
    return new Promise((resolve) => {
        const socket = connect({ host, port });
        const end = (is) => {
            socket.destroy();
            resolve(is);
        };
        socket.setTimeout(CONNECT_MS, () => end(false));
        socket.once("connect", () => end(true));
        socket.once("error", () => end(false));
    });
}
