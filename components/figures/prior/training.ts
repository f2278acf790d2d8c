// Stage 2 in training on the shipped dVAE's tokens: its losses, where in the image it loses, samples; and the pattern of
// its layers, which the reader may edit, with the runs so far side by side.

import {slider} from "../../charts/controls/slider.js";
import {curve, type Series} from "../../charts/curve.js";
import {element} from "../../charts/dom.js";
import {heatGrid} from "../../charts/heatGrid.js";
import {imageGrid} from "../../charts/imageGrid.js";
import {backendSelect} from "../backendChoice.js";
import {type RunConfig, sameConfig} from "../choices.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {nearScreen} from "../redraw.js";
import {stage} from "../stage.js";
import {symbol} from "../symbol.js";
import {teller} from "../teller.js";
import type {TrainingRun} from "../trainingRun.js";
import {patternEditor} from "./patternEditor.js";

/** A finished or broken-off run, or one that came with the page. */
export interface PastRun {
  readonly name: string;
  readonly steps: readonly number[];
  readonly values: readonly number[];
  /** A class that gives the colour of its curve. */
  readonly kind?: string;
}

export interface PriorTrainingOptions {
  /** Hands the shipped dVAE and prior to the engine. */
  prepare(): Promise<void>;
  /** Drawn again and again as training goes. */
  readonly captions: readonly string[];
  readonly layers: number;
  readonly seed: number;
  /** The pattern of the layers, as a run's settings word it. */
  readonly masks: string;
  /** Curves of the shipped weights' run, which the figure opens with. */
  readonly shipped: readonly Series[];
  readonly shippedUpdates: number;
  /** Stored runs to compare with. */
  readonly stored: readonly PastRun[];
  /** Updates of a run that starts in the page. */
  readonly updates: number;
  readonly onSettings?: (seed: number, masks: string) => void;
  /** The model has changed. */
  readonly onModel?: () => void;
}

export interface PriorTraining {
  readonly node: HTMLElement;
  readonly run: TrainingRun;
  /** Opens the session if it is not: a run of an earlier visit, or the shipped weights. */
  open(): Promise<void>;
}

/** Every run is compared by the loss on held-back images, which both are measured on. */
const metric = "heldImageLoss";

export function priorTraining(engine: FigureEngine, options: PriorTrainingOptions): PriorTraining {
  const {captions, prepare, updates, onSettings, onModel} = options;
  const losses = curve([], {title: "cross-entropy in nats a token", height: 210});
  const compared = curve([], {title: "image loss on held-back images, nats a token", height: 230});
  const places = heatGrid(null, {title: "image loss by position", unit: "nats"});
  const samples = imageGrid({rows: [{label: "sample", images: null}], notes: captions}, {columns: captions.length});
  const {node: told, tell} = teller();
  const asked = (t: number) => ({captions: captions.join("\n"), seed: 1, temperature: t});
  const temperature = slider({
    symbol: "t",
    symbolName: "temperature",
    label: "temperature of the samples",
    min: 0,
    max: 2,
    step: 0.05,
    value: 0.7,
    ticks: [{value: 0, label: "greedy"}, 1, 2],
    format: (t) => (t === 0 ? "0, greedy" : t.toFixed(2))
  });
  const configOf = (masks: string): RunConfig => (masks === "paper" ? {updates} : {updates, masks});
  const settings = patternEditor(options.layers, configOf, options.masks);
  const initial = configOf(options.masks);
  const past: PastRun[] = [...options.stored];
  let lastConfig = initial;
  let lastSeen = "";

  const made = stage(engine, {
    title: element("span", {}, "Stage 2: the prior, ", symbol("pPsi")),
    label: "Train the prior",
    settings,
    run: {
      name: "prior-xs",
      seed: options.seed,
      config: initial,
      prepare,
      spec: (seed) => ({
        model: "prior",
        size: "xs",
        seed,
        dvae: {from: "shipped"},
        // The shipped weights have the paper's pattern; with another, or another seed, there is nothing but a fresh start.
        start: options.masks === "paper" && options.seed === 1 ? "shipped" : "random"
      }),
      probes: [
        {name: "samples", every: 50, args: asked(temperature.value)},
        {name: "positions", every: 25}
      ],
      goesOnHidden: () => false,
      onMessage: tell
    },
    knobs: [
      {name: "learningRate", label: "step size", min: 1e-5, max: 1e-2, scale: "log"},
      {name: "textWeight", label: "weight of the text loss", min: 0, max: 1},
      {name: "imageWeight", label: "weight of the image loss", min: 0, max: 1}
    ],
    body: [losses, compared, places, element("div", {class: "drawn-samples"}, samples, temperature)],
    draw(run) {
      losses.update([
        ...options.shipped,
        {name: "image", ...run.series("imageLoss"), kind: "means-codes"},
        {name: "text", ...run.series("textLoss"), kind: "means-text"}
      ]);
      places.update(run.probe("positions")?.image ?? null);
      samples.update({rows: [{label: "sample", images: run.probe("samples")?.images ?? null}], notes: captions});
      archive(run);
      compared.update([...past.map(asSeries), {name: "this run", ...run.series(metric), kind: "means-prior"}]);
      const seen = `${run.id} ${run.status.step} ${JSON.stringify(run.config)}`;
      if (seen !== lastSeen) {
        lastSeen = seen;
        onModel?.();
      }
    }
  });
  temperature.addEventListener("input", (event) => {
    event.stopPropagation(); // the stage listens for its own controls
    made.run.ask("samples", asked(temperature.value));
  });
  let before: {steps: number[]; values: number[]; name: string} = {steps: [], values: [], name: ""};
  /** A run that was reset keeps its curve, to be compared with. */
  function archive(run: TrainingRun): void {
    const {steps, values} = run.series(metric);
    const gone = before.steps.length > 1 && (steps.length === 0 || steps.length < before.steps.length);
    if (gone) {
      past.push({name: before.name, steps: before.steps, values: before.values});
      if (past.length > options.stored.length + 3) past.splice(options.stored.length, 1);
    }
    before = {steps: Array.from(steps), values: Array.from(values), name: `${nameOf(lastConfig)}, seed ${run.seed}`};
    if (gone || !sameConfig(lastConfig, run.config)) {
      lastConfig = run.config;
      onSettings?.(run.seed, String(run.config.masks ?? "paper"));
    }
  }
  const node = figure(
    {kind: "prior-training", label: "Train the prior on the tokens of the shipped discrete VAE"},
    made.node,
    element("div", {class: "control-bar"}, backendSelect(engine, tell)),
    told,
    element(
      "figcaption",
      {},
      `Opens with the shipped weights, which took ${options.shippedUpdates} updates. Reset makes them random; Train then takes ${updates}. Change the pattern of a layer, and the run starts anew under that pattern; the curve of the run before stays beside it.`
    )
  );
  const open = () => made.run.open();
  void nearScreen(node).then(open);
  return {node, run: made.run, open};
}

function nameOf(config: RunConfig): string {
  return String(config.masks ?? "the paper’s");
}

function asSeries({name, steps, values, kind}: PastRun): Series {
  return {name, steps, values, dashed: true, ...(kind ? {kind} : {})};
}
