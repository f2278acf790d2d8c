// Stage 2 in training: the prior, with its losses, where in the image it loses, and samples for a few captions.

import type {NumberArray} from "../charts/chart.js";
import {slider} from "../charts/controls/slider.js";
import {curve} from "../charts/curve.js";
import {element} from "../charts/dom.js";
import {heatGrid} from "../charts/heatGrid.js";
import {imageGrid} from "../charts/imageGrid.js";
import type {Metrics, Size, WeightsSource} from "../training/protocol.js";
import type {StageRun} from "./dvaeStage.js";
import type {FigureEngine} from "./engine.js";
import {runName} from "./ownWeights.js";
import {type Stage, stage} from "./stage.js";
import {symbol} from "./symbol.js";
import type {TrainingRunOptions} from "./trainingRun.js";

export interface PriorStageOptions extends StageRun, Partial<Pick<TrainingRunOptions, "seed" | "config">> {
  /** Drawn again and again as training goes. */
  readonly captions: readonly string[];
  /** Where the tokens come from. */
  dvae(): WeightsSource;
  /** Whether stage 1 is there; tells the reader if not. */
  ready(): Promise<boolean>;
}

/** A vector of the metrics as a square grid; null before it was reported. */
function gridOf(metrics: Metrics, name: string): NumberArray | null {
  const data: number[] = [];
  for (let value = metrics[`${name}.0`]; value !== undefined; value = metrics[`${name}.${data.length}`])
    data.push(value);
  const side = Math.round(Math.sqrt(data.length));
  return side === 0 ? null : {shape: [side, side], data};
}

export function priorStage(engine: FigureEngine, size: Size, options: PriorStageOptions): Stage {
  const {captions, dvae, ready, onReset = () => {}, ...run} = options;
  const losses = curve([], {title: "cross-entropy in nats a token", height: 210});
  const samples = imageGrid({rows: [{label: "sample", images: null}], notes: captions}, {columns: captions.length});
  const places = heatGrid(null, {title: "image loss by position", unit: "nats"});
  const asked = (temperature: number) => ({captions: captions.join("\n"), seed: 1, temperature});
  const temperature = slider({
    symbol: "t",
    label: "temperature of the samples",
    min: 0,
    max: 2,
    step: 0.05,
    value: 0.7,
    ticks: [
      {value: 0, label: "greedy"},
      {value: 1, label: "1"},
      {value: 2, label: "2"}
    ],
    format: (t) => (t === 0 ? "0, greedy" : t.toFixed(2))
  });
  const made = stage(engine, {
    title: element("span", {}, "Stage 2: the prior, ", symbol("pPsi")),
    label: "Train the prior",
    ready,
    run: {
      ...run,
      name: runName(size, "prior"),
      spec: (seed) => ({model: "prior", size, seed, dvae: dvae()}),
      probes: [{name: "samples", every: 50, args: asked(temperature.value)}]
    },
    knobs: [
      {name: "learningRate", label: "step size", min: 1e-5, max: 1e-2, scale: "log"},
      {name: "textWeight", label: "weight of the text loss", min: 0, max: 1},
      {name: "imageWeight", label: "weight of the image loss", min: 0, max: 1}
    ],
    body: [losses, samples, places, temperature],
    draw(r) {
      losses.update([
        {name: "image", ...r.series("imageLoss"), kind: "means-codes"},
        {name: "text", ...r.series("textLoss"), dashed: true, kind: "means-text"}
      ]);
      samples.update({rows: [{label: "sample", images: r.probe("samples")?.images ?? null}], notes: captions});
      places.update(gridOf(r.latest, "positionLoss"));
    },
    onReset
  });
  temperature.addEventListener("input", () => made.run.ask("samples", asked(temperature.value)));
  return made;
}
