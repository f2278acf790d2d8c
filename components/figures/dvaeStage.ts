// Stage 1 in training: the discrete VAE, with its errors, reconstructions, codebook and schedules.

import {curve} from "../charts/curve.js";
import {element} from "../charts/dom.js";
import {imageGrid} from "../charts/imageGrid.js";
import {usageBars} from "../charts/usageBars.js";
import type {Size} from "../training/protocol.js";
import type {FigureEngine} from "./engine.js";
import {runName} from "./ownWeights.js";
import {type Stage, type StageOptions, stage} from "./stage.js";
import {symbol} from "./symbol.js";
import type {TrainingRunOptions} from "./trainingRun.js";

const shown = 6;

export type StageRun = Pick<TrainingRunOptions, "onMessage" | "onFinished" | "goesOnHidden"> &
  Pick<StageOptions, "onReset">;

export function dvaeStage(engine: FigureEngine, size: Size, {onReset = () => {}, ...run}: StageRun): Stage {
  const errors = curve([], {title: "squared error on held-back images", log: true, height: 210});
  const images = imageGrid({rows: rowsOf(undefined)}, {columns: shown});
  const usage = usageBars([], {height: 210});
  return stage(engine, {
    title: element("span", {}, "Stage 1: the discrete VAE, ", symbol("qPhi"), " and ", symbol("pTheta")),
    label: "Train the discrete VAE",
    run: {
      ...run,
      name: runName(size, "dvae"),
      spec: (seed) => ({model: "dvae", size, seed}),
      probes: [
        {name: "reconstructions", every: 10, args: {count: shown}},
        {name: "usage", every: 20}
      ]
    },
    knobs: [
      {
        name: "tau",
        symbol: "τ",
        symbolName: "tau",
        label: "relaxation",
        min: 1 / 16,
        max: 2,
        scale: "log",
        format: sixteenths
      },
      {name: "noise", symbol: "g", symbolName: "gumbel", label: "scale of the noise", min: 0, max: 1.5},
      {name: "beta", symbol: "β", symbolName: "beta", label: "weight of the KL", min: 0, max: 8},
      {name: "learningRate", label: "step size", min: 1e-5, max: 3e-2, scale: "log"}
    ],
    body: [errors, images, usage],
    draw(r) {
      errors.update([
        {name: "hard", ...r.series("hardError"), kind: "means-codes"},
        {name: "soft", ...r.series("softError"), dashed: true, kind: "means-image"}
      ]);
      images.update({rows: rowsOf(r.probe("reconstructions"))});
      usage.update(r.probe("usage")?.counts?.data ?? []);
    },
    onReset
  });
}

function rowsOf(probe: Readonly<Record<string, {shape: readonly number[]; data: ArrayLike<number>}>> | undefined) {
  return [
    {label: "image", images: probe?.inputs ?? null},
    {label: "soft", images: probe?.soft ?? null},
    {label: "hard", images: probe?.hard ?? null}
  ];
}

/** τ as the paper writes it where it can: 1, 1/2, 1/16. */
function sixteenths(value: number): string {
  const inverse = 1 / value;
  const whole = Math.round(inverse);
  return whole > 1 && Math.abs(inverse - whole) < 0.01 * whole ? `1/${whole}` : value.toFixed(2);
}
