// The numbers of a shipped run, as its manifest keeps them: shown until the reader's own run has some.

import type {Series} from "../charts/curve.js";
import type {TrainingRun} from "./trainingRun.js";

/** Columns by name, "step" among them. */
export type StoredCurve = Readonly<Record<string, readonly number[]>>;

/** The curve of a manifest that comes with shipped weights; none if it has none. */
export function curveOf(manifest: unknown): StoredCurve {
  return (manifest as {curve?: StoredCurve} | null)?.curve ?? {};
}

/** A run's series by metric; the stored ones while a run that began with the shipped weights has told nothing yet. */
export function storedSeries(
  run: TrainingRun,
  stored: StoredCurve,
  shipped: boolean
): (metric: string) => Pick<Series, "steps" | "values"> {
  const untouched = shipped && run.status.step > 0 && run.series("loss").steps.length === 0;
  return (metric) => (untouched ? storedColumn(stored, metric) : run.series(metric));
}

/** A stored metric by step; empty if it was not stored. */
export function storedColumn(stored: StoredCurve, metric: string): Pick<Series, "steps" | "values"> {
  const values = stored[metric];
  return values === undefined ? {steps: [], values: []} : {steps: stored.step ?? [], values};
}
