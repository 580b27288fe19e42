/** What a process has used of the processor: all of its threads, as the kernel counts them. Linux only. */
import { readdirSync, readFileSync } from "node:fs";

/** Milliseconds on the processor since its start, to the nanosecond: `/proc/<pid>/stat` counts in hundredths of a second. */
export function readCpuMs(pid: number): number {
  const folder = `/proc/${pid}/task`;
  let total = 0;
  for (const thread of readdirSync(folder)) {
    const [running = ""] = readFileSync(`${folder}/${thread}/schedstat`, "utf8").split(" ");
    total += Number(running) / 1e6;
  }
  return total;
}
