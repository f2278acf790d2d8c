// Means over runs and how far the runs spread: for stored results, in scripts and on pages.

export interface Summary {
  readonly mean: number;
  /** Standard deviation of the sample; 0 for a single value. */
  readonly sd: number;
  readonly count: number;
}

/** null for no values. */
export function summarise(values: readonly number[]): Summary | null {
  const count = values.length;
  if (count === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {mean, sd: count > 1 ? Math.sqrt(squares / (count - 1)) : 0, count};
}

/** The standard error of the mean; null for a single value, which tells nothing of it. */
export function standardError({sd, count}: Summary): number | null {
  return count > 1 ? sd / Math.sqrt(count) : null;
}

/** "54.4 ± 0.7", with so many digits; a single value alone. */
export function withSpread({mean, sd, count}: Summary, digits = 3, spreadDigits = 2): string {
  return count === 1 ? mean.toPrecision(digits) : `${mean.toPrecision(digits)} ± ${sd.toPrecision(spreadDigits)}`;
}
