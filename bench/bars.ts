/** The bars: what Sluice is to reach beside what it is measured with. Pure. */
import { toMedian } from "./summary.ts";

export type Bar = { figure: string; value: number; bar: number; is: "at least" | "at most" };

/** One ratio for each round, as candidates take turns: the median of them stays where both are slowed. */
export function toMedianRatio(
  own: readonly number[] | undefined,
  other: readonly number[] | undefined,
): number {
  if (own === undefined || other === undefined) return Number.NaN;
  const ratios = own.map((value, index) => value / (other[index] ?? Number.NaN));
  return toMedian(ratios.filter((ratio) => !Number.isNaN(ratio)));
}

export function isMet({ value, bar, is }: Bar): boolean {
  return is === "at least" ? value >= bar : value <= bar;
}

/** Bars whose value was not measured in this run are left out. */
export function renderBars(bars: readonly Bar[], flushesPerSecond: number): string[] {
  const measured = bars.filter(({ value }) => !Number.isNaN(value));
  if (measured.length === 0) return [];
  return [
    `| figure (${Math.round(flushesPerSecond)} flushes a second on this disk) | value | bar | |`,
    "| --- | ---: | ---: | --- |",
    ...measured.map((one) => {
      const sign = one.is === "at least" ? "≥" : "≤";
      const met = isMet(one) ? "met" : "not met";
      return `| ${one.figure} | ${toShort(one.value)} | ${sign} ${one.bar} | ${met} |`;
    }),
  ];
}

export function toShort(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return "-";
  return value >= 100
    ? Math.round(value).toString()
    : value.toFixed(value >= 10 || value === 0 ? 0 : 2);
}
