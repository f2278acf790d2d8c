// The bound's two terms over training, as series for a chart.

import type {Series} from "../../charts/curve.js";
import {type StoredCurve, storedSeries} from "../storedCurve.js";
import type {TrainingRun} from "../trainingRun.js";
import {scaled, type Unit} from "./unit.js";

export function termSeries(run: TrainingRun, stored: StoredCurve, unit: Unit): Series[] {
  const series = storedSeries(run, stored);
  const of = (name: string) => {
    const {steps, values} = series(name);
    return {steps, values: scaled(values, unit)};
  };
  return [
    {name: "picture", ...of("heldDistortion"), kind: "means-image"},
    {name: "KL", ...of("heldKl"), kind: "means-encoder", dashed: true}
  ];
}
