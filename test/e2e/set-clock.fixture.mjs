/**
 * Loaded into a hub before all else: its clock is set, and its machine counts time, as a file says. Upkeep's rounds come quickly.
 *
 * Owns: a Date and an uptime that a test moves. Never: anything of Sluice.
 */
import { readFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import os from "node:os";

const ROUND_MS = 30_000;
const QUICK_MS = 100;

function read() {
  try {
    return JSON.parse(readFileSync(process.env.SLUICE_SET_CLOCK, "utf8"));
  } catch {
    // Being written just now.
    return last;
  }
}
let last = { setMs: 0, passedMs: 0 };
const look = () => (last = read());

const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length > 0) super(...args);
    else super(globalThis.Date.now());
  }
  static now() {
    const { setMs, passedMs } = look();
    return RealDate.now() + setMs + passedMs;
  }
};
const uptime = os.uptime;
os.uptime = () => uptime() + look().passedMs / 1_000;
syncBuiltinESMExports();
const after = globalThis.setTimeout;
globalThis.setTimeout = (action, ms, ...rest) =>
  after(action, ms === ROUND_MS ? QUICK_MS : ms, ...rest);
