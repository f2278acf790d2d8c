// Means over seeds, and whether two of them differ by more than the seeds do.

import type {Verdict} from "../dvae/ablationSummary.js";

export interface Measured {
  readonly mean: number;
  /** Standard error of the mean; null for a single value. */
  readonly error: number | null;
}

export function meanAndError(values: readonly number[]): Measured | null {
  if (values.length === 0) return null;
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  if (values.length === 1) return {mean, error: null};
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {mean, error: Math.sqrt(squares / (values.length - 1) / values.length)};
}

/** Holds if `better` is below `worse` by more than twice the error of the difference. */
export function difference(worse: readonly number[], better: readonly number[]): Verdict {
  const [a, b] = [meanAndError(worse), meanAndError(better)];
  if (a === null || b === null) return "not measured";
  if (a.error === null || b.error === null) return "undecided";
  const apart = a.mean - b.mean;
  if (Math.abs(apart) < 2 * Math.hypot(a.error, b.error)) return "undecided";
  return apart > 0 ? "holds" : "does not hold";
}

/** "72 % (68–76)"; a dash where nothing is stored. */
export function withInterval(
  one: {readonly percent: number; readonly low: number; readonly high: number} | undefined
): string {
  if (one === undefined) return "–";
  return `${one.percent.toFixed(0)} % (${one.low.toFixed(0)}–${one.high.toFixed(0)})`;
}
