/**
 * How much memory a process really uses.
 *
 * Owns: asking the system. Never: ends a process.
 */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
/** In MiB; undefined where nobody can say, or it is gone. */
export async function readRssMib(pid, platform = process.platform) {
    const kib = platform === "linux" ? await readStatus(pid) : await askPs(pid);
    return kib === undefined ? undefined : Math.round(kib / 1024);
}
async function readStatus(pid) {
    const text = await readFile(`/proc/${pid}/status`, "latin1").catch(() => "");
    const kib = /^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1];
    return kib === undefined ? undefined : Number(kib);
}
function askPs(pid) {
    return new Promise((resolve) => {
        const args = ["-o", "rss=", "-p", String(pid)];
        const env = { PATH: "/bin:/usr/bin", LC_ALL: "C" };
        execFile("ps", args, { timeout: 2_000, env }, (fault, stdout) => {
            const kib = Number(stdout.trim());
            resolve(fault === null && Number.isFinite(kib) && kib > 0 ? kib : undefined);
        });
    });
}
