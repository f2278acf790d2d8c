// Stored runs of the miniature under other patterns of its layers (scripts/compare-masks.ts), for those who cannot wait.

import type {Series} from "../../charts/curve.js";
import type {PastRun} from "./training.js";

export interface StoredMasks {
  readonly updates: number;
  readonly runs: readonly {
    readonly masks: string;
    readonly seed: number;
    readonly steps: readonly number[];
    readonly imageLoss: readonly number[];
  }[];
}

/** Colours that tell the stored curves apart. */
const kinds: Readonly<Record<string, string>> = {
  paper: "means-prior",
  full: "means-image",
  row: "means-codes",
  column: "means-decoder",
  conv: "means-text"
};

/** One curve a pattern: the mean over its seeds. */
export function pastRuns({runs}: StoredMasks): PastRun[] {
  const names = [...new Set(runs.map(({masks}) => masks))];
  return names.map((masks) => {
    const own = runs.filter((run) => run.masks === masks);
    const {steps} = own[0]!;
    const values = steps.map((_, i) => own.reduce((sum, run) => sum + run.imageLoss[i]!, 0) / own.length);
    return {name: masks === "paper" ? "the paper’s" : masks, steps, values, kind: kinds[masks] ?? ""};
  });
}

/** A checkpoint's manifest, as far as its curve goes. */
export interface StoredCurve {
  readonly curve: {
    readonly step: readonly number[];
    readonly imageLoss: readonly number[];
    readonly textLoss: readonly number[];
  };
}

/** The losses of the run that the shipped weights come from. */
export function shippedCurves({curve: {step, imageLoss, textLoss}}: StoredCurve): Series[] {
  return [
    {name: "image, shipped", steps: step, values: imageLoss, dashed: true, kind: "means-codes"},
    {name: "text, shipped", steps: step, values: textLoss, dashed: true, kind: "means-text"}
  ];
}
