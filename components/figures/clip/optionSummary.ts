// Stored runs of CLIP with one thing changed: means and spreads over seeds at their end.

import type {ClipOptionFile, ClipOptionRun} from "../../training/clipOptions.js";
import {type Summary, summarise} from "../../training/statistics.js";

export function runsOf({runs}: ClipOptionFile, option: string): ClipOptionRun[] {
  return runs.filter((run) => run.option === option);
}

/** At the end of the runs; null if there is none. */
export function summaryOf(runs: readonly ClipOptionRun[], metric: string): Summary | null {
  const ends = runs.flatMap(({curve}) => (curve[metric] ?? []).slice(-1));
  return summarise(ends);
}

/** The mean over runs at each step that all of them have. */
export function meanCurve(runs: readonly ClipOptionRun[], metric: string): {steps: number[]; values: number[]} {
  const length = runs.length === 0 ? 0 : Math.min(...runs.map(({curve}) => curve[metric]?.length ?? 0));
  return {
    steps: runs[0]?.curve.step?.slice(0, length) ?? [],
    values: Array.from({length}, (_, i) => runs.reduce((sum, {curve}) => sum + curve[metric]![i]!, 0) / runs.length)
  };
}

/** Whether an option changes a metric by more than the seeds do: the difference, or null if that cannot be said. */
export function differenceOf(file: ClipOptionFile, option: string, metric: string): number | null {
  const [own, plain] = [option, "plain"].map((name) => summaryOf(runsOf(file, name), metric));
  if (own == null || plain == null || Math.min(own.count, plain.count) < 2) return null;
  const spread = Math.hypot(own.sd, plain.sd) / Math.sqrt(Math.min(own.count, plain.count));
  return Math.abs(own.mean - plain.mean) < 2 * spread ? null : own.mean - plain.mean;
}
