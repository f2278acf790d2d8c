// The numbers of a shipped run, as its manifest keeps them: shown until the reader's own run has some.

import type {Series} from "../charts/curve.js";
import type {TrainingRun} from "./trainingRun.js";

/** Columns by name, "step" among them. */
export type StoredCurve = Readonly<Record<string, readonly number[]>>;

/** The curve of a manifest that comes with shipped weights; none if it has none. */
export function curveOf(manifest: unknown): StoredCurve {
  return (manifest as {curve?: StoredCurve} | null)?.curve ?? {};
}

/** A run's series by metric; the stored ones while it shows the weights that come with the site. */
export function storedSeries(
  run: TrainingRun,
  stored: StoredCurve
): (metric: string) => Pick<Series, "steps" | "values"> {
  return (metric) => (run.shipped ? storedColumn(stored, metric) : run.series(metric));
}

/** What a figure says while it does, after what the address got wrong. */
export function shippedWords(problems: readonly string[]): string {
  return [
    ...problems,
    "These are the weights that come with the site, with the curves of their run. Reset, then Train, starts from nothing."
  ].join(" ");
}

/** A stored metric by step; empty if it was not stored. */
export function storedColumn(stored: StoredCurve, metric: string): Pick<Series, "steps" | "values"> {
  const values = stored[metric];
  return values === undefined ? {steps: [], values: []} : {steps: stored.step ?? [], values};
}

/** A stored run's numbers with the bounds of another of the same settings, at the steps that both have. */
export function withBounds(curve: StoredCurve, other: StoredCurve): StoredCurve {
  const places = curve.step?.map((step) => other.step?.indexOf(step) ?? -1) ?? [];
  if (places.length === 0 || places.includes(-1)) return curve;
  const at = (metric: string) => places.map((place) => other[metric]?.[place] ?? Number.NaN);
  return {...curve, elbRelaxed: at("elbRelaxed"), elbTrue: at("elbTrue")};
}
