/**
 * How work grows with its input: what can be said of speed on a machine that is slow or busy.
 *
 * Owns: the comparison of two sizes. Never: a limit in seconds.
 */

const TRIES = 5;
/** Less cannot be told from what else the process does. */
const LEAST_MICROSECONDS = 1_000;
/** Halfway between linear and quadratic: more is looked at again, since what others do on the machine can only add to it. */
const SURELY_LINEAR = 8;

/**
 * How many times the processor's time four times the input takes: about 4 where work is linear, 16 where it is quadratic. The least of
 * several tries counts: what others do on the machine is in some of them, the work is in all.
 */
export function readGrowth(size: number, work: (size: number) => unknown): number {
  const least = (of: number): number =>
    Math.min(...Array.from({ length: TRIES }, () => readMicroseconds(() => work(of))));
  // Of the small one several tries in any case: one that ran before V8 had compiled it would hide how the work grows.
  const small = Math.max(least(size), LEAST_MICROSECONDS);
  let large = Infinity;
  for (let count = 0; count < TRIES && large / small > SURELY_LINEAR; count++)
    large = Math.min(
      large,
      readMicroseconds(() => work(size * 4)),
    );
  return large / small;
}

function readMicroseconds(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
