// Means over seeds, and whether two of them differ by more than the seeds do.

import {standardError, summarise} from "../../training/statistics.js";
import type {Verdict} from "../dvae/ablationSummary.js";

export interface Measured {
  readonly mean: number;
  /** Standard error of the mean; null for a single value. */
  readonly error: number | null;
}

export function meanAndError(values: readonly number[]): Measured | null {
  const found = summarise(values);
  return found === null ? null : {mean: found.mean, error: standardError(found)};
}

/** Holds if `better` is below `worse` by more than twice the error of the difference, seed by seed: place i is one seed. */
export function difference(worse: readonly number[], better: readonly number[]): Verdict {
  const apart = meanAndError(better.slice(0, worse.length).map((value, seed) => worse[seed]! - value));
  if (apart === null) return "not measured";
  if (apart.error === null || Math.abs(apart.mean) <= 2 * apart.error) return "undecided";
  return apart.mean > 0 ? "holds" : "does not hold";
}

/** "72 % (68–76)"; a dash where nothing is stored. */
export function withInterval(
  one: {readonly percent: number; readonly low: number; readonly high: number} | undefined
): string {
  if (one === undefined) return "–";
  return `${one.percent.toFixed(0)} % (${one.low.toFixed(0)}–${one.high.toFixed(0)})`;
}

/** With a capital at the beginning. */
export function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
