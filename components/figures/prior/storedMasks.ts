// Stored runs of the miniature under other patterns of its layers (scripts/compare-masks.ts), for those who cannot wait.

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

/** One curve a pattern: the mean over its seeds. */
export function pastRuns({runs}: StoredMasks): PastRun[] {
  const names = [...new Set(runs.map(({masks}) => masks))];
  return names.map((masks) => {
    const own = runs.filter((run) => run.masks === masks);
    const {steps} = own[0]!;
    const values = steps.map((_, i) => own.reduce((sum, run) => sum + run.imageLoss[i]!, 0) / own.length);
    return {name: masks === "paper" ? "the paper’s" : masks, steps, values};
  });
}
