// Curves of sets of images as lines of a chart.

import type {Line} from "../../charts/lines.js";
import {type FrechetRun, type ImageSet, imageSets, type SetCurve} from "../../training/setDistance.js";

export const setNames: Readonly<Record<ImageSet, string>> = {
  drawn: "drawn",
  codes: "through codes",
  nearest: "nearest caption",
  marginals: "chance",
  true: "true"
};

const kinds: Readonly<Partial<Record<ImageSet, string>>> = {
  drawn: "means-prior",
  codes: "means-codes",
  nearest: "means-text",
  true: "means-image"
};
const dashedSets: readonly ImageSet[] = ["true", "nearest"];

/** A line for each set. */
export function setLines(
  curves: readonly SetCurve[],
  radii: readonly number[],
  measure: "distances" | "scores"
): Line[] {
  return curves.flatMap((curve) => {
    const y = curve[measure];
    return y === undefined ? [] : [lineOf(curve.set, radii, y)];
  });
}

/** The mean over runs, with a dot for each run. */
export function meanCurves(runs: readonly FrechetRun[], measure: "distances" | "scores"): Line[] {
  return imageSets.flatMap((set) => {
    const own = runs.flatMap(({radii, curves}) => {
      const values = curves.find((curve) => curve.set === set)?.[measure];
      return values === undefined ? [] : [{radii, values}];
    });
    if (own.length === 0) return [];
    const {radii} = own[0]!;
    const mean = radii.map((_, r) => own.reduce((sum, {values}) => sum + values[r]!, 0) / own.length);
    const points = own.flatMap((run) => run.values.map((value, r) => [run.radii[r]!, value] as const));
    return [{...lineOf(set, radii, mean), points}];
  });
}

function lineOf(set: ImageSet, x: readonly number[], y: readonly number[]): Line {
  const kind = kinds[set];
  return {name: setNames[set], x, y, dashed: dashedSets.includes(set), ...(kind === undefined ? {} : {kind})};
}
