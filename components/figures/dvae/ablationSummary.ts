// What the stored runs say of a setting: means and spreads over seeds, and whether the paper's claim is borne out here.

import {
  type Ablation,
  type AblationConfig,
  type AblationFile,
  type AblationMetric,
  type AblationRun,
  configKey
} from "../../training/ablations.js";
import {type Summary, summarise} from "../../training/statistics.js";

/** Runs with this configuration, those that diverged too. */
export function runsOf({runs}: AblationFile, config: AblationConfig): AblationRun[] {
  const key = configKey(config);
  return runs.filter((run) => configKey(run.config) === key);
}

/** The metric along a run; the gap is the relaxed bound less the true one. */
export function metricOf({curve}: AblationRun, metric: AblationMetric): readonly number[] {
  if (metric !== "gap") return curve[metric] ?? [];
  return (curve.elbRelaxed ?? []).map((relaxed, i) => relaxed - curve.elbTrue![i]!);
}

/** At the end of the runs that did not diverge; null if there is none. */
export function summaryOf(runs: readonly AblationRun[], metric: AblationMetric): Summary | null {
  const ends = runs
    .filter(({divergedAt}) => divergedAt === undefined)
    .flatMap((run) => metricOf(run, metric).slice(-1));
  return summarise(ends);
}

/** The mean over runs at each step that all of them have. */
export function meanCurve(runs: readonly AblationRun[], metric: AblationMetric): {steps: number[]; values: number[]} {
  const curves = runs.map((run) => ({steps: run.curve.step ?? [], values: metricOf(run, metric)}));
  const length = curves.length === 0 ? 0 : Math.min(...curves.map(({values}) => values.length));
  return {
    steps: curves[0]?.steps.slice(0, length) ?? [],
    values: Array.from({length}, (_, i) => curves.reduce((sum, {values}) => sum + values[i]!, 0) / curves.length)
  };
}

export type Verdict = "holds" | "does not hold" | "undecided" | "not measured";

const largeIsGood: readonly AblationMetric[] = ["elbTrue", "elbRelaxed", "perplexity"];

/**
 * Whether the setting that the paper prefers is better here, by more than the spread of the seeds; for a claim that training
 * diverges without it, whether it did. No number of these runs decides about mass, which is a matter of the formula.
 */
export function verdictOf(
  file: AblationFile,
  {settings, compared}: Ablation,
  metric: AblationMetric = compared.metric
): Verdict {
  const {better, worse, about} = compared;
  const [a, b] = [better, worse].map((place) => runsOf(file, settings[place]!.config));
  if (about !== undefined) {
    if (a!.length === 0 || b!.length === 0) return "not measured";
    const [withIt, without] = [a!, b!].map((runs) => runs.filter(({divergedAt}) => divergedAt !== undefined).length);
    if (about === "mass" || withIt === without) return "undecided";
    return without! > withIt! ? "holds" : "does not hold";
  }
  const [good, bad] = [summaryOf(a!, metric), summaryOf(b!, metric)];
  if (good === null) return "not measured";
  if (bad === null) return b!.length > 0 ? "holds" : "not measured"; // all of the other's runs diverged
  const difference = largeIsGood.includes(metric) ? good.mean - bad.mean : bad.mean - good.mean;
  const spread = Math.hypot(good.sd, bad.sd) / Math.sqrt(Math.min(good.count, bad.count));
  if (Math.min(good.count, bad.count) < 2 || Math.abs(difference) < 2 * spread) return "undecided";
  return difference > 0 ? "holds" : "does not hold";
}
