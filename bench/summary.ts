/** Numbers out of samples. Pure. Nearest-rank percentiles: a value that was measured, never one in between. */

export type Summary = { count: number; p50: number; p99: number; max: number };

export function toSummary(samples: readonly number[]): Summary {
  const sorted = samples.toSorted((a, b) => a - b);
  const rank = (share: number) =>
    sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return { count: sorted.length, p50: rank(0.5), p99: rank(0.99), max: rank(1) };
}

export function toMedian(samples: readonly number[]): number {
  return toSummary(samples).p50;
}
