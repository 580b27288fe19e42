/**
 * The clock of a hub: the system's, with the machine's own count of time beside it.
 *
 * Owns: reading that count. Never: compares the two (flow/expiry/elapsed.ts).
 */
import { readFileSync } from "node:fs";
import { uptime } from "node:os";
import { systemClock } from "../../sdk/clock.js";
export const machineClock = {
    ...systemClock,
    // On Linux and macOS it goes on while the machine sleeps, and stays where somebody sets the clock.
    sinceBoot: () => ({ sinceBootMs: uptime() * 1_000, boot: readBoot() }),
};
let boot;
function readBoot() {
    try {
        boot ??= readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
    }
    catch {
        // Not on Linux: a machine that was started anew counts from 0 again, and shows it by that.
        boot = "";
    }
    return boot;
}
