/**
 * Identifies a process, and tells whether it is still the same one.
 *
 * Owns: pid + start time as identity, so that a reused pid is noticed. Never: signals anything.
 * Linux: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html; elsewhere `ps` (POSIX names, and `lstart`, which macOS and BSD have).
 */
import { readFileSync } from "node:fs";
/** Undefined when there is no such process, or only its zombie. */
export function readProcess(pid, platform = process.platform) {
    // "ps -p -1" and "/proc/self" style surprises: a pid comes from JSON sometimes.
    if (!Number.isSafeInteger(pid) || pid <= 0)
        return undefined;
    return platform === "linux" ? readProc(pid) : readPs(pid);
}
/** True when `pid` runs and started when it is said to have. */
export function isAlive(pid, startTime) {
    return readProcess(pid)?.startTime === startTime;
}
function readProc(pid) {
    let stat;
    let cmdline;
    let boot;
    try {
        stat = readFileSync(`/proc/${pid}/stat`, "latin1");
        cmdline = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
    }
    catch {
        // ENOENT or ESRCH: gone, perhaps between two of the reads.
        return undefined;
    }
    // The name in parentheses may hold blanks and parentheses: the fields begin behind the last one, with field 3.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, ppid, ticks] = [fields[0], fields[1], fields[19]];
    if (state === undefined || state === "Z" || state === "X" || ticks === undefined)
        return undefined;
    const argv = cmdline.split("\0");
    if (argv.at(-1) === "")
        argv.pop();
    return { pid, ppid: Number(ppid), startTime: `${boot}:${ticks}`, argv };
}
function readPs(pid) {
    let line;
    try {
        // Loaded where it is needed: a bell on Linux starts no program.
        line = process
            .getBuiltinModule("node:child_process")
            .execFileSync("ps", ["-ww", "-o", "ppid=,stat=,lstart=,args=", "-p", String(pid)], {
            encoding: "utf8",
            timeout: 2_000,
            stdio: ["ignore", "pipe", "ignore"],
            // The date is text: it must not change with the caller's language or time zone.
            env: { PATH: "/bin:/usr/bin", LC_ALL: "C", TZ: "UTC" },
        });
    }
    catch {
        // Exit 1: no such process.
        return undefined;
    }
    const match = /^\s*(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\d+\s+[\d:]+\s+\d{4})\s+(.*)/.exec(line);
    if (match === null || match[2]?.startsWith("Z"))
        return undefined;
    const startTime = (match[3] ?? "").replace(/\s+/g, " ");
    return { pid, ppid: Number(match[1]), startTime, argv: (match[4] ?? "").trim().split(/\s+/) };
}
