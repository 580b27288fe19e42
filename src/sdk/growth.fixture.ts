/**
 * How work grows with its input: what can be said of speed on a machine that is slow or busy.
 *
 * Owns: the comparison of two sizes. Never: a limit in seconds.
 */

const TRIES = 5;
/** Less cannot be told from what else the process does. */
const LEAST_MICROSECONDS = 1_000;

/**
 * How many times the processor's time four times the input takes: about 4 where work is linear, 16 where it is quadratic. The least of
 * several tries counts: what others do on the machine is in some of them, the work is in all.
 */
export function readGrowth(size: number, work: (size: number) => unknown): number {
  const least = (of: number): number =>
    Math.min(...Array.from({ length: TRIES }, () => readMicroseconds(() => work(of))));
  return least(size * 4) / Math.max(least(size), LEAST_MICROSECONDS);
}

function readMicroseconds(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
