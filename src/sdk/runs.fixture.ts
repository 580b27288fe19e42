/**
 * How often a claim about any input is tried: in full by `npm run test:long`, a tenth of it by `npm test`.
 *
 * Owns: that share. Never: a claim. The files that import this are in both (vitest.config.ts).
 */
const isFull = process.env["SLUICE_ALL_RUNS"] === "1";

/** Of so many runs, or of so much input. */
export function toRuns(all: number): number {
  return isFull ? all : Math.ceil(all / 10);
}

/** From one size to the next. */
export function toStep(step: number): number {
  return isFull ? 1 : step;
}

/** Of a few sizes the first half, the cheaper ones. */
export function toPicked<T>(all: readonly T[]): readonly T[] {
  return isFull ? all : all.slice(0, Math.ceil(all.length / 2));
}
